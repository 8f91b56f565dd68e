"""Each kind of notice of plans: told by its service, it leads where its receiver may go; and nobody
gets mail about what they may no longer know of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import Role
from accounts.models import Membership, Notice, User
from accounts.notices import NoticeKind, kind_of
from plans import reminders
from plans.enums import (
    ArchiveVariant,
    Audience,
    JobState,
    PlanState,
    SignatureLevel,
    SigningParty,
    SigningWay,
)
from plans.models import ArchiveDelivery, ContributionRound, Measure, PartnerPlan, Thread
from plans.models.round import party_fields
from plans.notices import INPUT_SENT, KINDS
from plans.services import answers, archive_jobs, comments, contributions, proposals, rounds
from plans.services.measures import delete_measure
from plans.services.signing import Signed, keep_signature
from plans.services.transitions import move_plan
from plans.services.versions import waiting
from tests.factories.accounts import user_with
from tests.factories.contributions import make_contribution
from tests.factories.plans import make_plan, part_of
from tests.plans.conftest import World
from tests.plans.readiness import make_ready, put

LogIn = Callable[[User], Client]
S = PlanState
MOST_QUERIES = 4  # to find out whom one notice is for, their roles among them


@dataclass
class Scene:
    world: World
    plan: PartnerPlan
    measure: Measure
    buyer: User
    contact: User
    lup_signatory: User


@pytest.fixture
def scene(world: World, colleague: User) -> Scene:
    """A plan in negotiation that lacks nothing, with everybody who is told anything of it."""
    plan = make_ready(
        make_plan(county=world.county, state=S.NEGOTIATION, measures=1), by=world.editor
    )
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    Measure.objects.filter(pk=measure.pk).update(responsible_kind="COUNTY")
    measure.refresh_from_db()
    return Scene(
        world,
        plan,
        measure,
        buyer=user_with(Role.CONTRIBUTOR, cooperation=world.cooperation),
        contact=user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0]),
        lup_signatory=user_with(Role.LUP_SIGNATORY),
    )


def at(scene: Scene, state: PlanState) -> PartnerPlan:
    scene.plan = put(scene.plan, state)
    return scene.plan


def move(scene: Scene, source: PlanState, target: PlanState, by: User | None = None) -> None:
    by = by or scene.world.editor
    move_plan(plan=at(scene, source), to=target, by=by, reason="Feil tal", override_reason="Ja")


def return_amendment(scene: Scene) -> None:
    at(scene, S.ACTIVE)
    move(scene, S.FOR_SIGNATURE, S.AMENDING, by=scene.lup_signatory)


def ask(scene: Scene) -> ContributionRound:
    at(scene, S.CONSULTATION)
    round_ = ContributionRound.objects.get(plan=scene.plan)
    round_.closes_on = rounds.today() + timedelta(days=7)
    round_.save()
    for party in (scene.world.cooperation, scene.world.municipalities[0]):
        round_.invitations.get_or_create(**party_fields(party))
    rounds.open_round(plan=scene.plan, by=scene.world.editor)
    return round_


def move_deadline(scene: Scene) -> None:
    round_ = ask(scene)
    rounds.save_round(
        plan=scene.plan,
        values={"closes_on": rounds.today() + timedelta(days=9), "message": ""},
        invited=[row.party for row in rounds.invitations_of(round_)],
        expected_version=round_.version,
        by=scene.world.editor,
    )


def send(scene: Scene, *, again: bool = False, withdraw: bool = False) -> None:
    at(scene, S.CONSULTATION)
    ContributionRound.objects.update(closes_on=rounds.today())
    found = make_contribution(scene.plan, scene.world.cooperation, by=scene.buyer)
    if again:
        contributions.change_contribution(
            contribution=found,
            values={"title": "Eit anna namn"},
            expected_version=found.version,
            by=scene.buyer,
        )
    if withdraw:
        contributions.withdraw_contribution(contribution=found, by=scene.buyer)


def answer_input(scene: Scene) -> None:
    at(scene, S.NEGOTIATION)
    for party in (scene.world.cooperation, scene.world.municipalities[0]):
        found = make_contribution(scene.plan, party)
        answers.answer_contribution(
            contribution=found,
            accepted=False,
            answer="Nei.",
            expected_version=found.version,
            by=scene.world.editor,
        )


def talk(scene: Scene) -> Thread:
    at(scene, S.NEGOTIATION)
    thread = comments.open_thread(
        plan=scene.plan,
        measure=scene.measure,
        audience=Audience.CONCERNED,
        body="Når?",
        by=scene.contact,
    )
    comments.answer_thread(thread=thread, body="Ja", by=scene.world.editor)
    return thread


def mention(scene: Scene) -> None:
    at(scene, S.NEGOTIATION)
    everybody = [scene.contact, scene.world.adviser, scene.world.signatory]
    codes = [f"person:{user.pk}" for user in everybody]
    codes += [f"contact:{scene.world.municipalities[0].number}"]
    comments.open_thread(
        plan=scene.plan,
        measure=scene.measure,
        audience=Audience.CONCERNED,
        body="Les dette.",
        tell_codes=codes,
        by=scene.world.editor,
    )


def propose(scene: Scene, answer: str = "") -> None:
    at(scene, S.NEGOTIATION)
    made = proposals.make_proposal(
        measure=scene.measure,
        values={"description": "To kurs om våren."},
        reason="Eitt er for lite.",
        expected_version=scene.measure.version,
        by=scene.world.adviser,
    )
    editor = scene.world.editor
    if answer == "yes":
        proposals.accept_proposal(
            proposal=made, items=["description"], expected_version=made.base_version, by=editor
        )
    elif answer == "no":
        proposals.decline_proposal(proposal=made, answer="Nei.", by=editor)


def next_monday(after: int = 0) -> date:
    first = timezone.localdate() + timedelta(days=after)
    return first + timedelta(days=-first.weekday() % 7)


def remind_of_input(scene: Scene) -> None:
    ask(scene)
    make_contribution(scene.plan, scene.world.cooperation, by=scene.buyer, sent=False)
    reminders.input_is_due(rounds.today())


def remind_of_answers(scene: Scene) -> None:
    send(scene)
    at(scene, S.NEGOTIATION)
    reminders.input_waits_for_an_answer(next_monday())


def remind_of_proposals(scene: Scene) -> None:
    propose(scene)
    reminders.proposals_wait(next_monday(after=8))


def remind_to_sign(scene: Scene) -> None:
    at(scene, S.FOR_SIGNATURE)
    reminders.plans_wait_for_signatures(next_monday(after=8))


# What tells of each kind, and who hears of it.
def sign(scene: Scene, *parties: SigningParty) -> None:
    """Write the parties' signatures, each by its own signatory."""
    plan = at(scene, S.FOR_SIGNATURE)
    version = waiting(plan)
    assert version is not None
    people = {"COUNTY": scene.world.signatory, "LUP": scene.lup_signatory}
    for place, party in enumerate(parties, 1):
        signed = Signed(
            content=b"%PDF-",
            name="Signatar",
            role="",
            organisation="Fylke",
            way=SigningWay.HERE,
            level=SignatureLevel.B,
            signed_at=timezone.now(),
        )
        keep_signature(
            plan=plan, version=version, party=party, by=people[party], sequence=place, signed=signed
        )


def give_up_delivery(scene: Scene) -> None:
    plan = at(scene, S.ACTIVE)
    assert plan.in_force is not None
    delivery = ArchiveDelivery.objects.create(
        plan=plan,
        version=plan.in_force,
        variant=ArchiveVariant.FULL,
        target="mappe",
        claimed_at=timezone.now(),
        state=JobState.RUNNING,
        attempts=len(archive_jobs.WAITS) + 1,
    )
    archive_jobs._put_off(delivery, "Borte")


TOLD: dict[str, tuple[Callable[[Scene], object], set[str]]] = {
    "plan.moved.consultation": (
        lambda s: move(s, S.DRAFT, S.CONSULTATION),
        {"colleague", "signatory", "adviser", "lup_signatory"},
    ),
    "plan.moved.negotiation": (
        lambda s: move(s, S.CONSULTATION, S.NEGOTIATION),
        {"colleague", "signatory", "adviser", "lup_signatory"},
    ),
    "plan.moved.for_signature": (
        lambda s: move(s, S.NEGOTIATION, S.FOR_SIGNATURE),
        {"colleague", "adviser"},
    ),
    "plan.to_sign": (
        lambda s: move(s, S.NEGOTIATION, S.FOR_SIGNATURE),
        {"signatory", "lup_signatory"},
    ),
    "plan.returned": (
        lambda s: move(s, S.FOR_SIGNATURE, S.NEGOTIATION, by=s.lup_signatory),
        {"editor", "colleague", "adviser"},
    ),
    "plan.not_for_signing": (
        lambda s: move(s, S.FOR_SIGNATURE, S.NEGOTIATION, by=s.lup_signatory),
        {"signatory"},
    ),
    "plan.moved.amending": (
        lambda s: move(s, S.ACTIVE, S.AMENDING),
        {"colleague", "signatory", "adviser", "lup_signatory"},
    ),
    "plan.amendment_returned": (
        return_amendment,
        {"editor", "colleague", "adviser"},
    ),
    "plan.amendment_dropped": (
        lambda s: move(s, S.AMENDING, S.ACTIVE),
        {"colleague", "signatory", "adviser", "lup_signatory"},
    ),
    "plan.moved.closed": (
        lambda s: move(s, S.ACTIVE, S.CLOSED),
        {"colleague", "signatory", "adviser", "lup_signatory"},
    ),
    "contributions.invited": (ask, {"buyer", "contact"}),
    "contributions.deadline": (move_deadline, {"buyer", "contact"}),
    "contributions.sent": (send, {"editor", "colleague"}),
    "contributions.changed": (lambda s: send(s, again=True), {"editor", "colleague"}),
    "contributions.withdrawn": (lambda s: send(s, withdraw=True), {"editor", "colleague"}),
    "contributions.answered": (answer_input, {"buyer", "contact"}),
    "comment.written": (talk, {"editor", "colleague", "contact"}),
    "comment.mentioned": (mention, {"contact", "adviser", "signatory"}),
    "proposal.made": (propose, {"editor", "colleague"}),
    "proposal.accepted": (lambda s: propose(s, "yes"), {"adviser"}),
    "proposal.declined": (lambda s: propose(s, "no"), {"adviser"}),
    "reminder.input_due": (remind_of_input, {"buyer", "contact"}),
    "reminder.input_unanswered": (remind_of_answers, {"editor", "colleague"}),
    "reminder.proposals": (remind_of_proposals, {"editor", "colleague"}),
    "reminder.to_sign": (remind_to_sign, {"signatory", "lup_signatory"}),
    "plan.other_signed": (lambda s: sign(s, SigningParty.COUNTY), {"lup_signatory"}),
    "plan.moved.active": (
        lambda s: sign(s, *SigningParty),
        {"editor", "colleague", "signatory", "adviser", "lup_signatory"},
    ),
    "plan.not_archived": (give_up_delivery, {"editor", "colleague"}),
    "plan.now_in_force": (lambda s: sign(s, *SigningParty), {"buyer", "contact"}),
}


def by_name(scene: Scene, colleague: User) -> dict[int, str]:
    world = scene.world
    users = {"editor": world.editor, "colleague": colleague, "signatory": world.signatory}
    users |= {"adviser": world.adviser, "buyer": scene.buyer, "contact": scene.contact}
    users |= {"lup_signatory": scene.lup_signatory}
    return {user.pk: name for name, user in users.items()}


def produced(scene: Scene, kind: NoticeKind) -> list[Notice]:
    TOLD[kind.code][0](scene)
    return list(Notice.objects.filter(kind=kind.code).select_related("user"))


def test_every_kind_is_tried_here() -> None:
    assert TOLD.keys() == {kind.code for kind in KINDS}
    assert all(kind_of(kind.code) is kind for kind in KINDS)


@pytest.mark.parametrize("kind", [k for k in KINDS if k.code in TOLD], ids=lambda k: k.code)
def test_a_notice_leads_where_its_receiver_may_go(
    scene: Scene, colleague: User, kind: NoticeKind, browser_of: LogIn
) -> None:
    notices = produced(scene, kind)
    names = by_name(scene, colleague)
    assert {names[notice.user_id] for notice in notices} == TOLD[kind.code][1]
    for notice in notices:
        assert notice.params["plan_id"] == scene.plan.pk
        assert browser_of(notice.user).get(notice.path.partition("#")[0]).status_code == 200
        receiver = User.objects.get(pk=notice.user_id)
        with CaptureQueriesContext(connection) as queries:
            assert kind.concerns(receiver, notice.params)
        assert len(queries) <= MOST_QUERIES
        with override("en"):
            said = kind.say(notice.params)
        assert said.why.startswith("You get this because ")
        assert "%(" not in said.sentence


@pytest.mark.parametrize("kind", [k for k in KINDS if k.code in TOLD], ids=lambda k: k.code)
def test_who_lost_their_role_gets_no_mail_of_it(
    scene: Scene, colleague: User, kind: NoticeKind
) -> None:
    notices = produced(scene, kind)
    PartnerPlan.objects.filter(pk=scene.plan.pk).update(state=S.NEGOTIATION)
    ended = [notice.user_id for notice in notices]
    Membership.objects.filter(user__in=ended).update(valid_to=date(2020, 1, 1))
    for notice in notices:
        receiver = User.objects.get(pk=notice.user_id)
        # Some other role, elsewhere, is what lets mail reach them.
        receiver.memberships.create(
            role=Role.COUNTY_EDITOR,
            county_id=scene.world.outsider.roles[0].county_id,
            valid_from=date(2020, 1, 1),
        )
        assert not kind.concerns(receiver, notice.params)


def test_lup_gets_no_mail_of_a_plan_that_is_a_draft_again(scene: Scene) -> None:
    move(scene, S.DRAFT, S.CONSULTATION)
    notice = Notice.objects.filter(user=scene.world.adviser).get()
    kind = kind_of(notice.kind)
    assert kind is not None
    assert kind.concerns(scene.world.adviser, notice.params)
    at(scene, S.DRAFT)
    assert not kind.concerns(scene.world.adviser, notice.params)


def test_what_a_sender_took_back_is_in_no_mail(scene: Scene) -> None:
    send(scene, withdraw=True)
    notice = Notice.objects.filter(kind=INPUT_SENT.code, user=scene.world.editor).get()
    assert not INPUT_SENT.concerns(scene.world.editor, notice.params)


def test_a_contact_hears_no_more_of_a_measure_that_is_not_theirs(scene: Scene) -> None:
    talk(scene)
    notice = Notice.objects.filter(user=scene.contact).get()
    kind = kind_of(notice.kind)
    assert kind is not None
    assert kind.concerns(scene.contact, notice.params)
    Measure.objects.filter(pk=scene.measure.pk).update(municipality_scope="CHOSEN")
    assert not kind.concerns(scene.contact, notice.params)
    Measure.objects.filter(pk=scene.measure.pk).update(municipality_scope="ALL")
    scene.measure.refresh_from_db()
    delete_measure(measure=scene.measure, by=scene.world.editor)
    assert not kind.concerns(scene.contact, notice.params)
    assert kind.concerns(scene.world.adviser, notice.params)


def test_what_a_comment_is_about_is_read_in_ones_own_language(scene: Scene) -> None:
    at(scene, S.NEGOTIATION)
    for about in (None, part_of(scene.plan)):
        comments.open_thread(plan=scene.plan, part=about, body="Hei", by=scene.world.adviser)
    notices = Notice.objects.filter(user=scene.world.editor).order_by("pk")
    kind = kind_of("comment.written")
    assert kind is not None
    title, who = scene.plan.title, str(scene.world.adviser)
    with override("en"):
        assert [kind.say(notice.params).sentence for notice in notices] == [
            f"{who} commented on “The plan” in “{title}”.",
            f"{who} commented on “Part 1: For the county” in “{title}”.",
        ]
    with override("nn"):
        assert "fylkeskommunen" in kind.say(notices[1].params).sentence


def test_a_date_is_written_as_the_receiver_writes_it(scene: Scene) -> None:
    make = kind_of("contributions.invited")
    assert make is not None
    params = {"plan": "Plan", "plan_id": scene.plan.pk, "until": "2026-03-01"}
    with override("nb"):
        assert "1. mars 2026" in make.say(params).sentence
    with override("en"):
        assert make.say(params).sentence == (
            "You are invited to give input to “Plan” until 1 March 2026."
        )
    assert not make.concerns(scene.world.editor, {"plan_id": 10**12})
