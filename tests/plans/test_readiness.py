"""What must hold before a plan goes on, and where each link leads."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from audit.models import Event
from plans.document import read_plan
from plans.enums import PlanState
from plans.models import FocusArea, LupCapacity, Measure, PartnerPlan, PlanText
from plans.services.measures import delete_measure
from plans.services.readiness import CHECKS, Lack, lacks_for
from plans.services.transitions import NotReady, move_plan
from plans.transitions import TRANSITIONS
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.readiness import make_ready, put

LogIn = Callable[[User], Client]
S = PlanState


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def ready(world: World) -> PartnerPlan:
    """A plan in negotiation that can go to signature."""
    plan = make_plan(county=world.county, measures=1, state=S.NEGOTIATION)
    return make_ready(plan, by=world.adviser)


def lacks(plan: PartnerPlan, to: PlanState) -> list[str]:
    return [lack.text for lack in lacks_for(plan, read_plan(plan), to)]


def bench(plan: PartnerPlan, anchor: str = "") -> str:
    return reverse("plans:bench", args=[plan.agreement.county.slug, plan.year]) + anchor


def test_every_way_of_the_table_has_its_checks() -> None:
    assert set(CHECKS) == {(way.source, way.target) for way in TRANSITIONS}


def test_of_a_complete_plan_nothing_is_missing(ready: PartnerPlan) -> None:
    assert lacks(ready, S.FOR_SIGNATURE) == []


def test_a_consultation_takes_a_title_and_focus_areas(world: World) -> None:
    plan = make_ready(make_plan(county=world.county), by=world.adviser)
    assert lacks(plan, S.CONSULTATION) == []
    FocusArea.objects.filter(part__kind="MUNICIPALITIES").update(position=None)
    PartnerPlan.objects.update(title=" ")
    plan.refresh_from_db()
    found = lacks_for(plan, read_plan(plan), S.CONSULTATION)
    assert [(lack.text, lack.url) for lack in found] == [
        ("The plan has no title.", bench(plan)),
        ("Part 2 has no focus area.", bench(plan, "#del-2")),
    ]


def test_texts_and_measures_link_to_where_they_are_written(ready: PartnerPlan) -> None:
    where = [ready.agreement.county.slug, ready.year]
    PlanText.objects.filter(kind="AIM_GOALS").update(body="")
    measure = Measure.objects.in_plan(ready.pk)[0]
    Measure.objects.filter(pk=measure.pk).update(purpose="", responsible_kind="")
    assert list(lacks_for(ready, read_plan(ready), S.FOR_SIGNATURE)) == [
        Lack(
            "The text “Reach the county's own goals” isn't written.",
            reverse("plans:text_edit", args=[*where, "aim-goals"]),
            seen_url=bench(ready, "#tekst-aim-goals"),
        ),
        Lack(
            "Measure 1.1 “Tiltak 1.1” lacks: purpose, who is responsible.",
            reverse("plans:measure_edit", args=[*where, measure.key]),
            seen_url=bench(ready, f"#measure-{measure.key}"),
        ),
    ]


def test_each_link_leads_to_something(world: World, browser_of: LogIn) -> None:
    plan = make_plan(county=world.county, measures=1, state=S.NEGOTIATION)
    browser = browser_of(world.editor)
    for lack in lacks_for(plan, read_plan(plan), S.FOR_SIGNATURE):
        for url in (lack.url, lack.seen_url):
            page = browser.get(url)
            assert page.status_code == 200
            _path, _hash, anchor = url.partition("#")
            assert not anchor or f'id="{anchor}"' in page.content.decode()


def test_those_who_may_not_write_are_led_to_where_they_can_read(
    world: World, browser_of: LogIn
) -> None:
    plan = make_plan(county=world.county, measures=1, state=S.NEGOTIATION)
    address = reverse("plans:life", args=[plan.agreement.county.slug, plan.year])
    edit = reverse("plans:text_edit", args=[plan.agreement.county.slug, plan.year, "background"])
    assert f'href="{edit}"' in browser_of(world.editor).get(address).content.decode()
    page = browser_of(world.signatory).get(address).content.decode()
    assert f'href="{edit}"' not in page
    assert f'href="{bench(plan, "#tekst-background")}"' in page


def test_a_part_without_a_measure(world: World, ready: PartnerPlan) -> None:
    measure = Measure.objects.in_plan(ready.pk).select_related("part")[0]
    delete_measure(measure=measure, by=world.editor)
    assert lacks(ready, S.FOR_SIGNATURE) == ["Part 1 has no measure."]


def test_lup_has_to_say_how_many_days_it_has(ready: PartnerPlan) -> None:
    LupCapacity.objects.all().delete()
    (lack,) = lacks_for(ready, read_plan(ready), S.FOR_SIGNATURE)
    assert (lack.text, lack.overridable) == ("LUP has not said how many days it has.", True)
    assert lack.url == reverse("plans:lup_days", args=[ready.agreement.county.slug, ready.year])


def test_over_booked_quarters_are_named(ready: PartnerPlan) -> None:
    Measure.objects.update(lup_days_q2=Decimal("5.5"), lup_days_q3=5)  # of two measures
    (lack,) = lacks_for(ready, read_plan(ready), S.FOR_SIGNATURE)
    assert lack.overridable
    assert lack.text == "Quarter 2 is over-booked: the measures take 11 of LUP's 10 days."


def test_a_reason_overrides_over_booking_and_is_kept(world: World, ready: PartnerPlan) -> None:
    Measure.objects.update(lup_days_q2=20)
    with pytest.raises(NotReady) as refused:
        move_plan(plan=ready, to=S.FOR_SIGNATURE, by=world.editor, override_reason="  ")
    assert len(refused.value.lacks) == 1
    move_plan(plan=ready, to=S.FOR_SIGNATURE, by=world.editor, override_reason="LUP leiger inn")
    assert Event.objects.about(ready).get(verb="plan.moved").new == {
        "state": "FOR_SIGNATURE",
        "override_reason": "LUP leiger inn",
    }


def test_a_reason_overrides_nothing_else(world: World, ready: PartnerPlan) -> None:
    Measure.objects.update(lup_days_q2=20)
    PlanText.objects.filter(kind="PURPOSE").update(body="")
    with pytest.raises(NotReady) as refused:
        move_plan(plan=ready, to=S.FOR_SIGNATURE, by=world.editor, override_reason="Likevel")
    assert [lack.overridable for lack in refused.value.lacks] == [False, True]


def test_the_page_asks_for_the_reason(world: World, ready: PartnerPlan, browser_of: LogIn) -> None:
    Measure.objects.update(lup_days_q2=20)
    browser = browser_of(world.editor)
    where = [ready.agreement.county.slug, ready.year]
    (following,) = browser.get(reverse("plans:life", args=where)).context["following"]
    assert list(following.form.fields) == ["override_reason"]
    send = reverse("plans:move", args=[*where, "signering"])
    assert browser.post(send).status_code == 422
    assert browser.post(send, {"override_reason": "LUP leiger inn"}).status_code == 302
    page = browser.get(reverse("plans:life", args=where))
    assert page.context["moves"][0].override_reason == "LUP leiger inn"


@pytest.mark.parametrize(
    ("source", "to", "text"),
    [
        (S.FOR_SIGNATURE, S.ACTIVE, "The county and LUP have to sign the plan first."),
        (
            S.AMENDING,
            S.FOR_SIGNATURE,
            "No commitment is changed: there is nothing to sign.",
        ),
    ],
)
def test_what_takes_a_signature_waits_for_it(
    ready: PartnerPlan, source: PlanState, to: PlanState, text: str
) -> None:
    assert lacks(put(ready, source), to) == [text]


@pytest.mark.parametrize(("day", "over"), [((2022, 12, 31), False), ((2023, 1, 1), True)])
def test_a_plan_is_closed_after_its_year(
    ready: PartnerPlan, monkeypatch: pytest.MonkeyPatch, day: tuple[int, int, int], over: bool
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(*day, 12, tzinfo=UTC))
    assert lacks(put(ready, S.ACTIVE), S.CLOSED) == (
        [] if over else ["The plan's year, 2022, isn't over."]
    )


@pytest.mark.parametrize("status", ["PLANNED", "ON_TRACK", "DELAYED", "DONE", "STOPPED"])
def test_a_plan_is_closed_when_every_measure_has_ended(ready: PartnerPlan, status: str) -> None:
    Measure.objects.filter(part__kind="COUNTY").update(status=status)
    found = lacks(put(ready, S.ACTIVE), S.CLOSED)
    assert len(found) == (0 if status in ("DONE", "STOPPED") else 1)


@pytest.mark.parametrize("measures", [1, 40])
def test_a_fixed_number_of_queries(world: World, measures: int) -> None:
    plan = make_plan(county=world.county, measures=measures, state=S.NEGOTIATION)
    read = read_plan(plan)
    with CaptureQueriesContext(connection) as queries:
        lacks_for(plan, read, S.FOR_SIGNATURE)
    assert len(queries) == 1
