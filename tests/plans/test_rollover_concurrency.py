"""A roll-over that several people work on in the same moment."""

import pytest

from audit.services import verify
from plans.carrying import read_rollover
from plans.enums import Decision, PlanState
from plans.models import Measure, PartnerPlan, Rollover
from plans.services.measures import add_measure
from plans.services.rollover import (
    RolloverIsOver,
    cancel_rollover,
    decide,
    decide_several,
    start_rollover,
)
from plans.services.rollover_confirm import NotReady, confirm_rollover
from tests.factories.plans import area_of, make_plan
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once, sorts
from tests.plans.test_rollover import continue_rest, decided

pytestmark = pytest.mark.django_db(transaction=True)


def begun(world: World, state: PlanState = PlanState.ACTIVE) -> Rollover:
    plan = make_plan(county=world.county, measures=2, state=state)
    return start_rollover(source=plan, by=world.editor)


def test_begun_twice_at_once_it_is_one(world: World) -> None:
    plan = make_plan(county=world.county, measures=1, state=PlanState.ACTIVE)

    def start() -> int:
        return start_rollover(source=plan, by=world.editor).pk

    first, second = at_once(start, start)
    assert first == second
    assert Rollover.objects.count() == 1


def test_confirmed_twice_at_once_it_makes_one_plan(world: World) -> None:
    rollover = begun(world)
    continue_rest(rollover, world)

    def confirm() -> PartnerPlan:
        return confirm_rollover(rollover=rollover, by=world.editor)

    assert sorts(at_once(confirm, confirm)) == ["PartnerPlan", "RolloverIsOver"]
    assert Measure.objects.in_plan(PartnerPlan.objects.get(year=2023).pk).count() == 4
    verify()


def test_of_two_first_decisions_about_a_measure_one_is_told(world: World) -> None:
    rollover = begun(world)
    measure = Measure.objects.in_plan(rollover.source_id)[0]
    outcomes = at_once(
        lambda: decided(rollover, measure, Decision.END, world),
        lambda: decided(rollover, measure, Decision.CONTINUE, world),
    )
    assert sorts(outcomes) == ["Conflict", "RolloverDecision"]
    assert rollover.decisions.count() == 1


def test_a_decision_that_meets_the_confirmation_is_in_it_or_is_told(world: World) -> None:
    rollover = begun(world)
    continue_rest(rollover, world)
    measure = Measure.objects.in_plan(rollover.source_id)[0]

    def end() -> object:
        return decide(
            rollover=rollover,
            measure=measure,
            values={"decision": Decision.END, "reason": "Ferdig."},
            expected_version=1,
            by=world.editor,
        )

    outcome, plan = at_once(end, lambda: confirm_rollover(rollover=rollover, by=world.editor))
    assert isinstance(plan, PartnerPlan)
    late = isinstance(outcome, RolloverIsOver)
    assert Measure.objects.in_plan(plan.pk).count() == (4 if late else 3)


def test_a_measure_added_while_it_is_confirmed_is_never_forgotten(world: World) -> None:
    rollover = begun(world, PlanState.NEGOTIATION)
    continue_rest(rollover, world)
    area = area_of(PartnerPlan.objects.get(pk=rollover.source_id))
    added, outcome = at_once(
        lambda: add_measure(
            focus_area=area, values={"title": "Nytt", "kind": "COURSE"}, by=world.editor
        ),
        lambda: confirm_rollover(rollover=rollover, by=world.editor),
    )
    assert isinstance(added, Measure)
    if isinstance(outcome, NotReady):
        assert len(read_rollover(Rollover.objects.with_parties().get()).undecided) == 1
    else:
        assert isinstance(outcome, PartnerPlan)


def test_given_up_and_confirmed_at_once_it_is_one_of_the_two(world: World) -> None:
    rollover = begun(world)
    continue_rest(rollover, world)
    at_once(
        lambda: cancel_rollover(rollover=rollover, by=world.editor),
        lambda: confirm_rollover(rollover=rollover, by=world.editor),
    )
    rollover.refresh_from_db()
    plans = PartnerPlan.objects.filter(year=2023).count()
    assert (rollover.cancelled_at is None, plans) in [(True, 1), (False, 0)]


def test_two_who_decide_about_the_same_several_decide_each_once(world: World) -> None:
    rollover = begun(world)
    measures = list(Measure.objects.in_plan(rollover.source_id))

    def go_on() -> int:
        return decide_several(
            rollover=rollover,
            measures=measures,
            decision=Decision.CONTINUE,
            reason="",
            by=world.editor,
        )

    assert sorted(at_once(go_on, go_on), key=str) == [0, 4]
    assert rollover.decisions.count() == 4
