"""Forms that were opened before the plan went on: not saved, and not lost either."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from plans.enums import PlanState
from plans.models import Contribution, Draft, Measure, PartnerPlan, PlanText, Proposal
from plans.services.comments import open_thread
from tests.factories.accounts import user_with
from tests.factories.contributions import SAID, make_contribution, make_round
from tests.factories.plans import make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World
from tests.plans.test_measures import typed

LogIn = Callable[[User], Client]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, state=PlanState.FOR_SIGNATURE, measures=1)


def url(plan: PartnerPlan, name: str, **more: object) -> str:
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    return reverse(f"plans:{name}", kwargs={**where, **more})


@pytest.mark.parametrize("responsible", ["COUNTY", "LUP"])
def test_a_measure_and_a_text_become_drafts(
    world: World, plan: PartnerPlan, browser_of: LogIn, responsible: str
) -> None:
    Measure.objects.in_plan(plan.pk).update(responsible_kind=responsible)
    measure = Measure.objects.in_plan(plan.pk)[0]
    forms = {
        url(plan, "measure_edit", key=measure.key): {**typed(), "version": "1"},
        url(plan, "text_edit", kind="background"): {
            "version": "1",
            "body": "Om planen",
            "language": "nn",
        },
    }
    for address, data in forms.items():
        answer = browser_of(world.editor).post(address, data)
        assert answer["Location"] == url(plan, "bench")
        assert browser_of(world.signatory).post(address, data).status_code == 403
        assert browser_of(world.outsider).post(address, data).status_code == 404
        assert browser_of(world.editor).get(address).status_code == 403
    kept = {draft.address: draft.data or {} for draft in Draft.objects.of(world.editor)}
    assert set(kept) == set(forms)
    assert kept[url(plan, "text_edit", kind="background")]["body"] == ["Om planen"]
    assert not Draft.objects.exclude(user=world.editor).exists()
    assert not PlanText.objects.filter(plan=plan).exclude(body="").exists()
    assert Measure.objects.get(pk=measure.pk).title == "Tiltak 1.1"
    # LUP's adviser could have written what is LUP's, and that alone.
    measure_form = url(plan, "measure_edit", key=measure.key)
    status = browser_of(world.adviser).post(measure_form, forms[measure_form]).status_code
    assert status == (302 if responsible == "LUP" else 403)
    assert Measure.objects.get(pk=measure.pk).title == "Tiltak 1.1"


def test_input_stays_in_its_form(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    make_round(plan)
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.CONSULTATION)
    found = make_contribution(plan, world.cooperation)
    set_state(plan, PlanState.FOR_SIGNATURE)
    writer = user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)
    stranger = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    said = {**SAID, "need": "Noko anna", "version": str(found.version), "send": "1"}
    address = url(plan, "contribution_edit", key=found.key)
    answer = browser_of(writer).post(address, said)
    assert answer.status_code == 422
    assert answer.context["form"]["need"].value() == "Noko anna"
    assert browser_of(stranger).post(address, said).status_code == 404
    new = url(plan, "contribution_new")
    said["sender"] = f"COOPERATION:{world.cooperation.key}"
    answer = browser_of(writer).post(new, said)
    assert answer.status_code == 422
    assert answer.context["form"]["need"].value() == "Noko anna"
    assert [row.need for row in Contribution.objects.all()] == [SAID["need"]]


def test_a_proposed_change_and_an_answer_become_drafts(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    found = make_contribution(plan, world.cooperation)
    set_state(plan, PlanState.FOR_SIGNATURE)
    forms = {
        world.adviser: (
            url(plan, "proposal_new", key=measure.key),
            {**typed(), "version": "1", "reason": "Fordi"},
        ),
        world.editor: (
            url(plan, "contribution_answer", key=found.key),
            {"version": str(found.version), "decision": "DECLINED", "answer": "Ikkje no"},
        ),
    }
    for user, (address, data) in forms.items():
        answer = browser_of(user).post(address, data)
        assert answer["Location"] == url(plan, "bench")
        assert Draft.objects.of(user).get().address == address
        assert browser_of(user).get(address).status_code == 403
        assert browser_of(world.signatory).post(address, data).status_code == 403
        assert browser_of(world.outsider).post(address, data).status_code == 404
    assert not Proposal.objects.exists()
    found.refresh_from_db()
    assert (found.state, found.answer) == ("RECEIVED", "")


def test_a_comment_stays_in_its_form(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    thread = open_thread(plan=plan, body="Ord", by=world.adviser)
    comment = thread.comments.get()
    set_state(plan, PlanState.FOR_SIGNATURE)
    said = {"body": "Vent litt", "audience": "PARTIES", "language": "nn", "version": "1"}
    browser = browser_of(world.adviser)
    for address in (
        url(plan, "thread_new"),
        url(plan, "thread_answer", pk=thread.pk),
        url(plan, "comment_edit", pk=comment.pk),
    ):
        answer = browser.post(address, said)
        assert answer.status_code == 422
        assert answer.context["form"]["body"].value() == "Vent litt"
        assert browser.get(address).status_code == 403
        assert browser_of(world.outsider).post(address, said).status_code == 404
    for name, key in (("thread_resolve", thread.pk), ("comment_delete", comment.pk)):
        browser.post(url(plan, name, pk=key), {"version": "1"})
    thread.refresh_from_db()
    assert not thread.is_resolved
    assert [row.body for row in thread.comments.all()] == ["Ord"]
