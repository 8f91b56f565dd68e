"""Two people at once over input, each with a database connection of their own."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import Notice
from audit.models import Event
from audit.services import verify
from plans.enums import PlanState
from plans.models import Contribution, Measure, PartnerPlan
from plans.services.answers import answer_contribution, measure_from
from plans.services.contributions import (
    IsAnswered,
    change_contribution,
    send_contribution,
    withdraw_contribution,
)
from plans.services.measures import delete_measure
from plans.services.rounds import open_round
from plans.services.saving import Conflict
from tests.factories.contributions import make_contribution, make_round
from tests.factories.plans import area_of, make_plan
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once, sorts

pytestmark = pytest.mark.django_db(transaction=True)


def plan_of(world: World) -> PartnerPlan:
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION, measures=1)
    make_round(plan)
    return plan


def declining(found: Contribution, world: World, text: str) -> Callable[[], Contribution]:
    return lambda: answer_contribution(
        contribution=found,
        accepted=False,
        answer=text,
        expected_version=found.version,
        by=world.editor,
    )


def test_of_two_who_answer_at_once_one_is_told(world: World) -> None:
    found = make_contribution(plan_of(world), world.cooperation)
    outcomes = at_once(declining(found, world, "Nei."), declining(found, world, "Ikkje i år."))
    assert sorts(outcomes) == ["Conflict", "Contribution"]
    conflict = next(outcome for outcome in outcomes if isinstance(outcome, Conflict))
    assert conflict.current.version == 3
    assert Event.objects.filter(verb="contribution.answered").count() == 1
    verify()


def test_a_change_and_an_answer_at_once_never_answer_unread_words(world: World) -> None:
    found = make_contribution(plan_of(world), world.cooperation)

    def change() -> Contribution:
        return change_contribution(
            contribution=found,
            values={"need": "Noko heilt anna."},
            expected_version=found.version,
            by=found.written_by,
        )

    outcomes = at_once(change, declining(found, world, "Nei."))
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refusals) == 1
    assert isinstance(refusals[0], Conflict | IsAnswered)
    found.refresh_from_db()
    assert (found.state, found.need == "Noko heilt anna.") in (
        ("RECEIVED", True),
        ("DECLINED", False),
    )
    verify()


def test_sent_twice_at_once_is_sent_once(world: World) -> None:
    found = make_contribution(plan_of(world), world.cooperation, sent=False)

    def send() -> Contribution:
        return send_contribution(contribution=found, by=found.written_by)

    assert sorts(at_once(send, send)) == ["Contribution", "Contribution"]
    found.refresh_from_db()
    assert (found.times_sent, Notice.objects.count()) == (1, 1)


def test_sent_while_the_deadline_passes_it_is_in_or_out(world: World) -> None:
    plan = plan_of(world)
    found = make_contribution(plan, world.cooperation, sent=False)

    def close() -> int:
        return PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)

    outcomes = at_once(lambda: send_contribution(contribution=found, by=found.written_by), close)
    found.refresh_from_db()
    sent = isinstance(outcomes[0], Contribution)
    assert found.state == ("RECEIVED" if sent else "DRAFT")
    verify()


def test_withdrawn_and_made_a_measure_of_at_once(world: World) -> None:
    plan = plan_of(world)
    found = make_contribution(plan, world.cooperation)
    area = area_of(plan)
    at_once(
        lambda: withdraw_contribution(contribution=found, by=found.written_by),
        lambda: measure_from(contribution=found, focus_area=area, kind="COURSE", by=world.editor),
    )
    found.refresh_from_db()
    assert (found.state, found.uses.count()) == ("DRAFT", 0)
    verify()


def test_taken_into_a_measure_that_is_deleted_at_once_it_still_waits(world: World) -> None:
    plan = plan_of(world)
    found = make_contribution(plan, world.cooperation)
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    at_once(
        lambda: answer_contribution(
            contribution=found,
            accepted=True,
            answer="Takk.",
            expected_version=found.version,
            by=world.editor,
            measure=measure,
        ),
        lambda: delete_measure(measure=measure, by=world.editor),
    )
    assert list(Contribution.objects.unanswered(plan)) == [found]
    verify()


def test_a_round_opened_twice_at_once_tells_each_once(world: World) -> None:
    plan = plan_of(world)
    plan.contribution_round.invitations.create(cooperation=world.cooperation)
    plan.contribution_round.closes_on = date(2999, 1, 1)
    at_once(lambda: open_round(plan=plan, by=None), lambda: open_round(plan=plan, by=None))
    assert Event.objects.filter(verb="round.told").count() == 1
