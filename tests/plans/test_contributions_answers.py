"""What the editor does with input: considers it, takes it in, declines it; and what comes of it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans.document import from_json, read_plan, to_json
from plans.enums import PartKind, PlanState, UseExtent
from plans.models import Contribution, ContributionArea, ContributionUse, Measure, PartnerPlan
from plans.services.answers import (
    LeadsNowhere,
    answer_contribution,
    connect_measure,
    disconnect,
)
from plans.services.measures import delete_measure, restore_measure
from tests.factories.accounts import user_with
from tests.factories.contributions import SAID, make_contribution, make_round
from tests.factories.municipalities import WorkingGroupFactory
from tests.factories.plans import area_of, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION, measures=2)
    make_round(plan)
    return plan


@pytest.fixture
def found(world: World, plan: PartnerPlan) -> Contribution:
    return make_contribution(plan, world.cooperation)


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def measure_of(plan: PartnerPlan, number: str) -> Measure:
    measures = Measure.objects.in_plan(plan.pk).select_related("part", "focus_area__part")
    return next(measure for measure in measures if measure.number == number)


def accept(found: Contribution, measure: Measure, by: User, **values: object) -> Contribution:
    return answer_contribution(
        contribution=found,
        accepted=True,
        answer="Takk.",
        expected_version=Contribution.objects.get(pk=found.pk).version,
        by=by,
        measure=measure,
        **values,  # type: ignore[arg-type]
    )


def typed(found: Contribution, **values: object) -> dict[str, object]:
    return {"version": found.version, "decision": "ACCEPTED", "answer": "Takk.", **values}


def test_input_becomes_part_of_two_measures_and_a_focus_area(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    buyer = user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)
    browser = browser_of(world.editor)
    address = url("contribution_answer", plan, found.key)
    assert browser.post(url("contribution_consider", plan, found.key)).status_code == 302
    found.refresh_from_db()
    assert found.state == "UNDER_CONSIDERATION"
    # It must lead somewhere.
    nowhere = browser.post(address, typed(found))
    assert nowhere.status_code == 422
    first, second = measure_of(plan, "1.1"), measure_of(plan, "2.1")
    form = typed(found, measure=first.key, extent="PART", note="Dialogen")
    assert browser.post(address, form).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.answer, found.answered_by) == ("ACCEPTED", "Takk.", world.editor)
    area = area_of(plan)
    form = typed(found, measure=second.key, focus_area=area.key)
    assert browser.post(address, form).status_code == 302
    uses = ContributionUse.objects.order_by("pk").values_list("measure", "extent", "note")
    assert list(uses) == [(first.pk, "PART", "Dialogen"), (second.pk, "WHOLE", "")]
    assert [row.focus_area for row in ContributionArea.objects.all()] == [area]
    # One measure may rest on several.
    other = make_contribution(plan, world.municipalities[0], title="Eit anna")
    accept(other, first, world.editor)
    document = read_plan(plan).document
    measure = document.measure("1.1")
    assert measure is not None
    assert [(ref.sender, ref.title) for ref in measure.contributions] == [
        (f"{world.municipalities[0].name} kommune", "Eit anna"),
        (world.cooperation.name, SAID["title"]),
    ]
    assert [ref.key for ref in document.parts[0].focus_areas[0].contributions] == [found.key]
    assert from_json(to_json(document)) == document
    assert to_json(read_plan(plan).document) == to_json(document)
    assert Notice.objects.filter(user=buyer).count() == 2
    verify()


def test_who_declines_says_why_and_may_think_again(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    address = url("contribution_answer", plan, found.key)
    refused = browser.post(address, typed(found, decision="DECLINED", answer=" "))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["answer"])
    browser.post(address, typed(found, decision="DECLINED", answer="Ikkje i år."))
    found.refresh_from_db()
    assert (found.state, found.answer) == ("DECLINED", "Ikkje i år.")
    browser.post(address, typed(found, measure=measure_of(plan, "1.1").key))
    found.refresh_from_db()
    assert found.state == "ACCEPTED"
    # Declined once more, it leads to nothing.
    form = typed(found, decision="DECLINED", answer="Likevel ikkje.", version=found.version)
    assert browser.post(address, form).status_code == 302
    assert (found.uses.count(), read_plan(plan).document.measures[0].contributions) == (0, ())
    events = Event.objects.filter(verb="contribution.answered").order_by("pk")
    assert [(event.old, event.new["state"]) for event in events] == [
        ({"state": "RECEIVED", "answer": ""}, "DECLINED"),
        ({"state": "DECLINED", "answer": "Ikkje i år."}, "ACCEPTED"),
        ({"state": "ACCEPTED", "answer": "Takk."}, "DECLINED"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.update(state="DECLINED", answer="")


def test_an_answer_to_what_was_changed_meanwhile_shows_both(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    address = url("contribution_answer", plan, found.key)
    form = typed(found, decision="DECLINED", answer="Mitt svar")
    Contribution.objects.update(version=found.version + 1, need="Noko anna")
    conflict = browser_of(world.editor).post(address, form)
    assert conflict.status_code == 409
    assert [(d.mine, d.theirs) for d in conflict.context["form"].differences][1] == (
        "Mitt svar",
        "(nothing)",
    )
    form["version"] = conflict.context["form"]["version"].value()
    assert browser_of(world.editor).post(address, form).status_code == 302


def test_a_measure_is_made_of_input(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    area = area_of(plan, PartKind.MUNICIPALITIES)
    address = url("contribution_measure", plan, found.key)
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"focus_area": "x", "kind": "PARTY"}).status_code == 422
    answer = browser.post(address, {"focus_area": area.key, "kind": "MARKET_DIALOGUE"})
    to = url("contribution_answer", plan, found.key)
    assert answer["Location"] == f"{to}?svar=ACCEPTED"
    measure = measure_of(plan, "2.3")
    assert (measure.title, measure.kind) == (SAID["title"], "MARKET_DIALOGUE")
    assert (measure.description, measure.purpose) == (SAID["need"], SAID["benefit"])
    assert list(measure.cooperations.all()) == [world.cooperation]
    # Nothing is said to the sender before it is answered; then no measure needs to be chosen.
    assert read_plan(plan).document.measure("2.3").contributions == ()  # type: ignore[union-attr]
    assert browser.post(to, typed(found)).status_code == 302
    assert len(read_plan(plan).document.measure("2.3").contributions) == 1  # type: ignore[union-attr]


def test_input_whose_measure_is_deleted_waits_for_an_answer_again(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    first, second = measure_of(plan, "1.1"), measure_of(plan, "2.1")
    accept(found, first, world.editor)
    accept(found, second, world.editor)
    assert list(Contribution.objects.unanswered(plan)) == []
    delete_measure(measure=first, by=world.editor)
    page = browser_of(world.editor).get(url("contribution_inbox", plan)).content.decode()
    assert "A measure that it led to was deleted." in page
    assert list(Contribution.objects.unanswered(plan)) == []
    delete_measure(measure=second, by=world.editor)
    assert list(Contribution.objects.unanswered(plan)) == [found]
    inbox = browser_of(world.editor).get(url("contribution_inbox", plan) + "?tilstand=UNANSWERED")
    assert inbox.context["sent"] == [found]
    own = browser_of(world.editor).get(url("contribution", plan, found.key))
    assert own.status_code == 200
    restore_measure(measure=second, index=0, by=world.editor)
    assert list(Contribution.objects.unanswered(plan)) == []


def test_the_last_tie_of_what_was_taken_in_is_not_cut(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    first, second = measure_of(plan, "1.1"), measure_of(plan, "2.1")
    accept(found, first, world.editor)
    browser = browser_of(world.editor)
    address = url("contribution_disconnect", plan, found.key)
    browser.post(address, {"measure": first.key})
    assert found.uses.count() == 1
    connect_measure(
        contribution=found, measure=second, by=world.editor, extent=UseExtent.PART, note="Kurs"
    )
    browser.post(address, {"measure": first.key})
    assert [use.measure for use in found.uses.all()] == [second]
    for hostile in ({}, {"measure": "9" * 5000}, {"focus_area": "x"}, {"measure": first.key}):
        assert browser.post(address, hostile).status_code == 404
    with pytest.raises(LeadsNowhere):
        disconnect(contribution=found, measure=second, by=world.editor)
    assert found.uses.count() == 1


def test_what_belongs_to_another_plan_is_refused_by_form_and_database(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    later = make_plan(agreement=plan.agreement, year=2023, measures=1)
    strange = measure_of(later, "1.1")
    form = typed(found, measure=strange.key, focus_area=strange.focus_area.key)
    answer = browser_of(world.editor).post(url("contribution_answer", plan, found.key), form)
    assert sorted(answer.context["form"].errors) == ["focus_area", "measure"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ContributionUse.objects.create(contribution=found, measure=strange)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContributionArea.objects.create(contribution=found, focus_area=strange.focus_area)
    # Nor is another plan's address the way to it.
    address = url("contribution", later, found.key)
    assert browser_of(world.editor).get(address).status_code == 404


@pytest.mark.parametrize("state", [PlanState.FOR_SIGNATURE, PlanState.ACTIVE])
def test_nothing_is_answered_once_the_plan_is_for_signature(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn, state: PlanState
) -> None:
    set_state(plan, state)
    browser = browser_of(world.editor)
    address = url("contribution_answer", plan, found.key)
    form = typed(found, decision="DECLINED", answer="Nei.")
    # A form that was open when the plan went to signature is let through, to become a draft.
    refused = 302 if state == PlanState.FOR_SIGNATURE else 403
    assert browser.post(address, form).status_code == refused
    assert browser.post(url("contribution_consider", plan, found.key)).status_code == 403
    assert browser.get(url("contribution", plan, found.key)).status_code == 200
    found.refresh_from_db()
    assert found.state == "RECEIVED"


def test_the_inbox_filters_counts_and_says_who_is_silent(
    world: World, plan: PartnerPlan, found: Contribution, browser_of: LogIn
) -> None:
    group = WorkingGroupFactory.create(county=world.county, name="Ei stille gruppe")
    for party in ({"cooperation": world.cooperation}, {"working_group": group}):
        plan.contribution_round.invitations.create(**party)
    other = make_contribution(plan, world.municipalities[0], title="Frå kommunen")
    answer_contribution(
        contribution=other,
        accepted=False,
        answer="Nei.",
        expected_version=other.version,
        by=world.editor,
    )
    for reader in (world.editor, world.signatory, world.adviser):
        browser = browser_of(reader)
        page = browser.get(url("contribution_inbox", plan))
        assert page.context["sent"] == [other, found]
        assert [count for _code, _label, count in page.context["states"]] == [2, 1, 1, 0, 0, 1]
        assert page.context["silent"] == ["Ei stille gruppe"]
        for query, rows in (
            ("tilstand=DECLINED", [other]),
            ("tilstand=RECEIVED&avsendar=COOPERATION:lag", [found]),
            (f"avsendar=MUNICIPALITY:{world.municipalities[0].number}", [other]),
            ("tilstand=" + "9" * 5000, []),
            ("tilstand=%00&avsendar=%00", []),
        ):
            page = browser.get(f"{url('contribution_inbox', plan)}?{query}")
            assert page.context["sent"] == rows


def test_only_who_sent_it_and_its_title_are_public(
    world: World, plan: PartnerPlan, found: Contribution
) -> None:
    accept(found, measure_of(plan, "1.1"), world.editor)
    make_contribution(plan, world.municipalities[0], title="Ikkje svara på")
    set_state(plan, PlanState.ACTIVE)
    for page in (
        url("plan", plan),
        url("measure", plan, "1.1"),
        url("json", plan),
    ):
        content = Client().get(page).content.decode()
        assert SAID["title"] in content
        assert world.cooperation.name in content
        for private in (SAID["need"], SAID["benefit"], "Takk.", "Ikkje svara på"):
            assert private not in content
