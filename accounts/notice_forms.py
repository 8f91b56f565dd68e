"""The form in which one chooses what one gets mail about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.notices import TOPICS
from lupplan.forms import Helper


class MailTopicsForm(forms.Form):
    """A box for each topic: ticked, one gets mail about it."""

    topics = forms.MultipleChoiceField(
        label=_("Send me mail about"),
        choices=lambda: TOPICS.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "What you stop, you stop altogether: you then get no mail either when something of that"
            " kind is asked of you personally, and may miss a deadline. It still stands on this"
            " page."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(submit=_("Save"), mark_optional=False)
