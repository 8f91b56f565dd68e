"""Every page takes a fixed number of queries, whether the plan has 6 measures or 300."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from plans.enums import PartKind, PlanState
from plans.models import Measure, PartnerPlan, VersionVoid
from plans.services.answers import answer_contribution
from tests.factories.accounts import user_with
from tests.factories.contributions import make_contribution, make_round
from tests.factories.plans import area_of, make_plan
from tests.factories.versions import make_version, set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]

# With log-in: session, user and roles are three of them.
QUERIES = {
    "index": 4,
    "work": 5,
    "plan": 10,
    "measure": 11,
    "municipality": 10,
    "municipalities": 10,
    "json": 11,
    "bench": 12,
    "area_edit": 7,
    "measure_new": 11,
    "measure_edit": 12,
    "measure_delete": 5,
    "life": 12,
    "lup_days": 11,
    "plan_history": 7,
    "measure_history": 7,
    "plan_compare": 5,
    "comments": 8,
    "measure_comments": 9,
    "measure_thread_new": 7,
    "proposals": 5,
    "table": 11,
    "bulk_list": 5,
    "view_list": 5,
    "drafts": 3,
    "presence": 5,
    "memo": 12,
    "memo_case": 7,
    "memo_section": 12,
}
# The same with 1 contribution and with 60.
INPUT_QUERIES = {
    "contributions_own": 7,
    "contribution_inbox": 9,
    "round_edit": 12,
    "contribution_new": 11,
    "contribution": 11,
    "contribution_answer": 11,
    "contribution_measure": 8,
    "bench": 12,
    "plan": 10,
    "measure": 11,
}


def addresses(plan: PartnerPlan, number: str) -> dict[str, str]:
    """Return the pages of a plan that one looks at, by name."""
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    area = {"key": area_of(plan, PartKind.MUNICIPALITIES).key}
    measure = {"key": Measure.objects.in_plan(plan.pk)[0].key}
    kwargs: dict[str, dict[str, object]] = {
        "index": {},
        "work": {},
        "drafts": {},
        "measure": {**where, "number": "1.1"},
        "municipality": {**where, "number": number},
        "area_edit": {**where, **area},
        "measure_new": {**where, **area},
        "measure_edit": {**where, **measure},
        "measure_delete": {**where, **measure},
        "measure_history": {**where, **measure},
        "measure_comments": {**where, **measure},
        "measure_thread_new": {**where, **measure},
        "memo_section": {**where, "slug": "oppbygging"},
    }
    return {name: reverse(f"plans:{name}", kwargs=kwargs.get(name, where)) for name in QUERIES}


def fill(plan: PartnerPlan, world: World) -> None:
    for measure in Measure.objects.in_plan(plan.pk):
        measure.municipalities.set(world.municipalities)
        measure.cooperations.set([world.cooperation])


@pytest.mark.parametrize("measures", [3, 150])
def test_queries_of_each_page(world: World, browser_of: LogIn, measures: int) -> None:
    plan = make_plan(county=world.county, measures=measures)
    fill(plan, world)
    browser = browser_of(world.editor)
    counts = {}
    for name, address in addresses(plan, world.municipalities[0].number).items():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts[name] = len(queries)
    assert counts == QUERIES


@pytest.mark.parametrize("plans", [1, 4])
def test_lists_do_not_grow_with_the_plans(world: World, browser_of: LogIn, plans: int) -> None:
    plan = make_plan(county=world.county, year=2020, measures=1)
    for year in range(2021, 2020 + plans):
        make_plan(agreement=plan.agreement, year=year, measures=1)
    browser = browser_of(world.editor)
    for name in ("index", "work"):
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(f"plans:{name}"))
        assert len(queries) == QUERIES[name]


@pytest.mark.parametrize("measures", [3, 150])
def test_queries_of_the_way_to_signature(world: World, browser_of: LogIn, measures: int) -> None:
    """LUP's capacity is the one more."""
    plan = make_plan(county=world.county, measures=measures, state=PlanState.NEGOTIATION)
    fill(plan, world)
    address = reverse("plans:life", args=[world.county.slug, plan.year])
    for user in (world.editor, world.signatory, world.adviser):
        browser = browser_of(user)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) == 12


@pytest.mark.parametrize("measures", [3, 150])
@pytest.mark.parametrize("returned", [0, 3])
def test_queries_of_signing(world: World, browser_of: LogIn, measures: int, returned: int) -> None:
    """Also where there is a signed version to compare with, and versions were returned."""
    plan = make_plan(county=world.county, measures=measures, state=PlanState.ACTIVE)
    for _time in range(returned):
        void = make_version(plan, signed=False)
        VersionVoid.objects.create(version=void, reason="Feil tal")
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.FOR_SIGNATURE, title="Ny")
    make_version(plan, signed=False)
    address = reverse("plans:signing", args=[world.county.slug, plan.year])
    for user in (world.editor, world.signatory, world.adviser):
        browser = browser_of(user)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) == 10


@pytest.mark.parametrize("inputs", [1, 60])
def test_queries_of_the_pages_about_input(world: World, browser_of: LogIn, inputs: int) -> None:
    plan = make_plan(county=world.county, measures=3, state=PlanState.CONSULTATION)
    round_ = make_round(plan)
    round_.invitations.create(cooperation=world.cooperation)
    for municipality in world.municipalities:
        round_.invitations.create(municipality=municipality)
    measure = Measure.objects.in_plan(plan.pk).select_related("part", "focus_area")[0]
    for _each in range(inputs):
        found = make_contribution(plan, world.cooperation)
        answer_contribution(
            contribution=found,
            accepted=True,
            answer="Takk.",
            expected_version=found.version,
            by=world.editor,
            measure=measure,
            focus_area=measure.focus_area,
        )
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    one = {**where, "key": found.key}
    kwargs: dict[str, dict[str, object]] = {
        "contributions_own": {},
        "contribution": one,
        "contribution_answer": one,
        "contribution_measure": one,
        "measure": {**where, "number": "1.1"},
    }
    counts = {}
    for name in INPUT_QUERIES:
        browser = browser_of(world.editor)
        if name == "contributions_own":
            browser = browser_of(user_with(Role.CONTRIBUTOR, cooperation=world.cooperation))
        with CaptureQueriesContext(connection) as queries:
            address = reverse(f"plans:{name}", kwargs=kwargs.get(name, where))
            assert browser.get(address).status_code == 200
        counts[name] = len(queries)
    assert counts == INPUT_QUERIES


@pytest.mark.parametrize("measures", [3, 150])
def test_queries_of_an_amendment(world: World, browser_of: LogIn, measures: int) -> None:
    plan = make_plan(county=world.county, measures=measures)
    fill(plan, world)
    plan = set_state(plan, PlanState.AMENDING)
    assert plan.in_force is not None
    rows = Measure.objects.in_plan(plan.pk)
    rows.update(purpose="Eit anna føremål")
    for row in rows[1:]:
        plan.in_force.amendment_reasons.create(kind="MEASURE", key=str(row.key), text="Difor")
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    browser = browser_of(world.editor)
    counts = {}
    for name, more in (
        ("amendment", {}),
        ("amendment_reason", {"kind": "measure", "key": rows[0].key}),
        ("life", {}),
        ("bench", {}),
    ):
        with CaptureQueriesContext(connection) as queries:
            address = reverse(f"plans:{name}", kwargs={**where, **more})
            assert browser.get(address).status_code == 200
        counts[name] = len(queries)
    assert counts == {"amendment": 11, "amendment_reason": 12, "life": 12, "bench": 12}
