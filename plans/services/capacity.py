"""Saying how many days LUP has."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.services import record
from plans.capacity import over_booked
from plans.enums import PlanState
from plans.models import LupCapacity, PartnerPlan
from plans.models.capacity import QUARTERS, Days
from plans.services.saving import Conflict, PlanIsFrozen, logged_values


def set_capacity(
    *, plan: PartnerPlan, values: dict[str, Any], expected_version: int, by: User | None
) -> LupCapacity:
    """Write the days that LUP has for the plan's county and year; ``values`` are ``days_q1`` to
    ``days_q4``.

    ``expected_version`` is 0 where nobody had said it yet. It is no commitment of the plan, so it
    may be written until the plan is closed; then ``PlanIsFrozen``. Raises ``Conflict`` where
    somebody else saved it first and it differs from ``values``.
    """
    with transaction.atomic():
        plan = PartnerPlan.objects.select_for_update(of=("self",)).with_parties().get(pk=plan.pk)
        if plan.state == PlanState.CLOSED:
            raise PlanIsFrozen
        current = LupCapacity.objects.of_plan(plan).first()
        if current is None:
            current = LupCapacity.objects.create(
                programme=plan.agreement.programme,
                county=plan.agreement.county,
                year=plan.year,
                **values,
            )
            record(by=by, verb="capacity.set", target=current, new=logged_values(current, values))
            return current
        old = {name: getattr(current, name) for name in values}
        differing = [name for name in values if values[name] != old[name]]
        if not differing:
            return current
        if current.version != expected_version:
            raise Conflict(current, differing)
        for name in differing:
            setattr(current, name, values[name])
        current.version += 1
        current.save()
        record(
            by=by,
            verb="capacity.changed",
            target=current,
            old={name: old[name] for name in differing},
            new={name: values[name] for name in differing},
        )
    return current


def newly_over_booked(
    plan: PartnerPlan, before: Iterable[Decimal], after: Iterable[Decimal]
) -> list[tuple[int, Decimal, Decimal]]:
    """Return what a saved measure over-booked: quarter, days booked and days that LUP has.

    ``before`` and ``after`` are the measure's own days. At most one query, and none where it books
    no more than it did.
    """
    change = [new - old for old, new in zip(before, after, strict=True)]
    if not any(days > 0 for days in change):
        return []
    capacity = LupCapacity.objects.of_plan(plan).with_booked(plan).first()
    if capacity is None:
        return []
    now = _days(getattr(capacity, f"booked_q{quarter}") or Decimal(0) for quarter in QUARTERS)
    earlier = _days(booked - days for booked, days in zip(now, change, strict=True))
    return [
        (quarter, now[quarter - 1], capacity.days[quarter - 1])
        for quarter in over_booked(earlier, now, capacity.days)
    ]


def _days(days: Iterable[Decimal]) -> Days:
    first, second, third, fourth = days
    return first, second, third, fourth
