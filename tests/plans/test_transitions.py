"""The table of transitions, and the one service that moves a plan by it."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans import rules
from plans.enums import SIGNED_STATES, PlanState
from plans.models import ContributionRound, PartnerPlan
from plans.services import transitions as service
from plans.services.rounds import today
from plans.services.transitions import (
    MovedAlready,
    NoSuchTransition,
    NotReady,
    ReasonNeeded,
    move_plan,
)
from plans.services.versions import waiting
from plans.transitions import TRANSITIONS, by_slug, find, from_state
from tests.factories.accounts import UserFactory, user_with
from tests.factories.municipalities import CountyFactory
from tests.factories.plans import make_plan
from tests.factories.versions import sign_both
from tests.plans.conftest import World
from tests.plans.readiness import make_ready, put

LogIn = Callable[[User], Client]
S = PlanState
EDITOR = {"editor"}

# docs/modell.md, once more and by hand: who may go which way.
TABLE = {
    (S.DRAFT, S.CONSULTATION): EDITOR,
    (S.CONSULTATION, S.NEGOTIATION): EDITOR,
    (S.NEGOTIATION, S.FOR_SIGNATURE): EDITOR,
    (S.FOR_SIGNATURE, S.NEGOTIATION): {"editor", "signatory", "lup_signatory"},
    (S.FOR_SIGNATURE, S.AMENDING): {"editor", "signatory", "lup_signatory"},
    (S.FOR_SIGNATURE, S.ACTIVE): {"system"},
    (S.ACTIVE, S.AMENDING): EDITOR,
    (S.AMENDING, S.FOR_SIGNATURE): EDITOR,
    (S.AMENDING, S.ACTIVE): EDITOR,
    (S.ACTIVE, S.CLOSED): EDITOR,
}
# A plan goes back to negotiation as long as it has never been signed, and an amendment to where it
# was written.
ONLY_UNSIGNED = {(S.FOR_SIGNATURE, S.NEGOTIATION)}
ONLY_SIGNED = {(S.FOR_SIGNATURE, S.AMENDING)}
# Nobody has signed, and nothing is changed.
NOT_YET = {(S.FOR_SIGNATURE, S.ACTIVE), (S.AMENDING, S.FOR_SIGNATURE)}


@pytest.fixture
def people(world: World) -> dict[str, User | None]:
    """Everybody who might press a button, by role; the system is nobody."""
    lapsed = user_with(Role.COUNTY_EDITOR, county=world.county, valid_to=date(2022, 1, 1))
    return {
        "system": None,
        "editor": world.editor,
        "signatory": world.signatory,
        "adviser": world.adviser,
        "lup_signatory": user_with(Role.LUP_SIGNATORY),
        "contributor": user_with(Role.CONTRIBUTOR, cooperation=world.cooperation),
        "contact": user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0]),
        "administrator": user_with(Role.ADMINISTRATOR),
        "outsider": world.outsider,
        "foreign_signatory": user_with(Role.COUNTY_SIGNATORY, county=CountyFactory.create()),
        "lapsed": lapsed,
        "nobody": UserFactory.create(),
    }


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan of which nothing is missing, for any way."""
    return make_ready(make_plan(county=world.county, measures=1), by=world.adviser)


def address(plan: PartnerPlan, slug: str = "") -> str:
    where = [plan.agreement.county.slug, plan.year]
    return reverse("plans:move", args=[*where, slug]) if slug else reverse("plans:life", args=where)


def kinds_told() -> set[tuple[str, int]]:
    return set(Notice.objects.values_list("kind", "user"))


def test_the_table_is_the_one_that_was_agreed() -> None:
    assert {(way.source, way.target) for way in TRANSITIONS} == set(TABLE)
    assert [(way.source, way.target) for way in TRANSITIONS if way.back] == [
        (S.FOR_SIGNATURE, S.NEGOTIATION),
        (S.FOR_SIGNATURE, S.AMENDING),
        (S.AMENDING, S.ACTIVE),
    ]
    slugs = [way.slug for way in TRANSITIONS if way.slug]
    assert sorted(slugs) == [
        *("avslutt", "endring", "endring-forkast", "endring-signering", "endring-tilbake"),
        *("forhandling", "innspelsrunde", "signering", "tilbake"),
    ]
    assert {by_slug(slug) for slug in slugs} == {way for way in TRANSITIONS if way.slug}
    assert by_slug("") is None
    assert {way for state in S for way in from_state(state)} == set(TRANSITIONS)


@pytest.mark.parametrize(
    ("source", "signed"),
    [*((state, state in SIGNED_STATES) for state in S), (S.FOR_SIGNATURE, True)],
)
def test_every_state_to_every_state_by_every_role(
    source: PlanState, signed: bool, plan: PartnerPlan, people: dict[str, User | None]
) -> None:
    if signed:
        put(plan, S.ACTIVE)
    ways = set(TABLE) - (ONLY_UNSIGNED if signed else ONLY_SIGNED)
    for target, who in product(S, people):
        here, user = put(plan, source), people[who]
        if user is not None:
            allowed = (source, target) in ways and who in TABLE[source, target]
            assert rules.can_move(user, here, target) == allowed, (target, who)
        try:
            moved = move_plan(plan=here, to=target, by=user, reason="Feil tal", override_reason="")
            outcome = moved.state
        except (NoSuchTransition, NotReady, PermissionDenied) as refused:
            outcome = type(refused).__name__
        expected: str = target
        if (source, target) not in ways:
            expected = "NoSuchTransition"
        elif who not in TABLE[source, target]:
            expected = "PermissionDenied"
        elif (source, target) in NOT_YET:
            expected = "NotReady"
        assert outcome == expected, (target, who)
        here.refresh_from_db()
        assert here.state == (target if expected == target else source)
    verify()


def test_a_move_is_logged_with_who_when_and_why(world: World, plan: PartnerPlan) -> None:
    plan = put(plan, S.FOR_SIGNATURE)
    before = plan.changed_at
    moved = move_plan(plan=plan, to=S.NEGOTIATION, by=world.signatory, reason="  Feil tal i 2.1  ")
    event = Event.objects.about(plan).get(verb="plan.moved")
    assert event.actor == world.signatory
    assert event.old == {"state": "FOR_SIGNATURE"}
    assert event.new == {"state": "NEGOTIATION", "reason": "Feil tal i 2.1"}
    assert (moved.state, moved.version) == (S.NEGOTIATION, plan.version)
    assert moved.changed_at > before


def test_going_back_takes_a_reason(world: World, plan: PartnerPlan) -> None:
    plan = put(plan, S.FOR_SIGNATURE)
    for reason in ("", " \n "):
        with pytest.raises(ReasonNeeded):
            move_plan(plan=plan, to=S.NEGOTIATION, by=world.editor, reason=reason)
    assert not Event.objects.filter(verb="plan.moved").exists()
    assert not Notice.objects.exists()


def test_a_version_that_was_not_seen_is_not_sent_back(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.signatory)
    move_plan(plan=put(plan, S.NEGOTIATION), to=S.FOR_SIGNATURE, by=world.editor)
    following = browser.get(address(plan)).context["following"]
    [seen] = [way.form["seen"].value() for way in following if way.form]
    sent_back = move_plan(plan=plan_again(plan), to=S.NEGOTIATION, by=world.editor, reason="Feil")
    move_plan(plan=sent_back, to=S.FOR_SIGNATURE, by=world.editor)
    form = {"reason": "Feil tal", "seen": seen}
    assert browser.post(address(plan, "tilbake"), form).status_code == 409
    assert plan_again(plan).state == S.FOR_SIGNATURE
    form["seen"] = plan_again(plan).changed_at.isoformat()
    assert browser.post(address(plan, "tilbake"), form).status_code == 302
    assert plan_again(plan).state == S.NEGOTIATION


def plan_again(plan: PartnerPlan) -> PartnerPlan:
    return PartnerPlan.objects.with_parties().get(pk=plan.pk)


def test_one_who_saw_another_state_is_told(world: World, plan: PartnerPlan) -> None:
    seen = put(plan, S.DRAFT)
    move_plan(plan=plan, to=S.CONSULTATION, by=world.editor)
    with pytest.raises(MovedAlready) as told:
        move_plan(plan=seen, to=S.CONSULTATION, by=world.editor)
    assert told.value.state == S.CONSULTATION


def test_a_reason_where_none_is_asked_for_is_left_out(world: World, plan: PartnerPlan) -> None:
    move_plan(plan=plan, to=S.CONSULTATION, by=world.editor, reason="X", override_reason="Y")
    assert Event.objects.about(plan)[0].new == {"state": "CONSULTATION"}


def test_who_is_told_of_a_consultation(
    plan: PartnerPlan, people: dict[str, User | None], world: World
) -> None:
    move_plan(plan=plan, to=S.CONSULTATION, by=world.editor)
    told = {people[who] for who in ("signatory", "adviser", "lup_signatory")}
    assert kinds_told() == {("plan.moved.consultation", user.pk) for user in told if user}
    notice = Notice.objects.all()[0]
    assert notice.path == address(plan)
    assert notice.params == {
        "plan": plan.title,
        "plan_id": plan.pk,
        "who": str(world.editor),
        "reason": "",
    }


def test_signatories_are_asked_and_others_told(
    plan: PartnerPlan, people: dict[str, User | None], world: World
) -> None:
    other = user_with(Role.COUNTY_EDITOR, county=world.county)
    lup_signatory = people["lup_signatory"]
    assert lup_signatory is not None
    move_plan(plan=put(plan, S.NEGOTIATION), to=S.FOR_SIGNATURE, by=world.editor)
    assert kinds_told() == {
        ("plan.to_sign", world.signatory.pk),
        ("plan.to_sign", lup_signatory.pk),
        ("plan.moved.for_signature", world.adviser.pk),
        ("plan.moved.for_signature", other.pk),
    }


def test_a_return_is_told_with_its_reason(
    plan: PartnerPlan, people: dict[str, User | None], world: World
) -> None:
    by = people["lup_signatory"]
    move_plan(plan=put(plan, S.FOR_SIGNATURE), to=S.NEGOTIATION, by=by, reason="Feil tal")
    assert kinds_told() == {
        ("plan.returned", world.editor.pk),
        ("plan.returned", world.adviser.pk),
        ("plan.not_for_signing", world.signatory.pk),
    }
    assert {notice.params["reason"] for notice in Notice.objects.all()} == {"Feil tal"}


def test_every_way_has_word_for_those_concerned(
    world: World, plan: PartnerPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that nothing can go yet, too."""
    monkeypatch.setattr(service, "lacks_for", lambda plan, read, to: ())
    for way in TRANSITIONS:
        Notice.objects.all().delete()
        by = None if way.by_system else world.editor
        if way.signed:
            put(plan, S.ACTIVE)
        elif way.signed is False:
            put(plan, S.DRAFT)
        here = put(plan, way.source)
        if way.by_system and (version := waiting(here)):
            sign_both(version)
        move_plan(plan=here, to=way.target, by=by, reason="Slik vart det")
        assert Notice.objects.exists(), way


# --- The page -----------------------------------------------------------------------------------


def test_the_editor_goes_the_whole_way(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    for slug, state in (
        ("innspelsrunde", S.CONSULTATION),
        ("forhandling", S.NEGOTIATION),
        ("signering", S.FOR_SIGNATURE),
    ):
        page = browser.get(address(plan))
        assert [following.way.slug for following in page.context["following"]] == [slug]
        ContributionRound.objects.update(closes_on=today() - timedelta(days=plan.state != S.DRAFT))
        assert browser.post(address(plan, slug)).headers["Location"] == address(plan)
        plan.refresh_from_db()
        assert plan.state == state
    page = browser.get(address(plan))
    assert [step.place for step in page.context["steps"]] == (
        ["passed"] * 3 + ["current"] + ["coming"] * 2
    )
    assert page.content.decode().count('aria-current="step"') == 1
    assert [(move.who, move.target) for move in page.context["moves"]] == [
        (str(world.editor), state) for state in (S.FOR_SIGNATURE, S.NEGOTIATION, S.CONSULTATION)
    ]


def test_a_signatory_returns_the_plan_with_a_reason(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    plan = put(plan, S.FOR_SIGNATURE)
    browser = browser_of(world.signatory)
    answer = browser.post(address(plan, "tilbake"), {"reason": " "})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    reason = "<script>alert(1)</script> Feil tal"
    assert browser.post(address(plan, "tilbake"), {"reason": reason}).status_code == 302
    page = browser.get(address(plan))
    assert page.context["moves"][0].reason == reason
    assert "<script>alert(1)" not in page.content.decode()
    assert page.context["following"][0].form is None  # the signatory can't send it on


@pytest.mark.parametrize("reason", ["x" * 2001, "nul\x00midt i", "9" * 100_000])
def test_a_hostile_reason_is_refused(
    world: World, plan: PartnerPlan, browser_of: LogIn, reason: str
) -> None:
    plan = put(plan, S.FOR_SIGNATURE)
    answer = browser_of(world.editor).post(address(plan, "tilbake"), {"reason": reason})
    assert answer.status_code == 422
    plan.refresh_from_db()
    assert plan.state == S.FOR_SIGNATURE


def test_a_button_from_an_old_page_is_answered(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    assert browser.post(address(plan, "innspelsrunde")).status_code == 302
    answer = browser.post(address(plan, "innspelsrunde"))
    assert answer.status_code == 409
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "error"]
    assert Event.objects.filter(verb="plan.moved").count() == 1


@pytest.mark.parametrize("slug", ["finst-ikkje", "draft", "active", "0"])
def test_a_way_that_is_not_in_the_table_has_no_address(
    world: World, plan: PartnerPlan, browser_of: LogIn, slug: str
) -> None:
    assert browser_of(world.editor).post(address(plan, slug)).status_code == 404


def test_what_is_missing_is_shown_in_place_of_the_button(world: World, browser_of: LogIn) -> None:
    plan = make_plan(county=world.county, measures=1, state=S.NEGOTIATION)
    browser = browser_of(world.editor)
    (following,) = browser.get(address(plan)).context["following"]
    assert following.form is None
    answer = browser.post(address(plan, "signering"), {"override_reason": "Likevel"})
    assert answer.status_code == 422
    assert answer.context["following"][0].lacks == following.lacks
    plan.refresh_from_db()
    assert plan.state == S.NEGOTIATION


def test_a_plan_in_force_is_amended_or_closed(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    page = browser_of(world.editor).get(address(put(plan, S.ACTIVE)))
    ways = [following.way for following in page.context["following"]]
    assert ways == [find(S.ACTIVE, S.AMENDING), find(S.ACTIVE, S.CLOSED)]
    assert all(following.form for following in page.context["following"])
