"""Confirming a roll-over: the whole plan of the next year at once, or nothing of it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from plans.carrying import Candidate, RolloverReading, read_rollover
from plans.enums import Decision, TextKind
from plans.models import FocusArea, PartnerPlan, PlanPart, Rollover
from plans.services.focus_areas import add_focus_area
from plans.services.measures import add_measure
from plans.services.plans import change_part, change_text, create_plan
from plans.services.rollover import YearHasPlan, lock_rollover

# What a measure takes with it as it stands.
_COPIED = (
    "title",
    "kind",
    "description",
    "purpose",
    "expected_result",
    "language",
    "target_groups",
    "responsible_kind",
    "responsible_cooperation",
    "responsible_working_group",
    "responsible_role",
    "municipality_scope",
    "county_takes_part",
    "cost_nok",
)


class NotReady(Exception):
    """Something isn't decided or answered yet."""


class SummaryIsOld(Exception):
    """Something changed after the summary was shown that was confirmed."""


def confirm_rollover(*, rollover: Rollover, by: User, seen: str | None = None) -> PartnerPlan:
    """Make the next year's plan as decided, and return it.

    ``seen`` is the ``token`` of the reading that was shown, or None where nobody looked. Raises
    ``RolloverIsOver``, ``NotReady``, ``SummaryIsOld`` and ``YearHasPlan``.
    """
    with transaction.atomic():
        rollover = lock_rollover(rollover.pk)
        # Held, so that no measure changes between the reading and the copy.
        PartnerPlan.objects.select_for_update().get(pk=rollover.source_id)
        reading = read_rollover(rollover)
        if seen is not None and seen != reading.token:
            raise SummaryIsOld
        if not reading.is_ready:
            raise NotReady
        plan = _make_plan(rollover, by)
        _carry_texts(rollover, plan, by)
        areas = _Areas(rollover, plan, by)
        areas.carry(reading)
        for candidate in reading.carried:
            add_measure(focus_area=areas.of(candidate), values=_values(candidate), by=by)
        row = Rollover.objects.get(pk=rollover.pk)
        row.result, row.confirmed_by, row.confirmed_at = plan, by, timezone.now()
        row.save(update_fields=["result", "confirmed_by", "confirmed_at"])
        counts = {decision.value.lower(): len(found) for decision, found in reading.counts}
        record(by=by, verb="rollover.confirmed", target=row, new={"result": plan.pk, **counts})
    return plan


def _make_plan(rollover: Rollover, by: User) -> PartnerPlan:
    try:
        with transaction.atomic():
            return create_plan(
                agreement=rollover.agreement,
                year=rollover.target_year,
                title=rollover.title,
                is_example=rollover.source.is_example,
                by=by,
            )
    except IntegrityError as error:
        raise YearHasPlan from error


def _carry_texts(rollover: Rollover, plan: PartnerPlan, by: User) -> None:
    new_texts = {text.kind: text for text in plan.texts.all()}
    for text in rollover.source.texts.all():
        if text.body and text.kind in TextKind.values and text.kind in rollover.texts:
            new = new_texts[text.kind]
            values = {"body": text.body, "language": text.language}
            change_text(text=new, values=values, expected_version=new.version, by=by)
    new_parts = {part.kind: part for part in plan.parts.all()}
    for part in rollover.source.parts.all():
        if part.introduction and f"PART_{part.kind}" in rollover.texts:
            there = new_parts[part.kind]
            values = {"introduction": part.introduction, "language": part.language}
            change_part(part=there, values=values, expected_version=there.version, by=by)


class _Areas:
    """The focus areas of the new plan, by those that they come from."""

    def __init__(self, rollover: Rollover, plan: PartnerPlan, by: User) -> None:
        self.rollover, self.by = rollover, by
        self.parts: dict[str, PlanPart] = {part.kind: part for part in plan.parts.all()}
        self.made: dict[int, FocusArea] = {}
        self.by_title: dict[tuple[str, str], FocusArea] = {}

    def carry(self, reading: RolloverReading) -> None:
        """Make those of the carried measures and those that were asked for, in their order."""
        needed = {c.measure.focus_area_id for c in reading.carried}
        areas = FocusArea.objects.filter(part__plan=self.rollover.source_id, position__isnull=False)
        for area in areas.select_related("part").order_by("part__kind", "position"):
            if area.pk in needed or str(area.key) in self.rollover.focus_areas:
                self._make(area, area.part.kind)

    def of(self, candidate: Candidate) -> FocusArea:
        """Return where a measure goes; for one postponed from an earlier plan the area of the same
        title, or else its own, made now."""
        measure = candidate.measure
        found = self.made.get(measure.focus_area_id)
        if found is None:
            area, part = measure.focus_area, measure.part.kind
            found = self.by_title.get((part, area.title.casefold())) or self._make(area, part)
            self.made[area.pk] = found
        return found

    def _make(self, area: FocusArea, part: str) -> FocusArea:
        values = {
            "title": area.title,
            "description": area.description,
            "language": area.language,
        }
        new = add_focus_area(part=self.parts[part], values=values, by=self.by)
        self.made[area.pk] = new
        self.by_title.setdefault((part, area.title.casefold()), new)
        return new


def _values(candidate: Candidate) -> dict[str, Any]:
    """Return a new measure's fields, as ``add_measure`` takes them."""
    measure, decision = candidate.measure, candidate.decision
    assert decision is not None
    values: dict[str, Any] = {name: getattr(measure, name) for name in _COPIED}
    lead = candidate.responsible_municipality
    if measure.responsible_municipality is not None and lead is None:
        values["responsible_kind"] = ""
    first, second, third, fourth = candidate.lup_days
    return {
        **values,
        "responsible_municipality": lead,
        "municipalities": candidate.municipalities,
        "cooperations": list(measure.cooperations.all()),
        "period_unit": decision.period_unit,
        "starts_on": decision.starts_on,
        "ends_on": decision.ends_on,
        "lup_days_q1": first,
        "lup_days_q2": second,
        "lup_days_q3": third,
        "lup_days_q4": fourth,
        "continues": measure,
        "rewrite_note": decision.reason if decision.decision == Decision.CHANGE else "",
    }
