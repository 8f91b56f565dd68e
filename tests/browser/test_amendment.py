"""An amendment in Chromium: begun, two measures changed, reasons given, sent to signing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from plans.document import from_json
from plans.enums import PlanState
from plans.models import Measure, PartnerPlan, PartnershipAgreement
from plans.services.versions import waiting
from tests.factories.plans import make_plan
from tests.factories.versions import set_state
from tests.plans.readiness import make_ready

YEAR = 2024
WORK = f"/arbeid/more-og-romsdal/{YEAR}/"
EDITOR = "fylkesredaktor@demo.example"
ADVISER = "lup-radgjevar@demo.example"
LogIn = Callable[[BrowserContext, str], None]
Axe = Callable[[Page], None]


@pytest.fixture
def plan(site: str) -> PartnerPlan:
    """A signed plan of a year that the demo has no plan for."""
    agreement = PartnershipAgreement.objects.get(county__slug="more-og-romsdal")
    made = make_plan(agreement=agreement, year=YEAR, measures=1)
    made = make_ready(made, by=User.objects.get(email=ADVISER))
    return set_state(made, PlanState.ACTIVE)


def press(page: Page, way: str) -> None:
    """Move the plan by the button of ``way`` on its course page."""
    page.goto(f"{WORK}gang/")
    with page.expect_navigation():
        page.locator(f"form[action$='/gang/{way}/'] button[type=submit]").click()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".lp-actions button").first.click()


def amend(page: Page, plan: PartnerPlan, axe: Axe) -> None:
    """Go the way from a plan in force to an amendment that waits for signatures."""
    press(page, "endring")
    expect(page.locator("#working-copy")).to_be_visible()
    for measure in Measure.objects.in_plan(plan.pk):
        page.goto(f"{WORK}tiltak/{measure.key}/")
        page.locator("#id_title").fill(f"Endra {measure.title}")
        save(page)
    page.goto(WORK)
    axe(page)
    with page.expect_navigation():
        page.locator("#working-copy a").click()
    expect(page.locator(".lp-event")).to_have_count(2)
    axe(page)
    for place in (0, 1):
        with page.expect_navigation():
            page.locator(".lp-event .lp-toolbar a").nth(2 * place).click()
        page.locator("#id_text").fill(f"Grunn {place}")
        axe(page)
        save(page)
    press(page, "endring-signering")
    version = waiting(PartnerPlan.objects.get(pk=plan.pk))
    assert version is not None
    amendment = from_json(version.content.encode()).amendment
    assert amendment is not None
    assert [(item.title, item.reason) for item in amendment.items] == [
        ("Endra Tiltak 1.1", "Grunn 0"),
        ("Endra Tiltak 2.1", "Grunn 1"),
    ]


def test_an_amendment_is_made(plan: PartnerPlan, page: Page, log_in: LogIn, axe: Axe) -> None:
    log_in(page.context, EDITOR)
    amend(page, plan, axe)


def test_an_amendment_is_made_without_javascript(
    plan: PartnerPlan, no_js: BrowserContext, log_in: LogIn
) -> None:
    log_in(no_js, EDITOR)
    page = no_js.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    amend(page, plan, lambda page: None)
