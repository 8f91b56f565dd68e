"""What the table of measures can be filtered by, and the form that saves a view of it."""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, LinkButton, SubmitButton
from plans.document import reasons
from plans.document.concern import CHOSEN
from plans.document.model import PlanDocument
from plans.enums import MeasureKind, MeasureStatus, PartKind, TargetGroup
from plans.models import Measure, SavedView
from plans.table import CHOOSABLE, Row, shown_columns

NOBODY = "-"
_PARTS = [(str(part.number), format_lazy("{} – {}", part.number, part.label)) for part in PartKind]
_QUARTERS = [(str(quarter), str(quarter)) for quarter in range(1, 5)]
Choices = list[tuple[str, Any]]


def _select(label: Any, choices: Iterable[Any] = ()) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=list(choices), empty_label=_("All"))


class TableFilter(filters.FilterSet):
    """The filters as the address holds them; what a plan has no such thing of is left out.

    They are tried in Python: the rows are read for the table anyway, and some of what is asked,
    such as which municipalities a measure concerns, only the document can tell.
    """

    q = filters.CharFilter(label=_("Text"), max_length=200)
    satsing = _select(_("Focus area"))
    slag = _select(_("Kind"), MeasureKind.choices)
    ansvar = _select(_("Responsible"))
    status = _select(_("Status"), MeasureStatus.choices)
    kvartal = _select(_("Quarter"), _QUARTERS)
    kommune = _select(_("Municipality"))
    vald = filters.BooleanFilter(
        label=_("Only where the municipality is named"), widget=forms.CheckboxInput
    )
    samarbeid = _select(_("Procurement cooperation"))
    malgruppe = _select(_("Target group"), TargetGroup.choices)
    manglar = filters.BooleanFilter(label=_("Something is missing"), widget=forms.CheckboxInput)
    lup = filters.BooleanFilter(label=_("Has LUP days"), widget=forms.CheckboxInput)

    def __init__(self, data: QueryDict, rows: list[Row], document: PlanDocument) -> None:
        super().__init__(data, queryset=Measure.objects.none())
        self.filters["del"] = _select(_("Part"), _PARTS)
        self.filters["del"].field_name = "del"
        self.rows = rows
        for name, choices in _choices_of(document).items():
            self.filters[name].extra["choices"] = choices

    def matching(self) -> list[Row]:
        """Return the rows that every filter lets through; a filter that says nothing valid lets
        all of them."""
        self.form.is_valid()
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        found = self.rows
        for name, value in asked.items():
            if name == "kommune":
                by_name = bool(asked.get("vald"))
                found = [row for row in found if _concerns(row, value, by_name=by_name)]
            elif name in _MATCHES:
                found = [row for row in found if _MATCHES[name](row, value)]
        return found

    @property
    def unknown(self) -> list[str]:
        """The labels of the filters that ask for something that the plan doesn't have."""
        return [str(self.form.fields[name].label) for name in self.form.errors]


def _choices_of(document: PlanDocument) -> dict[str, Choices]:
    """Return the choices that follow from the plan itself."""
    parties = {
        f"{party.kind}:{party.key}": party.name
        for measure in document.measures
        if (party := measure.responsible) is not None
    }
    return {
        "satsing": [
            (str(area.key), f"{part.number} – {area.title}")
            for part in document.parts
            for area in part.focus_areas
        ],
        "ansvar": [
            *sorted(parties.items(), key=lambda pair: pair[1]),
            (NOBODY, _("Not decided yet")),
        ],
        "kommune": [(m.number, f"{m.number} {m.name}") for m in document.municipalities],
        "samarbeid": [(c.key, c.name) for c in document.cooperations],
    }


def _has_text(row: Row, typed: str) -> bool:
    measure = row.measure
    texts = (measure.title, measure.description, measure.purpose, measure.expected_result)
    every = "\n".join((measure.number, *texts, row.area.title)).casefold()
    return all(word in every for word in typed.casefold().split())


def _is_responsible(row: Row, code: str) -> bool:
    party = row.measure.responsible
    return code == NOBODY if party is None else f"{party.kind}:{party.key}" == code


def _concerns(row: Row, number: str, *, by_name: bool) -> bool:
    found = reasons(row.document, row.measure, number)
    return any(reason.kind == CHOSEN for reason in found) if by_name else bool(found)


_MATCHES: dict[str, Callable[[Row, Any], bool]] = {
    "q": _has_text,
    "del": lambda row, number: str(row.part.number) == number,
    "satsing": lambda row, key: str(row.area.key) == key,
    "slag": lambda row, kind: row.measure.kind == kind,
    "ansvar": _is_responsible,
    "status": lambda row, status: row.status == status,
    "kvartal": lambda row, quarter: int(quarter) in row.measure.quarters,
    "samarbeid": lambda row, key: key in row.measure.cooperations,
    "malgruppe": lambda row, group: group in row.measure.target_groups,
    "manglar": lambda row, _yes: bool(row.lacks),
    "lup": lambda row, _yes: row.measure.lup_days_total > 0,
}


class ColumnForm(forms.Form):
    """Which columns are shown."""

    kol = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        choices=[(column.code, column.label) for column in CHOOSABLE],
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def showing(cls, codes: Iterable[str]) -> "ColumnForm":
        """Return the form with the columns ticked that are shown now."""
        return cls(initial={"kol": [column.code for column in shown_columns(codes)]})


class SavedViewForm(forms.ModelForm):
    """The name of a view, and whether others may use it.

    ``instance`` comes with its owner and county, so that a second view of a name is refused.
    """

    class Meta:
        model = SavedView
        fields = ["name", "shared"]

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            "name",
            "shared",
            Actions(SubmitButton(_("Save the view")), LinkButton(_("Cancel"), cancel_url)),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a name that the owner's views of the county have already."""
        cleaned: dict[str, Any] = super().clean() or {}
        row = self.instance
        same = SavedView.objects.filter(
            owner=row.owner_id, county=row.county_id, name=cleaned.get("name", "")
        )
        if same.exclude(pk=row.pk).exists():
            self.add_error("name", _("You have a view of that name already."))
        return cleaned
