"""What stands open about a plan, beside what is in it: one query for all of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from plans.models.capacity import QUARTERS, LupCapacity
from plans.models.comment import Thread
from plans.models.contribution import Contribution
from plans.models.plan import PartnerPlan
from plans.models.proposal import Proposal

_DAYS = [f"days_q{quarter}" for quarter in QUARTERS]
_REASON = [f"in_force__amendment_reasons__{name}" for name in ("kind", "key", "text")]


@dataclass(frozen=True)
class Standing:
    """How much waits for somebody: ``unanswered`` input, open ``proposals`` and open ``threads`` of
    comments; LUP's ``capacity``, None where LUP hasn't said it; and of an amendment ``reasoned``,
    the kinds and keys of what there is a reason to change."""

    unanswered: int
    proposals: int
    threads: int
    capacity: LupCapacity | None
    reasoned: frozenset[tuple[str, str]] = frozenset()


def standing_of(plan: PartnerPlan) -> Standing:
    """Return what stands open about a plan, which comes with its parties. One query."""
    capacity = LupCapacity.objects.filter(
        programme=OuterRef("agreement__programme"),
        county=OuterRef("agreement__county"),
        year=OuterRef("year"),
    )
    # One row for each reason, or one in all.
    rows = list(
        PartnerPlan.objects.filter(pk=plan.pk)
        .order_by()
        .annotate(
            unanswered=_count(Contribution.objects.unanswered(plan), "plan"),
            proposals=_count(Proposal.objects.in_plan(plan).open(), "measure__part__plan"),
            open_threads=_count(Thread.objects.in_plan(plan).open(), "plan"),
            **{name: Subquery(capacity.values(name)) for name in _DAYS},
        )
        .values("unanswered", "proposals", "open_threads", *_DAYS, *_REASON)
    )
    reasons = [tuple(row.pop(name) for name in _REASON) for row in rows]
    row = rows[0]
    days = {name: row.pop(name) for name in list(row) if name.startswith("days_")}
    said = None not in days.values()
    threads = row.pop("open_threads")
    return Standing(
        **row,
        threads=threads,
        capacity=LupCapacity(year=plan.year, **days) if said else None,
        reasoned=frozenset((kind, key) for kind, key, text in reasons if text),
    )


def _count(rows: Any, by: str) -> Any:
    """Return the number of ``rows`` as a value in another query; ``by`` is one for all of them."""
    counted = rows.order_by().values(only=F(by)).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)
