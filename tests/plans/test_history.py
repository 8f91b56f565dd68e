"""The history of a plan and of a measure, as people read it."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from plans.enums import Decision, PlanState
from plans.history import Change, Entry, entries, events_of_plan
from plans.models import Measure, PartnerPlan
from plans.services.focus_areas import add_focus_area, change_focus_area
from plans.services.measures import add_measure, change_measure, delete_measure, place_measure
from plans.services.plans import change_plan, change_text
from plans.services.rollover import decide_several, start_rollover
from plans.services.rollover_confirm import confirm_rollover
from tests.factories.plans import area_of, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=2)


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def change(measure: Measure, by: User, **values: object) -> None:
    measure.refresh_from_db()
    change_measure(measure=measure, values=values, expected_version=measure.version, by=by)


def newest(plan: PartnerPlan) -> Entry:
    with override("en"):
        return entries(events_of_plan(plan)[:1])[0]


def test_codes_and_keys_are_told_by_their_names(world: World, plan: PartnerPlan) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    change(
        measure,
        world.editor,
        title="<script>alert(1)</script>",
        kind="NETWORK",
        municipalities=world.municipalities[:2],
        cooperations=[world.cooperation],
        responsible_kind="COOPERATION",
        responsible_cooperation=world.cooperation,
        target_groups=["COUNTY", "SUPPLIERS"],
        county_takes_part=True,
        cost_nok=5000,
    )
    entry = newest(plan)
    first, second = (municipality.name for municipality in world.municipalities[:2])
    assert (entry.who, entry.deed, entry.what) == (
        str(world.editor),
        "changed the measure",
        "<script>alert(1)</script>",
    )
    assert list(entry.changes) == [
        Change("Title", "Tiltak 1.1", "<script>alert(1)</script>"),
        Change("Kind of measure", "Course and competence", "Network"),
        Change("Target groups", "", "The county, Suppliers and business"),
        Change("Responsible", "", "A procurement cooperation"),
        Change("Responsible cooperation", "", "Samarbeid lag"),
        Change("The county takes part", "no", "yes"),
        Change("Cost in whole kroner", "", "5000"),
        Change("Chosen municipalities", "", f"{first}, {second}"),
        Change("Procurement cooperations", "", "Samarbeid lag"),
    ]


def test_a_new_measure_tells_what_was_filled_in(world: World, plan: PartnerPlan) -> None:
    values = {"title": "Kurs", "kind": "COURSE", "lup_days_q1": 0, "county_takes_part": False}
    add_measure(focus_area=area_of(plan), values=values, by=world.editor)
    assert newest(plan).changes == (
        Change("Title", "", "Kurs"),
        Change("Kind of measure", "", "Course and competence"),
    )


def test_dates_are_written_as_dates(world: World, plan: PartnerPlan) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    assert measure.starts_on is not None
    change(measure, world.editor, starts_on=measure.starts_on.replace(month=2))
    with override("nn"):
        ((change_of_date,),) = [entry.changes for entry in entries(events_of_plan(plan)[:1])]
    assert (change_of_date.before, change_of_date.after) == ("1. januar 2022", "1. februar 2022")


def test_moves_and_deletions_tell_the_number(world: World, plan: PartnerPlan) -> None:
    first, second = Measure.objects.in_plan(plan.pk)[:2]
    place_measure(measure=second, focus_area=area_of(plan), index=0, by=world.editor)
    assert newest(plan).changes[0] == Change("Number", "1.2", "1.1")
    delete_measure(measure=first, by=world.editor)
    entry = newest(plan)
    assert (entry.deed, entry.changes) == ("deleted the measure", (Change("Number", "1.2", ""),))


def test_a_plans_history_holds_all_of_it_and_nothing_of_others(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    other = make_plan(agreement=plan.agreement, year=2023, measures=1)
    change_plan(plan=other, values={"title": "Ein annan"}, expected_version=1, by=world.editor)
    change_plan(plan=plan, values={"title": "Nytt namn"}, expected_version=1, by=world.editor)
    text = plan.texts.all()[0]
    change_text(text=text, values={"body": "Om planen"}, expected_version=1, by=world.editor)
    change(Measure.objects.in_plan(plan.pk)[1], world.editor, title="Nytt tiltak")
    with override("en"):
        deeds = [entry.deed for entry in entries(events_of_plan(plan))]
    assert deeds == ["changed the measure", "changed the text", "changed the plan", "made the plan"]
    page = browser_of(world.signatory).get(url("plan_history", plan)).content.decode()
    assert "Ein annan" not in page


def test_hostile_text_is_escaped(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    change(measure, world.editor, title="<script>alert(1)</script>")
    page = browser_of(world.editor).get(url("measure_history", plan, measure.key))
    assert page.context["page"].paginator.count == 1
    assert "<script>alert(1)" not in page.content.decode()


def test_a_text_is_compared_word_by_word_and_a_short_value_before_and_after(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    text = (
        "Kommunane lærer av kvarandre, og leverandørane får vite i god tid kva dei skal kjøpe inn."
    )
    change(measure, world.editor, description=text, title="Nytt")
    change(measure, world.editor, description=text.replace("god tid", "rett tid"), title="Nyare")
    page = browser_of(world.editor).get(
        url("measure_history", plan, measure.key), HTTP_ACCEPT_LANGUAGE="en"
    )
    marks = re.findall(
        r'<(ins|del) class="lp-(?:new|gone)"><span class="ds-sr-only">[^<]*</span>([^<]*)',
        page.content.decode(),
    )
    assert marks[:4] == [("del", "Nytt"), ("ins", "Nyare"), ("del", "god"), ("ins", "rett")]


def test_who_and_what_are_chosen_in_the_address(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    change(Measure.objects.in_plan(plan.pk)[0], world.editor, title="Nytt")
    change_plan(plan=plan, values={"title": "Namn"}, expected_version=1, by=world.signatory)
    text = plan.texts.all()[0]
    change_text(text=text, values={"body": "Om"}, expected_version=1, by=world.editor)
    area = area_of(plan)
    change_focus_area(area=area, values={"title": "Nytt"}, expected_version=1, by=world.editor)
    browser = browser_of(world.editor)

    def verbs(**asked: object) -> list[str]:
        page = browser.get(url("plan_history", plan), asked).context["page"]
        return [event.verb for event in page]

    assert len(verbs()) == 5
    assert verbs(kva="tiltak") == ["measure.changed"]
    assert verbs(kva="omrade") == ["focus_area.changed"]
    assert verbs(kva="tekstar") == ["text.changed", "plan.changed", "plan.made"]
    assert verbs(kven=world.signatory.pk) == ["plan.changed"]
    assert verbs(kven="system", kva="tekstar") == ["plan.made"]
    assert verbs(kven=world.editor.pk, kva="tekstar") == ["text.changed"]
    # What is no choice chooses nothing.
    for hostile in ("9" * 5000, "x", "-1", "\x00", str(world.outsider.pk)):
        assert len(verbs(kven=hostile, kva=hostile)) == 5


def ways_back(page: HttpResponse) -> list[tuple[str, str, bool, bool]]:
    return [
        (item["entry"].what, shown.change.name, bool(shown.before_url), bool(shown.after_url))
        for item in page.context["entries"]  # type: ignore[attr-defined]
        for shown in item["changes"]
    ]


def test_a_way_back_is_shown_to_those_who_may_write_what_stands(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    first, second = Measure.objects.in_plan(plan.pk)[:2]
    add_measure(
        focus_area=area_of(plan), values={"title": "Kurs", "kind": "COURSE"}, by=world.editor
    )
    change(first, world.editor, title="Nytt")
    change(second, world.editor, title="Borte")
    delete_measure(measure=second, by=world.editor)
    change_plan(plan=plan, values={"title": "Namn"}, expected_version=1, by=world.editor)
    address = url("plan_history", plan)
    pages = {
        who: ways_back(browser_of(user).get(address))
        for who, user in {"editor": world.editor, "signatory": world.signatory}.items()
    }
    assert pages["editor"][:6] == [
        ("Namn", "title", True, True),
        ("Borte", "number", False, False),
        ("Borte", "title", False, False),
        ("Nytt", "title", True, True),
        ("Kurs", "title", False, True),
        ("Kurs", "kind", False, True),
    ]
    assert {way[2:] for way in pages["signatory"]} == {(False, False)}
    # LUP's adviser writes what LUP is responsible for, in negotiation.
    Measure.objects.filter(pk=first.pk).update(responsible_kind="LUP")
    PartnerPlan.objects.filter(pk=plan.pk).update(state="NEGOTIATION")
    shown = ways_back(browser_of(world.adviser).get(address))
    assert [way[1:] for way in shown if way[2]] == [("title", True, True)]
    set_state(plan, PlanState.ACTIVE)
    shown = ways_back(browser_of(world.editor).get(address))
    assert {way[2:] for way in shown} == {(False, False)}


def test_a_move_into_the_next_area_that_keeps_the_number_is_told(
    world: World, plan: PartnerPlan
) -> None:
    area = add_focus_area(part=area_of(plan).part, values={"title": "Neste"}, by=world.editor)
    last = Measure.objects.in_plan(plan.pk).filter(part__kind="COUNTY").reverse()[0]
    place_measure(measure=last, focus_area=area, index=0, by=world.editor)
    entry = newest(plan)
    assert (entry.deed, entry.changes) == (
        "moved the measure",
        (Change("Focus area", "Satsingsområde 1", "Neste"),),
    )


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow_with_the_history(
    world: World, plan: PartnerPlan, browser_of: LogIn, count: int
) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    for place in range(count):
        change(
            measure,
            world.editor if place % 2 else world.signatory,
            municipalities=world.municipalities[: 1 + place % 2],
            cooperations=[] if place % 2 else [world.cooperation],
        )
    browser = browser_of(world.editor)
    counts = {}
    for name, args in {"plan_history": [], "measure_history": [measure.key]}.items():
        with CaptureQueriesContext(connection) as queries:
            browser.get(url(name, plan, *args))
        counts[name] = len(queries)
    assert counts == {"plan_history": 9, "measure_history": 10}


def test_what_the_county_decides_about_next_year_is_its_own(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    """The next year's plan is a draft: to LUP it doesn't exist, and so doesn't what made it."""
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    rollover = start_rollover(source=plan, by=world.editor)
    measures = list(Measure.objects.in_plan(plan.pk))
    decide_several(
        rollover=rollover,
        measures=measures,
        decision=Decision.END,
        reason="Det gav lite",
        by=world.editor,
    )
    confirm_rollover(rollover=rollover, by=world.editor)
    for user, sees in ((world.editor, True), (world.signatory, True), (world.adviser, False)):
        page = browser_of(user).get(url("plan_history", plan))
        found = {told["entry"].kind for told in page.context["entries"]}
        assert ("plans.rollover" in found) == sees
        assert ("Det gav lite" in page.content.decode()) == sees
