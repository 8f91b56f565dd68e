"""The forms for a plan's texts, its parts' introductions and its focus areas."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, LinkButton, SubmitButton
from plans.forms.base import VersionedForm
from plans.models import FocusArea, PartnerPlan, PartnershipAgreement, PlanPart, PlanText


class PlanTextForm(VersionedForm):
    """One of the texts that a plan opens with."""

    class Meta:
        model = PlanText
        fields = ["body", "language"]
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("body", "language", cancel_url=cancel_url)


class PlanPartForm(VersionedForm):
    """The introduction of part one or part two."""

    class Meta:
        model = PlanPart
        fields = ["introduction", "language"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("introduction", "language", cancel_url=cancel_url)


class FocusAreaForm(VersionedForm):
    """A focus area's title and description."""

    class Meta:
        model = FocusArea
        fields = ["title", "description", "language"]
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("title", "description", "language", cancel_url=cancel_url)


class PlanTitleForm(VersionedForm):
    """The plan's title."""

    class Meta:
        model = PartnerPlan
        fields = ["title"]

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("title", cancel_url=cancel_url)


class NewPlanForm(forms.ModelForm):
    """The plan of a year that has none yet, under one of the user's agreements."""

    class Meta:
        model = PartnerPlan
        fields = ["agreement", "year", "title"]

    def __init__(
        self, *args: Any, agreements: "list[PartnershipAgreement]", cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreement"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = PartnershipAgreement.objects.filter(
            pk__in=[agreement.pk for agreement in agreements]
        ).select_related("county")
        field.empty_label = None
        self.helper = Helper(
            "agreement",
            "year",
            "title",
            Actions(SubmitButton(_("Make the plan")), LinkButton(_("Cancel"), cancel_url)),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a year outside the agreement's period, and one that has a plan."""
        cleaned: dict[str, Any] = super().clean() or {}
        agreement, year = cleaned.get("agreement"), cleaned.get("year")
        if agreement is not None and year is not None and year not in agreement.years:
            self.add_error(
                "year",
                forms.ValidationError(
                    _("The agreement is for %(first)s–%(last)s. Choose one of those years."),
                    params={"first": agreement.first_year, "last": agreement.last_year},
                ),
            )
        return cleaned


def _helper(*fields: str, cancel_url: str) -> Helper:
    return Helper(
        "version",
        *fields,
        Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
        unsaved=True,
    )
