"""Working on a roll-over: starting it, deciding, and giving it up. Nothing of it is in a plan."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from plans.carrying import agreement_for, measures_of, proposal
from plans.enums import Decision
from plans.models import FocusArea, Measure, PartnerPlan, Rollover, RolloverDecision
from plans.services.saving import logged_values, write_row


class RolloverIsOver(Exception):
    """The roll-over was confirmed or cancelled meanwhile."""


class NoAgreement(Exception):
    """No agreement of the county covers the next year."""


class YearHasPlan(Exception):
    """The county has a plan for the next year already."""


class NotInRollover(Exception):
    """The measure isn't one that the roll-over decides about."""


def start_rollover(*, source: PartnerPlan, by: User) -> Rollover:
    """Begin to carry a plan on into the next year, and return the roll-over.

    If somebody has begun already, theirs is returned. ``source`` comes with its parties. Raises
    ``NoAgreement`` and ``YearHasPlan``.
    """
    year = source.year + 1
    with transaction.atomic():
        PartnerPlan.objects.select_for_update().get(pk=source.pk)
        already = Rollover.objects.open().filter(source=source, target_year=year).first()
        if already is not None:
            return already
        refuse_year(source, year)
        agreement = agreement_for(source, year)
        if agreement is None:
            raise NoAgreement
        areas = FocusArea.objects.filter(part__plan=source, position__isnull=False)
        rollover = Rollover.objects.create(
            source=source,
            target_year=year,
            agreement=agreement,
            title=_title(source, year),
            focus_areas=sorted(str(key) for key in areas.values_list("key", flat=True)),
            started_by=by,
        )
        record(by=by, verb="rollover.started", target=rollover, new={"target_year": year})
    return rollover


def refuse_year(source: PartnerPlan, year: int) -> None:
    """Raise ``YearHasPlan`` if the plan's county has one for ``year``."""
    county = source.agreement.county_id
    if PartnerPlan.objects.filter(agreement__county=county, year=year).exists():
        raise YearHasPlan


def lock_rollover(rollover_id: int) -> Rollover:
    """Return an open roll-over, held against other writers until the transaction ends.

    Raises ``RolloverIsOver``.
    """
    Rollover.objects.select_for_update().get(pk=rollover_id)
    rollover = Rollover.objects.with_parties().get(pk=rollover_id)
    if not rollover.is_open:
        raise RolloverIsOver
    return rollover


def decide(
    *, rollover: Rollover, measure: Measure, values: dict[str, Any], expected_version: int, by: User
) -> RolloverDecision:
    """Decide what becomes of a measure, or decide anew.

    ``values`` are the decision's own fields; ``expected_version`` is 0 where nothing was decided
    yet. Raises ``Conflict``, ``NotInRollover`` and ``RolloverIsOver``.
    """
    with transaction.atomic():
        rollover = lock_rollover(rollover.pk)
        measure = _candidate(rollover, measure.pk)
        row = RolloverDecision.objects.filter(rollover=rollover, measure=measure).first()
        if row is None:
            return _decide_first(rollover, measure, values, by)
        row, _changed = write_row(
            row=row,
            values=values,
            expected_version=expected_version,
            by=by,
            verb="rollover.decided",
        )
        if row.seen_version != measure.version:
            row.seen_version = measure.version
            row.save(update_fields=["seen_version"])
        return row


def decide_several(
    *, rollover: Rollover, measures: list[Measure], decision: Decision, reason: str, by: User
) -> int:
    """Decide the same about several measures, with the dates that are proposed for each.

    Those that somebody has decided about meanwhile keep that. Returns how many were decided.
    Raises ``NotInRollover`` and ``RolloverIsOver``.
    """
    with transaction.atomic():
        rollover = lock_rollover(rollover.pk)
        decided = set(rollover.decisions.values_list("measure_id", flat=True))
        wanted = {measure.pk for measure in measures} - decided
        new = list(measures_of(rollover).standing().filter(pk__in=wanted).order_by("pk"))
        if len(new) != len(wanted):
            raise NotInRollover
        year = rollover.target_year
        for measure in new:
            period = proposal(measure, year)
            values: dict[str, Any] = {
                "decision": decision,
                "reason": "" if decision == Decision.CONTINUE else reason,
                "period_unit": measure.period_unit,
                "starts_on": period.starts_on,
                "ends_on": period.ends_on,
                "carry_lup_days": True,
                "postponed_to": year + 1 if decision == Decision.POSTPONE else None,
            }
            _decide_first(rollover, measure, values, by)
    return len(new)


def change_rollover(
    *, rollover: Rollover, values: dict[str, Any], expected_version: int, by: User
) -> Rollover:
    """Change the new plan's title, and which texts and focus areas are carried on.

    Raises ``Conflict`` and ``RolloverIsOver``.
    """
    with transaction.atomic():
        row = lock_rollover(rollover.pk)
        row, _changed = write_row(
            row=row,
            values=values,
            expected_version=expected_version,
            by=by,
            verb="rollover.changed",
        )
    return row


def cancel_rollover(*, rollover: Rollover, by: User) -> None:
    """Give a roll-over up; it is kept, with its decisions. Raises ``RolloverIsOver``."""
    with transaction.atomic():
        row = lock_rollover(rollover.pk)
        row.cancelled_at = timezone.now()
        row.cancelled_by = by
        row.save(update_fields=["cancelled_at", "cancelled_by"])
        record(by=by, verb="rollover.cancelled", target=row)


def _decide_first(
    rollover: Rollover, measure: Measure, values: dict[str, Any], by: User
) -> RolloverDecision:
    row = RolloverDecision.objects.create(
        rollover=rollover, measure=measure, seen_version=measure.version, **values
    )
    record(by=by, verb="rollover.decided", target=row, new=logged_values(row, values))
    return row


def _candidate(rollover: Rollover, measure_id: int) -> Measure:
    measure = measures_of(rollover).standing().filter(pk=measure_id).first()
    if measure is None:
        raise NotInRollover
    return measure


def _title(source: PartnerPlan, year: int) -> str:
    """Return the plan's title with the new year in place of its own."""
    old, new = str(source.year), str(year)
    if old in source.title:
        return source.title.replace(old, new)
    limit = Rollover._meta.get_field("title").max_length or 0
    return f"{source.title[: limit - len(new) - 1]} {new}"
