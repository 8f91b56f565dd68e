"""What a row said once, out of the log, checked as a form is: it may be of no use any more."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from plans.enums import PartKind, ResponsibleKind, TargetGroup
from plans.forms.parties import Parties
from plans.models import FocusArea, Measure, PartnerPlan, PlanPart, PlanText

# Fields that say one thing between them come back together.
TOGETHER = (
    (
        "responsible_kind",
        "responsible_municipality",
        "responsible_cooperation",
        "responsible_working_group",
    ),
    ("period_unit", "starts_on", "ends_on"),
)
NAMING_PARTIES = frozenset({*TOGETHER[0], "municipalities", "cooperations"})

# What can be brought back: what a form changes. Where a row stands is moved, not brought back.
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    PartnerPlan: ("title",),
    PlanText: ("body", "language"),
    PlanPart: ("introduction", "language"),
    FocusArea: ("title", "description", "language"),
    Measure: (
        "title",
        "kind",
        "description",
        "purpose",
        "expected_result",
        "language",
        "target_groups",
        *TOGETHER[0],
        "responsible_role",
        "municipality_scope",
        "municipalities",
        "cooperations",
        "county_takes_part",
        *TOGETHER[1],
        "lup_days_q1",
        "lup_days_q2",
        "lup_days_q3",
        "lup_days_q4",
        "cost_nok",
        "status",
    ),
}
_OF_KIND = {
    ResponsibleKind.MUNICIPALITY: "responsible_municipality",
    ResponsibleKind.COOPERATION: "responsible_cooperation",
    ResponsibleKind.WORKING_GROUP: "responsible_working_group",
}


class NotAnyMore(Exception):
    """What was once said can't be said now; ``str()`` of it says why, to people."""


def together_with(name: str) -> tuple[str, ...]:
    """Return the fields that come back with ``name``, itself among them."""
    return next((names for names in TOGETHER if name in names), (name,))


def usable(
    row: models.Model, logged: dict[str, Any], *, year: int, parties: Parties | None
) -> dict[str, Any]:
    """Return logged values as a service takes them.

    ``parties`` are needed where a field of ``NAMING_PARTIES`` is among them. Raises ``NotAnyMore``.
    """
    values = {name: _usable(row, name, value, parties) for name, value in logged.items()}
    if "responsible_kind" in values:
        _check_responsible(values)
    if "starts_on" in values:
        _check_period(values, year)
    in_part_one = isinstance(row, Measure) and row.part.kind == PartKind.COUNTY
    if values.get("county_takes_part") and in_part_one:
        raise NotAnyMore(_("The measure stands in the county's own part now."))
    return values


def _usable(row: models.Model, name: str, value: Any, parties: Parties | None) -> Any:
    field = row._meta.get_field(name)
    assert isinstance(field, models.Field)
    if field.is_relation:
        assert parties is not None
        return _rows(name, value, parties)
    if name == "target_groups":
        if not isinstance(value, list) or not all(item in TargetGroup.values for item in value):
            raise NotAnyMore(_("It said a target group that doesn't exist any more."))
        return value
    if isinstance(value, (list, dict)) or "\0" in str(value):
        raise NotAnyMore(_("The log holds nothing that fits this field."))
    most = getattr(field, "max_length", None)
    if isinstance(value, str) and most and len(value) > most:
        raise NotAnyMore(
            _("The text is longer than the %(most)s characters that there is room for.")
            % {"most": most}
        )
    try:
        return field.clean(value, row)
    except ValidationError as error:
        raise NotAnyMore(" ".join(error.messages)) from None
    except (TypeError, ValueError):
        raise NotAnyMore(_("The log holds nothing that fits this field.")) from None


def _rows(name: str, value: Any, parties: Parties) -> Any:
    """Return the rows that keys name, if the plan can still name them."""
    known: dict[str, list[Any]] = {
        "municipalities": [*parties.municipalities],
        "responsible_municipality": [*parties.municipalities],
        "cooperations": [*parties.cooperations],
        "responsible_cooperation": [*parties.cooperations],
        "responsible_working_group": [*parties.working_groups],
    }
    rows = {row.pk: row for row in known[name]}
    keys = value if isinstance(value, list) else [value]
    if any(key is not None and (not isinstance(key, int) or key not in rows) for key in keys):
        raise NotAnyMore(_("It named a body that the plan can't name any more."))
    return [rows[key] for key in keys] if isinstance(value, list) else rows.get(value)


def _check_responsible(values: dict[str, Any]) -> None:
    needed = _OF_KIND.get(values["responsible_kind"])
    if any((values[name] is not None) != (name == needed) for name in _OF_KIND.values()):
        raise NotAnyMore(_("The log doesn't tell who was responsible."))


def _check_period(values: dict[str, Any], year: int) -> None:
    first, last = values["starts_on"], values["ends_on"]
    if first is None and last is None:
        return
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        raise NotAnyMore(_("The log doesn't tell the whole period."))
    if {first.year, last.year} != {year}:
        raise NotAnyMore(_("The plan is for %(year)s. Choose a day in that year.") % {"year": year})
