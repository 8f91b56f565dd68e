"""What people are reminded of, when, whom, and that it is once a day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts import reminders as registry
from accounts.enums import Role
from accounts.models import Notice, User
from accounts.notices import kind_of
from municipalities.models import County
from plans import reminders
from plans.enums import FileKind, PlanState
from plans.models import (
    ContributionRound,
    Draft,
    Measure,
    PartnerPlan,
    Proposal,
    RoundInvitation,
    Signature,
)
from plans.models.round import Party, party_fields
from plans.services.answers import answer_contribution
from plans.services.proposals import decline_proposal, make_proposal
from plans.services.transitions import move_plan
from plans.services.version_files import add_file
from tests.factories.accounts import user_with
from tests.factories.contributions import make_contribution, make_round
from tests.factories.municipalities import (
    CountyFactory,
    MunicipalityFactory,
    ProcurementCooperationFactory,
)
from tests.factories.plans import make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World
from tests.plans.readiness import make_ready, put
from tests.plans.test_concurrency import at_once

LogIn = Callable[[User], Client]
OSLO = ZoneInfo("Europe/Oslo")
MONDAY = date(2022, 2, 7)
CLOSES = date(2022, 2, 14)


def invite(round_: ContributionRound, *parties: Party) -> None:
    for party in parties:
        RoundInvitation.objects.create(round=round_, **party_fields(party))


def asking(world: World, *parties: Party, closes_on: date = CLOSES) -> PartnerPlan:
    """Return a plan in consultation that asked ``parties``."""
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION, measures=1)
    invite(make_round(plan, closes_on), *parties)
    return plan


def told() -> list[tuple[str, User]]:
    rows = Notice.objects.filter(kind__startswith="reminder.").select_related("user")
    return [(row.kind, row.user) for row in rows.order_by("pk")]


def sentence(notice: Notice) -> str:
    kind = kind_of(notice.kind)
    assert kind is not None
    with override("en"):
        return kind.say(notice.params).sentence


def buyer_of(world: World) -> User:
    return user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)


def test_the_rules_are_called_once_a_day() -> None:
    assert set(reminders.RULES) <= set(registry.registered())


# --- Input that is due ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "reminded"),
    [
        (CLOSES - timedelta(days=8), False),
        (CLOSES - timedelta(days=7), True),
        (CLOSES - timedelta(days=6), False),
        (CLOSES - timedelta(days=2), False),
        (CLOSES - timedelta(days=1), True),
        (CLOSES, False),
        (CLOSES + timedelta(days=1), False),
    ],
)
def test_input_is_asked_for_a_week_and_a_day_before(
    world: World, browser_of: LogIn, day: date, reminded: bool
) -> None:
    plan = asking(world, world.cooperation)
    buyer = buyer_of(world)
    for _twice in range(2):
        reminders.input_is_due(day)
    assert told() == ([("reminder.input_due", buyer)] if reminded else [])
    for notice in Notice.objects.all():
        assert sentence(notice) == (
            f"{world.cooperation.name} has not sent any input to “{plan.title}” yet. "
            "It can be sent until 14 February 2022."
        )
        assert browser_of(buyer).get(notice.path).status_code == 200


@pytest.mark.parametrize(
    ("state", "closes_on"), [("NEGOTIATION", CLOSES), ("DRAFT", CLOSES), ("CONSULTATION", None)]
)
def test_no_input_is_asked_for_where_none_is_taken(
    world: World, state: str, closes_on: date | None
) -> None:
    plan = asking(world, world.cooperation)
    buyer_of(world)
    set_state(plan, state)
    ContributionRound.objects.update(closes_on=closes_on)
    reminders.input_is_due(MONDAY)
    assert told() == []


def test_who_has_sent_is_left_alone_and_who_has_begun_is_led_to_it(
    world: World, browser_of: LogIn
) -> None:
    sent, begun, withdrawn = world.municipalities
    plan = asking(world, sent, world.cooperation)
    contacts = [
        user_with(Role.MUNICIPAL_CONTACT, municipality=town) for town in world.municipalities
    ]
    buyer = buyer_of(world)
    lapsed = user_with(Role.CONTRIBUTOR, cooperation=world.cooperation, valid_to=date(2021, 1, 1))
    make_contribution(plan, sent)
    make_contribution(plan, sent, sent=False)  # another one, begun
    draft = make_contribution(plan, begun, sent=False)
    # The county's own draft asks nothing of those it is written for.
    make_contribution(plan, withdrawn, sent=False, on_behalf=True)
    Notice.objects.all().delete()
    reminders.input_is_due(MONDAY)
    folder = f"/arbeid/{world.county.slug}/2022/innspel"
    assert dict(Notice.objects.values_list("user", "path")) == {
        contacts[1].pk: f"{folder}/{draft.key}/",
        buyer.pk: f"{folder}/nytt/",
    }
    assert browser_of(contacts[1]).get(f"{folder}/{draft.key}/").status_code == 200
    assert not Notice.objects.filter(user=lapsed).exists()


def test_who_speaks_for_several_is_told_once_and_a_merger_is_followed(
    world: World, browser_of: LogIn
) -> None:
    before = MunicipalityFactory.create(county=world.county, valid_to=date(2022, 1, 1))
    middle = MunicipalityFactory.create(county=world.county, valid_to=date(2022, 1, 1))
    after = world.municipalities[2]
    before.successors.add(middle)
    middle.successors.add(after)
    asking(world, world.municipalities[1], after, world.ended)
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=before)
    contact.memberships.create(
        role=Role.MUNICIPAL_CONTACT,
        municipality=world.municipalities[1],
        valid_from=date(2020, 1, 1),
    )
    # A municipality that isn't there in the plan's year could write nothing.
    user_with(Role.MUNICIPAL_CONTACT, municipality=world.ended)
    reminders.input_is_due(MONDAY)
    assert told() == [("reminder.input_due", contact)]
    notice = Notice.objects.get()
    both = sorted(f"{town.name} kommune" for town in (world.municipalities[1], after))
    assert notice.params["sender"] == ", ".join(both)
    assert browser_of(contact).get(notice.path).status_code == 200


# --- Input and proposals without an answer ----------------------------------------------------


def test_input_without_an_answer_is_told_of_on_mondays_after_the_round(
    world: World, colleague: User, browser_of: LogIn
) -> None:
    plan = asking(world, closes_on=MONDAY - timedelta(days=1))
    for town in world.municipalities[:2]:
        make_contribution(plan, town)
    make_contribution(plan, world.municipalities[2], sent=False)
    make_plan(county=world.outsider.roles[0].county, state=PlanState.NEGOTIATION)
    Notice.objects.all().delete()
    reminders.input_waits_for_an_answer(MONDAY - timedelta(days=1))
    reminders.input_waits_for_an_answer(MONDAY + timedelta(days=1))
    assert told() == []
    for _twice in range(2):
        reminders.input_waits_for_an_answer(MONDAY)
    kind = "reminder.input_unanswered"
    assert told() == [(kind, world.editor), (kind, colleague)]
    for notice in Notice.objects.select_related("user"):
        assert notice.params["count"] == 2
        assert browser_of(notice.user).get(notice.path).status_code == 200
    assert sentence(Notice.objects.all()[0]) == (
        f"The round of input to “{plan.title}” is over, with 2 pieces of input still to be "
        "answered."
    )
    reminders.input_waits_for_an_answer(MONDAY + timedelta(days=7))
    assert len(told()) == 4


def test_input_is_not_told_of_while_the_round_is_open_nor_when_all_is_answered(
    world: World,
) -> None:
    plan = asking(world, closes_on=MONDAY)
    found = make_contribution(plan, world.municipalities[0])
    Notice.objects.all().delete()
    reminders.input_waits_for_an_answer(MONDAY)
    assert told() == []
    # The plan went on before the day: nothing more comes.
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    reminders.input_waits_for_an_answer(MONDAY)
    assert told() == [("reminder.input_unanswered", world.editor)]
    assert "with 1 piece of input still" in sentence(Notice.objects.get())
    answer_contribution(
        contribution=found,
        accepted=False,
        answer="Nei.",
        expected_version=found.version,
        by=world.editor,
    )
    reminders.input_waits_for_an_answer(MONDAY + timedelta(days=7))
    assert len(told()) == 1


def proposed(world: World, plan: PartnerPlan, made_at: datetime) -> Proposal:
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    made = make_proposal(
        measure=measure,
        values={"description": "To kurs om våren."},
        reason="Eitt er for lite.",
        expected_version=measure.version,
        by=world.adviser,
    )
    Proposal.objects.filter(pk=made.pk).update(made_at=made_at)
    Notice.objects.all().delete()
    return made


@pytest.mark.parametrize(
    ("made_at", "reminded"),
    [
        # A week and a day old by the calendar in Norway; in UTC both are the same day.
        (datetime(2022, 1, 30, 23, 59, tzinfo=OSLO), True),
        (datetime(2022, 1, 31, 0, 1, tzinfo=OSLO), False),
    ],
)
def test_proposals_of_more_than_a_week(
    world: World, browser_of: LogIn, made_at: datetime, reminded: bool
) -> None:
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1)
    made = proposed(world, plan, made_at)
    reminders.proposals_wait(MONDAY + timedelta(days=1))
    assert told() == []
    for _twice in range(2):
        reminders.proposals_wait(MONDAY)
    assert told() == ([("reminder.proposals", world.editor)] if reminded else [])
    if reminded:
        notice = Notice.objects.get()
        assert sentence(notice) == (
            f"“{plan.title}” has had 1 proposed change without an answer for more than a week."
        )
        assert browser_of(world.editor).get(notice.path).status_code == 200
        decline_proposal(proposal=made, answer="Nei.", by=world.editor)
        reminders.proposals_wait(MONDAY + timedelta(days=7))
        assert len(told()) == 1


# --- Signing ----------------------------------------------------------------------------------


def test_signatories_are_reminded_a_week_after_the_plan_was_sent_to_them(
    world: World, browser_of: LogIn
) -> None:
    plan = make_ready(
        make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1), by=world.editor
    )
    lup = user_with(Role.LUP_SIGNATORY)
    user_with(Role.COUNTY_SIGNATORY, county=CountyFactory.create())
    today = timezone.localdate()
    mondays = [day for n in range(16) if (day := today + timedelta(days=n)).weekday() == 0]
    sent = put(plan, PlanState.NEGOTIATION)
    move_plan(plan=sent, to=PlanState.FOR_SIGNATURE, by=world.editor)
    # What else is written about the plan doesn't put it off, or on.
    PartnerPlan.objects.filter(pk=plan.pk).update(changed_at=datetime(2020, 1, 1, tzinfo=OSLO))
    for day in mondays:
        Notice.objects.all().delete()
        for _twice in range(2):
            reminders.plans_wait_for_signatures(day)
        late = (day - today).days > 7
        kind = "reminder.to_sign"
        assert set(told()) == ({(kind, world.signatory), (kind, lup)} if late else set())
        assert len(told()) == (2 if late else 0)
    for notice in Notice.objects.select_related("user"):
        assert sentence(notice).startswith(f"“{plan.title}” has waited for signatures for more")
        assert browser_of(notice.user).get(notice.path).status_code == 200
    reminders.plans_wait_for_signatures(mondays[-1] + timedelta(days=1))
    assert len(told()) == 2
    put(plan, PlanState.NEGOTIATION)
    reminders.plans_wait_for_signatures(mondays[-1] + timedelta(days=7))
    assert len(told()) == 2


@pytest.mark.parametrize(
    ("signed", "first", "reminded"),
    [
        ([], "", {"COUNTY", "LUP"}),
        (["COUNTY"], "", {"LUP"}),
        (["LUP"], "", {"COUNTY"}),
        ([], "LUP", {"LUP"}),
        (["LUP"], "LUP", {"COUNTY"}),
    ],
)
def test_those_are_reminded_whose_signature_is_missing_and_whose_turn_it_is(
    world: World, signed: list[str], first: str, reminded: set[str]
) -> None:
    people = {world.signatory.pk: "COUNTY", user_with(Role.LUP_SIGNATORY).pk: "LUP"}
    plan = make_plan(county=world.county, state=PlanState.FOR_SIGNATURE)
    type(plan.agreement).objects.filter(pk=plan.agreement_id).update(signs_first=first)
    PartnerPlan.objects.filter(pk=plan.pk).update(changed_at=datetime(2020, 1, 1, tzinfo=OSLO))
    version = plan.versions.get()
    for place, party in enumerate(signed, 1):
        file = add_file(version=version, kind=FileKind.SIGNED, content=b"%PDF-", sequence=place)
        Signature.objects.create(
            version=version,
            party=party,
            file=file,
            name="Signatar",
            organisation=party,
            way="HERE",
            level="B-B",
            signed_at=timezone.now(),
        )
    reminders.plans_wait_for_signatures(MONDAY)
    users = Notice.objects.filter(kind="reminder.to_sign").values_list("user", flat=True)
    assert {people[user] for user in users} == reminded


# --- All of them ------------------------------------------------------------------------------


def test_old_drafts_are_thrown_away_by_the_days_run(world: World) -> None:
    old = timezone.now() - timedelta(days=91)
    Draft.objects.create(user=world.editor, place="/a/", label="a", data={}, saved_at=old)
    Draft.objects.create(user=world.editor, place="/b/", label="b", data={})
    call_command("remind")
    assert list(Draft.objects.values_list("label", flat=True)) == ["b"]


def _county_with_everything(n: int) -> County:
    county = CountyFactory.create()
    cooperation = ProcurementCooperationFactory.create(county=county, key=f"lag{n}")
    town = MunicipalityFactory.create(county=county)
    user_with(Role.CONTRIBUTOR, cooperation=cooperation)
    user_with(Role.MUNICIPAL_CONTACT, municipality=town)
    editor = user_with(Role.COUNTY_EDITOR, county=county)
    user_with(Role.COUNTY_SIGNATORY, county=county)
    due = make_plan(county=county, state=PlanState.CONSULTATION)
    invite(make_round(due, MONDAY + timedelta(days=7)), cooperation, town)
    make_contribution(due, town, by=editor, sent=False)
    agreement = due.agreement
    late = make_plan(agreement=agreement, year=2023, state=PlanState.CONSULTATION, measures=1)
    make_round(late, MONDAY - timedelta(days=1))
    make_contribution(late, town, by=editor)
    PartnerPlan.objects.filter(pk=late.pk).update(state=PlanState.NEGOTIATION)
    measure = Measure.objects.in_plan(late.pk)[0]
    Proposal.objects.create(
        measure=measure,
        made_by=editor,
        made_at=datetime(2022, 1, 1, tzinfo=OSLO),
        base_version=1,
        base={},
        values={},
        reason="x",
    )
    waiting = make_plan(agreement=agreement, year=2024, state=PlanState.FOR_SIGNATURE)
    PartnerPlan.objects.filter(pk=waiting.pk).update(changed_at=datetime(2022, 1, 1, tzinfo=OSLO))
    return county


@pytest.mark.parametrize("rule", reminders.RULES)
def test_a_rule_takes_as_many_queries_for_one_county_as_for_four(
    db: None, rule: Callable[[date], None]
) -> None:
    def queries() -> int:
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            rule(MONDAY)
        return len(captured)

    _county_with_everything(0)
    few, made = queries(), Notice.objects.count()
    for n in range(1, 4):
        _county_with_everything(n)
    assert queries() == few
    assert Notice.objects.count() == 4 * made
    assert made > 0 or rule is reminders.throw_old_drafts
    assert few <= 12


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_once(world: World) -> None:
    asking(world, world.cooperation, world.municipalities[0])
    buyer_of(world)
    user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    outcomes = at_once(*[lambda: reminders.input_is_due(MONDAY)] * 3)
    assert outcomes == [None, None, None]
    assert len(told()) == 2
