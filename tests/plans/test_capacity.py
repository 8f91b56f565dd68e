"""LUP's days: said by its advisers, booked by measures, over-booked in sight of everybody."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from plans.capacity import over_booked, quarters
from plans.document import read_plan
from plans.enums import PlanState
from plans.history import entries, events_of_plan
from plans.models import LupCapacity, Measure, PartnerPlan
from plans.services.capacity import newly_over_booked, set_capacity
from plans.services.measures import delete_measure
from plans.services.saving import Conflict, PlanIsFrozen
from tests.factories.accounts import user_with
from tests.factories.plans import area_of, make_measure, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
D = Decimal
NONE = (D(0), D(0), D(0), D(0))


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan in negotiation: two measures with two days each in the second quarter."""
    plan = make_plan(county=world.county, measures=1, state=PlanState.NEGOTIATION)
    Measure.objects.update(lup_days_q2=2)
    return plan


def said(plan: PartnerPlan, by: User, *days: float, version: int = 0) -> LupCapacity:
    values = {f"days_q{place}": D(str(number)) for place, number in enumerate(days, 1)}
    return set_capacity(plan=plan, values=values, expected_version=version, by=by)


def address(plan: PartnerPlan, name: str, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def form_of(browser: Client, url: str, **typed: object) -> dict[str, object]:
    """Return what a browser sends from the form at ``url``, with some of it typed over."""
    form = browser.get(url).context["form"]
    values = {bound.name: bound.value() for bound in form}
    return {name: "" if value is None else value for name, value in {**values, **typed}.items()}


# --- Computing ----------------------------------------------------------------------------------


def test_booked_left_and_over(world: World, plan: PartnerPlan) -> None:
    capacity = said(plan, world.adviser, 1, 3.5, 0, 2)
    make_measure(area_of(plan), 2, lup_days_q2=D("3.5"), lup_days_q4=2)
    found = quarters(read_plan(plan).document, capacity)
    assert [(q.booked, q.available, q.left, q.over) for q in found] == [
        (D(0), D(1), D(1), D(0)),
        (D("7.5"), D("3.5"), D(-4), D(4)),
        (D(0), D(0), D(0), D(0)),
        (D(2), D(2), D(0), D(0)),
    ]
    assert [(measure.number, days) for measure, days in found[1].measures] == [
        ("1.2", D("3.5")),
        ("1.1", D(2)),
        ("2.1", D(2)),
    ]


def test_not_said_is_not_the_same_as_none(plan: PartnerPlan) -> None:
    found = quarters(read_plan(plan).document, None)
    assert [(q.available, q.left, q.over) for q in found] == [(None, None, D(0))] * 4


def test_deleted_measures_book_nothing(world: World, plan: PartnerPlan) -> None:
    said(plan, world.adviser, 5, 5, 5, 5)
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    delete_measure(measure=measure, by=world.editor)
    assert quarters(read_plan(plan).document, None)[1].booked == D(2)
    assert LupCapacity.objects.of_plan(plan).with_booked(plan).get().booked_q2 == D(2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((4, 0, 0, 0), (5, 0, 0, 0), ()),  # just within
        ((5, 0, 0, 0), (5.5, 0, 0, 0), (1,)),
        ((6, 0, 0, 0), (7, 0, 0, 0), (1,)),  # more over-booked than it was
        ((7, 0, 0, 0), (6, 0, 0, 0), ()),  # less
        ((6, 0, 0, 0), (6, 6, 0, 9), (2, 4)),
    ],
)
def test_what_a_change_over_books(
    before: tuple[float, ...], after: tuple[float, ...], expected: tuple[int, ...]
) -> None:
    days = [tuple(D(str(day)) for day in row) for row in (before, after, (5, 5, 5, 5))]
    assert over_booked(*days) == expected


# --- Saying it ----------------------------------------------------------------------------------


def test_the_adviser_says_and_changes_it(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.adviser)
    url = address(plan, "lup_days_edit")
    assert "lup-dagar/endre" in browser.get(address(plan, "lup_days")).content.decode()
    typed = form_of(browser, url, days_q1="10", days_q2="2.5", days_q3="0", days_q4="7")
    assert browser.post(url, typed).headers["Location"] == address(plan, "lup_days")
    assert LupCapacity.objects.get().days == (D(10), D("2.5"), D(0), D(7))
    assert browser.post(url, form_of(browser, url, days_q4="8")).status_code == 302
    capacity = LupCapacity.objects.get()
    assert (capacity.version, capacity.days_q4) == (2, D(8))
    events = Event.objects.about(capacity)
    assert [(event.verb, event.old, event.new) for event in events] == [
        ("capacity.changed", {"days_q4": "7.0"}, {"days_q4": "8"}),
        (
            "capacity.set",
            {},
            {"days_q1": "10", "days_q2": "2.5", "days_q3": "0", "days_q4": "7"},
        ),
    ]
    with translation.override("en"):
        newest = entries(events_of_plan(plan)[:1])[0]
    assert newest.deed == "changed how many days LUP has in"


@pytest.mark.parametrize(
    "days", ["", "-1", "0.25", "501", "NaN", "1e999", "9" * 5000, "tre", "nul\x00", "1e-9"]
)
def test_a_wrong_number_is_refused(
    world: World, plan: PartnerPlan, browser_of: LogIn, days: str
) -> None:
    browser = browser_of(world.adviser)
    url = address(plan, "lup_days_edit")
    answer = browser.post(url, {"days_q1": days, "days_q2": 1, "days_q3": 1, "days_q4": 1})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["days_q1"])
    assert not LupCapacity.objects.exists()


def test_two_advisers_who_say_it_first_see_each_others_numbers(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.adviser)
    url = address(plan, "lup_days_edit")
    mine = form_of(browser, url, days_q1=1, days_q2=1, days_q3=1, days_q4=1)
    said(plan, user_with(Role.LUP_ADVISER), 1, 2, 1, 1)
    answer = browser.post(url, mine)
    assert answer.status_code == 409
    (difference,) = answer.context["form"].differences
    assert (difference.name, difference.mine, difference.theirs) == ("days_q2", "1", "2.0")
    again = {bound.name: bound.value() for bound in answer.context["form"]}
    assert browser.post(url, again).status_code == 302
    assert LupCapacity.objects.get().days == (D(1), D(1), D(1), D(1))


def test_the_same_again_writes_nothing(world: World, plan: PartnerPlan) -> None:
    first = said(plan, world.adviser, 1, 2, 3, 4)
    assert said(plan, world.adviser, 1, 2, 3, 4).version == first.version
    with pytest.raises(Conflict):
        said(plan, world.adviser, 1, 2, 3, 5)


@pytest.mark.parametrize("state", PlanState)
def test_when_the_adviser_may_say_it(
    world: World, plan: PartnerPlan, browser_of: LogIn, state: PlanState
) -> None:
    set_state(PartnerPlan.objects.get(), state)
    expected = {PlanState.DRAFT: 404, PlanState.CLOSED: 403}.get(state, 200)
    url = address(plan, "lup_days_edit")
    assert browser_of(world.adviser).get(url).status_code == expected


def test_nobody_says_it_of_a_closed_plan(world: World, plan: PartnerPlan) -> None:
    set_state(PartnerPlan.objects.get(), PlanState.CLOSED)
    with pytest.raises(PlanIsFrozen):
        said(plan, world.adviser, 1, 2, 3, 4)


def test_there_is_one_of_a_county_and_year(world: World, plan: PartnerPlan) -> None:
    said(plan, world.adviser, 1, 2, 3, 4)
    other = make_plan(agreement=plan.agreement, year=2023)
    said(other, world.adviser, 5, 5, 5, 5)
    assert LupCapacity.objects.of_plan(plan).get().days == (D(1), D(2), D(3), D(4))
    row = LupCapacity.objects.of_plan(plan).get()
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


# --- Seeing it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "signatory", "adviser"])
def test_who_works_with_the_plan_sees_what_books_the_days(
    world: World, plan: PartnerPlan, browser_of: LogIn, who: str
) -> None:
    said(plan, world.adviser, 1, 3, 1, 1)
    page = browser_of(getattr(world, who)).get(address(plan, "lup_days"))
    assert [quarter.over for quarter in page.context["quarters"]] == [0, 1, 0, 0]
    assert (page.context["booked"], page.context["available"]) == (4, 6)
    assert page.context["can_set"] == (who == "adviser")
    key = Measure.objects.in_plan(plan.pk)[0].key
    assert f"#measure-{key}" in page.content.decode()


def test_the_workbench_marks_what_is_over_booked(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    browser.cookies["django_language"] = "en"
    assert "LUP has not said how many days it has." in (
        browser.get(address(plan, "bench")).content.decode()
    )
    said(plan, world.adviser, 1, 3, 1, 1)
    page = browser.get(address(plan, "bench")).content.decode()
    assert page.count("Over-booked") == 1
    assert "4 of 3" in page


def messages_of(browser: Client, answer: object) -> list[str]:
    page = browser.get(answer.headers["Location"])  # type: ignore[attr-defined]
    return [message.level_tag for message in page.context["messages"]]


def test_a_save_that_over_books_says_so(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    measure = Measure.objects.in_plan(plan.pk)[0]
    url = address(plan, "measure_edit", measure.key)

    def save(**typed: object) -> list[str]:
        return messages_of(browser, browser.post(url, form_of(browser, url, **typed)))

    assert save(lup_days_q2="30") == ["success"]  # LUP hasn't said anything
    said(plan, world.adviser, 1, 4.5, 1, 1)
    assert save(lup_days_q2="2.5") == ["success"]
    assert save(lup_days_q2="3", lup_days_q3="2") == ["success", "warning", "warning"]
    assert save(title="Anna namn") == ["success"]  # it was over-booked before
    assert save(lup_days_q2="2.5", lup_days_q3="") == ["success"]


def test_a_new_measure_that_over_books_says_so(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    said(plan, world.adviser, 1, 4, 1, 1)
    browser = browser_of(world.editor)
    url = address(plan, "measure_new", area_of(plan).key)
    typed = form_of(browser, url, title="Nytt", kind="COURSE", lup_days_q2="0.5")
    assert messages_of(browser, browser.post(url, typed)) == ["success", "warning"]


def test_one_query_and_none_where_no_more_is_booked(world: World, plan: PartnerPlan) -> None:
    said(plan, world.adviser, 1, 3, 1, 1)
    for before, expected in ((NONE, 1), ((D(1), D(1), D(1), D(1)), 0)):
        after = (D(0), D(1), D(0), D(0))
        with CaptureQueriesContext(connection) as queries:
            found = newly_over_booked(plan, before, after)
        assert len(queries) == expected
        assert found == ([(2, D(4), D(3))] if expected else [])
