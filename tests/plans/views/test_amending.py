"""While an amendment is under way, everybody reads what was signed, and how that goes."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from plans.enums import MeasureStatus, PlanState, TextKind
from plans.models import FocusArea, Measure, PartnerPlan
from plans.services.versions import make_void
from tests.factories.accounts import user_with
from tests.factories.plans import area_of, make_measure, make_plan
from tests.factories.versions import bare_version, make_version, set_state
from tests.plans.conftest import World
from tests.plans.views.pages import address, found, html, measure_of

LogIn = Callable[[User], Client]
SECRET = "Løyndom"


@pytest.fixture(params=[PlanState.AMENDING, PlanState.FOR_SIGNATURE])
def amended(request: pytest.FixtureRequest, plan: PartnerPlan, world: World) -> PartnerPlan:
    """The signed plan, whose rows are a working copy by now: everything in them is changed."""
    measure_of(plan, "2.1").municipalities.add(world.municipalities[0])
    make_version(plan)
    set_state(plan, PlanState.AMENDING)
    deleted, moved = measure_of(plan, "1.1"), measure_of(plan, "1.2")
    Measure.objects.filter(pk=deleted.pk).update(position=None)
    Measure.objects.filter(pk=moved.pk).update(position=1)
    make_measure(area_of(plan), 2, title=f"{SECRET} er nytt")
    Measure.objects.in_plan(plan.pk).update(title=SECRET, description=SECRET)
    measure_of(plan, "2.1").municipalities.set(world.municipalities)
    FocusArea.objects.filter(part__plan=plan).update(title=SECRET, description=SECRET)
    plan.texts.filter(kind=TextKind.PURPOSE).update(body=SECRET)
    plan.parts.update(introduction=SECRET)
    PartnerPlan.objects.filter(pk=plan.pk).update(title=SECRET)
    if request.param == PlanState.FOR_SIGNATURE:
        bare_version(plan)
    return PartnerPlan.objects.with_parties().get(pk=plan.pk)


def pages(plan: PartnerPlan, world: World) -> list[str]:
    number = world.municipalities[0].number
    return [
        address(plan),
        f"{address(plan)}?tekst=alt",
        *(address(plan, "measure", number=number) for number in ("1.1", "1.2", "2.1", "2.2")),
        address(plan, "municipalities"),
        address(plan, "municipality", number=number),
        address(plan, "json"),
        address(plan, "versions"),
        address(plan, "version", number=2),
        address(plan, "version_json", number=2),
        address(plan, "version_compare", number=2),
        reverse("plans:index"),
        reverse("plans:front"),
    ]


def test_nothing_of_the_working_copy_is_read(
    amended: PartnerPlan, world: World, reader: Client, browser_of: LogIn
) -> None:
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    for client in (reader, browser_of(world.editor), browser_of(contact)):
        for page in pages(amended, world):
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert SECRET not in html(answer), page
        titles = found(
            r'<h4 class="lp-measure__title"[^>]*><a[^>]*>([^<]+)', client.get(address(amended))
        )
        assert titles == ["Tiltak 1.1", "Tiltak 1.2", "Tiltak 2.1", "Tiltak 2.2"]


def test_the_workbench_reads_the_working_copy(
    amended: PartnerPlan, world: World, browser_of: LogIn
) -> None:
    assert SECRET in html(browser_of(world.editor).get(address(amended, "bench")))


def test_lists_count_what_was_signed(amended: PartnerPlan, reader: Client) -> None:
    make_measure(area_of(amended), 3)
    for name in ("index", "front"):
        (row,) = reader.get(reverse(f"plans:{name}")).context["plans"]
        assert row.measure_count == 4
        assert row.state_to_readers == PlanState.AMENDING


def test_how_a_measure_goes_is_told_also_of_one_about_to_be_deleted(
    amended: PartnerPlan, reader: Client
) -> None:
    before = reader.get(address(amended)).headers["ETag"]
    rows = Measure.objects.filter(part__plan=amended)
    rows.filter(position=None).update(status=MeasureStatus.DONE)
    page = reader.get(address(amended), headers={"If-None-Match": before})
    assert page.status_code == 200
    shown = found(r"Status: </span><span[^>]*>.*?</svg>([^<]+)<", page)
    assert shown == ["Done", "Planned", "Planned", "Planned"]
    alone = html(reader.get(address(amended, "measure", number="1.1")))
    assert re.search(r"<dt>Status</dt><dd><span[^>]*>.*?</svg>Done<", alone)


def test_a_measure_about_to_be_deleted_has_its_page(
    amended: PartnerPlan, world: World, browser_of: LogIn
) -> None:
    desk = browser_of(world.editor)
    deleted = desk.get(address(amended, "measure", number="1.1")).context
    assert (deleted["can_edit_measure"], deleted["open_threads"]) == (False, None)
    standing = desk.get(address(amended, "measure", number="1.2")).context
    writable = amended.state == PlanState.AMENDING
    assert standing["can_edit_measure"] is writable
    # Its row has another number by now.
    assert standing["measure"].key == measure_of(amended, "1.1").key


def test_those_who_work_are_told_of_the_amendment(
    amended: PartnerPlan, world: World, reader: Client, browser_of: LogIn
) -> None:
    told = {PlanState.AMENDING: "An amendment is being written."}.get(
        PlanState(amended.state), "An amendment waits for signatures."
    )
    shown = {}
    for who, client in (
        ("visitor", reader),
        ("editor", browser_of(world.editor)),
        ("adviser", browser_of(world.adviser)),
        ("outsider", browser_of(world.outsider)),
    ):
        client.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
        shown[who] = told in html(client.get(address(amended)))
    assert shown == {"visitor": False, "editor": True, "adviser": True, "outsider": False}


def test_the_page_says_what_is_in_force_since_when_and_by_whom(
    plan: PartnerPlan, reader: Client
) -> None:
    line = html(reader.get(address(plan))).partition('lp-standing">')[2].partition("</p>")[0]
    assert line.startswith('<a href="versjonar/1/">Version 1</a>, in force since ')
    assert "Signed by Signatar, " in line


def test_the_years_of_a_measure_are_told_as_signed(
    amended: PartnerPlan, world: World, reader: Client
) -> None:
    """Another year's measure, which the amendment is about to delete, or has given a new number."""
    later = make_plan(agreement=amended.agreement, year=2023, measures=2, state=PlanState.ACTIVE)
    for number, place in (("1.1", None), ("1.2", 1)):
        row = Measure.objects.get(part__plan=amended, part__kind="COUNTY", position=place)
        Measure.objects.filter(pk=measure_of(later, number).pk).update(chain=row.chain)
    for number in ("1.1", "1.2"):
        page = reader.get(address(later, "measure", number=number))
        assert [(year.plan.year, year.number) for year in page.context["chain"]] == [
            (2022, number),
            (2023, number),
        ]
        assert f'href="{address(amended, "measure", number=number)}"' in html(page)
        assert SECRET not in html(page)


def test_a_returned_amendment_leaves_what_was_signed(
    plan: PartnerPlan, world: World, reader: Client
) -> None:
    tag = reader.get(address(plan, "json")).headers["ETag"]
    version = bare_version(plan)
    made = PartnerPlan.objects.get(pk=plan.pk)
    make_void(plan=made, by=world.signatory, reason="Ikkje einige")
    set_state(plan, PlanState.AMENDING)
    assert version.number == 2
    assert reader.get(address(plan, "json"), headers={"If-None-Match": tag}).status_code == 304


def test_a_plan_to_be_signed_is_read_from_its_version(world: World, browser_of: LogIn) -> None:
    plan = make_plan(county=world.county, measures=1, state=PlanState.NEGOTIATION)
    bare_version(plan)
    Measure.objects.in_plan(plan.pk).update(title="Berre i radene")
    page = browser_of(world.adviser).get(address(plan))
    assert "Berre i radene" not in html(page)
    assert 'href="versjonar/1/"' in html(page)
    contact = user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)
    measure_of(plan, "2.1").cooperations.add(world.cooperation)
    own = browser_of(contact).get(address(plan, "own"))
    assert own.status_code == 200
    assert own.context["document"].measures == ()


@pytest.mark.parametrize("measures", [3, 150])
def test_queries_of_a_signed_plans_pages(world: World, reader: Client, measures: int) -> None:
    plan = make_plan(county=world.county, measures=measures, state=PlanState.ACTIVE)
    number = world.municipalities[0].number
    counts: dict[str, list[tuple[int, int]]] = {}
    for name, page in {
        "plan": address(plan),
        "pdf": address(plan, "pdf"),
        "json": address(plan, "json"),
        "measure": address(plan, "measure", number="1.1"),
        "municipality": address(plan, "municipality", number=number),
        "municipalities": address(plan, "municipalities"),
    }.items():
        tag = reader.get(page).headers.get("ETag", "")
        for ask in ({}, {"If-None-Match": tag}):
            with CaptureQueriesContext(connection) as queries:
                status = reader.get(page, headers=ask).status_code
            counts.setdefault(name, []).append((status, len(queries)))
    assert counts == {
        "plan": [(200, 2), (304, 2)],
        "pdf": [(200, 2), (304, 1)],
        "json": [(200, 2), (304, 1)],
        "measure": [(200, 4), (200, 4)],
        "municipality": [(200, 3), (200, 3)],
        "municipalities": [(200, 3), (200, 3)],
    }
