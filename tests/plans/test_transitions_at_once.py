"""Two who move a plan at once, each with a database connection of their own."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans.document import from_json
from plans.enums import PlanState
from plans.models import AmendmentReason, LupCapacity, Measure, PartnerPlan
from plans.services.capacity import set_capacity
from plans.services.measures import change_measure
from plans.services.transitions import move_plan
from plans.services.versions import waiting
from tests.factories.plans import make_plan
from tests.plans.amending import change, changed, make_amending, measure_at, reason, seen
from tests.plans.conftest import World
from tests.plans.readiness import make_ready
from tests.plans.test_concurrency import at_once, sorts

pytestmark = pytest.mark.django_db(transaction=True)

S = PlanState
Act = Callable[[], object]


def move(plan: PartnerPlan, to: PlanState, by: User, **reasons: str) -> Act:
    own = seen(plan)
    return lambda: move_plan(plan=own, to=to, by=by, **reasons)


def moves(plan: PartnerPlan) -> list[tuple[str, str]]:
    events = Event.objects.about(plan).filter(verb="plan.moved")
    return [(event.old["state"], event.new["state"]) for event in events]


def test_of_many_who_press_at_once_one_moves_the_plan(world: World) -> None:
    plan = make_ready(make_plan(county=world.county), by=world.adviser)
    outcomes = at_once(*(move(plan, S.CONSULTATION, world.editor) for _press in range(4)))
    assert sorts(outcomes) == ["MovedAlready"] * 3 + ["PartnerPlan"]
    assert moves(plan) == [("DRAFT", "CONSULTATION")]
    assert Notice.objects.filter(user=world.adviser).count() == 1
    verify()


def test_two_who_return_a_plan_at_once(world: World) -> None:
    plan = make_plan(county=world.county, state=S.FOR_SIGNATURE)
    outcomes = at_once(
        move(plan, S.NEGOTIATION, world.editor, reason="Feil tal"),
        move(plan, S.NEGOTIATION, world.signatory, reason="Feil tekst"),
    )
    assert sorts(outcomes) == ["MovedAlready", "PartnerPlan"]
    assert moves(plan) == [("FOR_SIGNATURE", "NEGOTIATION")]


def test_sent_to_signing_while_a_measure_is_written(world: World) -> None:
    """Either the words are in what is signed, or their writer is told: the plan is never for
    signature with a measure that isn't complete."""
    plan = make_plan(county=world.county, measures=1, state=S.NEGOTIATION)
    make_ready(plan, by=world.adviser)
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]

    def empty() -> object:
        return change_measure(
            measure=measure, values={"purpose": ""}, expected_version=1, by=world.editor
        )

    outcomes = at_once(move(plan, S.FOR_SIGNATURE, world.editor), empty)
    plan.refresh_from_db()
    measure.refresh_from_db()
    if plan.state == S.FOR_SIGNATURE:
        assert sorts(outcomes) == ["PartnerPlan", "PlanIsFrozen"]
        assert measure.purpose
    else:
        assert sorts(outcomes) == ["Measure", "NotReady"]
    verify()


def test_sent_to_signing_while_lup_takes_its_days_back(world: World) -> None:
    plan = make_plan(county=world.county, measures=1, state=S.NEGOTIATION)
    make_ready(plan, by=world.adviser)
    Measure.objects.update(lup_days_q1=5)

    def take_back() -> object:
        return set_capacity(
            plan=plan, values={"days_q1": Decimal(1)}, expected_version=1, by=world.adviser
        )

    outcomes = at_once(move(plan, S.FOR_SIGNATURE, world.editor), take_back)
    assert sorts(outcomes) in (["LupCapacity", "PartnerPlan"], ["LupCapacity", "NotReady"])
    verify()


def test_two_advisers_who_say_it_first_at_once(world: World) -> None:
    plan = make_plan(county=world.county, state=S.NEGOTIATION)

    def say(days: int) -> Act:
        values = dict.fromkeys([f"days_q{quarter}" for quarter in range(1, 5)], Decimal(days))
        return lambda: set_capacity(plan=plan, values=values, expected_version=0, by=world.adviser)

    assert sorts(at_once(say(1), say(2))) == ["Conflict", "LupCapacity"]
    assert LupCapacity.objects.count() == 1
    verify()


def test_an_amendment_is_sent_while_a_measure_is_written(world: World) -> None:
    """Either the words are in what is signed, with a reason, or their writer is told."""
    plan = make_amending(world, measures=1)
    change(plan, "1.1", by=world.editor, title="Fyrst")
    (named,) = changed(plan)
    reason(plan, named, by=world.editor)
    row = measure_at(plan, "2.1")

    def write() -> object:
        return change_measure(
            measure=row, values={"title": "Samtidig"}, expected_version=1, by=world.editor
        )

    outcomes = at_once(move(plan, S.FOR_SIGNATURE, world.editor), write)
    plan = seen(plan)
    version = waiting(plan)
    if version is None:
        assert sorts(outcomes) == ["Measure", "NotReady"]
    else:
        assert sorts(outcomes) == ["PartnerPlan", "PlanIsFrozen"]
        items = from_json(version.content.encode()).amendment.items  # type: ignore[union-attr]
        assert [item.title for item in items] == ["Fyrst"]
    verify()


def test_an_amendment_is_dropped_while_a_measure_is_written(world: World) -> None:
    """Whichever comes first, the rows say what is in force."""
    plan = make_amending(world, measures=1)
    row = measure_at(plan, "1.1")

    def write() -> object:
        return change_measure(
            measure=row, values={"title": "Samtidig"}, expected_version=1, by=world.editor
        )

    outcomes = at_once(move(plan, S.ACTIVE, world.editor, reason="Nei"), write)
    assert sorts(outcomes) in (["Measure", "PartnerPlan"], ["PartnerPlan", "PlanIsFrozen"])
    assert seen(plan).state == S.ACTIVE
    assert measure_at(plan, "1.1").title == "Tiltak 1.1"
    verify()


def test_an_amendment_is_sent_and_dropped_at_once(world: World) -> None:
    plan = make_amending(world, measures=1)
    change(plan, "1.1", by=world.editor, title="Anna")
    (named,) = changed(plan)
    reason(plan, named, by=world.editor)
    outcomes = at_once(
        move(plan, S.FOR_SIGNATURE, world.editor),
        move(plan, S.ACTIVE, world.editor, reason="Nei"),
    )
    assert sorts(outcomes) == ["MovedAlready", "PartnerPlan"]
    was_sent = seen(plan).state == S.FOR_SIGNATURE
    assert measure_at(plan, "1.1").title == ("Anna" if was_sent else "Tiltak 1.1")
    assert plan.versions.count() == (2 if was_sent else 1)
    verify()


def test_two_who_give_the_first_reason_at_once(world: World) -> None:
    plan = make_amending(world, measures=1)
    change(plan, "1.1", by=world.editor, title="Anna")
    (named,) = changed(plan)
    outcomes = at_once(
        *(
            lambda text=text: reason(plan, named, text, by=world.editor)  # type: ignore[misc]
            for text in ("Ein", "To")
        )
    )
    assert sorts(outcomes) == ["Conflict", "NoneType"]
    assert AmendmentReason.objects.count() == 1
    verify()
