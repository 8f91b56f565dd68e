"""Who is writing just now."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from plans.models import Measure, PartnerPlan, Presence
from plans.models.draft import HERE_SECONDS, PresenceQuerySet
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
