"""Synthetic counties × years × measures, to try the pages against much data."""

import random
from datetime import date
from decimal import Decimal

from django.db import transaction

from municipalities.models import County, Municipality
from plans.demo.synthetic_versions import make_version
from plans.enums import (
    MeasureKind,
    MeasureStatus,
    MunicipalityScope,
    PartKind,
    PlanState,
    ResponsibleKind,
    TargetGroup,
)
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

YEARS = range(2020, 2030)
MEASURES = 60
AREAS_IN_PART = 5


def make_synthetic_plans(*, counties: int, programme: Programme) -> int:
    """Make ten years of 60-measure plans for that many counties beside the example's own.

    Returns how many plans were made: those that are there already are left. The counties are the
    real ones of 2024, so there are at most 14; the plans say that they are examples.
    """
    made = 0
    today = date(2024, 1, 1)
    others = County.objects.valid_on(today).exclude(number="15").order_by("number")
    for county in others[:counties]:
        municipalities = list(Municipality.objects.valid_on(today).in_county(county.number))
        for start in (2020, 2025):
            agreement, _made = PartnershipAgreement.objects.get_or_create(
                programme=programme,
                county=county,
                valid_from=date(start, 1, 1),
                defaults={"valid_to": date(start + 5, 1, 1), "partner_since": 2020},
            )
            existing = set(agreement.plans.values_list("year", flat=True))
            for year in agreement.years:
                if year not in existing:
                    _make_plan(agreement, year, municipalities)
                    made += 1
    return made


@transaction.atomic
def _make_plan(
    agreement: PartnershipAgreement, year: int, municipalities: list[Municipality]
) -> PartnerPlan:
    county = agreement.county
    plan = create_plan(
        agreement=agreement,
        year=year,
        title=f"Partnarplan {year} mellom {county.full_name} og Leverandørutviklingsprogrammet",
        by=None,
        is_example=True,
    )
    chance = random.Random(f"{county.number}-{year}")  # the same plan on every machine
    for part in plan.parts.all():
        _fill_part(part, year, [m for m in municipalities if m.is_valid_in_year(year)], chance)
    version = make_version(plan)
    PartnerPlan.objects.filter(pk=plan.pk).update(
        state=PlanState.CLOSED if year < 2024 else PlanState.ACTIVE, in_force=version
    )
    return plan


def _fill_part(
    part: PlanPart, year: int, municipalities: list[Municipality], chance: random.Random
) -> None:
    areas = FocusArea.objects.bulk_create(
        FocusArea(part=part, position=place, title=f"Satsingsområde {part.number}.{place}")
        for place in range(1, AREAS_IN_PART + 1)
    )
    in_part = MEASURES // 2
    measures = Measure.objects.bulk_create(
        _measure(part, areas[place * AREAS_IN_PART // in_part], place + 1, year, chance)
        for place in range(in_part)
    )
    if part.kind == PartKind.MUNICIPALITIES and municipalities:
        through = Measure.municipalities.through
        through.objects.bulk_create(
            through(measure_id=measure.pk, municipality_id=municipality.pk)
            for measure in measures
            for municipality in chance.sample(municipalities, min(5, len(municipalities)))
        )


def _measure(
    part: PlanPart, area: FocusArea, position: int, year: int, chance: random.Random
) -> Measure:
    quarter = chance.randint(1, 4)
    starts_on, ends_on = quarter_bounds(year, quarter, chance.randint(quarter, 4))
    kind = chance.choice(MeasureKind.values)
    return Measure(
        part=part,
        focus_area=area,
        position=position,
        title=f"Døme på tiltak {part.number}.{position}",
        kind=kind,
        description="Eit syntetisk tiltak, laga for å prøve sidene mot store mengder. " * 3,
        purpose="Å sjå at sidene held farten.",
        expected_result="Sidene held farten.",
        target_groups=[chance.choice(TargetGroup.values)],
        responsible_kind=chance.choice([ResponsibleKind.LUP, ResponsibleKind.COUNTY]),
        responsible_role="rådgjevar",
        municipality_scope=MunicipalityScope.CHOSEN,
        starts_on=starts_on,
        ends_on=ends_on,
        lup_days_q1=Decimal(chance.randint(0, 4)) / 2,
        cost_nok=chance.choice([None, 50_000, 150_000]),
        status=chance.choice(MeasureStatus.values),
    )
