"""The round of input: until when, whom it asks, and that each is told once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import Role
from accounts.models import Notice, User
from accounts.notices import kind_of
from audit.services import verify
from plans.enums import PlanState
from plans.models import ContributionRound, PartnerPlan
from plans.services import rounds
from tests.factories.accounts import user_with
from tests.factories.municipalities import MunicipalityFactory, WorkingGroupFactory
from tests.factories.plans import make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
TODAY = date(2022, 2, 1)
LATER = date(2022, 3, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "today", lambda: TODAY)


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county)


@pytest.fixture
def buyer(world: World) -> User:
    return user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)


@pytest.fixture
def contact(world: World) -> User:
    return user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])


def url(name: str, plan: PartnerPlan) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year])


def typed(**values: object) -> dict[str, object]:
    return {
        "version": 1,
        "closes_on": LATER.isoformat(),
        "message": "Kva treng de?",
        "cooperations": ["COOPERATION:lag"],
        **values,
    }


def told() -> list[tuple[str, int]]:
    return list(Notice.objects.order_by("pk").values_list("kind", "user"))


def test_a_round_is_set_in_draft_and_told_of_when_consultation_begins(
    world: World, plan: PartnerPlan, buyer: User, contact: User, browser_of: LogIn
) -> None:
    group = WorkingGroupFactory.create(county=world.county, key="gruppa")
    member = user_with(Role.CONTRIBUTOR, working_group=group)
    assert len(rounds.round_lacks(plan)) == 2
    number = world.municipalities[0].number
    form = typed(working_groups=["WORKING_GROUP:gruppa"], municipalities=[f"MUNICIPALITY:{number}"])
    answer = browser_of(world.editor).post(url("round_edit", plan), form)
    assert answer["Location"] == url("contribution_inbox", plan)
    round_ = ContributionRound.objects.get()
    assert (round_.closes_on, round_.message, round_.version) == (LATER, "Kva treng de?", 2)
    assert rounds.round_lacks(plan) == []
    assert told() == []
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.CONSULTATION)
    for _twice in range(2):
        rounds.open_round(plan=plan, by=world.editor)
    everyone = sorted([buyer.pk, contact.pk, member.pk])
    assert told() == [("contributions.invited", pk) for pk in everyone]
    notice = Notice.objects.filter(user=buyer).get()
    assert notice.params == {"plan": plan.title, "plan_id": plan.pk, "until": "2022-03-01"}
    assert browser_of(buyer).get(notice.path).status_code == 200
    kind = kind_of(notice.kind)
    assert kind is not None
    assert kind.asked
    with override("en"):
        assert kind.say(notice.params).sentence.endswith(" until 1 March 2022.")
    verify()


def test_who_is_added_in_consultation_is_told_and_the_others_of_a_new_date(
    world: World, plan: PartnerPlan, buyer: User, contact: User, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    browser.post(url("round_edit", plan), typed())
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.CONSULTATION)
    rounds.open_round(plan=plan, by=world.editor)
    number = world.municipalities[0].number
    browser.post(
        url("round_edit", plan),
        typed(version=2, municipalities=[f"MUNICIPALITY:{number}"], closes_on="2022-04-01"),
    )
    assert told() == [
        ("contributions.invited", buyer.pk),
        ("contributions.invited", contact.pk),
        ("contributions.deadline", buyer.pk),
    ]
    # Taken off the list and put on it again, nobody is told twice.
    browser.post(url("round_edit", plan), typed(version=3, closes_on="2022-04-01"))
    browser.post(
        url("round_edit", plan),
        typed(version=4, municipalities=[f"MUNICIPALITY:{number}"], closes_on="2022-04-01"),
    )
    assert len(told()) == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"closes_on": (TODAY - timedelta(1)).isoformat()}, "closes_on"),
        ({"closes_on": "i morgon"}, "closes_on"),
        ({"closes_on": "9" * 5000}, "closes_on"),
        ({"message": "x" * 20_001}, "message"),
        ({"message": "nul\x00"}, "message"),
        ({"cooperations": ["COOPERATION:ukjend"]}, "cooperations"),
        ({"municipalities": ["COOPERATION:lag"]}, "municipalities"),
        ({"municipalities": ["MUNICIPALITY:" + "9" * 5000]}, "municipalities"),
    ],
)
def test_a_fault_is_shown_and_nothing_is_saved(
    world: World, plan: PartnerPlan, browser_of: LogIn, values: dict[str, object], field: str
) -> None:
    answer = browser_of(world.editor).post(url("round_edit", plan), typed(**values))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert ContributionRound.objects.count() == 0


def test_another_countys_municipality_is_not_asked(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    stranger = MunicipalityFactory.create()
    form = typed(municipalities=[f"MUNICIPALITY:{stranger.number}"])
    assert browser_of(world.editor).post(url("round_edit", plan), form).status_code == 422


def test_today_will_do_and_a_date_that_passed_may_stay(
    world: World, plan: PartnerPlan, browser_of: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(world.editor)
    form = typed(closes_on=TODAY.isoformat())
    assert browser.post(url("round_edit", plan), form).status_code == 302
    assert rounds.round_lacks(plan) == []
    monkeypatch.setattr(rounds, "today", lambda: TODAY + timedelta(1))
    assert len(rounds.round_lacks(plan)) == 1
    form = typed(closes_on=TODAY.isoformat(), message="Meir", version=2)
    assert browser.post(url("round_edit", plan), form).status_code == 302


def test_a_button_ticks_the_members_of_a_cooperation(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    codes = [f"MUNICIPALITY:{place.number}" for place in world.municipalities]
    browser = browser_of(world.editor)
    for choose, ticked in (("lag", codes[:2]), ("all", codes), ("none", [])):
        answer = browser.post(url("round_edit", plan), typed(choose=choose))
        assert answer.status_code == 200
        assert answer.context["form"]["municipalities"].value() == ticked
    assert ContributionRound.objects.count() == 0


def test_of_two_editors_the_second_is_shown_both(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    browser.post(url("round_edit", plan), typed())
    conflict = browser.post(url("round_edit", plan), typed(message="Anna", cooperations=[]))
    assert conflict.status_code == 409
    differences = conflict.context["form"].differences
    assert [(d.name, d.mine, d.theirs) for d in differences] == [
        ("message", "Anna", "Kva treng de?"),
        ("invited", "(tomt)", world.cooperation.name),
    ]
    again = typed(message="Anna", cooperations=[])
    again["version"] = conflict.context["form"]["version"].value()
    assert browser.post(url("round_edit", plan), again).status_code == 302
    assert ContributionRound.objects.get().message == "Anna"


@pytest.mark.parametrize("state", [PlanState.NEGOTIATION, PlanState.ACTIVE])
def test_the_round_stands_once_consultation_is_over(
    world: World, plan: PartnerPlan, browser_of: LogIn, state: PlanState
) -> None:
    set_state(plan, state)
    assert browser_of(world.editor).post(url("round_edit", plan), typed()).status_code == 403
