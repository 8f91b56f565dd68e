"""Two people at once over a thread or a proposed change."""

import pytest

from accounts.models import Notice
from audit.models import Event
from audit.services import verify
from plans.enums import PlanState
from plans.models import Measure, PartnerPlan, Proposal, Thread
from plans.services.comments import answer_thread, open_thread, reopen_thread, resolve_thread
from plans.services.measures import change_measure
from plans.services.proposals import accept_proposal, decline_proposal, make_proposal
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once, sorts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1)


@pytest.fixture
def measure(plan: PartnerPlan) -> Measure:
    return Measure.objects.in_plan(plan.pk).select_related("part")[0]


@pytest.fixture
def proposal(world: World, measure: Measure) -> Proposal:
    return make_proposal(
        measure=measure,
        values={"title": "Framlegg", "description": "Ny"},
        reason="Difor",
        expected_version=1,
        by=world.adviser,
    )


def said(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_a_proposal_accepted_twice_at_once_is_accepted_once(
    world: World, measure: Measure, proposal: Proposal
) -> None:
    def accept() -> Measure:
        return accept_proposal(
            proposal=proposal, items=["title"], expected_version=1, by=world.editor
        )

    assert sorts(at_once(accept, accept)) == ["Measure", "ProposalIsAnswered"]
    measure.refresh_from_db()
    assert (measure.title, measure.version) == ("Framlegg", 2)
    assert (said("proposal.accepted"), said("measure.changed")) == (1, 1)
    assert Notice.objects.filter(kind="proposal.accepted").count() == 1
    verify()


def test_of_accepting_and_declining_at_once_one_holds(
    world: World, measure: Measure, proposal: Proposal
) -> None:
    outcomes = at_once(
        lambda: accept_proposal(
            proposal=proposal, items=["title"], expected_version=1, by=world.editor
        ),
        lambda: decline_proposal(proposal=proposal, answer="Nei", by=world.editor),
    )
    assert "ProposalIsAnswered" in sorts(outcomes)
    proposal.refresh_from_db()
    measure.refresh_from_db()
    assert (measure.title == "Framlegg") == (proposal.state == "ACCEPTED")
    assert said("proposal.accepted") + said("proposal.declined") == 1
    verify()


def test_accepting_while_the_measure_is_saved_loses_neither(
    world: World, measure: Measure, proposal: Proposal
) -> None:
    outcomes = at_once(
        lambda: accept_proposal(
            proposal=proposal, items=["title"], expected_version=1, by=world.editor
        ),
        lambda: change_measure(
            measure=measure, values={"title": "Lagra"}, expected_version=1, by=world.editor
        ),
    )
    assert sorts(outcomes) == ["Conflict", "Measure"]
    measure.refresh_from_db()
    proposal.refresh_from_db()
    assert measure.version == 2
    assert (measure.title, proposal.state) in [("Framlegg", "ACCEPTED"), ("Lagra", "OPEN")]
    verify()


def test_a_proposal_made_twice_at_once_stands_once(world: World, measure: Measure) -> None:
    def propose() -> Proposal:
        return make_proposal(
            measure=measure,
            values={"title": "Framlegg"},
            reason="Difor",
            expected_version=1,
            by=world.adviser,
        )

    assert sorts(at_once(propose, propose)) == ["Proposal", "Proposal"]
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["OPEN", "WITHDRAWN"]
    verify()


def test_a_thread_resolved_twice_at_once_is_resolved_once(
    world: World, plan: PartnerPlan, measure: Measure
) -> None:
    thread = open_thread(plan=plan, measure=measure, body="Ord", by=world.adviser)
    outcomes = at_once(
        lambda: resolve_thread(thread=thread, by=world.adviser),
        lambda: resolve_thread(thread=thread, by=world.editor),
    )
    assert sorted(map(str, outcomes)) == ["False", "True"]
    assert said("thread.resolved") == 1
    assert [reopen_thread(thread=thread, by=world.editor) for _twice in range(2)] == [True, False]
    verify()


def test_an_answer_comes_before_the_thread_is_resolved_or_not_at_all(
    world: World, plan: PartnerPlan, measure: Measure
) -> None:
    thread = open_thread(plan=plan, measure=measure, body="Ord", by=world.adviser)

    def answer() -> object:
        return answer_thread(thread=thread, body="Svar", by=world.editor)

    outcomes = at_once(answer, lambda: resolve_thread(thread=thread, by=world.adviser))
    kept = Thread.objects.get(pk=thread.pk)
    assert kept.is_resolved
    assert kept.comments.count() == (1 if "ThreadIsResolved" in sorts(outcomes) else 2)
    verify()
