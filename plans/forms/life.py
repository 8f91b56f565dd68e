"""The form that moves a plan: a button, and the reasons that the way asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, SubmitButton
from plans.models import PartnerPlan
from plans.services.transitions import MOST_REASON
from plans.transitions import Transition


class MoveForm(forms.Form):
    """``reason`` where the way goes back, ``override_reason`` where something is missing that the
    editor may leave as it is. Going back makes a version void: ``seen`` is when the plan that was
    seen had last changed, so that another version isn't sent back unseen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

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
        self,
        *args: Any,
        plan: PartnerPlan,
        way: Transition,
        overriding: bool,
        action: str,
        **kwargs: Any,
    ) -> None:
        self.now = plan.changed_at.isoformat()
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.now
        self.way = way
        if not way.back:
            del self.fields["reason"]
            del self.fields["seen"]
        if not overriding:
            del self.fields["override_reason"]
        self.helper = Helper(
            *self.fields,
            Actions(SubmitButton(way.label, variant="secondary" if way.back else "primary")),
            action=action,
        )

    def reasons(self) -> dict[str, str]:
        """Return the reasons given, as ``move_plan`` takes them."""
        return {name: text for name, text in self.cleaned_data.items() if name != "seen"}

    def is_stale(self) -> bool:
        """Whether the plan has changed since it was seen."""
        seen = self.cleaned_data.get("seen")
        return bool(seen) and seen != self.now
