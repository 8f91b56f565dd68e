"""Which municipalities a measure's row concerns, and how much is open about each measure."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Value

from municipalities.dated import overlaps, year_bounds
from municipalities.models import CooperationMembership, Municipality
from plans.enums import MunicipalityScope
from plans.models.comment import Thread
from plans.models.measure import Measure
from plans.models.plan import PartnerPlan
from plans.models.proposal import Proposal


def concerned_in_county(measure: Measure, plan: PartnerPlan) -> list[Municipality]:
    """Return the municipalities of the plan's county that ``measure`` concerns, by number: what
    ``plans.document.concerned`` says of a document, of a row. One query."""
    county = plan.agreement.county_id
    found = Municipality.objects.filter(county=county).order_by("number")
    if measure.municipality_scope == MunicipalityScope.ALL:
        return list(found.valid_in_year(plan.year))
    members = CooperationMembership.objects.filter(
        overlaps(*year_bounds(plan.year)),
        cooperation__in=Measure.cooperations.through.objects.filter(measure=measure).values(
            "procurementcooperation"
        ),
    )
    named = Measure.municipalities.through.objects.filter(measure=measure)
    return list(
        found.filter(
            Q(pk=measure.responsible_municipality_id)
            | Q(pk__in=named.values("municipality"))
            | Q(pk__in=members.values("municipality"))
        )
    )


@dataclass
class OpenTalk:
    """How many threads and proposals about something are open."""

    threads: int = 0
    proposals: int = 0


def open_talk(plan: PartnerPlan, audiences: Collection[str]) -> dict[UUID | None, OpenTalk]:
    """Return what is open about each measure of the plan, by its key, for somebody who reads
    ``audiences``; under None what is about the plan and its parts. One query."""
    threads = (
        Thread.objects.in_plan(plan)
        .open()
        .for_audiences(audiences)
        .order_by()
        .values("measure__key")
        .annotate(sort=Value("T"), count=Count("pk"))
        .values_list("measure__key", "sort", "count")
    )
    proposals = (
        Proposal.objects.in_plan(plan)
        .open()
        .order_by()
        .values("measure__key")
        .annotate(sort=Value("P"), count=Count("pk"))
        .values_list("measure__key", "sort", "count")
    )
    found: dict[UUID | None, OpenTalk] = {}
    for key, sort, count in threads.union(proposals, all=True):
        talk = found.setdefault(key, OpenTalk())
        if sort == "T":
            talk.threads = count
        else:
            talk.proposals = count
    return found
