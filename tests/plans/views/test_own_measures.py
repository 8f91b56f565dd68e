"""Of an unsigned plan, contacts and contributors read their own measures and nothing else."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from plans.document import PlanDocument
from plans.enums import PartKind, PlanState, ResponsibleKind
from plans.models import FocusArea, Measure, PartnerPlan, PlanText
from tests.factories.accounts import user_with
from tests.factories.municipalities import WorkingGroupFactory
from tests.factories.plans import area_of, make_measure, make_plan
from tests.plans.conftest import World

LogIn = Callable[[User], Client]

SECRET = "Løyndom"


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan whose part two has a measure for each party, and texts that are nobody's own."""
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION)
    area = area_of(plan, PartKind.MUNICIPALITIES)
    make_measure(area, 1, title=f"{SECRET} for den tredje").municipalities.add(
        world.municipalities[2]
    )
    make_measure(area, 2, title="For den fyrste").municipalities.add(world.municipalities[0])
    make_measure(area, 3, title="For laget").cooperations.add(world.cooperation)
    make_measure(
        area,
        4,
        title="Laget svarar",
        responsible_kind=ResponsibleKind.COOPERATION,
        responsible_cooperation=world.cooperation,
    )
    make_measure(
        area,
        5,
        title="Gruppa svarar",
        responsible_kind=ResponsibleKind.WORKING_GROUP,
        responsible_working_group=WorkingGroupFactory.create(county=world.county, key="gruppe"),
    )
    PlanText.objects.filter(plan=plan).update(body=f"{SECRET} i planen")
    plan.parts.update(introduction=f"{SECRET} i delen")
    FocusArea.objects.filter(part__plan=plan).update(description=f"{SECRET} i satsingsområdet")
    return plan


@pytest.fixture
def contact(world: World) -> User:
    return user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])


@pytest.fixture
def contributor(world: World) -> User:
    return user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)


def address(plan: PartnerPlan, name: str, *more: str) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *more])


def seen(browser: Client, plan: PartnerPlan) -> tuple[list[str], list[str]]:
    """Return the numbers of the measures listed as one's own, and of those whose pages open."""
    document: PlanDocument = browser.get(address(plan, "own")).context["document"]
    numbers = [f"2.{place}" for place in range(1, 6)]
    opened = [n for n in numbers if browser.get(address(plan, "measure", n)).status_code == 200]
    return [measure.number for measure in document.measures], opened


def test_a_contact_sees_what_concerns_the_municipality(
    plan: PartnerPlan, contact: User, browser_of: LogIn
) -> None:
    assert seen(browser_of(contact), plan) == (["2.2", "2.3"], ["2.2", "2.3"])


def test_a_contributor_sees_what_its_cooperation_answers_for_or_takes_part_in(
    plan: PartnerPlan, contributor: User, browser_of: LogIn
) -> None:
    assert seen(browser_of(contributor), plan) == (["2.3", "2.4"], ["2.3", "2.4"])


def test_a_contributor_of_a_working_group_sees_what_it_answers_for(
    plan: PartnerPlan, browser_of: LogIn
) -> None:
    group = Measure.objects.get(title="Gruppa svarar").responsible_working_group
    browser = browser_of(user_with(Role.CONTRIBUTOR, working_group=group))
    assert seen(browser, plan) == (["2.5"], ["2.5"])


def test_nothing_of_others_shows_on_any_page(
    plan: PartnerPlan,
    world: World,
    contact: User,
    browser_of: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed: list[PlanDocument] = []

    def pdf(document: PlanDocument) -> bytes:
        printed.append(document)
        return b"%PDF-"

    monkeypatch.setattr("plans.views.downloads.stored_pdf", pdf)
    browser = browser_of(contact)
    number = world.municipalities[0].number
    pages = [
        browser.get(address(plan, "own")),
        browser.get(address(plan, "measure", "2.2")),
        browser.get(address(plan, "municipality", number)),
        browser.get(address(plan, "municipality_pdf", number)),
        browser.get(reverse("plans:work")),
        browser.get(reverse("plans:index")),
    ]
    assert [page.status_code for page in pages] == [200] * 6
    assert [SECRET in page.content.decode() for page in pages] == [False] * 6
    (document,) = printed
    assert [measure.number for measure in document.measures] == ["2.2", "2.3"]
    assert SECRET not in repr(document)
    assert plan not in pages[5].context["plans"]
    assert list(pages[4].context["in_part"]) == [plan]


def test_the_extract_of_another_municipality_is_not_there(
    plan: PartnerPlan, world: World, contact: User, browser_of: LogIn
) -> None:
    browser = browser_of(contact)
    answers = [
        browser.get(address(plan, name, world.municipalities[1].number)).status_code
        for name in ("municipality", "municipality_pdf")
    ]
    assert answers == [404, 404]


def test_a_measure_of_others_answers_like_one_that_is_not_there(
    plan: PartnerPlan, contact: User, browser_of: LogIn
) -> None:
    browser = browser_of(contact)
    hidden, missing = (browser.get(address(plan, "measure", n)) for n in ("2.1", "2.9"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    token = re.compile(r"[A-Za-z0-9]{64}")
    pages = [token.sub("", page.content.decode()) for page in (hidden, missing)]
    assert pages[0].replace("2.1", "2.9") == pages[1]


def test_links_lead_nowhere_that_is_closed(
    plan: PartnerPlan, world: World, contact: User, browser_of: LogIn
) -> None:
    browser = browser_of(contact)
    closed = [address(plan, "plan"), address(plan, "municipalities"), address(plan, "bench")]
    closed += [
        address(plan, "municipality", municipality.number)
        for municipality in world.municipalities[1:]
    ]
    for page in (
        address(plan, "own"),
        address(plan, "measure", "2.3"),
        address(plan, "municipality", world.municipalities[0].number),
    ):
        text = browser.get(page).content.decode()
        assert [
            url for url in closed if f'href="{url}"' in text or f'href="{url}#' in text
        ] == [], page


def test_who_may_read_all_is_sent_to_the_plan(
    plan: PartnerPlan, world: World, browser_of: LogIn
) -> None:
    answer = browser_of(world.editor).get(address(plan, "own"))
    assert (answer.status_code, answer["Location"]) == (302, address(plan, "plan"))


@pytest.mark.parametrize("more", [0, 40])
def test_queries_do_not_grow(
    plan: PartnerPlan, world: World, contact: User, browser_of: LogIn, more: int
) -> None:
    area = area_of(plan, PartKind.MUNICIPALITIES)
    for place in range(6, 6 + more):
        make_measure(area, place).municipalities.add(world.municipalities[0])
    browser = browser_of(contact)
    counts = {}
    for name, args in {"own": [], "measure": ["2.2"]}.items():
        with CaptureQueriesContext(connection) as queries:
            browser.get(address(plan, name, *args))
        counts[name] = len(queries)
    # One more than for an editor: which municipalities took over from the contact's own.
    assert counts == {"own": 11, "measure": 12}
