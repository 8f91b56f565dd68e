"""What differs between two points in time, and the page that shows it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.models import Event
from audit.services import record
from plans.comparison import ADDED, DELETED, STANDING, Comparison, Difference, compare
from plans.comparison import _in_order as in_order
from plans.comparison import _merged as merged
from plans.history import Change
from plans.models import FocusArea, Measure, PartnerPlan
from plans.points import NOW, UnknownPoint, landmarks, parse_point, two_points
from plans.services.focus_areas import (
    add_focus_area,
    change_focus_area,
    delete_focus_area,
    step_focus_area,
)
from plans.services.measures import (
    LAST,
    add_measure,
    change_measure,
    delete_measure,
    place_measure,
    restore_measure,
)
from plans.services.plans import change_part, change_plan, change_text
from tests.factories.plans import area_of, make_plan, part_of
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=3)


@pytest.fixture
def in_part_one(plan: PartnerPlan) -> list[Measure]:
    return list(Measure.objects.in_plan(plan.pk).filter(part__kind="COUNTY").select_related("part"))


def newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True)[0]


def since(plan: PartnerPlan, first: int, second: str = NOW) -> Comparison:
    plan.refresh_from_db()
    with override("en"):
        points = two_points(plan, str(first), second)
        return compare(points.before, points.after)


def told(found: Difference) -> tuple[str, str, str, bool, list[str]]:
    names = [change.name for change in found.changes]
    return found.sort, found.number, found.title, found.moved, names


def where(plan: PartnerPlan) -> list[object]:
    return [plan.agreement.county.slug, plan.year]


def rename(measure: Measure, title: str, by: User) -> None:
    measure.refresh_from_db()
    change_measure(
        measure=measure, values={"title": title}, expected_version=measure.version, by=by
    )


def test_each_thing_that_can_happen_in_the_order_of_the_plan(
    world: World, plan: PartnerPlan, in_part_one: list[Measure]
) -> None:
    by, start = world.editor, newest()
    first, second, third = in_part_one
    change_plan(plan=plan, values={"title": "Namn"}, expected_version=1, by=by)
    text = plan.texts.get(kind="PURPOSE")
    change_text(text=text, values={"body": "Om"}, expected_version=1, by=by)
    part = part_of(plan)
    change_part(part=part, values={"introduction": "Inn"}, expected_version=1, by=by)
    area = area_of(plan)
    change_focus_area(area=area, values={"title": "Nytt"}, expected_version=1, by=by)
    other = add_focus_area(part=part, values={"title": "Anna"}, by=by)
    rename(first, "Kurs", by)
    delete_measure(measure=second, by=by)
    place_measure(measure=third, focus_area=other, index=0, by=by)
    add_measure(focus_area=area, values={"title": "Heilt nytt", "kind": "COURSE"}, by=by)
    found = since(plan, start)
    assert [told(one) for one in found.texts] == [
        (STANDING, "", "Namn", False, ["title"]),
        (STANDING, "", "What the partnership is for", False, ["body"]),
    ]
    one, two = found.parts
    assert [told(difference) for difference in one.differences] == [
        (STANDING, "", "", False, ["introduction"]),
        (STANDING, "", "Nytt", False, ["title"]),
        (STANDING, "1.1", "Kurs", False, ["title"]),
        (DELETED, "1.2", "Tiltak 1.2", False, [*DELETED_FIELDS]),
        (ADDED, "1.2", "Heilt nytt", False, ["title", "kind", *ADDED_FIELDS]),
        (ADDED, "", "Anna", False, ["title", "language"]),
        (STANDING, "1.3", "Tiltak 1.3", True, []),
    ]
    moved = one.differences[-1]
    assert (moved.came_from, moved.went_to) == ("Satsingsområde 1", "Anna")
    assert two.differences == ()
    assert found.counts == {"changed": 1, "added": 1, "deleted": 1, "moved": 1, "other": 5}


# What the rows of these tests say by themselves.
ADDED_FIELDS = ["language", "municipality_scope", "period_unit", "status"]
DELETED_FIELDS = [
    "title",
    "kind",
    "language",
    "municipality_scope",
    "period_unit",
    "starts_on",
    "ends_on",
    "status",
]


def test_what_was_changed_there_and_back_does_not_differ(
    world: World, plan: PartnerPlan, in_part_one: list[Measure]
) -> None:
    by, start = world.editor, newest()
    first, second, _third = in_part_one
    rename(first, "Anna", by)
    middle = newest()
    rename(first, "Tiltak 1.1", by)
    delete_measure(measure=second, by=by)
    gone = newest()
    restore_measure(measure=second, index=1, by=by)
    assert since(plan, start).all == []
    assert [one.title for one in since(plan, start, str(middle)).all] == ["Anna"]
    # The earlier point comes first, whichever way one asks.
    assert since(plan, middle, str(start)) == since(plan, start, str(middle))
    assert [one.sort for one in since(plan, gone).all] == [ADDED]
    assert since(plan, newest()).all == []


def test_what_came_and_went_between_is_not_told(world: World, plan: PartnerPlan) -> None:
    start = newest()
    values = {"title": "Kort", "kind": "COURSE"}
    measure = add_measure(focus_area=area_of(plan), values=values, by=world.editor)
    delete_measure(measure=measure, by=world.editor)
    area = add_focus_area(part=part_of(plan), values={"title": "Kort"}, by=world.editor)
    delete_focus_area(area=area, by=world.editor)
    assert since(plan, start).all == []


def test_only_the_one_that_was_moved_is_told_as_moved(
    world: World, plan: PartnerPlan, in_part_one: list[Measure]
) -> None:
    start = newest()
    place_measure(measure=in_part_one[0], focus_area=area_of(plan), index=LAST, by=world.editor)
    (moved,) = since(plan, start).all
    assert (moved.title, moved.number_before, moved.number_after) == ("Tiltak 1.1", "1.1", "1.3")
    assert (moved.moved, moved.came_from) == (True, "")
    area = FocusArea.objects.create(part=part_of(plan), position=2, title="Andre")
    start = newest()
    step_focus_area(area=area, direction="up", by=world.editor)
    (moved,) = since(plan, start).all
    assert (moved.is_area, moved.moved) == (True, True)


def test_names_of_rows_and_of_choices(
    world: World, plan: PartnerPlan, in_part_one: list[Measure]
) -> None:
    start = newest()
    change_measure(
        measure=in_part_one[0],
        values={
            "municipalities": world.municipalities[:1],
            "responsible_kind": "COOPERATION",
            "responsible_cooperation": world.cooperation,
        },
        expected_version=1,
        by=world.editor,
    )
    (found,) = since(plan, start).all
    assert list(found.changes) == [
        Change("Responsible", "", "A procurement cooperation"),
        Change("Responsible cooperation", "", "Samarbeid lag"),
        Change("Chosen municipalities", "", world.municipalities[0].name),
    ]


def test_a_moment_and_a_day_are_points_too(
    world: World, plan: PartnerPlan, in_part_one: list[Measure]
) -> None:
    before = timezone.now()
    rename(in_part_one[0], "Nytt", world.editor)
    plan.refresh_from_db()
    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    for value, count in {before.isoformat(): 1, str(yesterday): 1, str(today): 0}.items():
        points = two_points(plan, value, NOW)
        measures = [one for one in compare(points.before, points.after).all if one.is_measure]
        assert len(measures) == count, value


@pytest.mark.parametrize(
    "value",
    ["", "x", "-1", "9" * 19, "9" * 5000, "\x00", "٣", "2022-99-99", "2022-13-01T00:00", "1.0"],
)
def test_points_that_are_none(value: str) -> None:
    with pytest.raises(UnknownPoint):
        parse_point(value)


@pytest.mark.parametrize(
    "value",
    [
        "0001-01-01",
        "9999-12-31",
        "0001-01-01T00:00",
        "9999-12-31T23:59:59-23:00",
        "9999-12-31T23:59:59+00:00",
    ],
)
def test_the_ends_of_time(plan: PartnerPlan, world: World, browser_of: LogIn, value: str) -> None:
    address = reverse("plans:plan_compare", args=where(plan))
    answer = browser_of(world.editor).get(address, {"fra": value, "til": "no"})
    assert answer.status_code in (200, 404)


def test_the_landmarks_are_when_the_plan_was_made_and_changed_its_state(
    world: World, plan: PartnerPlan
) -> None:
    made = newest()
    moved = record(
        by=world.editor,
        verb="plan.opened",
        target=plan,
        old={"state": "DRAFT"},
        new={"state": "CONSULTATION"},
    )
    change_plan(plan=plan, values={"title": "Namn"}, expected_version=1, by=world.editor)
    with override("en"):
        found = landmarks(plan)
    assert [value for value, _words in found] == [NOW, str(moved.pk), str(made)]
    assert [words.split(",")[0].split(" from")[0] for _value, words in found] == [
        "Now",
        "Consultation",
        "The plan was made",
    ]
    PartnerPlan.objects.filter(pk=plan.pk).update(state="CONSULTATION")
    (state, _title) = since(plan, made).texts[0].changes[::-1]
    assert (state.name, state.before, state.after) == ("state", "Draft", "Consultation")


def test_the_page_of_the_plan(
    world: World, plan: PartnerPlan, in_part_one: list[Measure], browser_of: LogIn
) -> None:
    start = newest()
    rename(in_part_one[0], "<script>alert(1)</script>", world.editor)
    browser = browser_of(world.signatory)
    browser.cookies["django_language"] = "en"
    address = reverse("plans:plan_compare", args=where(plan))
    page = browser.get(address, {"fra": start, "til": "no"})
    text = page.content.decode()
    assert "1 measure changed" in text
    assert "<script>alert(1)" not in text
    assert "Cache-Control" in page.headers
    # Both points are among the choices, and chosen.
    form = page.context["form"]
    assert form.initial == {"fra": str(start), "til": "no"}
    assert {str(start), "no"} <= {value for value, _words in form.fields["fra"].choices}
    same = browser.get(address, {"fra": "no", "til": "no"}).content.decode()
    assert "Nothing differs between the two." in same
    asked = browser.get(address)
    assert (asked.status_code, "comparison" in asked.context) == (200, False)
    assert asked.context["form"].initial == {"fra": str(start), "til": "no"}


def test_the_page_of_a_measure_shows_that_measure_alone(
    world: World, plan: PartnerPlan, in_part_one: list[Measure], browser_of: LogIn
) -> None:
    start = newest()
    first, second, _third = in_part_one
    rename(first, "Ein", world.editor)
    rename(second, "To", world.editor)
    delete_measure(measure=second, by=world.editor)
    browser = browser_of(world.editor)
    address = reverse("plans:measure_compare", args=[*where(plan), second.key])
    page = browser.get(address, {"fra": start, "til": "no"})
    assert [told(one)[:3] for one in page.context["own"]] == [(DELETED, "1.2", "Tiltak 1.2")]
    other = make_plan(agreement=plan.agreement, year=2023, measures=1)
    theirs = Measure.objects.in_plan(other.pk)[0]
    foreign = reverse("plans:measure_compare", args=[*where(plan), theirs.key])
    assert browser.get(foreign).status_code == 404


def test_points_of_others_are_not_found(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    make_plan(agreement=plan.agreement, year=2023)
    browser, foreign = browser_of(world.editor), str(newest())
    address = reverse("plans:plan_compare", args=where(plan))
    for value in (foreign, "0", "x", "-1", "9" * 5000, "\x00", "9" * 18):
        for asked in ({"fra": value, "til": "no"}, {"fra": "no", "til": value}):
            assert browser.get(address, asked).status_code == 404


@pytest.mark.parametrize("count", [1, 15])
def test_queries_do_not_grow(
    world: World, in_part_one: list[Measure], plan: PartnerPlan, browser_of: LogIn, count: int
) -> None:
    start = newest()
    area = area_of(plan)
    for place in range(count):
        values = {
            "title": f"T{place}",
            "kind": "COURSE",
            "municipalities": world.municipalities,
            "cooperations": [world.cooperation],
            "responsible_kind": "COOPERATION",
            "responsible_cooperation": world.cooperation,
        }
        add_measure(focus_area=area, values=values, by=world.editor)
        rename(in_part_one[0], f"Ny {place}", world.editor)
    browser = browser_of(world.editor)
    counts = {}
    for name, args in {"plan_compare": [], "measure_compare": [in_part_one[0].key]}.items():
        address = reverse(f"plans:{name}", args=[*where(plan), *args])
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address, {"fra": start, "til": "no"}).status_code == 200
        counts[name] = len(queries)
    assert counts == {"plan_compare": 11, "measure_compare": 12}


@given(st.permutations(range(8)))
def test_the_longest_run_in_order(keys: list[int]) -> None:
    found = in_order(keys, {key: key for key in keys})
    run = [key for key in keys if key in found]
    assert run == sorted(run)
    longest: dict[int, int] = {}
    for key in keys:
        longest[key] = 1 + max((longest[other] for other in longest if other < key), default=0)
    assert len(run) == max(longest.values())


def test_those_that_are_gone_are_put_where_they_stood() -> None:
    assert merged([1, 2, 3, 4], [3, 5, 1]) == [3, 4, 5, 1, 2]
    assert merged([1, 2], [3]) == [1, 2, 3]
    assert merged([], [1]) == [1]
    assert merged([1], []) == [1]
