"""The form for the reason of a change in an amendment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, LinkButton, SubmitButton
from plans.forms.base import VersionedForm
from plans.models import AmendmentReason


class AmendmentReasonForm(VersionedForm):
    """Why something is changed, and the language that it is written in."""

    class Meta:
        model = AmendmentReason
        fields = ["text", "language"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            "version",
            "text",
            "language",
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )
