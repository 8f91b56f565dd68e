"""What a sender does with input: writes, sends, changes and withdraws it, until the deadline."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans.document import read_plan
from plans.enums import ContributionState, PlanState
from plans.models import Contribution, Measure, PartnerPlan
from plans.services import rounds
from plans.services.answers import answer_contribution, connect_measure
from plans.services.contributions import send_contribution, withdraw_contribution
from tests.factories.accounts import user_with
from tests.factories.contributions import SAID, make_contribution, make_round
from tests.factories.municipalities import (
    CountyFactory,
    MunicipalityFactory,
    ProcurementCooperationFactory,
)
from tests.factories.plans import make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
LAST = date(2022, 3, 15)


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION, measures=1)
    make_round(plan, closes_on=LAST)
    return plan


@pytest.fixture
def buyer(world: World) -> User:
    return user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """The day is the round's last one, until a test sets another."""

    def set_to(day: date) -> None:
        monkeypatch.setattr(rounds, "today", lambda: day)

    set_to(LAST)
    return set_to


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def said(**values: str) -> dict[str, str]:
    return {**SAID, "version": "1", "sender": "COOPERATION:lag", **values}


def state(plan: PartnerPlan, state: PlanState) -> None:
    set_state(plan, state)


def test_half_an_input_is_kept_as_a_draft_and_sent_when_it_is_whole(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn
) -> None:
    browser = browser_of(buyer)
    half = {"title": "Ein tanke", "language": "nn", "sender": "COOPERATION:lag"}
    answer = browser.post(url("contribution_new", plan), half)
    found = Contribution.objects.get()
    assert answer["Location"] == url("contribution", plan, found.key)
    assert (found.state, found.sent_at, found.cooperation) == ("DRAFT", None, world.cooperation)
    assert (found.written_by, found.on_behalf) == (buyer, False)
    # Half of it isn't sent.
    refused = browser.post(url("contribution_edit", plan, found.key), {**half, "send": "1"})
    assert refused.status_code == 422
    assert sorted(refused.context["form"].errors) == ["area", "benefit", "need", "participants"]
    assert Notice.objects.count() == 0
    browser.post(url("contribution_edit", plan, found.key), said(title="Heile", send="1"))
    found.refresh_from_db()
    assert (found.title, found.state, found.times_sent) == ("Heile", "RECEIVED", 1)
    assert found.sent_at is not None
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (world.editor, "contributions.sent")
    assert notice.params == {
        "plan": plan.title,
        "plan_id": plan.pk,
        "sender": world.cooperation.name,
        "title": "Heile",
        "contribution": str(found.key),
    }
    assert notice.path == url("contribution", plan, found.key)
    assert browser_of(world.editor).get(notice.path).status_code == 200
    verify()


def test_the_last_day_counts_and_the_next_does_not(
    plan: PartnerPlan, buyer: User, browser_of: LogIn, today: Callable[[date], None]
) -> None:
    browser = browser_of(buyer)
    page = browser.get(url("contribution_new", plan))
    assert page.templates[0].name == "plans/input/write.html"
    browser.post(url("contribution_new", plan), said(send="1"))
    today(date(2022, 3, 16))
    page = browser.get(url("contribution_new", plan))
    assert page.templates[0].name == "plans/input/closed.html"
    # What somebody was writing then is kept, not sent.
    late = browser.post(
        url("contribution_new", plan), said(title="For seint", send="1"), follow=True
    )
    assert [message.level_tag for message in late.context["messages"]] == ["error"]
    states = Contribution.objects.order_by("pk").values_list("title", "state")
    assert list(states) == [(SAID["title"], "RECEIVED"), ("For seint", "DRAFT")]
    assert late.status_code == 200


def test_the_day_is_that_of_norway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    # Half past eleven in the evening in London is tomorrow in Oslo.
    evening = datetime(2022, 3, 15, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: evening)
    with timezone.override("America/Lima"):
        assert rounds.today() == date(2022, 3, 16)


def test_what_was_sent_is_changed_and_withdrawn_until_the_deadline(
    world: World,
    plan: PartnerPlan,
    buyer: User,
    browser_of: LogIn,
    today: Callable[[date], None],
) -> None:
    found = make_contribution(plan, world.cooperation, by=buyer)
    browser = browser_of(buyer)
    edit = url("contribution_edit", plan, found.key)
    form = said(title="Betre sagt", version=str(found.version))
    assert browser.post(edit, {**form, "need": ""}).status_code == 422
    assert browser.post(edit, form).status_code == 302
    found.refresh_from_db()
    assert (found.title, found.state, found.times_sent) == ("Betre sagt", "RECEIVED", 2)
    kinds = Notice.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["contributions.sent", "contributions.changed"]
    event = Event.objects.about(found).first()
    assert event is not None
    assert (event.verb, event.old, event.new) == (
        "contribution.changed",
        {"title": SAID["title"]},
        {"title": "Betre sagt"},
    )
    assert browser.post(url("contribution_withdraw", plan, found.key)).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.sent_at) == ("DRAFT", None)
    # Withdrawn, it is no longer the county's to see; sent again, it is.
    assert browser_of(world.editor).get(url("contribution", plan, found.key)).status_code == 404
    send_contribution(contribution=found, by=buyer)
    today(date(2022, 3, 16))
    form = said(title="For seint", version=str(Contribution.objects.get().version))
    late = browser.post(edit, form)
    assert late.status_code == 422
    assert late.context["form"]["title"].value() == "For seint"
    browser.post(url("contribution_withdraw", plan, found.key))
    found.refresh_from_db()
    assert (found.title, found.state, found.times_sent) == ("Betre sagt", "RECEIVED", 3)
    verify()


def test_what_is_withdrawn_leaves_the_measure_and_the_log_says_so(
    world: World, plan: PartnerPlan, buyer: User
) -> None:
    found = make_contribution(plan, world.cooperation, by=buyer)
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    connect_measure(contribution=found, measure=measure, by=world.editor)
    withdraw_contribution(contribution=found, by=buyer)
    gone = Event.objects.about(found).get(verb="contribution.disconnected")
    assert (gone.actor, gone.old) == (buyer, {"measure": f"{measure.number} {measure.title}"})
    assert not read_plan(plan).document.measures[0].contributions


def test_an_answered_input_is_no_longer_changed(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn
) -> None:
    found = make_contribution(plan, world.cooperation, by=buyer)
    browser = browser_of(buyer)
    form = said(title="Endå ein gong", version=str(found.version))
    answer_contribution(
        contribution=found,
        accepted=False,
        answer="Ikkje i år.",
        expected_version=found.version,
        by=world.editor,
    )
    assert browser.post(url("contribution_edit", plan, found.key), form).status_code == 403
    assert browser.post(url("contribution_withdraw", plan, found.key)).status_code == 403
    page = browser.get(url("contribution", plan, found.key)).content.decode()
    assert "Ikkje i år." in page


def test_of_two_at_the_sender_who_write_the_second_is_shown_both(
    plan: PartnerPlan, world: World, buyer: User, browser_of: LogIn
) -> None:
    found = make_contribution(plan, world.cooperation, by=buyer, sent=False)
    colleague = browser_of(user_with(Role.CONTRIBUTOR, cooperation=world.cooperation))
    edit = url("contribution_edit", plan, found.key)
    assert colleague.post(edit, said(need="Kollegaen sitt")).status_code == 302
    conflict = browser_of(buyer).post(edit, said(need="Mitt"))
    assert conflict.status_code == 409
    (difference,) = conflict.context["form"].differences
    assert (difference.mine, difference.theirs) == ("Mitt", "Kollegaen sitt")
    again = said(need="Mitt", version=conflict.context["form"]["version"].value())
    assert browser_of(buyer).post(edit, again).status_code == 302
    assert Contribution.objects.get().need == "Mitt"


def test_one_sends_only_for_those_whom_one_speaks_for(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn
) -> None:
    other = ProcurementCooperationFactory.create(county=world.county, key="andre")
    for code in ("COOPERATION:andre", f"MUNICIPALITY:{world.municipalities[0].number}", "x", ""):
        answer = browser_of(buyer).post(url("contribution_new", plan), said(sender=code))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["sender"])
    theirs = make_contribution(plan, other)
    for page in ("contribution", "contribution_edit", "contribution_withdraw"):
        assert browser_of(buyer).get(url(page, plan, theirs.key)).status_code == 404
    assert Contribution.objects.count() == 1


def test_a_contact_sends_for_what_their_municipality_became(
    world: World, browser_of: LogIn
) -> None:
    gone = world.ended
    after = MunicipalityFactory.create(county=world.county, valid_from=date(2022, 1, 1))
    gone.successors.add(after)
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=gone)
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION)
    make_round(plan)
    form = browser_of(contact).get(url("contribution_new", plan)).context["form"]
    assert list(form.senders) == [f"MUNICIPALITY:{after.number}"]
    assert rounds.people_of([after]) == [contact]


def test_who_was_not_invited_may_send_and_is_told_so(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn
) -> None:
    page = browser_of(buyer).get(url("contribution_new", plan))
    assert page.context["uninvited"]
    plan.contribution_round.invitations.create(cooperation=world.cooperation)
    assert not browser_of(buyer).get(url("contribution_new", plan)).context["uninvited"]
    stranger = user_with(
        Role.CONTRIBUTOR, cooperation=ProcurementCooperationFactory.create(county=CountyFactory())
    )
    assert browser_of(stranger).get(url("contribution_new", plan)).status_code == 404


def test_the_editor_writes_on_behalf_of_somebody_also_after_the_deadline(
    world: World,
    plan: PartnerPlan,
    buyer: User,
    browser_of: LogIn,
    today: Callable[[date], None],
) -> None:
    today(date(2022, 6, 1))
    state(plan, PlanState.NEGOTIATION)
    browser = browser_of(world.editor)
    browser.post(url("contribution_new", plan), said(send="1"))
    found = Contribution.objects.get()
    assert (found.state, found.on_behalf, found.written_by) == ("RECEIVED", True, world.editor)
    edit = url("contribution_edit", plan, found.key)
    assert browser.post(edit, said(title="Ordretta", version="2")).status_code == 302
    # Its sender reads it, and the deadline holds for them.
    own = browser_of(buyer)
    assert own.get(url("contribution", plan, found.key)).status_code == 200
    assert own.post(edit, said(title="Nei", version="3")).status_code == 422
    assert own.get(edit).status_code == 302
    found.refresh_from_db()
    assert found.title == "Ordretta"
    # Nor is it the county's place to change what the sender wrote.
    theirs = make_contribution(plan, world.cooperation, by=buyer)
    assert browser.get(url("contribution_edit", plan, theirs.key)).status_code == 403


def test_a_draft_is_its_senders_own(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn
) -> None:
    secret = make_contribution(plan, world.cooperation, by=buyer, sent=False, title="Løyndom")
    for reader in (world.editor, world.signatory, world.adviser):
        browser = browser_of(reader)
        assert browser.get(url("contribution", plan, secret.key)).status_code == 404
        for page in ("contribution_inbox", "plan_history"):
            assert "Løyndom" not in browser.get(url(page, plan)).content.decode()
    send_contribution(contribution=secret, by=buyer)
    history = browser_of(world.editor).get(url("plan_history", plan)).context["entries"]
    assert [shown["entry"].what for shown in history] == ["Løyndom", plan.title]


def test_ones_own_input_of_all_plans_with_answers_and_how_the_measures_go(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn
) -> None:
    measure = plan.parts.get(kind="COUNTY").measures.get()
    found = make_contribution(plan, world.cooperation, by=buyer)
    answer_contribution(
        contribution=found,
        accepted=True,
        answer="Det vart eit tiltak.",
        expected_version=found.version,
        by=world.editor,
        measure=measure,
    )
    notice = Notice.objects.get(user=buyer)
    assert (notice.kind, notice.path) == (
        "contributions.answered",
        url("contribution", plan, found.key),
    )
    browser = browser_of(buyer)
    for stage in (PlanState.CONSULTATION, PlanState.NEGOTIATION, PlanState.ACTIVE):
        state(plan, stage)
        type(measure).objects.filter(pk=measure.pk).update(status="DELAYED")
        for page in (reverse("plans:contributions_own"), notice.path):
            content = browser.get(page).content.decode()
            assert url("measure", plan, "1.1") in content
            assert "Det vart eit tiltak." in content
            assert "Forseinka" in content
        # The measure that it led to is the sender's to read, though it names nobody.
        assert browser.get(url("measure", plan, "1.1")).status_code == 200
    state(plan, PlanState.FOR_SIGNATURE)
    assert browser.get(url("measure", plan, "1.1")).status_code == 200


def test_nobody_else_reads_a_measure_for_what_another_contributed(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    found = make_contribution(plan, world.cooperation)
    answer_contribution(
        contribution=found,
        accepted=True,
        answer="",
        expected_version=found.version,
        by=world.editor,
        measure=plan.parts.get(kind="COUNTY").measures.get(),
    )
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[2])
    assert browser_of(contact).get(url("measure", plan, "1.1")).status_code == 404
    assert browser_of(contact).get(url("own", plan)).context["document"].measures == ()


@pytest.mark.parametrize(
    "stage", [s for s in PlanState if s not in ("CONSULTATION", "NEGOTIATION")]
)
def test_no_input_is_written_in_other_stages(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn, stage: PlanState
) -> None:
    found = make_contribution(plan, world.cooperation, by=buyer, sent=False)
    state(plan, stage)
    closed = 404 if stage == PlanState.DRAFT else 403
    # A form that was opened before comes back with what was typed.
    late = 422 if stage == PlanState.FOR_SIGNATURE else closed
    for user, status in ((buyer, late), (world.editor, 422 if late == 422 else 403)):
        answer = browser_of(user).post(url("contribution_new", plan), said())
        assert answer.status_code == status
    page = browser_of(buyer).get(url("contribution", plan, found.key))
    assert page.status_code == (404 if stage == PlanState.DRAFT else 200)
    edit = browser_of(buyer).post(url("contribution_edit", plan, found.key), said(title="x"))
    assert edit.status_code == late
    assert Contribution.objects.get().title == SAID["title"]
    assert Contribution.objects.get().state == ContributionState.DRAFT
