"""A measure through the years, as each year's plan is read."""

from dataclasses import dataclass
from uuid import UUID

from plans.document import Measure, from_json
from plans.models import Measure as MeasureRow
from plans.models import PartnerPlan, PlanVersion


@dataclass(frozen=True)
class Year:
    """A measure in one year's plan: what it is called there, and its row for how it goes."""

    plan: PartnerPlan
    number: str
    title: str
    row: MeasureRow


def chain_of(rows: list[MeasureRow], plan: PartnerPlan, measure: Measure) -> list[Year]:
    """Return ``measure`` of ``plan`` through the years; nothing where it is of one year alone.

    ``rows`` come from ``in_chain_of``, those of plans that the visitor may read. A measure that an
    amendment is about to change, move or delete is told as it was signed, and one that it is about
    to add isn't told. One query, and only where an amendment of another year is under way.
    """
    signed = _signed([row for row in rows if row.part.plan_id != plan.pk])
    found = []
    for row in rows:
        told = measure if row.key == measure.key else signed.get(row.key)
        of = row.part.plan
        if told is not None:
            found.append(Year(of, told.number, told.title, row))
        elif not row.is_deleted and not of.is_being_amended:
            found.append(Year(of, row.number, row.title, row))
    return found if len(found) > 1 else []


def _signed(rows: list[MeasureRow]) -> dict[UUID, Measure]:
    """Return by key the measures of the versions in force, where their plans are under amendment.

    A year's plan holds one measure of a chain, so there are as many versions as rows at most.
    """
    plans = [row.part.plan for row in rows if row.part.plan.is_being_amended]
    wanted = [plan.in_force_id for plan in plans if plan.in_force_id is not None]
    if not wanted:
        return {}
    contents = PlanVersion.objects.filter(pk__in=wanted).values_list("content", flat=True)
    return {
        measure.key: measure
        for content in contents
        for measure in from_json(content.encode()).measures
    }
