"""What is open about each measure of a plan, and the days that LUP has: for the workbench."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, DecimalField, F, UUIDField, Value
from django.db.models.functions import Cast

from plans.models.capacity import QUARTERS, LupCapacity
from plans.models.comment import Thread
from plans.models.plan import PartnerPlan
from plans.models.proposal import Proposal

_THREADS, _PROPOSALS = "T", "P"
_NUMBER: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=9, decimal_places=1)


@dataclass
class OpenTalk:
    """How many threads and proposals about something are open."""

    threads: int = 0
    proposals: int = 0


@dataclass(frozen=True)
class Surroundings:
    """``talk`` is what is open about each measure, by its key, and under None what is about the
    plan and its parts; ``capacity`` the days that LUP has, None where it hasn't said."""

    talk: dict[UUID | None, OpenTalk]
    capacity: LupCapacity | None


def surroundings(plan: PartnerPlan, audiences: Collection[str]) -> Surroundings:
    """Return what is open about a plan, for somebody who reads ``audiences``, and LUP's capacity.
    One query."""
    counted = [
        rows.open()
        .order_by()
        .values("measure__key")
        .annotate(sort=Value(sort), number=Cast(Count("pk"), _NUMBER))
        .values_list("measure__key", "sort", "number")
        for sort, rows in (
            (_THREADS, Thread.objects.in_plan(plan).for_audiences(audiences)),
            (_PROPOSALS, Proposal.objects.in_plan(plan)),
        )
    ]
    days = [
        LupCapacity.objects.of_plan(plan)
        .order_by()
        .values_list(
            Value(None, output_field=UUIDField()),
            Value(f"days_q{quarter}"),
            Cast(F(f"days_q{quarter}"), _NUMBER),
        )
        for quarter in QUARTERS
    ]
    talk: dict[UUID | None, OpenTalk] = {}
    capacity: dict[str, Decimal] = {}
    for key, sort, number in counted[0].union(counted[1], *days, all=True):
        if sort == _THREADS:
            talk.setdefault(key, OpenTalk()).threads = int(number)
        elif sort == _PROPOSALS:
            talk.setdefault(key, OpenTalk()).proposals = int(number)
        else:
            capacity[sort] = number
    return Surroundings(talk, LupCapacity(year=plan.year, **capacity) if capacity else None)
