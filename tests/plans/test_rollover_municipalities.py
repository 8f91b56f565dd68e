"""Municipalities that are gone in the next year, with the real mergers and splits."""

from datetime import date
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from municipalities.models import County, Municipality, ProcurementCooperation
from municipalities.services import load_reference_data
from plans.carrying import Candidate, read_rollover
from plans.enums import Decision, PlanState, ResponsibleKind
from plans.models import Measure, PartnerPlan, Rollover
from plans.services.rollover import decide, decide_several, start_rollover
from plans.services.rollover_confirm import NotReady, confirm_rollover
from tests.factories.accounts import user_with
from tests.factories.plans import AgreementFactory, area_of, make_measure, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> County:
    load_reference_data()
    return County.objects.get(number="15")


@pytest.fixture
def editor(county: County) -> User:
    return user_with(Role.COUNTY_EDITOR, county=county)


def rolled(county: County, editor: User, year: int, *numbers: str, **values: Any) -> Rollover:
    """Return a roll-over of a plan with one measure, for the municipalities ``numbers``."""
    agreement = AgreementFactory(
        county=county, valid_from=date(2016, 1, 1), valid_to=date(2028, 1, 1)
    )
    plan = make_plan(agreement=agreement, year=year, state=PlanState.ACTIVE)
    measure = make_measure(area_of(plan), 1, **values)
    measure.municipalities.set(Municipality.objects.filter(number__in=numbers))
    return start_rollover(source=plan, by=editor)


def only(rollover: Rollover) -> Candidate:
    return read_rollover(Rollover.objects.with_parties().get(pk=rollover.pk)).every[0]


def carry_on(rollover: Rollover, editor: User) -> None:
    decide_several(
        rollover=rollover,
        measures=[only(rollover).measure],
        decision=Decision.CONTINUE,
        reason="",
        by=editor,
    )


def answer(rollover: Rollover, editor: User, **values: Any) -> None:
    candidate = only(rollover)
    decide(
        rollover=rollover,
        measure=candidate.measure,
        values=values,
        expected_version=candidate.decision.version if candidate.decision else 0,
        by=editor,
    )


def numbers(municipalities: Any) -> list[str]:
    return sorted(m.number for m in municipalities)


def made(rollover: Rollover, editor: User) -> Measure:
    plan = confirm_rollover(rollover=rollover, by=editor)
    return Measure.objects.in_plan(plan.pk).get()


@pytest.mark.parametrize(
    ("chosen", "then"),
    [
        (["1507:1508"], ["1506", "1508"]),
        (["1507:1580"], ["1506", "1580"]),
        (["1507:1508", "1507:1580"], ["1506", "1508", "1580"]),
        (["1507:-"], ["1506"]),
    ],
)
def test_a_split_asks_and_never_guesses(
    county: County, editor: User, chosen: list[str], then: list[str]
) -> None:
    rollover = rolled(county, editor, 2023, "1506", "1507")
    carry_on(rollover, editor)
    candidate = only(rollover)
    assert candidate.unanswered_names == "1507 Ålesund"
    assert [numbers(t.options) for t in candidate.takeovers] == [["1508", "1580"]]
    with pytest.raises(NotReady):
        confirm_rollover(rollover=rollover, by=editor)
    answer(rollover, editor, successors=chosen)
    assert only(rollover).unanswered == []
    assert numbers(made(rollover, editor).municipalities.all()) == then


@pytest.mark.parametrize(
    ("chosen", "then"),
    [("1580", ("MUNICIPALITY", "1580")), ("-", ("", None))],
)
def test_a_responsible_municipality_that_was_split_is_asked_about(
    county: County, editor: User, chosen: str, then: tuple[str, str | None]
) -> None:
    rollover = rolled(
        county,
        editor,
        2023,
        responsible_kind=ResponsibleKind.MUNICIPALITY,
        responsible_municipality=Municipality.objects.get(number="1507"),
    )
    carry_on(rollover, editor)
    with pytest.raises(NotReady):
        confirm_rollover(rollover=rollover, by=editor)
    answer(rollover, editor, responsible_successor=chosen)
    measure = made(rollover, editor)
    lead = measure.responsible_municipality
    assert (measure.responsible_kind, lead and lead.number) == then


def test_an_answer_is_needed_only_for_what_is_carried_on(county: County, editor: User) -> None:
    rollover = rolled(county, editor, 2023, "1507")
    answer(rollover, editor, decision=Decision.END, reason="Ferdig.")
    plan = confirm_rollover(rollover=rollover, by=editor)
    assert Measure.objects.in_plan(plan.pk).count() == 0


def test_a_merger_answers_itself(county: County, editor: User) -> None:
    # Ålesund, Sandøy, Skodje, Ørskog and Haram became 1507 with 2020.
    rollover = rolled(county, editor, 2019, "1504", "1529", "1573")
    carry_on(rollover, editor)
    candidate = only(rollover)
    assert [(t.ended.number, numbers(t.options), t.asks) for t in candidate.takeovers] == [
        ("1504", ["1507"], False),
        ("1529", ["1507"], False),
    ]
    assert numbers(made(rollover, editor).municipalities.all()) == ["1507", "1573"]


def test_a_responsible_municipality_that_was_merged_is_replaced(
    county: County, editor: User
) -> None:
    rollover = rolled(
        county,
        editor,
        2019,
        responsible_kind=ResponsibleKind.MUNICIPALITY,
        responsible_municipality=Municipality.objects.get(number="1504"),
    )
    carry_on(rollover, editor)
    assert made(rollover, editor).responsible_municipality == Municipality.objects.get(
        number="1507"
    )


def test_one_that_went_to_another_county_is_shown_and_left_out(
    county: County, editor: User
) -> None:
    # Halsa (1571) became a part of Heim (5055) in Trøndelag with 2020.
    rollover = rolled(county, editor, 2019, "1571", "1573")
    carry_on(rollover, editor)
    [takeover] = only(rollover).takeovers
    assert (numbers(takeover.options), numbers(takeover.elsewhere)) == ([], ["5055"])
    assert numbers(made(rollover, editor).municipalities.all()) == ["1573"]


def test_one_that_was_put_off_over_two_reforms_is_followed_through_both(
    county: County, editor: User
) -> None:
    rollover = rolled(county, editor, 2019, "1504")
    answer(rollover, editor, decision=Decision.POSTPONE, reason="Ventar.", postponed_to=2024)
    plan = confirm_rollover(rollover=rollover, by=editor)
    agreement = plan.agreement
    late = make_plan(agreement=agreement, year=2023, state=PlanState.CLOSED)
    candidate = only(start_rollover(source=late, by=editor))
    assert candidate.origin is not None
    assert candidate.origin.year == 2019
    assert [(numbers(t.options), t.asks) for t in candidate.takeovers] == [(["1508", "1580"], True)]


def test_cooperations_are_as_they_are_then(county: County, editor: User) -> None:
    rollover = rolled(county, editor, 2023)
    plan = PartnerPlan.objects.get(pk=rollover.source_id)
    measure = Measure.objects.in_plan(plan.pk).get()
    every = ProcurementCooperation.objects.filter(county=county).prefetch_related("memberships")
    measure.cooperations.set(every)
    carry_on(rollover, editor)
    candidate = only(rollover)
    assert {c.key: numbers(members) for c, members in candidate.cooperations} == {
        c.key: numbers(m for m in c.members_in_year(2024) if m.is_valid_in_year(2024))
        for c in every
    }
    assert [c.key for c in candidate.without_members] == [
        c.key for c in every if not c.members_in_year(2024)
    ]
    assert set(made(rollover, editor).cooperations.all()) == set(every)
