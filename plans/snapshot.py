"""A plan as it is now, in the plain values of the log, for ``plans.past`` to walk back from."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Value

from plans.models import FocusArea, Measure, PartnerPlan, PlanPart, PlanText
from plans.past import AREA, MEASURE, PART, PLAN, TEXT, PastPlan, Row, Values, plain

MANY = ("municipalities", "cooperations")
# What tells where a measure stands, is the same for ever, or is a note to its writers; all else is
# told field by field.
_NOT_TOLD = {"id", "key", "version", "part", "focus_area", "position"}
_NOT_TOLD |= {"chain", "continues", "rewrite_note"}
MEASURE_FIELDS = tuple(
    field.name for field in Measure._meta.concrete_fields if field.name not in _NOT_TOLD
)
TOLD: dict[str, tuple[str, ...]] = {
    PLAN: ("title", "state"),
    TEXT: ("kind", "body", "language"),
    PART: ("introduction", "language"),
    AREA: ("title", "description", "language"),
    MEASURE: (*MEASURE_FIELDS, *MANY),
}


def snapshot(plan: PartnerPlan) -> PastPlan:
    """Return the plan as it is now. Takes five queries."""
    values: dict[Row, Values] = {(PLAN, plan.pk): {"title": plan.title, "state": plan.state}}
    for text in PlanText.objects.filter(plan=plan).values("pk", *TOLD[TEXT]):
        values[TEXT, text.pop("pk")] = text
    parts = {}
    for part in PlanPart.objects.filter(plan=plan).order_by("kind"):
        parts[part.pk] = part.number
        values[PART, part.pk] = {name: getattr(part, name) for name in TOLD[PART]}
    found = PastPlan(values=values, part_numbers=parts, part_of={})
    for area in FocusArea.objects.filter(part__plan=plan).order_by("position"):
        values[AREA, area.pk] = {name: getattr(area, name) for name in TOLD[AREA]}
        found.part_of[area.pk] = area.part_id
        if not area.is_deleted:
            found.areas.setdefault(area.part_id, []).append(area.pk)
    _add_measures(plan, found)
    return found


def row_values(row: models.Model, names: Iterable[str]) -> Values:
    """Return some fields of one row as it is. One query for each set among them."""
    values: Values = {}
    for name in names:
        field = row._meta.get_field(name)
        assert isinstance(field, models.Field)
        values[name] = (
            sorted(getattr(row, name).values_list("pk", flat=True))
            if field.many_to_many
            else _plain(name, getattr(row, field.attname))
        )
    return values


def _add_measures(plan: PartnerPlan, found: PastPlan) -> None:
    linked = _linked(plan)
    rows = Measure.objects.filter(part__plan=plan).order_by("position")
    for row in rows.values("pk", "focus_area", "position", *MEASURE_FIELDS):
        key, area, position = row.pop("pk"), row.pop("focus_area"), row.pop("position")
        values = {name: _plain(name, value) for name, value in row.items()}
        values |= {name: sorted(linked[name, key]) for name in MANY}
        found.values[MEASURE, key] = values
        found.home[key] = area
        if position is not None:
            found.measures.setdefault(area, []).append(key)


def _linked(plan: PartnerPlan) -> dict[tuple[str, int], list[int]]:
    """Return the municipalities and cooperations of all the plan's measures, in one query."""
    linked = defaultdict(list)
    mine = {"measure__part__plan": plan}
    municipalities = Measure.municipalities.through._default_manager.filter(**mine).values_list(
        Value("municipalities"), "measure_id", "municipality_id"
    )
    cooperations = Measure.cooperations.through._default_manager.filter(**mine).values_list(
        Value("cooperations"), "measure_id", "procurementcooperation_id"
    )
    for name, measure, other in municipalities.union(cooperations, all=True):
        linked[name, measure].append(other)
    return linked


def _plain(name: str, value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else plain(name, value)
