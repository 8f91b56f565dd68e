"""A plan with its agreement, focus areas and measures."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from municipalities.models import County
from plans.enums import MeasureKind, PartKind, PlanState
from plans.models import (
    FocusArea,
    Measure,
    PartnerPlan,
    PartnershipAgreement,
    PlanPart,
    Programme,
)
from plans.periods import quarter_bounds
from plans.services.plans import create_plan
from tests.factories.municipalities import CountyFactory
from tests.factories.versions import set_state


class ProgrammeFactory(DjangoModelFactory[Programme]):
    """The one programme."""

    class Meta:
        model = Programme
        django_get_or_create = ("short_name",)

    name = "Leverandørutviklingsprogrammet"
    short_name = "LUP"
    founded = 2010


class AgreementFactory(DjangoModelFactory[PartnershipAgreement]):
    """An agreement for 2020-2024."""

    class Meta:
        model = PartnershipAgreement

    programme = factory.SubFactory(ProgrammeFactory)
    county = factory.SubFactory(CountyFactory)
    valid_from = date(2020, 1, 1)
    valid_to = date(2025, 1, 1)
    partner_since = 2016


def make_plan(
    *,
    county: County | None = None,
    year: int = 2022,
    state: PlanState = PlanState.DRAFT,
    measures: int = 0,
    agreement: PartnershipAgreement | None = None,
) -> PartnerPlan:
    """Return a plan in ``state`` with a focus area in each part, and ``measures`` measures in each
    of the two."""
    if agreement is None:
        agreement = AgreementFactory.create(county=county or CountyFactory.create())
    plan = create_plan(agreement=agreement, year=year, title=f"Partnarplan {year}", by=None)
    for part in plan.parts.all():
        area = FocusArea.objects.create(
            part=part, position=1, title=f"Satsingsområde {part.number}"
        )
        for place in range(1, measures + 1):
            make_measure(area, place)
    return set_state(plan, state)


def part_of(plan: PartnerPlan, kind: PartKind = PartKind.COUNTY) -> PlanPart:
    """Return one of the plan's parts."""
    return plan.parts.get(kind=kind)


def area_of(plan: PartnerPlan, kind: PartKind = PartKind.COUNTY) -> FocusArea:
    """Return the first focus area of one of the plan's parts."""
    return FocusArea.objects.select_related("part__plan").get(
        part__plan=plan, part__kind=kind, position=1
    )


def make_measure(area: FocusArea, position: int, **values: object) -> Measure:
    """Return a measure at a place that is free."""
    starts_on, ends_on = quarter_bounds(area.part.plan.year, 1, 2)
    defaults: dict[str, object] = {
        "title": f"Tiltak {area.part.number}.{position}",
        "kind": MeasureKind.COURSE,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    return Measure.objects.create(
        part=area.part, focus_area=area, position=position, **{**defaults, **values}
    )
