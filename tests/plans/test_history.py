"""The history of a plan and of a measure, as people read it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from plans.history import Change, Entry, entries, events_of_plan
from plans.models import Measure, PartnerPlan
from plans.services.measures import add_measure, change_measure, delete_measure, place_measure
from plans.services.plans import change_plan, change_text
from tests.factories.plans import area_of, make_plan
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
    assert counts == {"plan_history": 8, "measure_history": 9}
