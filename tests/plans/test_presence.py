"""Who is writing just now."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from plans.enums import PlanState
from plans.models import Measure, PartnerPlan, Presence
from plans.models.draft import HERE_SECONDS, PresenceQuerySet
from plans.services.rollover import start_rollover
from tests.factories.accounts import user_with
from tests.factories.contributions import make_contribution, make_round
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once

LogIn = Callable[[User], Client]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=1)


@pytest.fixture
def where(plan: PartnerPlan) -> list[object]:
    return [plan.agreement.county.slug, plan.year]


@pytest.fixture
def address(plan: PartnerPlan, where: list[object]) -> str:
    return reverse("plans:measure_edit", args=[*where, Measure.objects.in_plan(plan.pk)[0].key])


def test_the_form_says_who_else_has_it_open(
    world: World, address: str, browser_of: LogIn, colleague: User
) -> None:
    events = Event.objects.count()
    assert browser_of(world.editor).get(address).context["here"] == ""
    here = browser_of(colleague).get(address).context["here"]
    assert str(world.editor) in here
    assert str(colleague) not in here
    assert Event.objects.count() == events


def test_the_workbench_says_who_writes_what_to_those_who_work_with_it(
    world: World, address: str, where: list[object], browser_of: LogIn
) -> None:
    browser_of(world.editor).get(address)
    for name in ("bench", "presence"):
        page = browser_of(world.signatory).get(reverse(f"plans:{name}", args=where))
        assert [
            (here.place, str(world.editor) in here.words) for here in page.context["company"]
        ] == [(address, True)]
        assert (
            list(browser_of(world.editor).get(page.request["PATH_INFO"]).context["company"]) == []
        )


def test_it_ends_after_a_minute_without_a_heartbeat(
    world: World, address: str, where: list[object], browser_of: LogIn, colleague: User
) -> None:
    editor = browser_of(world.editor)
    editor.get(address)
    past = timezone.now() - timedelta(seconds=HERE_SECONDS + 1)
    Presence.objects.update(seen_at=past)
    assert browser_of(colleague).get(address).context["here"] == ""
    assert browser_of(world.signatory).get(reverse("plans:bench", args=where)).context[
        "company"
    ] == [
        *browser_of(world.signatory).get(reverse("plans:presence", args=where)).context["company"]
    ]
    Presence.objects.update(seen_at=past - timedelta(days=1))
    assert editor.post(address, {"draft": "seen"}).json() == {"here": ""}
    assert str(world.editor) in browser_of(colleague).get(address).context["here"]


def test_it_ends_when_the_page_is_left(
    world: World, address: str, browser_of: LogIn, colleague: User
) -> None:
    editor = browser_of(world.editor)
    editor.get(address)
    assert editor.post(address, {"draft": "left"}).json() == {}
    assert browser_of(colleague).get(address).context["here"] == ""


def test_only_who_may_write_is_there(world: World, address: str, browser_of: LogIn) -> None:
    for user in (world.signatory, world.outsider):
        assert browser_of(user).post(address, {"draft": "seen"}).status_code in (403, 404)
    assert not Presence.objects.exists()


def test_a_page_does_not_depend_on_it(
    world: World, address: str, browser_of: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(PresenceQuerySet, "bulk_create", fail, raising=False)
    assert browser_of(world.editor).get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_heartbeats_at_once_are_one_presence(world: World, address: str, browser_of: LogIn) -> None:
    browsers = [browser_of(world.editor) for _ in range(4)]
    answers = at_once(
        *(lambda b=b: b.post(address, {"draft": "seen"}).status_code for b in browsers)  # type: ignore[misc]
    )
    assert answers == [200] * 4
    assert Presence.objects.count() == 1


def test_whose_input_is_being_written_is_nothing_for_the_workbench(
    world: World, browser_of: LogIn
) -> None:
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION)
    make_round(plan)
    people = [user_with(Role.CONTRIBUTOR, cooperation=world.cooperation) for _ in range(2)]
    draft = make_contribution(plan, world.cooperation, sent=False, title="Ikkje sendt")
    where = [plan.agreement.county.slug, plan.year]
    writing = reverse("plans:contribution_edit", args=[*where, draft.key])
    for address in (reverse("plans:contribution_new", args=where), writing):
        assert browser_of(people[0]).get(address).status_code == 200
    for name in ("bench", "presence"):
        page = browser_of(world.editor).get(reverse(f"plans:{name}", args=where))
        assert list(page.context["company"]) == []
        assert "Ikkje sendt" not in page.content.decode()
    # Who writes for the same sender sees it on the form, as on any other.
    assert str(people[0]) in browser_of(people[1]).get(writing).context["here"]


def test_the_roll_over_is_nothing_for_lups_workbench(world: World, browser_of: LogIn) -> None:
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1)
    start_rollover(source=plan, by=world.editor)
    where = [plan.agreement.county.slug, plan.year]
    measure = Measure.objects.in_plan(plan.pk)[0]
    decide = reverse("plans:rollover_decide", args=[*where, measure.key])
    assert browser_of(world.editor).get(decide).status_code == 200
    page = browser_of(world.adviser).get(reverse("plans:bench", args=where))
    assert list(page.context["company"]) == []
