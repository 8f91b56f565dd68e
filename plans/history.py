"""The audit log of a plan as people read it: who, when, what, field by field, before and after."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event, EventQuerySet
from plans.enums import Decision, PlanState, TargetGroup, TextKind
from plans.models import (
    FocusArea,
    Measure,
    PartnerPlan,
    PlanPart,
    PlanText,
    Rollover,
    RolloverDecision,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Names = dict[type[models.Model], dict[int, str]]

DEEDS: dict[str, "StrPromise"] = {
    "plan.made": gettext_lazy("made the plan"),
    "plan.changed": gettext_lazy("changed the plan"),
    "text.changed": gettext_lazy("changed the text"),
    "part.changed": gettext_lazy("changed the introduction of the part"),
    "focus_area.added": gettext_lazy("added the focus area"),
    "focus_area.changed": gettext_lazy("changed the focus area"),
    "focus_area.moved": gettext_lazy("moved the focus area"),
    "focus_area.deleted": gettext_lazy("deleted the focus area"),
    "focus_area.restored": gettext_lazy("brought back the focus area"),
    "measure.added": gettext_lazy("added the measure"),
    "measure.changed": gettext_lazy("changed the measure"),
    "measure.moved": gettext_lazy("moved the measure"),
    "measure.deleted": gettext_lazy("deleted the measure"),
    "measure.restored": gettext_lazy("brought back the measure"),
    "measure.rewritten": gettext_lazy("rewrote the measure that was carried on"),
    "rollover.started": gettext_lazy("began to carry the plan on"),
    "rollover.changed": gettext_lazy("changed what is carried on beside the measures"),
    "rollover.decided": gettext_lazy("decided what becomes of the measure"),
    "rollover.cancelled": gettext_lazy("gave up carrying the plan on"),
    "rollover.confirmed": gettext_lazy("carried the plan on"),
}
# What events tell of that is no field of its row.
_OTHER_FIELDS: dict[str, "StrPromise"] = {
    "number": gettext_lazy("number"),
    "place": gettext_lazy("place"),
    **{decision.value.lower(): decision.label for decision in Decision},
}
# Keys that say nothing to people.
_UNSHOWN = ("focus_areas",)
_MODELS: dict[str, type[models.Model]] = {
    model._meta.label_lower: model
    for model in (
        PartnerPlan,
        PlanText,
        PlanPart,
        FocusArea,
        Measure,
        Rollover,
        RolloverDecision,
    )
}
# Fields whose codes the model leaves to others to name.
_CODES: dict[str, dict[str, Any]] = {
    "target_groups": dict(TargetGroup.choices),
    "state": dict(PlanState.choices),
    "texts": {
        **dict(TextKind.choices),
        "PART_COUNTY": gettext_lazy("Introduction to part 1"),
        "PART_MUNICIPALITIES": gettext_lazy("Introduction to part 2"),
    },
}


@dataclass(frozen=True)
class Change:
    """One field: what it is called, and what it said before and after; empty where nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One event: ``who`` did ``deed`` to ``what``."""

    at: datetime
    who: str
    deed: str
    what: str
    changes: tuple[Change, ...]


def events_of_plan(plan: PartnerPlan) -> EventQuerySet:
    """Return the events about a plan and all that belongs to it, newest first."""
    rows: dict[type[models.Model], models.QuerySet[Any]] = {
        PlanText: PlanText.objects.filter(plan=plan),
        PlanPart: PlanPart.objects.filter(plan=plan),
        FocusArea: FocusArea.objects.filter(part__plan=plan),
        Measure: Measure.objects.filter(part__plan=plan),
        Rollover: Rollover.objects.filter(Q(source=plan) | Q(result=plan)),
        RolloverDecision: RolloverDecision.objects.filter(rollover__source=plan),
    }
    about = Q(target_type=PartnerPlan._meta.label_lower, target_id=str(plan.pk))
    for model, found in rows.items():
        keys = found.order_by().annotate(key_text=Cast("pk", models.CharField()))
        about |= Q(target_type=model._meta.label_lower, target_id__in=keys.values("key_text"))
    return Event.objects.filter(about).select_related("actor").order_by("-pk")


def events_of_measure(measure: Measure) -> EventQuerySet:
    """Return the events about a measure, newest first."""
    return Event.objects.about(measure).select_related("actor")


def entries(events: Iterable[Event]) -> list[Entry]:
    """Return events as people read them. One query for each kind of row that they name."""
    events = list(events)
    names = _names(events)
    return [
        Entry(
            at=event.at,
            who=str(event.actor) if event.actor else _("Lupplan itself"),
            deed=str(DEEDS.get(event.verb, event.verb)),
            what=event.target_label,
            changes=tuple(_changes(event, names)),
        )
        for event in events
    ]


def _changes(event: Event, names: Names) -> Iterator[Change]:
    model = _MODELS.get(event.target_type)
    # In the order of the model's fields: PostgreSQL keeps no order of its own in JSON.
    places = (
        {field.name: place for place, field in enumerate(model._meta.get_fields())} if model else {}
    )
    names_of_fields = sorted(
        {*event.old, *event.new}, key=lambda name: (places.get(name, -1), name)
    )
    for name in names_of_fields:
        if name in _UNSHOWN:
            continue
        field = _field(model, name)
        if not event.old and event.new[name] in (False, 0, "0"):
            continue  # what a new row says by itself
        before = _shown(field, name, event.old.get(name), names)
        after = _shown(field, name, event.new.get(name), names)
        if before or after:
            yield Change(_label(field, name), before, after)


def _label(field: "models.Field[Any, Any] | None", name: str) -> str:
    if field is not None:
        return capfirst(str(field.verbose_name))
    return capfirst(str(_OTHER_FIELDS.get(name, name)))


def _shown(field: "models.Field[Any, Any] | None", name: str, value: Any, names: Names) -> str:
    """Return a logged value in words: the names of choices and rows, not their codes and keys."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_shown(field, name, item, names) for item in value)
    if field is not None and field.is_relation:
        known = names.get(_related(field), {})
        # A row that was taken away since then has but its key left.
        return known.get(value, f"#{value}") if isinstance(value, int) else str(value)
    codes = dict(getattr(field, "flatchoices", ())) or _CODES.get(name, {})
    if value in codes:
        return str(codes[value])
    if isinstance(field, models.DateField) and isinstance(value, str):
        day = _day(value)
        return date_format(day) if day else value
    return str(value)


def _day(value: str) -> date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None


def _field(model: type[models.Model] | None, name: str) -> "models.Field[Any, Any] | None":
    if model is None:
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def _related(field: "models.Field[Any, Any]") -> type[models.Model]:
    related = field.related_model
    assert isinstance(related, type)
    return related


def _names(events: list[Event]) -> Names:
    """Return the names of all rows that the events name by key."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for event in events:
        model = _MODELS.get(event.target_type)
        for values in (event.old, event.new):
            for name, value in values.items():
                field = _field(model, name)
                if field is not None and field.is_relation:
                    keys = value if isinstance(value, list) else [value]
                    wanted[_related(field)].update(key for key in keys if isinstance(key, int))
    return {
        model: {row.pk: _name(row) for row in model._default_manager.filter(pk__in=keys)}
        for model, keys in wanted.items()
    }


def _name(row: models.Model) -> str:
    return str(getattr(row, "name", "") or row)
