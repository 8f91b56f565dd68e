"""Bringing back what a field said once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from audit.services import record, verify
from plans.enums import PlanState
from plans.models import FocusArea, Measure, PartnerPlan, PlanPart, PlanText
from plans.services.focus_areas import change_focus_area, delete_focus_area
from plans.services.measures import change_measure, delete_measure
from plans.services.plans import change_part, change_plan, change_text
from tests.factories.municipalities import ProcurementCooperationFactory
from tests.factories.plans import area_of, make_plan, part_of
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=2)


@pytest.fixture
def measure(plan: PartnerPlan) -> Measure:
    return Measure.objects.in_plan(plan.pk).select_related("part")[0]


@pytest.fixture
def editor(world: World, browser_of: LogIn) -> Client:
    return browser_of(world.editor)


def change(measure: Measure, by: User, **values: object) -> Event:
    measure.refresh_from_db()
    change_measure(measure=measure, values=values, expected_version=measure.version, by=by)
    return Event.objects.order_by("-pk")[0]


def address(plan: PartnerPlan, event: Event | int, field: str, side: str = "for") -> str:
    pk = event if isinstance(event, int) else event.pk
    where = [plan.agreement.county.slug, plan.year]
    return reverse("plans:field_restore", args=[*where, pk, field, side])


def bring_back(browser: Client, url: str) -> Any:
    """Ask, and say yes to what is shown."""
    asked = browser.get(url)
    assert asked.status_code == 200
    return browser.post(url, {"version": asked.context["found"].row.version})


def refusal(browser: Client, url: str) -> str:
    """Return why it isn't done; nothing was written."""
    events = Event.objects.count()
    asked, answer = browser.get(url, headers={"accept-language": "en"}), bring_back(browser, url)
    assert (asked.status_code, answer.status_code) == (200, 422)
    assert Event.objects.count() == events
    found: str = asked.context["found"].refusal
    assert found in asked.content.decode().replace("&#x27;", "'")
    return found


def test_the_difference_is_shown_and_the_text_comes_back_as_a_new_change(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    change(measure, world.editor, description="Eit kurs", title="Kurs")
    event = change(measure, world.editor, description="To kurs", title="Fleire kurs")
    url = address(plan, event, "description")
    asked = editor.get(url)
    (shown,) = asked.context["changes"]
    assert (shown.before, shown.after) == ("To kurs", "Eit kurs")
    measure.refresh_from_db()
    assert measure.description == "To kurs"
    answer = bring_back(editor, url)
    assert answer.status_code == 302
    assert answer["Location"] == reverse(
        "plans:measure_history", args=[plan.agreement.county.slug, plan.year, measure.key]
    )
    measure.refresh_from_db()
    assert (measure.description, measure.title) == ("Eit kurs", "Fleire kurs")
    newest = Event.objects.order_by("-pk")[0]
    assert (newest.verb, newest.actor, newest.old, newest.new) == (
        "measure.changed",
        world.editor,
        {"description": "To kurs"},
        {"description": "Eit kurs"},
    )
    # And back again: what it said after.
    bring_back(editor, address(plan, event, "description", "etter"))
    measure.refresh_from_db()
    assert measure.description == "To kurs"
    verify()


def test_every_kind_of_row(world: World, plan: PartnerPlan, editor: Client) -> None:
    how: dict[str, Any] = {"expected_version": 1, "by": world.editor}
    text, part, area = plan.texts.all()[0], part_of(plan), area_of(plan)
    changed: list[tuple[Any, str, object]] = [
        (change_plan(plan=plan, values={"title": "Ny"}, **how), "title", plan.title),
        (change_text(text=text, values={"body": "Ny"}, **how), "body", ""),
        (change_part(part=part, values={"introduction": "Ny"}, **how), "introduction", ""),
        (change_focus_area(area=area, values={"title": "Ny"}, **how), "title", area.title),
    ]
    events = Event.objects.order_by("-pk")[:4][::-1]
    for (row, name, before), event in zip(changed, events, strict=True):
        assert bring_back(editor, address(plan, event, name)).status_code == 302
        row.refresh_from_db()
        assert getattr(row, name) == before


def test_rows_that_are_named_come_back(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    change(
        measure,
        world.editor,
        municipalities=world.municipalities[:2],
        responsible_kind="COOPERATION",
        responsible_cooperation=world.cooperation,
        lup_days_q1="1.5",
        starts_on=date(2022, 2, 1),
        target_groups=["FOUNDERS"],
    )
    event = change(
        measure,
        world.editor,
        municipalities=[],
        responsible_kind="LUP",
        responsible_cooperation=None,
        lup_days_q1="2",
        starts_on=date(2022, 1, 1),
        target_groups=[],
    )
    for name in ("municipalities", "responsible_kind", "lup_days_q1", "starts_on", "target_groups"):
        assert bring_back(editor, address(plan, event, name)).status_code == 302
    measure.refresh_from_db()
    assert set(measure.municipalities.all()) == set(world.municipalities[:2])
    assert measure.responsible_cooperation == world.cooperation
    assert (measure.lup_days_q1, measure.starts_on) == (Decimal("1.5"), date(2022, 2, 1))
    assert measure.target_groups == ["FOUNDERS"]


def test_who_is_responsible_comes_back_as_one_thing(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    """The event names the kind alone, and which municipality it was stands in an older one."""
    first, second = world.municipalities[:2]
    change(
        measure,
        world.editor,
        responsible_kind="MUNICIPALITY",
        responsible_municipality=first,
    )
    event = change(measure, world.editor, responsible_municipality=second)
    change(measure, world.editor, responsible_kind="LUP", responsible_municipality=None)
    bring_back(editor, address(plan, event, "responsible_municipality"))
    measure.refresh_from_db()
    assert (measure.responsible_kind, measure.responsible_municipality) == ("MUNICIPALITY", first)


def test_somebody_saved_meanwhile(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    change(measure, world.editor, description="Ein")
    event = change(measure, world.editor, description="To")
    url = address(plan, event, "description")
    version = editor.get(url).context["found"].row.version
    change(measure, world.signatory, description="Tre")
    answer = editor.post(url, {"version": version})
    assert answer.status_code == 409
    (shown,) = answer.context["changes"]
    assert (shown.before, shown.after) == ("Tre", "Ein")
    measure.refresh_from_db()
    assert measure.description == "Tre"
    again = editor.post(url, {"version": answer.context["found"].row.version})
    assert again.status_code == 302
    measure.refresh_from_db()
    assert measure.description == "Ein"


def test_the_plan_went_on_meanwhile(
    world: World,
    plan: PartnerPlan,
    measure: Measure,
    editor: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = change(measure, world.editor, title="Ny")
    monkeypatch.setattr("plans.views.restore.rules.can_edit_measure", lambda *_: True)
    set_state(plan, PlanState.FOR_SIGNATURE)
    answer = bring_back(editor, address(plan, event, "title"))
    assert answer["Location"] == reverse(
        "plans:bench", args=[plan.agreement.county.slug, plan.year]
    )
    measure.refresh_from_db()
    assert measure.title == "Ny"


def test_what_stands_already_is_not_saved(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    event = change(measure, world.editor, title="Ny")
    url = address(plan, event, "title", "etter")
    assert editor.get(url).context["changes"] == ()
    assert bring_back(editor, url).status_code == 302
    assert Event.objects.order_by("-pk")[0] == event


def told(target: Any, **old: object) -> Event:
    """Log a change as an older version of the program might have."""
    return record(by=None, verb="x.changed", target=target, old=old, new=dict.fromkeys(old))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "x" * 121),
        ("title", ""),
        ("title", None),
        ("title", ["x"]),
        ("title", {"a": 1}),
        ("title", "a\0b"),
        ("description", "x" * 20_001),
        ("kind", "GONE"),
        ("language", "sv"),
        ("status", "MAYBE"),
        ("municipality_scope", ""),
        ("target_groups", ["COUNTY", "GONE"]),
        ("target_groups", "COUNTY"),
        ("target_groups", [["COUNTY"]]),
        ("county_takes_part", "perhaps"),
        ("county_takes_part", True),
        ("lup_days_q1", "93"),
        ("lup_days_q1", "-1"),
        ("lup_days_q1", "NaN"),
        ("lup_days_q1", "1" * 5000),
        ("cost_nok", -1),
        ("cost_nok", 10**12),
        ("cost_nok", "x"),
        ("starts_on", "2021-01-01"),
        ("starts_on", "2022-12-31"),
        ("starts_on", "2022-99-99"),
        ("starts_on", "x"),
        ("starts_on", 5),
        ("ends_on", None),
        ("responsible_kind", "NOBODY"),
        ("responsible_kind", "MUNICIPALITY"),
        ("responsible_municipality", 999_999),
        ("responsible_municipality", "x"),
        ("responsible_cooperation", 10**30),
        ("municipalities", [999_999]),
        ("municipalities", ["x"]),
        ("municipalities", [[1]]),
        ("municipalities", {"a": 1}),
        ("cooperations", [-1]),
    ],
)
def test_what_can_be_no_more_is_told_and_not_written(
    plan: PartnerPlan, measure: Measure, editor: Client, name: str, value: object
) -> None:
    if isinstance(value, str) and "\0" in value and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps no such text")
    assert refusal(editor, address(plan, told(measure, **{name: value}), name)) != ""


def test_bodies_of_others_and_of_other_times(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    foreign = ProcurementCooperationFactory.create()
    for name, value in {
        "municipalities": [world.municipalities[0].pk, world.ended.pk],
        "cooperations": [foreign.pk],
    }.items():
        why = refusal(editor, address(plan, told(measure, **{name: value}), name))
        assert why == "It named a body that the plan can't name any more."


def test_what_is_deleted_comes_back_first(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    event = change(measure, world.editor, title="Ny")
    delete_measure(measure=measure, by=world.editor)
    assert refusal(editor, address(plan, event, "title")).startswith("The measure is deleted.")
    area = FocusArea.objects.create(part=part_of(plan), position=2, title="Tomt")
    change_focus_area(area=area, values={"title": "Ny"}, expected_version=1, by=world.editor)
    event = Event.objects.order_by("-pk")[0]
    delete_focus_area(area=area, by=world.editor)
    assert refusal(editor, address(plan, event, "title")).startswith("The focus area is deleted.")


def test_events_of_others_and_fields_that_are_none(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    other = make_plan(agreement=plan.agreement, year=2023, measures=1)
    theirs = Measure.objects.in_plan(other.pk).select_related("part")[0]
    foreign = change(theirs, world.editor, title="Ny")
    own = change(measure, world.editor, title="Ny")
    rows: list[Any] = [
        PlanText.objects.filter(plan=other)[0],
        PlanPart.objects.filter(plan=other)[0],
    ]
    addresses = [
        address(plan, foreign, "title"),
        address(plan, 10**30, "title"),
        address(plan, 0, "title"),
        address(plan, own, "title", "no"),
        address(plan, own, "position"),
        address(plan, own, "description"),
        address(plan, told(measure, key="x", number="1.1"), "number"),
        address(plan, told(measure, version=1), "version"),
        address(plan, told(plan, state="DRAFT"), "state"),
        address(plan, told(world.editor, title="x"), "title"),
        address(plan, told(other, title="x"), "title"),
        *(address(plan, told(row, language="nb"), "language") for row in rows),
    ]
    for url in addresses:
        assert editor.get(url).status_code == 404
        assert editor.post(url, {"version": 1}).status_code == 404
    assert (
        editor.get(
            address(plan, own, "title").replace(f"/{own.pk}/", f"/{'9' * 5000}/")
        ).status_code
        == 404
    )


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "9" * 5000, "٣", "1.5"])
def test_a_version_that_is_none_asks_again(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client, version: str
) -> None:
    event = change(measure, world.editor, title="Ny")
    answer = editor.post(address(plan, event, "title"), {"version": version})
    assert answer.status_code == 409


def test_those_who_may_not_write_may_not_bring_back(
    world: World, plan: PartnerPlan, measure: Measure, browser_of: LogIn
) -> None:
    event = change(measure, world.editor, title="Ny")
    text = plan.texts.all()[0]
    change_text(text=text, values={"body": "Ny"}, expected_version=1, by=world.editor)
    of_text = Event.objects.order_by("-pk")[0]
    Measure.objects.filter(pk=measure.pk).update(responsible_kind="LUP")
    PartnerPlan.objects.filter(pk=plan.pk).update(state="NEGOTIATION")

    def statuses(user: User) -> list[int]:
        found = [(event, "title"), (of_text, "body")]
        return [browser_of(user).get(address(plan, *one)).status_code for one in found]

    assert statuses(world.editor) == [200, 200]
    assert statuses(world.adviser) == [200, 403]
    assert statuses(world.signatory) == [403, 403]
    assert statuses(world.outsider) == [404, 404]


def test_hostile_text_is_escaped(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client
) -> None:
    change(measure, world.editor, description="<script>alert(1)</script> og meir " * 5)
    event = change(measure, world.editor, description="<b>ny</b> " * 20)
    assert (
        "<script>alert(1)" not in editor.get(address(plan, event, "description")).content.decode()
    )


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(
    world: World, plan: PartnerPlan, measure: Measure, editor: Client, count: int
) -> None:
    event = change(
        measure,
        world.editor,
        responsible_kind="MUNICIPALITY",
        responsible_municipality=world.municipalities[0],
        municipalities=world.municipalities[:2],
        title="Ny",
        cooperations=[world.cooperation],
    )
    for place in range(count):
        change(measure, world.editor, title=f"Ny {place}", municipalities=world.municipalities[1:])
        change(
            measure,
            world.editor,
            municipalities=world.municipalities[:1],
            responsible_role=f"{place}",
        )
    counts = {}
    for name in ("title", "responsible_kind", "municipalities"):
        with CaptureQueriesContext(connection) as queries:
            editor.get(address(plan, event, name, "etter"))
        counts[name] = len(queries)
    assert counts == {"title": 6, "responsible_kind": 12, "municipalities": 12}
