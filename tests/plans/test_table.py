"""The measures as a table: filters, sorting and columns, all of them in the address."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from plans.enums import PartKind, PlanState
from plans.models import Measure, PartnerPlan
from plans.periods import quarter_bounds
from plans.services.measures import change_measure
from tests.factories.plans import area_of, make_measure, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


def address(plan: PartnerPlan, query: str = "") -> str:
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    return reverse("plans:table", kwargs=where) + (f"?{query}" if query else "")


def answer(browser: Client, plan: PartnerPlan, query: str = "") -> Any:
    page = browser.get(address(plan, query))
    assert page.status_code == 200
    return page


def numbers(browser: Client, plan: PartnerPlan, query: str = "") -> list[str]:
    """Return the numbers in the table, in its order."""
    return [row.measure.number for row in answer(browser, plan, query).context["page"]]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan with measures 1.1 and 1.2 of the county, and 2.1 and 2.2 that tell them apart."""
    plan = make_plan(county=world.county, measures=0)
    first, last = quarter_bounds(2022, 4, 4)
    county, towns = area_of(plan), area_of(plan, PartKind.MUNICIPALITIES)
    make_measure(county, 1, title="Ål og laks", kind="NETWORK", responsible_kind="LUP")
    make_measure(county, 2, title="Ærleg handel", status="DONE", cost_nok=80_000)
    chosen = make_measure(
        towns,
        1,
        title="Øving i kontrakt",
        description="Kjøp av STRAUM",
        responsible_kind="MUNICIPALITY",
        responsible_municipality=world.municipalities[2],
        starts_on=first,
        ends_on=last,
        lup_days_q4=Decimal("2.5"),
        target_groups=["FOUNDERS"],
    )
    chosen.municipalities.set(world.municipalities[:1])
    joined = make_measure(towns, 2, title="Zoom", starts_on=None, ends_on=None, cost_nok=0)
    joined.cooperations.set([world.cooperation])
    return plan


def test_each_filter_lets_through_what_it_says(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    first, second, third = (municipality.number for municipality in world.municipalities)
    expected = {
        "": ["1.1", "1.2", "2.1", "2.2"],
        "q=straum": ["2.1"],
        "q=ØVING+kontrakt": ["2.1"],
        "q=2.2": ["2.2"],
        "del=2": ["2.1", "2.2"],
        f"satsing={area_of(plan).key}": ["1.1", "1.2"],
        "slag=NETWORK": ["1.1"],
        "ansvar=LUP:": ["1.1"],
        f"ansvar=MUNICIPALITY:{third}": ["2.1"],
        "ansvar=-": ["1.2", "2.2"],
        "status=DONE": ["1.2"],
        "kvartal=4": ["2.1"],
        "kvartal=1": ["1.1", "1.2"],
        f"kommune={first}": ["2.1", "2.2"],
        f"kommune={first}&vald=on": ["2.1"],
        f"kommune={second}": ["2.2"],
        f"kommune={third}": ["2.1"],
        "samarbeid=lag": ["2.2"],
        "malgruppe=FOUNDERS": ["2.1"],
        "manglar=on": ["1.1", "1.2", "2.1", "2.2"],
        "lup=on": ["2.1"],
        "lup=on&del=1": [],
    }
    assert {query: numbers(browser, plan, query) for query in expected} == expected


def test_a_complete_measure_is_not_among_those_that_miss_something(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    Measure.objects.filter(title="Ål og laks").update(
        description="a", purpose="b", expected_result="c", target_groups=["COUNTY"]
    )
    browser = browser_of(world.editor)
    assert numbers(browser, plan, "manglar=on") == ["1.2", "2.1", "2.2"]


def test_sorting_knows_the_norwegian_letters_numbers_and_what_is_not_given(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    for place in range(3, 12):
        make_measure(area_of(plan), place, title=f"a{place:02}", cost_nok=10)
    browser = browser_of(world.editor)
    assert numbers(browser, plan)[:11] == [f"1.{place}" for place in range(1, 12)]
    assert numbers(browser, plan, "sorter=-nummer")[:3] == ["2.2", "2.1", "1.11"]
    # z, æ, ø, å
    assert numbers(browser, plan, "sorter=tittel")[-4:] == ["2.2", "1.2", "2.1", "1.1"]
    assert numbers(browser, plan, "sorter=-tittel")[:2] == ["1.1", "2.1"]
    # What has no period or no cost comes last either way; no cost is not the same as kr 0.
    assert numbers(browser, plan, "sorter=periode")[-2:] == ["2.1", "2.2"]
    assert numbers(browser, plan, "sorter=-periode")[0] == "2.1"
    assert numbers(browser, plan, "sorter=-periode")[-1] == "2.2"
    assert numbers(browser, plan, "sorter=kostnad")[0] == "2.2"
    assert numbers(browser, plan, "sorter=kostnad")[-2:] == ["1.1", "2.1"]
    assert numbers(browser, plan, "sorter=-kostnad")[0] == "1.2"
    assert numbers(browser, plan, "sorter=-kostnad")[-2:] == ["1.1", "2.1"]


def test_the_heading_says_how_it_is_sorted_and_links_to_the_other_way(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    up = answer(browser, plan, "sorter=status&q=o").content.decode()
    assert up.count("aria-sort") == 1
    assert 'aria-sort="ascending"' in up
    assert "?sorter=-status&amp;q=o" in up
    down = answer(browser, plan, "sorter=-status&q=o").content.decode()
    assert 'aria-sort="descending"' in down
    assert "?sorter=status&amp;q=o" in down


def test_columns_are_chosen_in_the_address(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)

    def codes(query: str) -> list[str]:
        return [column.code for column in answer(browser, plan, query).context["shown"].columns]

    usual = ["nummer", "tittel", "satsing", "slag", "ansvar", "periode", "dagar", "status"]
    assert codes("") == usual
    assert codes("kol=status&kol=del") == ["nummer", "tittel", "del", "status"]
    assert codes("kol=finst-ikkje") == usual
    every = answer(
        browser,
        plan,
        "&".join(
            f"kol={c}"
            for c in (
                "del",
                "satsing",
                "slag",
                "ansvar",
                "periode",
                "k1",
                "k2",
                "k3",
                "k4",
                "dagar",
                "kommunar",
                "samarbeid",
                "kostnad",
                "status",
                "sprak",
                "manglar",
                "endra",
            )
        ),
    ).content.decode()
    for text in ("LAG", "80\N{NO-BREAK SPACE}000", "2,5", "Nynorsk"):
        assert text in every


def test_last_changed_is_when_the_measure_was_last_written(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[2]
    change_measure(measure=measure, values={"title": "Ny"}, expected_version=1, by=world.editor)
    browser = browser_of(world.editor)
    rows = answer(browser, plan, "kol=endra&sorter=-endra").context["page"]
    assert [(row.measure.number, row.changed_at is not None) for row in rows][:2] == [
        ("2.1", True),
        ("1.1", False),
    ]


def test_empty_fields_of_the_form_leave_the_address(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    usual = "&kol=satsing&kol=slag&kol=ansvar&kol=periode&kol=dagar&kol=status"
    sent = browser.get(address(plan, f"q=laks&del=&slag=&sorter=-tittel&hms=1{usual}"))
    assert sent.status_code == 302
    assert sent["Location"] == address(plan, "q=laks&sorter=-tittel")


def test_what_the_plan_does_not_have_is_left_out_and_told_of(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    page = answer(browser, plan, "satsing=00000000-0000-0000-0000-000000000000&slag=NETWORK")
    assert [row.measure.number for row in page.context["page"]] == ["1.1"]
    assert len(page.context["shown"].filter.unknown) == 1


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "kommune=" + "9" * 5000, "sorter=" + "x" * 5000, "kol=%00", "page=-1", "page=9e9",
        "endra=tull", "endra=00000000-0000-0000-0000-000000000000", "q=%ED%A0%80", "lup=tull",
        "del=1&del=2", "satsing=%F0%9F%8E%89", "ansvar=<script>",
    ],
)  # fmt: skip
def test_hostile_addresses_show_a_table(
    world: World, browser_of: LogIn, plan: PartnerPlan, query: str
) -> None:
    assert "<script>alert" not in answer(browser_of(world.editor), plan, query).content.decode()


def test_it_says_how_many_of_how_many_and_what_to_do_when_none(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    shown = answer(browser, plan, "del=2").context["shown"]
    assert (len(shown.rows), shown.total) == (2, 4)
    assert "lp-empty" in answer(browser, plan, "q=finst+ikkje").content.decode()
    empty = make_plan(agreement=plan.agreement, year=2023)
    assert "lp-empty" in answer(browser, empty).content.decode()


def test_those_who_cannot_change_see_no_boxes(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    assert 'name="vel"' in answer(browser_of(world.editor), plan).content.decode()
    assert 'name="vel"' not in answer(browser_of(world.signatory), plan).content.decode()
    set_state(plan, PlanState.ACTIVE)
    assert 'name="vel"' in answer(browser_of(world.adviser), plan).content.decode()


def test_more_than_a_page_is_paged_and_all_that_match_are_still_counted(
    world: World, browser_of: LogIn
) -> None:
    plan = make_plan(county=world.county, measures=101)
    page = answer(browser_of(world.editor), plan, "sorter=-nummer").context["page"]
    assert (len(page), page.paginator.count) == (200, 202)
    rest = numbers(browser_of(world.editor), plan, "sorter=-nummer&page=2")
    assert rest == ["1.2", "1.1"]


@pytest.mark.parametrize("measures", [3, 150])
def test_queries_do_not_grow(world: World, browser_of: LogIn, measures: int) -> None:
    plan = make_plan(county=world.county, measures=measures)
    browser = browser_of(world.editor)
    query = f"kol=endra&kol=kommunar&kommune={world.municipalities[0].number}&sorter=-endra"
    with CaptureQueriesContext(connection) as queries:
        answer(browser, plan, query)
    assert len(queries) == 12


def test_the_address_survives_the_links(world: World, browser_of: LogIn, plan: PartnerPlan) -> None:
    page = answer(browser_of(world.editor), plan, "q=o&kol=status&sorter=tittel")
    action = reverse("plans:bulk", args=(world.county.slug, 2022))
    assert f'action="{action}?q=o&amp;sorter=tittel&amp;kol=status"' in page.content.decode()
    assert parse_qs(urlsplit(f"?{page.context['shown'].query}").query) == {
        "q": ["o"],
        "sorter": ["tittel"],
        "kol": ["status"],
    }
