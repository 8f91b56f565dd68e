"""The pages where plans are read, as visitors and the parties see them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from plans.enums import MeasureStatus, MunicipalityScope, PartKind, PlanState, TextKind
from plans.models import Measure, PartnerPlan
from tests.factories.municipalities import CountyFactory
from tests.factories.plans import area_of, make_measure, make_plan
from tests.factories.versions import make_version
from tests.plans.conftest import World
from tests.plans.views.pages import address, found, html, measure_of

LogIn = Callable[[User], Client]


# --- Front page and list --------------------------------------------------------------------------


def test_the_front_page_shows_signed_plans_the_newest_first(world: World, reader: Client) -> None:
    first = make_plan(county=world.county, year=2020, state=PlanState.CLOSED)
    for year, state in ((2021, PlanState.ACTIVE), (2022, PlanState.DRAFT)):
        make_plan(agreement=first.agreement, year=year, state=state)
    page = reader.get(reverse("plans:front"))
    assert found(r'class="lp-plancard__year">(\d+)<', page) == ["2021", "2020"]
    assert reverse("plans:work") not in html(page)


def test_the_front_page_leads_the_parties_to_their_work(world: World, browser_of: LogIn) -> None:
    page = browser_of(world.editor).get(reverse("plans:front"))
    assert f'class="ds-button" href="{reverse("plans:work")}"' in html(page)


def test_the_list_says_how_many_and_how_far(world: World, browser_of: LogIn) -> None:
    first = make_plan(county=world.county, year=2020, state=PlanState.CLOSED, measures=2)
    make_plan(agreement=first.agreement, year=2022, measures=1)
    gone = Measure.objects.in_plan(first.pk)[0]
    Measure.objects.filter(pk=gone.pk).update(position=None)
    other = make_plan(county=CountyFactory(name="Avdalen"), year=2021, state=PlanState.ACTIVE)
    page = browser_of(world.editor).get(reverse("plans:index"))
    rows = [
        (row.agreement.county.name, row.year, row.state, row.measure_count)
        for row in page.context["plans"]
    ]
    assert rows == [
        ("Avdalen", other.year, "ACTIVE", 0),
        ("Fjordane", 2022, "DRAFT", 2),
        ("Fjordane", 2020, "CLOSED", 3),
    ]
    links = found(r'<th scope="row"><a href="([^"]+)"', page)
    assert links == [
        f"{other.agreement.county.slug}/2021/",
        "fjordane/2022/",
        "fjordane/2020/",
    ]


def test_an_empty_list_says_what_will_come(reader: Client) -> None:
    assert "A plan turns up here when both parties have signed it." in html(
        reader.get(reverse("plans:index"))
    )


# --- The plan -------------------------------------------------------------------------------------


def test_the_plan_shows_its_measures_in_order(plan: PartnerPlan, reader: Client) -> None:
    page = reader.get(address(plan))
    assert found(r'<article class="lp-measure" id="tiltak-([\d.]+)"', page) == [
        "1.1",
        "1.2",
        "2.1",
        "2.2",
    ]
    assert found(r'<a href="(tiltak/[^"]+)"', page) == [
        "tiltak/1.1/",
        "tiltak/1.2/",
        "tiltak/2.1/",
        "tiltak/2.2/",
    ]


def test_each_text_says_which_language_it_is_in(plan: PartnerPlan, reader: Client) -> None:
    plan.texts.filter(kind=TextKind.LUP_DONE).update(body="Kurs for kommunene.", language="nb")
    plan.texts.filter(kind=TextKind.PURPOSE).update(body="Å få det til.", language="nn")
    make_version(plan)
    page = reader.get(address(plan))
    assert page.headers["Content-Language"] == "en"
    assert '<div class="lp-prose" lang="nb"><p>Kurs for kommunene.</p></div>' in html(page)
    assert '<div class="lp-prose" lang="nn"><p>Å få det til.</p></div>' in html(page)


def test_the_descriptions_are_shown_when_asked_for(plan: PartnerPlan, reader: Client) -> None:
    Measure.objects.in_plan(plan.pk).filter(position=1).update(description="Eit kurs over to dagar")
    make_version(plan)
    assert "Eit kurs over to dagar" not in html(reader.get(address(plan)))
    assert "Eit kurs over to dagar" in html(reader.get(address(plan), {"tekst": "alt"}))


def test_the_plan_in_figures(plan: PartnerPlan, world: World, reader: Client) -> None:
    measure_of(plan, "2.1").municipalities.set(world.municipalities[:2])
    Measure.objects.in_plan(plan.pk).update(lup_days_q1="1.5", lup_days_q4=1)
    make_version(plan)
    page = reader.get(address(plan))
    assert found(r'class="lp-key__figure">([^<]+)<', page) == ["4", "10", "2"]
    assert found(r"</abbr> ([\d.]+)</li>", page) == ["6", "0", "0", "4"]


def test_a_signed_plan_shows_how_its_measures_go(plan: PartnerPlan, reader: Client) -> None:
    Measure.objects.filter(pk=measure_of(plan, "1.2").pk).update(status=MeasureStatus.DELAYED)
    shown = found(r"Status: </span><span[^>]*>.*?</svg>([^<]+)<", reader.get(address(plan)))
    assert shown == ["Planned", "Delayed", "Planned", "Planned"]


def test_an_unsigned_plan_shows_no_status(world: World, browser_of: LogIn) -> None:
    draft = make_plan(county=world.county, measures=1)
    page = browser_of(world.editor).get(address(draft))
    assert page.status_code == 200
    assert "lp-measure__line" in html(page)
    assert found(r"<article.*?(lp-state).*?</article>", page) == []


def test_an_example_says_so(plan: PartnerPlan, reader: Client) -> None:
    pages = [
        address(plan),
        address(plan, "measure", number="1.1"),
        address(plan, "municipalities"),
    ]
    assert [reader.get(page).context["is_example"] for page in pages] == [False] * 3
    PartnerPlan.objects.update(is_example=True)
    assert ["lp-example" in html(reader.get(page)) for page in pages] == [True] * 3


def test_text_is_never_markup(plan: PartnerPlan, reader: Client) -> None:
    evil = '<script>alert("1")</script>'
    Measure.objects.in_plan(plan.pk).update(title=evil, description=evil)
    plan.texts.update(body=evil)
    make_version(plan)
    for page in (address(plan), address(plan, "measure", number="1.1")):
        content = html(reader.get(page, {"tekst": "alt"}))
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert" in content


def test_pictures_have_the_same_content_as_a_table(plan: PartnerPlan, reader: Client) -> None:
    page = reader.get(address(plan))
    numbers = ["1.1", "1.2", "2.1", "2.2"]
    table = html(page).partition('id="when-caption"')[2].partition("</table>")[0]
    assert re.findall(r'<a href="#tiltak-([\d.]+)">', table) == numbers
    for picture in ("lpd-wheel", "lpd-timeline"):
        svg = html(page).partition(picture)[2].partition("</svg>")[0]
        assert sorted(re.findall(r'<a href="#tiltak-([\d.]+)"', svg)) == numbers


def test_who_does_what(plan: PartnerPlan, reader: Client) -> None:
    Measure.objects.filter(pk=measure_of(plan, "1.1").pk).update(responsible_kind="COUNTY")
    Measure.objects.filter(pk=measure_of(plan, "2.2").pk).update(responsible_kind="LUP")
    make_version(plan)
    table = html(reader.get(address(plan))).partition('id="ansvar"')[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td>(.*?)</td>', table, re.DOTALL)
    assert [(name, re.findall(r">([\d.]+)</a>", numbers)) for name, numbers in rows] == [
        ("LUP", ["2.2"]),
        ("Fjordane fylkeskommune", ["1.1"]),
        ("Not settled yet", ["1.2", "2.1"]),
    ]


def test_the_workbench_is_offered_to_those_who_work(
    plan: PartnerPlan, world: World, reader: Client, browser_of: LogIn
) -> None:
    bench = f'href="{address(plan, "bench")}"'
    offered = {
        who: bench in html(client.get(address(plan)))
        for who, client in (
            ("visitor", reader),
            ("editor", browser_of(world.editor)),
            ("outsider", browser_of(world.outsider)),
        )
    }
    assert offered == {"visitor": False, "editor": True, "outsider": False}


@pytest.mark.parametrize("name", ["plan", "municipalities", "pdf", "json"])
def test_a_draft_does_not_exist_for_visitors(world: World, reader: Client, name: str) -> None:
    draft = make_plan(county=world.county)
    assert reader.get(address(draft, name)).status_code == 404


# --- A measure ------------------------------------------------------------------------------------


def test_a_measure_leads_to_its_neighbours(plan: PartnerPlan, reader: Client) -> None:
    around = {
        number: found(
            r'<a (?:class="[^"]*" )?rel="(?:prev|next)" href="([^"]+)"',
            reader.get(address(plan, "measure", number=number)),
        )
        for number in ("1.1", "1.2", "2.2")
    }
    assert around == {
        "1.1": [address(plan, "measure", number="1.2")],
        "1.2": [address(plan, "measure", number="1.1"), address(plan, "measure", number="2.1")],
        "2.2": [address(plan, "measure", number="2.1")],
    }


def test_a_measure_says_whom_it_concerns_and_why(
    plan: PartnerPlan, world: World, reader: Client
) -> None:
    measure = measure_of(plan, "2.1")
    measure.municipalities.set([world.municipalities[0], world.municipalities[2]])
    measure.cooperations.set([world.cooperation])
    make_version(plan)
    page = reader.get(address(plan, "measure", number="2.1"))
    groups = [
        ([reason.kind for reason in why], [municipality.number for municipality in them])
        for why, them in page.context["concerned"]
    ]
    first, second, third = (municipality.number for municipality in world.municipalities)
    assert groups == [
        (["CHOSEN", "COOPERATION"], [first]),
        (["COOPERATION"], [second]),
        (["CHOSEN"], [third]),
    ]
    links = [address(plan, "municipality", number=number) for number in (first, second, third)]
    assert all(f'href="{link}"' in html(page) for link in links)


@pytest.mark.parametrize("number", ["1.3", "3.1", "2.9999", "0.1"])
def test_a_measure_that_is_not_in_the_plan(plan: PartnerPlan, reader: Client, number: str) -> None:
    assert reader.get(address(plan, "measure", number=number)).status_code == 404


def test_only_those_who_may_are_offered_to_edit(world: World, browser_of: LogIn) -> None:
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=2)
    Measure.objects.filter(pk=measure_of(plan, "1.2").pk).update(responsible_kind="LUP")
    offered = {
        (who, number): f'"{address(plan, "measure_edit", key=measure_of(plan, number).key)}"'
        in html(browser_of(user).get(address(plan, "measure", number=number)))
        for who, user in (("editor", world.editor), ("adviser", world.adviser))
        for number in ("1.1", "1.2")
    }
    assert offered == {
        ("editor", "1.1"): True,
        ("editor", "1.2"): True,
        ("adviser", "1.1"): False,
        ("adviser", "1.2"): True,
    }


# --- A municipality -------------------------------------------------------------------------------


def test_an_extract_groups_what_concerns_the_municipality_by_reason(
    plan: PartnerPlan, world: World, reader: Client
) -> None:
    here = world.municipalities[0]
    area = area_of(plan, PartKind.MUNICIPALITIES)
    leads = {"responsible_kind": "MUNICIPALITY", "responsible_municipality": here}
    make_measure(area, 3, **leads)
    measure_of(plan, "2.1").municipalities.add(here)
    measure_of(plan, "2.2").cooperations.add(world.cooperation)
    make_measure(area, 4, municipality_scope=MunicipalityScope.ALL)
    make_version(plan)
    page = reader.get(address(plan, "municipality", number=here.number))
    groups = {
        group.reason: [measure.number for measure, _why in group.measures]
        for group in page.context["groups"]
    }
    assert groups == {
        "LEADS": ["2.3"],
        "CHOSEN": ["2.1"],
        "COOPERATION": ["2.2"],
        "ALL": ["2.4"],
    }
    assert found(r'<article class="lp-measure" id="tiltak-([\d.]+)"', page) == [
        "2.3",
        "2.1",
        "2.2",
        "2.4",
    ]


def test_a_municipality_without_measures_is_told_so(
    plan: PartnerPlan, world: World, reader: Client
) -> None:
    number = world.municipalities[0].number
    page = reader.get(address(plan, "municipality", number=number))
    assert page.status_code == 200
    assert "lp-empty" in html(page)


def test_a_municipality_that_is_not_of_the_year_is_not_there(
    plan: PartnerPlan, world: World, reader: Client
) -> None:
    old = make_plan(agreement=plan.agreement, year=2021, state=PlanState.CLOSED)
    ended = world.ended.number
    answers = {
        year: reader.get(address(of, "municipality", number=ended)).status_code
        for year, of in ((2021, old), (2022, plan))
    }
    assert answers == {2021: 200, 2022: 404}
    assert reader.get(address(plan, "municipality", number="9999")).status_code == 404
    assert reader.get(address(plan, "municipality_pdf", number="9999")).status_code == 404


def test_the_list_of_municipalities_counts_their_measures(
    plan: PartnerPlan, world: World, reader: Client
) -> None:
    measure_of(plan, "2.1").municipalities.add(world.municipalities[0])
    measure_of(plan, "2.2").cooperations.add(world.cooperation)
    make_version(plan)
    rows = reader.get(address(plan, "municipalities")).context["rows"]
    assert [(row.municipality.number, len(row.measures)) for row in rows] == [
        (world.municipalities[0].number, 2),
        (world.municipalities[1].number, 1),
        (world.municipalities[2].number, 0),
    ]
