"""The form for the days that LUP has in each quarter."""

from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Affix, Helper, LinkButton, SubmitButton
from plans.forms.base import VersionedForm
from plans.models import LupCapacity
from plans.models.capacity import QUARTERS


class CapacityForm(VersionedForm):
    """Four numbers, in whole or half days."""

    class Meta:
        model = LupCapacity
        fields = [f"days_q{quarter}" for quarter in QUARTERS]
        labels = {
            "days_q1": _("1st quarter, days"),
            "days_q2": _("2nd quarter, days"),
            "days_q3": _("3rd quarter, days"),
            "days_q4": _("4th quarter, days"),
        }
        widgets = {name: forms.NumberInput(attrs={"min": 0, "step": "0.5"}) for name in fields}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            # Nobody has said it yet: a row that somebody makes meanwhile is a conflict.
            self.fields["version"].initial = None
        first, second, third, fourth = (
            Affix(name, after=_("days"), css_class="lp-w-s") for name in self.Meta.fields
        )
        self.helper = Helper(
            "version",
            Row(first, second),
            Row(third, fourth),
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )
