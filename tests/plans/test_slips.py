"""What is written the moment a plan goes to signature: it is in before the check, or refused."""

from collections.abc import Callable

import pytest

from audit.services import verify
from plans.enums import BulkField, Decision, PlanState
from plans.models import (
    Contribution,
    Measure,
    PartnerPlan,
    Proposal,
    Thread,
)
from plans.services.answers import consider
from plans.services.bulk import Wish, change_many, stamp
from plans.services.bulk import undo as undo_many
from plans.services.comments import answer_thread, open_thread, reopen_thread, resolve_thread
from plans.services.contributions import (
    send_contribution,
    withdraw_contribution,
)
from plans.services.proposals import make_proposal
from plans.services.rollover import decide_several, start_rollover
from plans.services.rollover_confirm import confirm_rollover
from plans.services.transitions import move_plan
from tests.factories.contributions import make_contribution
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.readiness import make_ready
from tests.plans.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    plan = make_plan(county=world.county, measures=2, state=PlanState.NEGOTIATION)
    return make_ready(plan, by=world.adviser)


def measures(plan: PartnerPlan) -> list[Measure]:
    return list(Measure.objects.in_plan(plan.pk).select_related("part"))


def sign(plan: PartnerPlan, world: World, **reasons: str) -> Act:
    own = PartnerPlan.objects.with_parties().get(pk=plan.pk)
    return lambda: move_plan(plan=own, to=PlanState.FOR_SIGNATURE, by=world.editor, **reasons)


def sent(plan: PartnerPlan, world: World) -> tuple[Act, Callable[[], bool]]:
    found = make_contribution(plan, world.cooperation, sent=False)
    return (
        lambda: send_contribution(contribution=found, by=world.editor, late=True),
        lambda: Contribution.objects.sent().exists(),
    )


def proposed(plan: PartnerPlan, world: World) -> tuple[Act, Callable[[], bool]]:
    measure = measures(plan)[0]
    return (
        lambda: make_proposal(
            measure=measure,
            values={"title": "Framlegg"},
            reason="Difor",
            expected_version=measure.version,
            by=world.adviser,
        ),
        lambda: Proposal.objects.exists(),
    )


def commented(plan: PartnerPlan, world: World) -> tuple[Act, Callable[[], bool]]:
    measure = measures(plan)[0]
    return (
        lambda: open_thread(plan=plan, measure=measure, body="Vent", by=world.adviser),
        lambda: Thread.objects.exists(),
    )


def reopened(plan: PartnerPlan, world: World) -> tuple[Act, Callable[[], bool]]:
    thread = open_thread(plan=plan, body="Ferdig", by=world.adviser)
    resolve_thread(thread=thread, by=world.adviser)
    return (
        lambda: reopen_thread(thread=thread, by=world.adviser),
        lambda: Thread.objects.filter(resolved_at=None).exists(),
    )


def emptied(plan: PartnerPlan, world: World) -> tuple[Act, Callable[[], bool]]:
    """Nobody responsible any more, for all the measures."""
    rows = measures(plan)
    nobody = {
        "responsible_kind": "",
        "responsible_municipality": None,
        "responsible_cooperation": None,
        "responsible_working_group": None,
    }
    stamps = {row.key: stamp(row) for row in rows}
    return (
        lambda: change_many(
            plan=plan, wish=Wish(BulkField.RESPONSIBLE, nobody), stamps=stamps, by=world.editor
        ),
        lambda: Measure.objects.filter(responsible_kind="").exists(),
    )


def undone(plan: PartnerPlan, world: World) -> tuple[Act, Callable[[], bool]]:
    """Back to nobody responsible."""
    Measure.objects.update(responsible_kind="")
    rows = measures(plan)
    change = change_many(
        plan=plan,
        wish=Wish(BulkField.RESPONSIBLE, {"responsible_kind": "LUP"}),
        stamps={row.key: stamp(row) for row in rows},
        by=world.editor,
    )
    return (
        lambda: undo_many(change=change, by=world.editor),
        lambda: Measure.objects.filter(responsible_kind="").exists(),
    )


SLIPS = [sent, proposed, commented, reopened, emptied, undone]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
@pytest.mark.parametrize("_again", range(3))
def test_nothing_slips_in_after_the_check(
    world: World,
    plan: PartnerPlan,
    slip: Callable[[PartnerPlan, World], tuple[Act, Callable[[], bool]]],
    _again: int,
) -> None:
    act, is_in = slip(plan, world)
    moved, done = at_once(sign(plan, world), act)
    plan.refresh_from_db()
    told = (type(moved).__name__, type(done).__name__)
    if plan.state == PlanState.FOR_SIGNATURE:
        assert told == ("PartnerPlan", "PlanIsFrozen")
        assert not is_in()
    else:
        assert told[0] == "NotReady"
        assert not isinstance(done, Exception)
        assert is_in()
    verify()


def test_many_write_at_once_and_nobody_waits_for_ever(world: World, plan: PartnerPlan) -> None:
    """Every write of a plan holds the plan first: no two wait for each other."""
    thread = open_thread(plan=plan, body="Ord", by=world.adviser)
    rows = measures(plan)
    stamps = {row.key: stamp(row) for row in rows}
    found = make_contribution(plan, world.cooperation)
    rollover = start_rollover(source=plan, by=world.editor)
    decide_several(
        rollover=rollover,
        measures=rows,
        decision=Decision.CONTINUE,
        reason="",
        by=world.editor,
    )
    outcomes = at_once(
        sign(plan, world),
        lambda: answer_thread(thread=thread, body="Svar @LUP-rådgjevar", by=world.editor),
        lambda: change_many(
            plan=plan,
            wish=Wish(BulkField.STATUS, {"status": "DELAYED"}),
            stamps=stamps,
            by=world.editor,
        ),
        lambda: consider(contribution=found, by=world.editor),
        lambda: withdraw_contribution(contribution=found, by=found.written_by, late=True),
        lambda: confirm_rollover(rollover=rollover, by=world.editor),
        proposed(plan, world)[0],
    )
    kinds = {type(outcome).__name__ for outcome in outcomes}
    assert kinds.isdisjoint({"OperationalError", "IntegrityError", "DoesNotExist"}), outcomes
    verify()
