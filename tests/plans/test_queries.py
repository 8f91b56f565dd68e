"""Every page takes a fixed number of queries, whether the plan has 6 measures or 300."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from plans.enums import PartKind
from plans.models import Measure, PartnerPlan
from tests.factories.plans import area_of, make_plan
from tests.plans.conftest import World

LogIn = Callable[[User], Client]

# With log-in: session, user and roles are three of them.
QUERIES = {
    "index": 4,
    "work": 4,
    "plan": 10,
    "measure": 11,
    "municipality": 10,
    "municipalities": 10,
    "json": 10,
    "bench": 10,
    "area_edit": 5,
    "measure_new": 9,
    "measure_edit": 12,
    "measure_delete": 5,
}


def addresses(plan: PartnerPlan, number: str) -> dict[str, str]:
    """Return the pages of a plan that one looks at, by name."""
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    area = {"key": area_of(plan, PartKind.MUNICIPALITIES).key}
    measure = {"key": Measure.objects.in_plan(plan.pk)[0].key}
    kwargs: dict[str, dict[str, object]] = {
        "index": {},
        "work": {},
        "measure": {**where, "number": "1.1"},
        "municipality": {**where, "number": number},
        "area_edit": {**where, **area},
        "measure_new": {**where, **area},
        "measure_edit": {**where, **measure},
        "measure_delete": {**where, **measure},
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
