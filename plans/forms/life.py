"""The form that moves a plan: a button, and the reasons that the way asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, SubmitButton
from plans.services.transitions import MOST_REASON
from plans.transitions import Transition


class MoveForm(forms.Form):
    """``reason`` where the way goes back, ``override_reason`` where something is missing that the
    editor may leave as it is."""

    reason = forms.CharField(
        label=_("Why the plan goes back"),
        help_text=_("Those who work with the plan read it, and it stays in the plan's history."),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    override_reason = forms.CharField(
        label=_("Why the plan goes on all the same"),
        help_text=_("It stays in the plan's history."),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, way: Transition, overriding: bool, action: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.way = way
        if not way.back:
            del self.fields["reason"]
        if not overriding:
            del self.fields["override_reason"]
        self.helper = Helper(
            *self.fields,
            Actions(SubmitButton(way.label, variant="secondary" if way.back else "primary")),
            action=action,
        )

    def reasons(self) -> dict[str, str]:
        """Return the reasons given, as ``move_plan`` takes them."""
        return dict(self.cleaned_data)
