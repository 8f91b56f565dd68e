"""Many measures at once: what would change is shown, done whole or not at all, and undone once."""

import html
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from audit.services import verify
from plans.enums import PartKind, PlanState
from plans.models import BulkChange, FocusArea, Measure, PartnerPlan
from plans.periods import quarter_bounds, shifted
from plans.services.measures import change_measure, delete_measure, place_measure
from tests.factories.plans import area_of, make_measure, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
Form = dict[str, Any]
STATUS: Form = {"what": "STATUS", "status": "DONE"}


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan with measures 1.1 to 1.3 and 2.1 to 2.3."""
    return make_plan(county=world.county, measures=3)


def to(plan: PartnerPlan, name: str, query: str = "", **kwargs: object) -> str:
    where = {"county": plan.agreement.county.slug, "year": plan.year, **kwargs}
    return reverse(f"plans:{name}", kwargs=where) + (f"?{query}" if query else "")


def measures(plan: PartnerPlan) -> list[Measure]:
    return list(Measure.objects.in_plan(plan.pk).select_related("part", "focus_area"))


def titles(plan: PartnerPlan) -> list[tuple[str, str]]:
    """Return (number, title) of all measures in the plan's order."""
    return [(measure.number, measure.title) for measure in measures(plan)]


def post(client: Client, plan: PartnerPlan, form: Form, query: str = "") -> Any:
    return client.post(to(plan, "bulk", query), form)


def hidden(page: Any) -> Form:
    """Return the hidden inputs of the page's last form."""
    form = page.content.decode().rpartition("<form")[0].rpartition("<form")[2]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def preview(client: Client, plan: PartnerPlan, form: Form, query: str = "") -> Any:
    page = post(client, plan, {**form, "steg": "vis"}, query)
    assert page.status_code == 200, page.content.decode()
    return page


def confirm(client: Client, plan: PartnerPlan, page: Any, query: str = "") -> Any:
    form = dict(page.context["hidden"])
    return post(client, plan, {**form, "steg": "gjer"}, query)


def change(client: Client, plan: PartnerPlan, form: Form, query: str = "") -> BulkChange:
    """Take all steps and return the change."""
    done = confirm(client, plan, preview(client, plan, form, query), query)
    assert done.status_code == 302, done.content.decode()
    key = done["Location"].rpartition("endra=")[2]
    return BulkChange.objects.get(key=key)


def undo(client: Client, plan: PartnerPlan, made: BulkChange) -> list[str]:
    """Undo a change and return what the page then says."""
    client.get(to(plan, "bulk_list"))  # where what was said before is read
    page = client.post(to(plan, "bulk_undo", key=made.key), follow=True)
    return [str(message) for message in page.context["messages"]]


def keys(plan: PartnerPlan, *numbers: str) -> list[str]:
    return [str(measure.key) for measure in measures(plan) if measure.number in numbers]


def test_nothing_is_written_before_it_is_confirmed_then_all_of_it(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    events = Event.objects.count()
    chosen = post(browser, plan, {"vel": keys(plan, "1.1", "2.2")})
    assert [row.measure.number for row in chosen.context["chosen"]] == ["1.1", "2.2"]
    page = preview(browser, plan, {**STATUS, **dict(chosen.context["hidden"])})
    assert [p.row.measure.number for p in page.context["doable"]] == ["1.1", "2.2"]
    assert Event.objects.count() == events
    assert confirm(browser, plan, page).status_code == 302
    assert [m.number for m in measures(plan) if m.status == "DONE"] == ["1.1", "2.2"]
    told = list(Event.objects.order_by("pk")[events:].values_list("verb", "new"))
    assert told == [
        ("measure.status", {"status": "DONE"}),
        ("measure.status", {"status": "DONE"}),
        ("bulk.changed", {"what": "STATUS", "measures": "1.1, 2.2"}),
    ]
    verify()


def test_all_that_match_means_all_that_match_when_it_is_shown(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    first = post(browser, plan, {"alle": "1"}, "del=2")
    assert [row.measure.number for row in first.context["chosen"]] == ["2.1", "2.2", "2.3"]
    make_measure(area_of(plan, PartKind.MUNICIPALITIES), 4)
    page = preview(browser, plan, {**STATUS, **dict(first.context["hidden"])}, "del=2")
    assert len(page.context["doable"]) == 4
    # One that comes after the preview was shown to nobody, and is left.
    make_measure(area_of(plan, PartKind.MUNICIPALITIES), 5)
    done = confirm(browser, plan, page, "del=2")
    assert done["Location"].startswith(to(plan, "table", "del=2&endra="))
    changed = [measure.number for measure in measures(plan) if measure.status == "DONE"]
    assert changed == ["2.1", "2.2", "2.3", "2.4"]


def test_all_that_match_reaches_beyond_the_page(world: World, browser_of: LogIn) -> None:
    plan = make_plan(county=world.county, measures=130)
    made = change(browser_of(world.editor), plan, {**STATUS, "alle": "1"})
    assert len(made.rows) == 260
    assert not Measure.objects.exclude(status="DONE").exists()


def test_the_page_after_it_offers_to_undo(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    made = change(browser, plan, {**STATUS, "alle": "1"}, "q=tiltak")
    page = browser.get(to(plan, "table", f"q=tiltak&endra={made.key}")).content.decode()
    assert to(plan, "bulk_undo", key=made.key) in page
    assert (
        to(plan, "bulk_undo", key=made.key) in browser.get(to(plan, "bulk_list")).content.decode()
    )
    undone = browser.post(to(plan, "bulk_undo", "q=tiltak", key=made.key))
    assert undone["Location"] == to(plan, "table", "q=tiltak")
    page = browser.get(to(plan, "bulk_list")).content.decode()
    assert to(plan, "bulk_undo", key=made.key) not in page


def test_who_is_responsible_is_changed_and_undone(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    first = world.municipalities[0]
    one = measures(plan)[0]
    one.responsible_kind, one.responsible_cooperation = "COOPERATION", world.cooperation
    one.save()
    made = change(
        browser,
        plan,
        {
            "what": "RESPONSIBLE",
            "responsible": f"MUNICIPALITY:{first.number}",
            "vel": keys(plan, "1.1", "1.2"),
        },
    )
    found = measures(plan)
    assert [m.responsible_municipality_id for m in found[:3]] == [first.pk, first.pk, None]
    assert [m.responsible_cooperation_id for m in found[:2]] == [None, None]
    assert [m.version for m in found[:3]] == [2, 2, 1]
    undo(browser, plan, made)
    found = measures(plan)
    assert found[0].responsible_cooperation_id == world.cooperation.pk
    assert [m.responsible_kind for m in found[:2]] == ["COOPERATION", ""]
    assert [m.responsible_municipality_id for m in found[:2]] == [None, None]
    for code in ("LUP", "COUNTY", "COOPERATION:lag", "NOBODY"):
        made = change(
            browser, plan, {"what": "RESPONSIBLE", "responsible": code, "vel": keys(plan, "1.1")}
        )
        kind = measures(plan)[0].responsible_kind
        assert kind == ("" if code == "NOBODY" else code.partition(":")[0])


def test_a_move_to_the_other_part_renumbers_and_undo_puts_each_back_in_its_place(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    before = titles(plan)
    area = area_of(plan, PartKind.MUNICIPALITIES)
    form = {
        "what": "FOCUS_AREA",
        "focus_area": str(area.key),
        "vel": keys(plan, "1.1", "1.3", "2.2"),
    }
    page = preview(browser, plan, form)
    assert [p.row.measure.number for p in page.context["doable"]] == ["1.1", "1.3"]
    assert [p.row.measure.number for p in page.context["others"]] == ["2.2"]
    made = change(browser, plan, form)
    assert titles(plan) == [
        ("1.1", "Tiltak 1.2"),
        ("2.1", "Tiltak 2.1"),
        ("2.2", "Tiltak 2.2"),
        ("2.3", "Tiltak 2.3"),
        ("2.4", "Tiltak 1.1"),
        ("2.5", "Tiltak 1.3"),
    ]
    moved = Event.objects.filter(verb="measure.moved").order_by("pk")
    assert [(e.old["number"], e.new["number"]) for e in moved] == [("1.1", "2.4"), ("1.3", "2.5")]
    undo(browser, plan, made)
    assert titles(plan) == before
    verify()


def test_periods_are_set_or_moved(world: World, browser_of: LogIn, plan: PartnerPlan) -> None:
    browser = browser_of(world.editor)
    rows = measures(plan)
    rows[0].starts_on, rows[0].ends_on = quarter_bounds(2022, 4, 4)
    rows[0].save()
    rows[1].starts_on = rows[1].ends_on = None
    rows[1].save()
    form = {
        "what": "PERIOD",
        "period": "SHIFT",
        "shift": "2",
        "vel": keys(plan, "1.1", "1.2", "1.3"),
    }
    page = preview(browser, plan, form)
    assert [p.row.measure.number for p in page.context["doable"]] == ["1.3"]
    assert [p.row.measure.number for p in page.context["others"]] == ["1.1", "1.2"]
    made = change(browser, plan, form)
    assert (measures(plan)[2].starts_on, measures(plan)[2].ends_on) == quarter_bounds(2022, 3, 4)
    undo(browser, plan, made)
    assert (measures(plan)[2].starts_on, measures(plan)[2].ends_on) == quarter_bounds(2022, 1, 2)
    quarters = {"period": "QUARTERS", "first_quarter": "2", "last_quarter": "3"}
    change(browser, plan, {"what": "PERIOD", **quarters, "vel": keys(plan, "1.2")})
    assert (measures(plan)[1].starts_on, measures(plan)[1].ends_on) == quarter_bounds(2022, 2, 3)
    dates = {"period": "DATES", "starts_on": "2022-03-01", "ends_on": "2022-03-02"}
    made = change(browser, plan, {"what": "PERIOD", **dates, "vel": keys(plan, "1.2")})
    assert measures(plan)[1].period_unit == "DATES"
    undo(browser, plan, made)
    assert measures(plan)[1].period_unit == "QUARTERS"


@pytest.mark.parametrize(
    ("period", "quarters", "expected"),
    [
        ((date(2024, 1, 1), date(2024, 3, 31)), 1, (date(2024, 4, 1), date(2024, 6, 30))),
        ((date(2024, 2, 29), date(2024, 2, 29)), 1, (date(2024, 5, 29), date(2024, 5, 31))),
        ((date(2024, 5, 31), date(2024, 6, 10)), -1, (date(2024, 2, 29), date(2024, 3, 10))),
        ((date(2024, 10, 1), date(2024, 12, 31)), 1, None),
        ((date(2024, 1, 1), date(2024, 12, 31)), -1, None),
        ((date(2024, 9, 30), date(2024, 12, 31)), -2, (date(2024, 3, 30), date(2024, 6, 30))),
    ],
)
def test_a_period_moved_by_quarters(
    period: tuple[date, date], quarters: int, expected: tuple[date, date] | None
) -> None:
    assert shifted(*period, quarters) == expected


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "what"),
        ({"what": "TITLE"}, "what"),
        ({"what": "STATUS"}, "status"),
        ({"what": "STATUS", "status": "GONE"}, "status"),
        ({"what": "RESPONSIBLE", "responsible": ""}, "responsible"),
        ({"what": "RESPONSIBLE", "responsible": "MUNICIPALITY:0000"}, "responsible"),
        (
            {"what": "FOCUS_AREA", "focus_area": "00000000-0000-0000-0000-000000000000"},
            "focus_area",
        ),
        ({"what": "PERIOD", "period": "SHIFT"}, "shift"),
        ({"what": "PERIOD", "period": "SHIFT", "shift": "9" * 5000}, "shift"),
        ({"what": "PERIOD", "first_quarter": "3"}, "last_quarter"),
        ({"what": "PERIOD", "first_quarter": "3", "last_quarter": "1"}, "last_quarter"),
        ({"what": "PERIOD", "period": "DATES", "starts_on": "2022-01-02"}, "ends_on"),
        (
            {
                "what": "PERIOD",
                "period": "DATES",
                "starts_on": "2022-01-02",
                "ends_on": "2023-01-02",
            },
            "ends_on",
        ),
        (
            {
                "what": "PERIOD",
                "period": "DATES",
                "starts_on": "2022-01-02",
                "ends_on": "2022-01-01",
            },
            "ends_on",
        ),
        (
            {"what": "PERIOD", "period": "DATES", "starts_on": "nul\x00", "ends_on": "x"},
            "starts_on",
        ),
    ],
)
def test_what_is_not_chosen_right_is_asked_for_again(
    world: World, browser_of: LogIn, plan: PartnerPlan, form: Form, field: str
) -> None:
    chosen = {"vel": keys(plan, "1.1")}
    for step in ("vis", "gjer"):
        merke = {"merke": json.dumps(dict.fromkeys(chosen["vel"], "x"))}
        page = post(browser_of(world.editor), plan, {**form, **chosen, **merke, "steg": step})
        assert page.status_code == 422
        assert field in page.context["form"].errors
        assert page.context["hidden"] == [("val", chosen["vel"][0])]
    assert not BulkChange.objects.exists()


def test_an_ended_municipality_cannot_be_given(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    form = {"what": "RESPONSIBLE", "responsible": f"MUNICIPALITY:{world.ended.number}"}
    page = post(browser_of(world.editor), plan, {**form, "vel": keys(plan, "1.1"), "steg": "vis"})
    assert page.status_code == 422


def test_if_one_was_changed_meanwhile_nothing_is_written_and_it_is_marked(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    page = preview(browser, plan, {**STATUS, "alle": "1"})
    one = measures(plan)[1]
    change_measure(measure=one, values={"title": "Ny"}, expected_version=1, by=world.editor)
    delete_measure(measure=measures(plan)[5], by=world.editor)
    again = confirm(browser, plan, page)
    assert again.status_code == 409
    assert {m.status for m in measures(plan)} == {"PLANNED"}
    shown = again.context["doable"]
    assert [p.row.measure.number for p in shown if p.changed] == ["1.2"]
    assert [p.row.measure.title for p in shown] == [
        "Tiltak 1.1", "Ny", "Tiltak 1.3", "Tiltak 2.1", "Tiltak 2.2",
    ]  # fmt: skip
    # From here one can go on.
    assert confirm(browser, plan, again).status_code == 302
    assert {m.status for m in measures(plan)} == {"DONE"}


def test_a_status_or_a_move_meanwhile_counts_as_a_change_too(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    form = {"what": "RESPONSIBLE", "responsible": "LUP", "vel": keys(plan, "1.1", "1.2")}
    page = preview(browser, plan, form)
    change(browser, plan, {**STATUS, "vel": keys(plan, "1.1")})
    assert confirm(browser, plan, page).status_code == 409
    page = preview(browser, plan, form)
    # Another number in its own area is no change of the measure.
    place_measure(measure=measures(plan)[2], focus_area=area_of(plan), index=0, by=world.editor)
    assert confirm(browser, plan, page).status_code == 302


def test_a_focus_area_that_is_deleted_meanwhile(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    part = area_of(plan).part
    area = FocusArea.objects.create(part=part, position=2, title="Ny")
    browser = browser_of(world.editor)
    page = preview(browser, plan, {"what": "FOCUS_AREA", "focus_area": str(area.key), "alle": "1"})
    FocusArea.objects.filter(pk=area.pk).update(position=None)
    assert confirm(browser, plan, page).status_code == 422
    assert not BulkChange.objects.exists()


def test_undo_leaves_what_was_changed_since_and_works_once(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    made = change(browser, plan, {"what": "RESPONSIBLE", "responsible": "LUP", "alle": "1"})
    one = measures(plan)[1]
    change_measure(measure=one, values={"title": "Ny"}, expected_version=2, by=world.editor)
    delete_measure(measure=measures(plan)[5], by=world.editor)
    said = undo(browser, plan, made)
    assert len(said) == 2
    assert "1.2 Tiltak 1.2, 2.3 Tiltak 2.3" in said[1]
    assert [m.responsible_kind for m in measures(plan)] == ["", "LUP", "", "", ""]
    made.refresh_from_db()
    assert made.undone_by == world.editor
    told = Event.objects.get(verb="bulk.undone")
    assert told.new == {"what": "RESPONSIBLE", "measures": "1.1, 1.3, 2.1, 2.2"}
    events = Event.objects.count()
    assert len(undo(browser, plan, made)) == 1
    assert Event.objects.count() == events
    verify()


def test_undo_of_a_move_where_the_focus_area_is_gone(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    old, new = area_of(plan), area_of(plan, PartKind.MUNICIPALITIES)
    made = change(browser, plan, {"what": "FOCUS_AREA", "focus_area": str(new.key), "alle": "1"})
    FocusArea.objects.filter(pk=old.pk).update(position=None)
    said = undo(browser, plan, made)
    assert "1.1 Tiltak 1.1" in said[0]
    assert len(measures(plan)) == 6


def test_the_adviser_reports_status_in_a_plan_in_force_and_nothing_else(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    adviser, editor = browser_of(world.adviser), browser_of(world.editor)
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    made = change(editor, plan, {"what": "RESPONSIBLE", "responsible": "LUP", "alle": "1"})
    assert post(adviser, plan, {**STATUS, "alle": "1", "steg": "vis"}).status_code == 403
    set_state(plan, PlanState.ACTIVE)
    before = PartnerPlan.objects.get(pk=plan.pk).changed_at
    for who in (adviser, editor):
        page = post(who, plan, {"what": "RESPONSIBLE", "responsible": "LUP", "alle": "1",
                                "steg": "vis"})  # fmt: skip
        assert page.status_code == 422
        assert who.post(to(plan, "bulk_undo", key=made.key)).status_code == 403
    status = change(adviser, plan, {**STATUS, "alle": "1"})
    assert {(m.status, m.version) for m in measures(plan)} == {("DONE", 2)}
    # What was signed did not change.
    assert PartnerPlan.objects.get(pk=plan.pk).changed_at == before
    undo(editor, plan, status)
    assert {m.status for m in measures(plan)} == {"PLANNED"}
    set_state(plan, PlanState.FOR_SIGNATURE)  # an amendment: what is in force goes on
    for who in (adviser, editor):
        assert post(who, plan, {**STATUS, "alle": "1", "steg": "vis"}).status_code == 200
    for state in (PlanState.CLOSED, PlanState.NEGOTIATION, PlanState.FOR_SIGNATURE):
        plan = set_state(plan, state)
        if state != PlanState.NEGOTIATION:
            for who in (adviser, editor):
                assert post(who, plan, {**STATUS, "alle": "1", "steg": "vis"}).status_code == 403


def test_keys_of_another_plan_and_nonsense_open_nothing(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    other = make_plan(agreement=plan.agreement, year=2023, measures=1)
    foreign = keys(other, "1.1")
    for form in ({"vel": foreign}, {"val": foreign[0]}, {"vel": [*foreign, *keys(plan, "1.1")]},
                 {"vel": "tull"}, {"val": "\x00"}, {"val": "9" * 5000}):  # fmt: skip
        for step in ("", "vis"):
            assert post(browser, plan, {**STATUS, **form, "steg": step}).status_code == 404
    merke = ("", "tull", "[]", "1", "{}", "null", json.dumps({"x": "1"}), "[" * 100_000,
             json.dumps({foreign[0]: "1.PLANNED.1"}))  # fmt: skip
    codes = [
        post(browser, plan, {**STATUS, "merke": value, "steg": "gjer"}).status_code
        for value in merke
    ]
    assert codes == [404, 404, 404, 404, 302, 404, 404, 404, 404]
    made = change(browser, plan, {**STATUS, "alle": "1"})
    assert browser.post(to(other, "bulk_undo", key=made.key)).status_code == 404
    assert {m.status for m in measures(other)} == {"PLANNED"}


def test_nothing_chosen_and_nothing_to_do(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    assert post(browser, plan, {}, "q=x")["Location"] == to(plan, "table", "q=x")
    assert post(browser, plan, {"alle": "1"}, "q=ingen").status_code == 302
    change(browser, plan, {**STATUS, "alle": "1"})
    page = preview(browser, plan, {**STATUS, "alle": "1"})
    assert page.context["doable"] == []
    assert confirm(browser, plan, page).status_code == 302
    assert BulkChange.objects.count() == 1


@pytest.mark.parametrize("count", [3, 150])
def test_queries_of_the_steps_do_not_grow(world: World, browser_of: LogIn, count: int) -> None:
    plan = make_plan(county=world.county, measures=count)
    browser = browser_of(world.editor)
    with CaptureQueriesContext(connection) as queries:
        post(browser, plan, {"alle": "1"})
    assert len(queries) == 11
    number = world.municipalities[0].number
    form = {"what": "RESPONSIBLE", "responsible": f"MUNICIPALITY:{number}", "alle": "1"}
    with CaptureQueriesContext(connection) as queries:
        preview(browser, plan, form)
    assert len(queries) == 12


def test_history_tells_it_in_words(world: World, browser_of: LogIn, plan: PartnerPlan) -> None:
    browser = browser_of(world.editor)
    undo(browser, plan, change(browser, plan, {**STATUS, "vel": keys(plan, "1.1")}))
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = browser.get(to(plan, "plan_history"))
    assert [(entry.deed, [(c.label, c.after) for c in entry.changes]) for entry in
            [shown["entry"] for shown in page.context["entries"][:4]]] == [
        ("undid a change of many measures in the plan",
         [("Measures", "1.1"), ("What was changed", "Status")]),
        ("reported the status of the measure", [("Status", "Planned")]),
        ("changed many measures at once in the plan",
         [("Measures", "1.1"), ("What was changed", "Status")]),
        ("reported the status of the measure", [("Status", "Done")]),
    ]  # fmt: skip
