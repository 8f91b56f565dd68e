"""Amendments: what is changed of a signed plan, why, and the document that both sign."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans import rules
from plans.document import fingerprint, from_json, read_plan
from plans.enums import MeasureStatus, PlanState, ResponsibleKind
from plans.models import AmendmentReason, Contribution, Draft, Measure, PartnerPlan, Proposal
from plans.services.answers import answer_contribution
from plans.services.measures import add_measure, delete_measure, place_measure
from plans.services.progress import set_status
from plans.services.proposals import make_proposal
from plans.services.readiness import lacks_for
from plans.services.saving import PlanIsFrozen
from plans.services.transitions import NoSuchTransition, NotReady, move_plan
from plans.services.versions import waiting
from tests.factories.accounts import user_with
from tests.factories.plans import area_of
from tests.plans.amending import (
    change,
    changed,
    in_force,
    make_amending,
    measure_at,
    reason,
    seen,
    send,
    sign,
    start,
)
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
S = PlanState

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A signed plan with three measures in each part, whose amendment has just been begun."""
    return make_amending(world)


def address(plan: PartnerPlan, name: str = "amendment", **more: object) -> str:
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    return reverse(f"plans:{name}", kwargs={**where, **more})


def reason_address(plan: PartnerPlan, measure: Measure) -> str:
    return address(plan, "amendment_reason", kind="measure", key=measure.key)


def lacks(plan: PartnerPlan) -> list[str]:
    plan = seen(plan)
    return [lack.text for lack in lacks_for(plan, read_plan(plan), S.FOR_SIGNATURE)]


def accepted(plan: PartnerPlan, world: World) -> Contribution:
    """Return input of the cooperation that was taken into the plan before it was signed."""
    return Contribution.objects.create(
        plan=plan,
        cooperation=world.cooperation,
        title="Ynske",
        state="ACCEPTED",
        written_by=world.editor,
        answered_by=world.editor,
        answered_at=plan.created_at,
        sent_at=plan.created_at,
        times_sent=1,
    )


# --- From signed to signed ----------------------------------------------------------------------


def test_an_amendment_is_written_sent_and_signed(world: World, plan: PartnerPlan) -> None:
    first = in_force(plan)
    change(plan, "1.2", by=world.editor, title="Halde eit anna kurs")
    gone = measure_at(plan, "2.1")
    delete_measure(measure=gone, by=world.editor)
    reason(plan, ("MEASURE", str(measure_at(plan, "1.2").key)), "Nytt kurs", by=world.editor)
    reason(plan, ("MEASURE", str(gone.key)), "Ingen ville", by=world.editor)
    assert in_force(plan) == first  # everybody reads what is signed

    plan = send(plan, by=world.editor)
    version = waiting(plan)
    assert version is not None
    document = from_json(version.content.encode())
    amendment = document.amendment
    assert amendment is not None
    assert (amendment.number, amendment.amends) == (1, 1)
    assert amendment.amends_fingerprint == fingerprint(first)
    assert [
        (item.sort, item.number_before, item.number_after, item.title, item.reason)
        for item in amendment.items
    ] == [
        ("CHANGED", "1.2", "1.2", "Halde eit anna kurs", "Nytt kurs"),
        ("REMOVED", "2.1", "", "Tiltak 2.1", "Ingen ville"),
    ]
    (field,) = amendment.items[0].fields
    assert (field.name, field.before, field.after, field.language_before, field.language_after) == (
        *("title", "Tiltak 1.2", "Halde eit anna kurs"),
        *("nn", "nn"),
    )
    assert [(each.number_before, each.number_after) for each in amendment.renumbered] == [
        ("2.2", "2.1"),
        ("2.3", "2.2"),
    ]
    assert [measure.title for measure in document.measures] == [
        *("Tiltak 1.1", "Halde eit anna kurs", "Tiltak 1.3", "Tiltak 2.2", "Tiltak 2.3"),
    ]
    assert in_force(plan) == first
    plan = sign(plan)
    assert (plan.state, in_force(plan)) == (S.ACTIVE, document)
    verify()


def test_an_amendment_of_an_amendment(world: World, plan: PartnerPlan) -> None:
    first = in_force(plan)
    change(plan, "1.1", by=world.editor, title="Andre")
    plan = start(sign(send(plan, by=world.editor)), by=world.editor)
    second = in_force(plan)
    assert changed(plan) == []
    change(plan, "1.1", by=world.editor, title="Tredje")
    plan = sign(send(plan, by=world.editor))
    third = in_force(plan)
    assert third.amendment is not None
    assert second.amendment is not None
    assert [second.amendment.number, third.amendment.number] == [1, 2]
    assert (third.amendment.amends, third.amendment.amends_fingerprint) == (2, fingerprint(second))
    (item,) = third.amendment.items
    assert [(field.before, field.after) for field in item.fields] == [("Andre", "Tredje")]
    kept = [from_json(version.content.encode()) for version in plan.versions.order_by("number")]
    assert kept == [first, second, third]


def test_an_amendment_goes_back_to_where_it_was_written(world: World, plan: PartnerPlan) -> None:
    change(plan, "1.1", by=world.editor, title="Anna")
    plan = send(plan, by=world.editor)
    with pytest.raises(NoSuchTransition):
        move_plan(plan=plan, to=S.NEGOTIATION, by=world.editor, reason="Feil")
    sent = waiting(plan)
    assert sent is not None
    before = Notice.objects.count()
    move_plan(plan=plan, to=S.AMENDING, by=world.signatory, reason="Feil tal")
    plan = seen(plan)
    sent.refresh_from_db()
    assert (plan.state, sent.void.reason, waiting(plan)) == (S.AMENDING, "Feil tal", None)
    assert {row.kind for row in Notice.objects.order_by("pk")[before:]} >= {
        "plan.amendment_returned"
    }
    assert [row.text for row in AmendmentReason.objects.all()] == ["Difor"]
    plan = sign(send(plan, by=world.editor))
    document = in_force(plan)
    assert document.amendment is not None
    assert (document.version, document.amendment.number) == (3, 1)


def test_what_was_signed_before_there_were_amendments_keeps_its_fingerprint(
    plan: PartnerPlan,
) -> None:
    version = plan.in_force
    assert version is not None
    assert "amendment" not in version.content
    assert fingerprint(from_json(version.content.encode())) == version.fingerprint


# --- What must hold first -----------------------------------------------------------------------


def test_an_amendment_that_changes_nothing_is_not_sent(world: World, plan: PartnerPlan) -> None:
    set_status(measure=measure_at(plan, "1.1"), status=MeasureStatus.DELAYED, by=world.editor)
    assert lacks(plan) == ["No commitment is changed: there is nothing to sign."]
    with pytest.raises(NotReady):
        move_plan(plan=plan, to=S.FOR_SIGNATURE, by=world.editor)


def test_each_change_needs_its_reason(world: World, plan: PartnerPlan) -> None:
    change(plan, "1.1", by=world.editor, title="Anna")
    place_measure(
        measure=measure_at(plan, "2.3"), focus_area=area_of(plan), index=0, by=world.editor
    )
    assert lacks(plan) == [
        "The change of “1.1 Tiltak 2.3” has no reason.",
        "The change of “1.2 Anna” has no reason.",
    ]
    for named in changed(plan):
        reason(plan, named, by=world.editor)
    assert lacks(plan) == []


def test_a_new_measure_must_be_complete(world: World, plan: PartnerPlan) -> None:
    new = add_measure(
        focus_area=area_of(plan), values={"title": "Nytt", "kind": "COURSE"}, by=world.editor
    )
    reason(plan, ("MEASURE", str(new.key)), by=world.editor)
    (lack,) = lacks(plan)
    assert lack.startswith("Measure 1.4 “Nytt” lacks: description")


def test_input_that_lost_its_measure_does_not_stop_an_amendment(
    world: World, plan: PartnerPlan
) -> None:
    measure = measure_at(plan, "1.1")
    made = accepted(plan, world)
    made.uses.create(measure=measure)
    delete_measure(measure=measure, by=world.editor)
    reason(plan, ("MEASURE", str(measure.key)), by=world.editor)
    assert lacks(plan) == []
    made.refresh_from_db()
    assert not rules.can_answer(world.editor, seen(plan))
    with pytest.raises(PlanIsFrozen):
        answer_contribution(
            contribution=made,
            accepted=False,
            answer="Nei",
            expected_version=made.version,
            by=world.editor,
        )


# --- Whose the working copy is ------------------------------------------------------------------


def test_lups_adviser_writes_and_proposes_as_in_negotiation(
    world: World, plan: PartnerPlan
) -> None:
    own, other = measure_at(plan, "1.1"), measure_at(plan, "1.2")
    change(plan, "1.2", by=world.editor, responsible_kind=ResponsibleKind.COUNTY)
    other.refresh_from_db()
    assert rules.can_edit_measure(world.adviser, plan, own)
    assert not rules.can_edit_measure(world.adviser, plan, other)
    assert rules.can_propose(world.adviser, plan, other)
    made = make_proposal(
        measure=other,
        values={"title": "LUP sitt"},
        reason="Betre",
        expected_version=other.version,
        by=world.adviser,
    )
    assert Proposal.objects.in_plan(plan).open().get() == made
    assert lacks(plan) == [
        "The change of “1.2 Tiltak 1.2” has no reason.",
        "1 proposed change has no answer.",
    ]


def test_the_municipalities_see_nothing_of_the_working_copy(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    numbers = [municipality.number for municipality in world.municipalities]
    change(plan, "1.1", by=world.editor, title="Hemmeleg")
    browser = browser_of(contact)
    key = measure_at(plan, "1.1").key
    for place in (plan, send(plan, by=world.editor)):
        assert rules.audiences(contact, place, numbers) == frozenset()
        for name, more in (
            ("bench", {}),
            ("amendment", {}),
            ("life", {}),
            ("measure_comments", {"key": key}),
            ("measure_edit", {"key": key}),
        ):
            assert browser.get(address(place, name, **more)).status_code == 403, name
    signed = sign(seen(plan))
    assert rules.audiences(contact, signed, numbers)


def test_who_gave_input_sees_what_it_led_to_as_it_was_signed(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    made = accepted(plan, world)
    for number in ("1.2", "2.3"):
        made.uses.create(measure=measure_at(plan, number))
    made.areas.create(focus_area=area_of(plan))
    change(plan, "1.2", by=world.editor, title="Hemmeleg")
    PartnerPlan.objects.filter(pk=plan.pk).update(title="Hemmeleg plan")
    delete_measure(measure=measure_at(plan, "2.3"), by=world.editor)
    delete_measure(measure=measure_at(plan, "1.1"), by=world.editor)
    sender = browser_of(user_with(Role.CONTRIBUTOR, cooperation=world.cooperation))
    for where in (
        address(plan, "contribution", key=made.key),
        reverse("plans:contributions_own"),
    ):
        page = sender.get(where).content.decode()
        assert all(words in page for words in ("1.2", "2.3", "Tiltak 1.2", "Tiltak 2.3")), where
        assert "Hemmeleg" not in page
    own = browser_of(world.editor).get(address(plan, "contribution", key=made.key))
    assert "Hemmeleg" in own.content.decode()


def test_an_old_draft_does_not_tell_what_the_plan_is_to_be_called(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    draft = Draft.objects.create(
        user=contact, plan=plan, place="x", address="/", label="Kommentar", data={}, version=1
    )
    PartnerPlan.objects.filter(pk=plan.pk).update(title="Hemmeleg")
    page = browser_of(contact).get(reverse("plans:draft", args=[draft.pk])).content.decode()
    assert (f"{world.county.name} {plan.year}" in page, "Hemmeleg" in page) == (True, False)


# --- The pages ----------------------------------------------------------------------------------


def test_the_editor_changes_gives_reasons_and_sends(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    assert browser.get(address(plan)).context["changes"] == []
    measure = change(plan, "1.1", by=world.editor, title="<b>Anna</b>")
    page = browser.get(address(plan))
    (listed,) = page.context["changes"]
    assert (listed.has_reason, page.context["lacking"]) == (False, 1)
    assert listed.edit_url == address(plan, "measure_edit", key=measure.key)
    assert listed.reason_url == reason_address(plan, measure)
    assert "<b>Anna" not in page.content.decode()

    form = browser.get(listed.reason_url)
    assert form.context["listed"].item == listed.item
    data = {"version": "1", "text": "", "language": "nn"}
    assert browser.post(listed.reason_url, data).status_code == 422
    data["text"] = "<script>alert(1)</script>"
    answer = browser.post(listed.reason_url, data)
    assert answer.headers["Location"] == f"{address(plan)}#measure-{measure.key}"
    page = browser.get(address(plan))
    assert page.context["changes"][0].reason.text == data["text"]
    assert "<script>alert" not in page.content.decode()
    told = Event.objects.filter(verb="amendment.reason").get()
    assert (told.actor, told.target_label) == (world.editor, "1.1 <b>Anna</b>")
    history = browser.get(address(plan, "plan_history")).context["entries"]
    assert history[0]["entry"].deed == "gave the reason for the change of"

    sent = browser.post(address(plan, "move", to="endring-signering"))
    assert sent.headers["Location"] == address(plan, "life")
    page = browser.get(address(plan))  # as it was sent, with nothing to press
    assert (page.context["can_amend"], len(page.context["changes"])) == (False, 1)
    assert browser.get(listed.reason_url).status_code == 403


def test_of_two_who_write_the_same_reason_one_is_asked(
    world: World, plan: PartnerPlan, browser_of: LogIn, colleague: User
) -> None:
    where = reason_address(plan, change(plan, "1.1", by=world.editor, title="Anna"))
    data = {"version": "1", "base": "", "language": "nn"}
    assert browser_of(colleague).post(where, {**data, "text": "Fordi"}).status_code == 302
    answer = browser_of(world.editor).post(where, {**data, "text": "Difor"})
    assert answer.status_code == 409
    (asked,) = answer.context["form"].differences
    assert (asked.mine, asked.theirs) == ("Difor", "Fordi")
    data |= {"version": answer.context["form"]["version"].value(), "text": "Difor"}
    assert browser_of(world.editor).post(where, data).status_code == 302
    assert [row.text for row in AmendmentReason.objects.all()] == ["Difor"]


@pytest.mark.parametrize("then", ["sent", "signed", "dropped", "put back"])
def test_a_reason_that_comes_too_late_is_kept_as_a_draft(
    world: World, plan: PartnerPlan, browser_of: LogIn, then: str
) -> None:
    measure = change(plan, "1.1", by=world.editor, title="Anna")
    where = reason_address(plan, measure)
    if then in ("sent", "signed"):
        plan = send(plan, by=world.editor)
    if then == "signed":
        plan = sign(plan)
    if then == "dropped":
        move_plan(plan=plan, to=S.ACTIVE, by=world.editor, reason="Nei")
    if then == "put back":
        change(plan, "1.1", by=world.editor, title="Tiltak 1.1")
    data = {"version": "1", "text": "Lang grunn", "language": "nn"}
    answer = browser_of(world.editor).post(where, data)
    assert answer.headers["Location"] == address(plan, "bench")
    assert [draft.data["text"] for draft in Draft.objects.of(world.editor) if draft.data] == [
        ["Lang grunn"]
    ]
    assert not AmendmentReason.objects.filter(text="Lang grunn").exists()


@pytest.mark.parametrize("kind", ["measure", "area", "text", "part", "plan", "x", "0"])
@pytest.mark.parametrize("key", ["plan", "finst-ikkje", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_changed_takes_no_reason(
    world: World, plan: PartnerPlan, browser_of: LogIn, kind: str, key: str
) -> None:
    answer = browser_of(world.editor).get(address(plan, "amendment_reason", kind=kind, key=key))
    assert answer.status_code == (404 if kind in ("x", "0") else 302)


def test_every_kind_of_change_is_listed_with_the_way_to_where_it_is_written(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    PartnerPlan.objects.filter(pk=plan.pk).update(title="Ny tittel")
    plan.texts.filter(kind="AIM_GOALS").update(body="Ny tekst")
    plan.parts.filter(kind="COUNTY").update(introduction="Ny innleiing")
    area = area_of(plan)
    type(area).objects.filter(pk=area.pk).update(title="Nytt område")
    delete_measure(measure=measure_at(plan, "2.3"), by=world.editor)
    changes = browser.get(address(plan)).context["changes"]
    assert [each.edit_url for each in changes] == [
        address(plan, "title_edit"),
        address(plan, "text_edit", kind="aim-goals"),
        address(plan, "part_edit", number=1),
        address(plan, "area_edit", key=area.key),
        address(plan, "bench"),
    ]
    for each in changes:
        assert browser.get(each.reason_url).status_code == 200
        data = {"version": "1", "text": "Difor", "language": "nn"}
        assert browser.post(each.reason_url, data).status_code == 302
    assert lacks(plan) == []


def test_the_workbench_and_the_course_say_that_it_is_a_working_copy(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.adviser)
    change(plan, "1.1", by=world.editor, title="Anna")
    new = add_measure(
        focus_area=area_of(plan), values={"title": "Nytt", "kind": "COURSE"}, by=world.editor
    )
    for name in ("bench", "life"):
        page = browser.get(address(plan, name))
        assert page.context["copy"].number == 1
        assert page.context["copy"].counts == {"changed": 1, "added": 1, "removed": 0, "other": 0}
        assert 'id="working-copy"' in page.content.decode()
    marks = browser.get(address(plan, "bench")).context["copy"].marks
    assert marks == {measure_at(plan, "1.1").key: "CHANGED", new.key: "ADDED"}
    steps = browser.get(address(plan, "life")).context["steps"]
    assert [(step.state, step.place) for step in steps[4:]] == [
        (S.ACTIVE, "passed"),
        (S.AMENDING, "current"),
        (S.FOR_SIGNATURE, "coming"),
        (S.ACTIVE, "coming"),
        (S.CLOSED, "coming"),
    ]
    delete_measure(measure=new, by=world.editor)
    plan = send(plan, by=world.editor)
    steps = browser.get(address(plan, "life")).context["steps"]
    assert [(step.state, step.place) for step in steps[5:]] == [
        (S.AMENDING, "passed"),
        (S.FOR_SIGNATURE, "current"),
        (S.ACTIVE, "coming"),
        (S.CLOSED, "coming"),
    ]
    page = browser.get(address(sign(plan), "bench"))
    assert page.context["copy"] is None
    assert 'id="working-copy"' not in page.content.decode()


def test_only_what_may_be_done_is_offered(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    def ways(user: User) -> list[tuple[str, bool]]:
        page = browser_of(user).get(address(plan, "life"))
        return [(each.way.slug, each.form is not None) for each in page.context["following"]]

    change(plan, "1.1", by=world.editor, title="Anna")
    assert ways(world.editor) == [("endring-signering", False), ("endring-forkast", True)]
    assert ways(world.adviser) == [("endring-signering", False), ("endring-forkast", False)]
    send(plan, by=world.editor)
    assert ways(world.signatory) == [("endring-tilbake", True), ("", False)]
    answer = browser_of(world.editor).post(address(plan, "move", to="tilbake"), {"reason": "Nei"})
    assert answer.status_code == 409
