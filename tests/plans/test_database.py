"""What the database itself refuses, whoever writes: these go past forms and services."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from plans.enums import PartKind, PlanState
from plans.models import FocusArea, Measure, PartnerPlan, PartnershipAgreement, PlanPart
from plans.services.plans import create_plan
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.plans import AgreementFactory, area_of, make_measure, make_plan, part_of

pytestmark = pytest.mark.django_db


def refused() -> pytest.RaisesExc[IntegrityError]:
    return pytest.raises(IntegrityError)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2020, 1, 1), date(2025, 1, 1)),
        (date(2024, 12, 31), date(2030, 1, 1)),
        (date(2015, 1, 1), date(2020, 1, 2)),
        (date(2021, 1, 1), date(2022, 1, 1)),
    ],
)
def test_an_agreement_that_overlaps_another_of_the_county(start: date, end: date) -> None:
    first = AgreementFactory()
    with refused(), transaction.atomic():
        AgreementFactory(county=first.county, valid_from=start, valid_to=end)
    # Another county's, and the next period, are fine.
    AgreementFactory(valid_from=start, valid_to=end)
    AgreementFactory(county=first.county, valid_from=date(2025, 1, 1), valid_to=date(2030, 1, 1))


def test_an_agreement_moved_over_another() -> None:
    first = AgreementFactory()
    later = AgreementFactory(
        county=first.county, valid_from=date(2025, 1, 1), valid_to=date(2030, 1, 1)
    )
    with refused():
        PartnershipAgreement.objects.filter(pk=later.pk).update(valid_from=date(2024, 1, 1))


@pytest.mark.parametrize("year", [2019, 2025])
def test_a_plan_outside_its_agreement(year: int) -> None:
    agreement = AgreementFactory()
    with refused():
        PartnerPlan.objects.create(agreement=agreement, year=year, title="For tidleg eller sein")


def test_an_agreement_that_leaves_its_plan_outside() -> None:
    plan = make_plan(year=2024)
    with refused():
        PartnershipAgreement.objects.filter(pk=plan.agreement_id).update(valid_to=date(2024, 7, 1))


def test_a_second_plan_of_a_year() -> None:
    plan = make_plan()
    with refused():
        create_plan(agreement=plan.agreement, year=plan.year, title="Endå ein", by=None)


def test_a_plan_that_changes_year() -> None:
    plan = make_plan(year=2022)
    with refused():
        PartnerPlan.objects.filter(pk=plan.pk).update(year=2023)


def test_a_plan_has_exactly_its_two_parts() -> None:
    plan = make_plan()
    assert [part.kind for part in plan.parts.all()] == ["COUNTY", "MUNICIPALITIES"]
    with refused(), transaction.atomic():
        PlanPart.objects.create(plan=plan, kind=PartKind.COUNTY)
    with refused(), transaction.atomic():
        PlanPart.objects.create(plan=plan, kind="THIRD")
    other = PartnerPlan.objects.create(agreement=plan.agreement, year=2023, title="Enno utan delar")
    with refused(), transaction.atomic():
        PlanPart.objects.filter(plan=plan, kind=PartKind.COUNTY).update(plan=other)
    FocusArea.objects.filter(part__plan=plan).delete()
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM plans_planpart WHERE plan_id = %s", [plan.pk])


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2021, 12, 31), date(2022, 1, 31)),
        (date(2022, 12, 1), date(2023, 1, 1)),
        (date(2022, 3, 2), date(2022, 3, 1)),
        (date(2022, 3, 2), None),
    ],
)
def test_a_measure_outside_its_plans_year(starts_on: date, ends_on: date | None) -> None:
    measure = make_measure(area_of(make_plan(year=2022)), 1)
    with refused():
        Measure.objects.filter(pk=measure.pk).update(starts_on=starts_on, ends_on=ends_on)


def test_a_measure_in_a_focus_area_of_another_part() -> None:
    plan = make_plan(measures=1)
    with refused():
        Measure.objects.filter(part=part_of(plan)).update(
            focus_area=area_of(plan, PartKind.MUNICIPALITIES)
        )


def test_two_measures_with_one_number() -> None:
    plan = make_plan(measures=2)
    with refused():
        Measure.objects.filter(part=part_of(plan)).update(position=1)


def test_a_municipality_that_is_not_there_in_the_plans_year() -> None:
    then = MunicipalityFactory(valid_from=date(2020, 1, 1), valid_to=date(2024, 1, 1))
    now = MunicipalityFactory(valid_from=date(2024, 1, 1))
    measure = make_measure(area_of(make_plan(year=2020)), 1)
    measure.municipalities.add(then)
    with refused(), transaction.atomic():
        measure.municipalities.add(now)
    with refused():
        Measure.objects.filter(pk=measure.pk).update(
            responsible_kind="MUNICIPALITY", responsible_municipality=now
        )


def test_a_responsible_kind_without_its_party() -> None:
    measure = make_measure(area_of(make_plan()), 1)
    with refused():
        Measure.objects.filter(pk=measure.pk).update(responsible_kind="MUNICIPALITY")


def test_a_state_that_does_not_exist() -> None:
    plan = make_plan(state=PlanState.DRAFT)
    with refused():
        PartnerPlan.objects.filter(pk=plan.pk).update(state="PARTY")
