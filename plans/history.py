"""The audit log of a plan as people read it: who, when, what, field by field, before and after."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event, EventQuerySet
from plans.enums import BulkField, Decision, PlanState, TargetGroup, TextKind
from plans.models import (
    Contribution,
    ContributionRound,
    FocusArea,
    LupCapacity,
    Measure,
    PartnerPlan,
    PlanPart,
    PlanText,
    Proposal,
    Rollover,
    RolloverDecision,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Names = dict[type[models.Model], dict[int, str]]
Told = tuple[str, dict[str, Any]]
"""A kind of row (``plans.measure``) and values of its fields, as the log keeps them."""

LONG = 80  # characters from which a text is easier read word by word than before → after

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
    "plan.moved": gettext_lazy("moved on the plan"),
    "capacity.set": gettext_lazy("said how many days LUP has in"),
    "capacity.changed": gettext_lazy("changed how many days LUP has in"),
    "round.changed": gettext_lazy("changed"),
    "round.told": gettext_lazy("told those invited of"),
    "contribution.drafted": gettext_lazy("wrote a draft of the input"),
    "contribution.sent": gettext_lazy("sent the input"),
    "contribution.changed": gettext_lazy("changed the input"),
    "contribution.withdrawn": gettext_lazy("withdrew the input"),
    "contribution.considered": gettext_lazy("took under consideration the input"),
    "contribution.answered": gettext_lazy("answered the input"),
    "contribution.connected": gettext_lazy("put into the plan, from the input"),
    "contribution.disconnected": gettext_lazy("took out of the plan, from the input"),
    "contribution.file_added": gettext_lazy("added an attachment to the input"),
    "contribution.file_removed": gettext_lazy("removed an attachment from the input"),
    "proposal.made": gettext_lazy("proposed a change of the measure"),
    "proposal.accepted": gettext_lazy("accepted a proposed change of the measure"),
    "proposal.declined": gettext_lazy("declined a proposed change of the measure"),
    "proposal.withdrawn": gettext_lazy("withdrew a proposed change of the measure"),
    "measure.status": gettext_lazy("reported the status of the measure"),
    "bulk.changed": gettext_lazy("changed many measures at once in the plan"),
    "bulk.undone": gettext_lazy("undid a change of many measures in the plan"),
    "measure.rewritten": gettext_lazy("rewrote the measure that was carried on"),
    "rollover.started": gettext_lazy("began to carry the plan on"),
    "rollover.changed": gettext_lazy("changed what is carried on beside the measures"),
    "rollover.decided": gettext_lazy("decided what becomes of the measure"),
    "rollover.cancelled": gettext_lazy("gave up carrying the plan on"),
    "version.frozen": gettext_lazy("froze for signing"),
    "version.sealed": gettext_lazy("made and sealed the PDF of"),
    "version.voided": gettext_lazy("made void a version of"),
    "version.signed": gettext_lazy("signed"),
    "version.in_force": gettext_lazy("put in force"),
    "rollover.confirmed": gettext_lazy("carried the plan on"),
    "version.renewed": gettext_lazy("renewed the long-term proof of"),
}
# What a sender does with a draft is theirs alone until it is sent.
_PRIVATE = ("contribution.drafted",)
# What events tell of that is no field of its row.
_OTHER_FIELDS: dict[str, "StrPromise"] = {
    "number": gettext_lazy("number"),
    "place": gettext_lazy("place"),
    "reason": gettext_lazy("reason"),
    "override_reason": gettext_lazy("why in spite of what was missing"),
    "invited": gettext_lazy("invited"),
    "measure": gettext_lazy("measure"),
    "focus_area": gettext_lazy("focus area"),
    "extent": gettext_lazy("how much"),
    "note": gettext_lazy("note"),
    "file": gettext_lazy("attachment"),
    "sender": gettext_lazy("sender"),
    "times_sent": gettext_lazy("times sent"),
    "answer": gettext_lazy("answer"),
    "taken": gettext_lazy("accepted fields"),
    "measures": gettext_lazy("measures"),
    "what": gettext_lazy("what was changed"),
    "version": gettext_lazy("version"),
    "party": gettext_lazy("party"),
    "fingerprint": gettext_lazy("fingerprint"),
    "sha256": gettext_lazy("SHA-256"),
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
        LupCapacity,
        ContributionRound,
        Contribution,
        Rollover,
        RolloverDecision,
    )
}
# What a row says that nobody filled in.
_IDLE = (False, 0, "0", "0.0")
# What is told of a proposed change are fields of its measure.
_MODELS[Proposal._meta.label_lower] = Measure
# Fields whose codes the model leaves to others to name.
_CODES: dict[str, dict[str, Any]] = {
    "target_groups": dict(TargetGroup.choices),
    "state": dict(PlanState.choices),
    "taken": {
        field.name: field.verbose_name
        for field in (*Measure._meta.fields, *Measure._meta.many_to_many)
    },
    "what": dict(BulkField.choices),
    "texts": {
        **dict(TextKind.choices),
        "PART_COUNTY": gettext_lazy("Introduction to part 1"),
        "PART_MUNICIPALITIES": gettext_lazy("Introduction to part 2"),
    },
}


@dataclass(frozen=True)
class Change:
    """One field: what it is called, and what it said before and after; empty where nothing.

    ``name`` is the field's own, ``logged_before`` and ``logged_after`` say whether the log knows
    the value: it then can be brought back.
    """

    label: str
    before: str
    after: str
    name: str = field(default="", compare=False)
    logged_before: bool = field(default=False, compare=False)
    logged_after: bool = field(default=False, compare=False)

    @property
    def is_long(self) -> bool:
        """Whether it is a text, to be compared word by word."""
        return max(len(self.before), len(self.after)) > LONG


@dataclass(frozen=True)
class Entry:
    """One event: ``who`` did ``deed`` to ``what``, a row of ``kind`` with ``key``."""

    at: datetime
    who: str
    deed: str
    what: str
    changes: tuple[Change, ...]
    pk: int = 0
    kind: str = ""
    key: str = ""


def events_of_plan(plan: PartnerPlan, *, roll_over: bool = True) -> EventQuerySet:
    """Return the events about a plan and all that belongs to it, newest first; without those about
    carrying it on if ``roll_over`` is False (``rules.can_read_roll_over``)."""
    rows: dict[type[models.Model], models.QuerySet[Any]] = {
        PlanText: PlanText.objects.filter(plan=plan),
        PlanPart: PlanPart.objects.filter(plan=plan),
        FocusArea: FocusArea.objects.filter(part__plan=plan),
        Measure: Measure.objects.filter(part__plan=plan),
        LupCapacity: LupCapacity.objects.of_plan(plan),
        ContributionRound: ContributionRound.objects.filter(plan=plan),
        # A draft, and one that was withdrawn, are its sender's own.
        Contribution: Contribution.objects.sent().filter(plan=plan),
        Proposal: Proposal.objects.filter(measure__part__plan=plan),
    }
    if roll_over:
        rows |= {
            Rollover: Rollover.objects.filter(Q(source=plan) | Q(result=plan)),
            RolloverDecision: RolloverDecision.objects.filter(rollover__source=plan),
        }
    about = Q(target_type=PartnerPlan._meta.label_lower, target_id=str(plan.pk))
    for model, found in rows.items():
        keys = found.order_by().annotate(key_text=Cast("pk", models.CharField()))
        about |= Q(target_type=model._meta.label_lower, target_id__in=keys.values("key_text"))
    events = Event.objects.filter(about).exclude(verb__in=_PRIVATE)
    return events.select_related("actor").order_by("-pk")


def events_of_measure(measure: Measure) -> EventQuerySet:
    """Return the events about a measure and the changes proposed of it, newest first."""
    proposals = Proposal.objects.filter(measure=measure).annotate(
        key_text=Cast("pk", models.CharField())
    )
    about = Q(target_type=Measure._meta.label_lower, target_id=str(measure.pk)) | Q(
        target_type=Proposal._meta.label_lower, target_id__in=proposals.values("key_text")
    )
    return Event.objects.filter(about).select_related("actor").order_by("-pk")


def events_of_contribution(contribution: Contribution) -> EventQuerySet:
    """Return the events about a contribution since it was first sent, newest first."""
    return Event.objects.about(contribution).exclude(verb__in=_PRIVATE).select_related("actor")


def entries(events: Iterable[Event]) -> list[Entry]:
    """Return events as people read them. One query for the names of all the rows they name."""
    events = list(events)
    names = names_of(
        (event.target_type, told) for event in events for told in (event.old, event.new)
    )
    return [
        Entry(
            at=event.at,
            who=who(event),
            deed=deed(event),
            what=event.target_label,
            changes=changes(event.target_type, event.old, event.new, names),
            pk=event.pk,
            kind=event.target_type,
            key=event.target_id,
        )
        for event in events
    ]


def who(event: Event) -> str:
    """Return the name of the one who acted."""
    return str(event.actor) if event.actor else _("Lupplan itself")


def deed(event: Event) -> str:
    """Return what was done, as words that stand between who and what."""
    return str(DEEDS.get(event.verb, event.verb))


def changes(
    kind: str, old: dict[str, Any], new: dict[str, Any], names: Names
) -> tuple[Change, ...]:
    """Return what differs between two sets of a row's values, in the order of its fields."""
    return tuple(_changes(_MODELS.get(kind), old, new, names))


def _changes(
    model: type[models.Model] | None, old: dict[str, Any], new: dict[str, Any], names: Names
) -> Iterator[Change]:
    # In the order of the model's fields: PostgreSQL keeps no order of its own in JSON.
    places = (
        {field.name: place for place, field in enumerate(model._meta.get_fields())} if model else {}
    )
    for name in sorted({*old, *new}, key=lambda name: (places.get(name, -1), name)):
        if name in _UNSHOWN:
            continue
        field = _field(model, name)
        if (not old and new[name] in _IDLE) or (not new and old[name] in _IDLE):
            continue  # what a new row says by itself
        before = _shown(field, name, old.get(name), names)
        after = _shown(field, name, new.get(name), names)
        if before != after:
            yield Change(
                label=_label(field, name),
                before=before,
                after=after,
                name=name,
                logged_before=name in old,
                logged_after=name in new,
            )


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
    if isinstance(value, str) and value in codes:
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


def names_of(told: Iterable[Told]) -> Names:
    """Return the names of all rows that values name by key, in one query."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for kind, values in told:
        for name, value in values.items():
            field = _field(_MODELS.get(kind), name)
            if field is not None and field.is_relation:
                keys = value if isinstance(value, list) else [value]
                wanted[_related(field)].update(key for key in keys if _is_key(key))
    models_by_label = {model._meta.label_lower: model for model, keys in wanted.items() if keys}
    found: Names = {model: {} for model in models_by_label.values()}
    queries = [
        model._default_manager.order_by()
        .filter(pk__in=wanted[model])
        .values_list(Value(label, output_field=CharField()), "pk", _name(model))
        for label, model in models_by_label.items()
    ]
    if queries:
        for label, key, name in queries[0].union(*queries[1:], all=True):
            found[models_by_label[label]][key] = name
    return found


def _is_key(value: Any) -> bool:
    return isinstance(value, int) and 0 < value < 2**63


def _name(model: type[models.Model]) -> F | Cast:
    """Return the column that says what a row is called; its key where nothing does."""
    columns = {field.name for field in model._meta.concrete_fields}
    named = next((name for name in ("name", "title") if name in columns), None)
    return F(named) if named else Cast("pk", CharField())
