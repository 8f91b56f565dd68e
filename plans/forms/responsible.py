"""One list for who is responsible, though the rows behind it are of five kinds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.enums import ResponsibleKind
from plans.forms.parties import Parties
from plans.models import Measure

_FIELDS = {
    ResponsibleKind.MUNICIPALITY: "responsible_municipality",
    ResponsibleKind.COOPERATION: "responsible_cooperation",
    ResponsibleKind.WORKING_GROUP: "responsible_working_group",
}
RESPONSIBLE_ROWS = tuple(_FIELDS.values())
Choices = list[tuple[Any, Any]]


def responsible_field(parties: Parties) -> forms.ChoiceField:
    """Return the field: LUP, the county, and the municipalities, cooperations and groups of
    ``parties``. Its values are such as ``LUP`` and ``MUNICIPALITY:1506``."""
    return forms.ChoiceField(label=_("Responsible"), required=False, choices=_choices(parties))


def code_of(measure: Measure) -> str:
    """Return the field's value for a measure as it is saved."""
    kind = measure.responsible_kind
    if measure.responsible_municipality is not None:
        return f"{kind}:{measure.responsible_municipality.number}"
    if measure.responsible_cooperation is not None:
        return f"{kind}:{measure.responsible_cooperation.key}"
    if measure.responsible_working_group is not None:
        return f"{kind}:{measure.responsible_working_group.key}"
    return kind


def fields_of(code: str, parties: Parties) -> dict[str, Any]:
    """Return the measure's fields for one of the field's own values."""
    kind, _colon, key = code.partition(":")
    values: dict[str, Any] = dict.fromkeys(_FIELDS.values())
    values["responsible_kind"] = kind
    if kind in _FIELDS:
        values[_FIELDS[ResponsibleKind(kind)]] = parties.find(ResponsibleKind(kind), key)
    return values


def _choices(parties: Parties) -> Choices:
    return [
        ("", _("Not decided yet")),
        (ResponsibleKind.LUP, "LUP"),
        (ResponsibleKind.COUNTY, parties.county_name),
        (
            _("Procurement cooperations"),
            [(f"{ResponsibleKind.COOPERATION}:{c.key}", c.name) for c in parties.cooperations],
        ),
        (
            _("Working groups"),
            [(f"{ResponsibleKind.WORKING_GROUP}:{g.key}", g.name) for g in parties.working_groups],
        ),
        (
            _("Municipalities"),
            [
                (f"{ResponsibleKind.MUNICIPALITY}:{m.number}", f"{m.number} {m.name}")
                for m in parties.municipalities
            ],
        ),
    ]
