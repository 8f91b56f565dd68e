"""The plans that the benchmarks look at."""

from dataclasses import dataclass
from datetime import date

from django.core.management import call_command

from accounts.enums import Role
from accounts.models import Membership, User
from municipalities.models import County, Municipality
from municipalities.services import load_reference_data
from plans.demo.example_plans import make_programme
from plans.enums import PlanState
from plans.models import FocusArea, Measure, PartnerPlan, PartnershipAgreement
from plans.periods import quarter_bounds
from plans.services.plans import create_plan
from tests.factories.versions import make_version, set_state

LENGTHS = (60, 600)
MUNICIPALITIES_EACH = 5
# In the place of a signed PDF: as many bytes as one of 60 measures has.
SIGNED_PDF = b"%PDF-1.7\n" + bytes(400_000)


@dataclass(frozen=True)
class Data:
    """The editor, and by number of measures a plan in draft and one in force."""

    editor: User
    drafts: dict[int, PartnerPlan]
    signed: dict[int, PartnerPlan]


def make_data() -> Data:
    """Fill an empty database with plans of 60 and of 600 measures."""
    call_command("migrate", verbosity=0)
    load_reference_data()
    county = County.objects.get(number="15")
    agreement = PartnershipAgreement.objects.create(
        programme=make_programme(),
        county=county,
        valid_from=date(2020, 1, 1),
        valid_to=date(2024, 1, 1),
        partner_since=2016,
    )
    editor = User.objects.create_user("redaktor@bench.example", name="Redaktør")
    Membership.objects.create(
        user=editor, role=Role.COUNTY_EDITOR, county=county, valid_from=date(2019, 1, 1)
    )
    made = {}
    for year, (length, state) in enumerate(
        ((length, state) for state in (PlanState.DRAFT, PlanState.ACTIVE) for length in LENGTHS),
        2020,
    ):
        made[length, state] = _plan(agreement, year, length, state)
    return Data(
        editor=editor,
        drafts={length: made[length, PlanState.DRAFT] for length in LENGTHS},
        signed={length: made[length, PlanState.ACTIVE] for length in LENGTHS},
    )


def _plan(agreement: PartnershipAgreement, year: int, length: int, state: PlanState) -> PartnerPlan:
    plan = create_plan(agreement=agreement, year=year, title=f"Partnarplan {year}", by=None)
    municipalities = list(Municipality.objects.valid_in_year(year).in_county("15"))
    through = Measure.municipalities.through
    for part in plan.parts.all():
        areas = FocusArea.objects.bulk_create(
            FocusArea(part=part, position=place, title=f"Satsingsområde {place}")
            for place in range(1, 6)
        )
        in_part = length // 2
        measures = Measure.objects.bulk_create(
            _measure(areas[place * len(areas) // in_part], place + 1, year)
            for place in range(in_part)
        )
        through.objects.bulk_create(
            through(measure_id=measure.pk, municipality_id=municipalities[(place + n) % 26].pk)
            for place, measure in enumerate(measures)
            for n in range(MUNICIPALITIES_EACH)
        )
    if state == PlanState.ACTIVE:
        make_version(plan, pdf=SIGNED_PDF)
    set_state(plan, state)
    return PartnerPlan.objects.with_parties().get(pk=plan.pk)


def _measure(area: FocusArea, position: int, year: int) -> Measure:
    starts_on, ends_on = quarter_bounds(year, position % 4 + 1, 4)
    return Measure(
        part=area.part,
        focus_area=area,
        position=position,
        title=f"Døme på tiltak nummer {position}",
        kind="COURSE",
        description="LUP og fylkeskommunen held to samlingar for dei som bestiller. " * 4,
        purpose="Fleire skal kunne skildre eit behov før dei vel ei løysing.",
        expected_result="Tjue bestillarar har gjennomført, og fire behov er skildra.",
        target_groups=["COUNTY", "MUNICIPALITIES"],
        responsible_kind="LUP",
        responsible_role="rådgjevar",
        starts_on=starts_on,
        ends_on=ends_on,
        cost_nok=50_000,
    )
