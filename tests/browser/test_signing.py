"""Signing in Chromium: both parties read, confirm who they are, and sign; the plan is in force."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from plans.enums import PlanState
from plans.models import PartnerPlan, PartnershipAgreement, Signature, VersionFile
from tests.browser.looks import Look, each_look
from tests.browser.watchdog import Watchdog
from tests.factories.plans import make_plan
from tests.factories.versions import make_version

YEAR = 2024
SIGNING = f"/arbeid/more-og-romsdal/{YEAR}/signering/"
EDITOR = "fylkesredaktor@demo.example"
COUNTY = "fylkessignatar@demo.example"
LUP = "lup-signatar@demo.example"
PASSWORD = "partnarplan-demo"
LOOKS = [Look(320, "light"), Look(1400, "dark")]
Axe = Callable[[Page], None]
NewContext = Callable[..., BrowserContext]
LogIn = Callable[[BrowserContext, str], None]


@pytest.fixture
def plan(site: str, sealed_pdf: bytes) -> PartnerPlan:
    """A small plan for signature, of a year that the demo has no plan for."""
    agreement = PartnershipAgreement.objects.get(county__slug="more-og-romsdal")
    made = make_plan(agreement=agreement, year=YEAR, measures=1, state=PlanState.ACTIVE)
    PartnerPlan.objects.filter(pk=made.pk).update(
        state=PlanState.FOR_SIGNATURE, title="Partnarplan med ny tittel"
    )
    make_version(made, signed=False, pdf=sealed_pdf)
    return made


def look_over(page: Page, axe: Axe | None) -> None:
    if axe is not None:
        for _look in each_look(page, LOOKS):
            axe(page)


def sign(page: Page, name: str, axe: Axe | None = None) -> None:
    """Go from the list of one's work to the signature."""
    page.goto("/arbeid/")
    look_over(page, axe)
    page.locator(f"main a[href='{SIGNING}']").click()
    expect(page.locator("#signing")).to_contain_text("Partnarplan med ny tittel")
    look_over(page, axe)
    file = page.request.get(page.locator("#signing a[href*='/fil/']").first.get_attribute("href"))
    assert file.body() in [bytes(row.content) for row in VersionFile.objects.all()]
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=role]").fill("Direktør")
    page.locator("input[name=read]").check()
    page.locator("form[action*='/her/'] button").click()
    page.wait_for_url("**/konto/stadfest/**")
    look_over(page, axe)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**{SIGNING}")
    expect(page.locator(".lp-signers")).to_contain_text(f"{name}, Direktør")
    look_over(page, axe)


@pytest.mark.parametrize(("javascript", "width"), [(True, 1400), (True, 320), (False, 320)])
def test_both_parties_sign_here(
    plan: PartnerPlan,
    new_context: NewContext,
    log_in: LogIn,
    axe: Axe,
    javascript: bool,
    width: int,
) -> None:
    for email, name in ((COUNTY, "Fylkessignatar Ein"), (LUP, "LUP-signatar To")):
        context = new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}
        )
        log_in(context, email)
        sign(context.new_page(), name, axe if javascript and width == 1400 else None)
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    assert [row.name for row in Signature.objects.filter(version=plan.in_force)] == [
        "Fylkessignatar Ein",
        "LUP-signatar To",
    ]


def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    plan: PartnerPlan, page: Page, log_in: LogIn, axe: Axe, watchdog: Watchdog
) -> None:
    watchdog.allow("status of 422")
    log_in(page.context, COUNTY)
    page.goto(SIGNING)
    page.locator("input[name=name]").fill("名前")
    page.locator("form[action*='/her/'] button").click()
    expect(page.locator("form[action*='/her/'] [aria-invalid=true]")).to_have_count(2)
    expect(page.locator("input[name=name]")).to_have_value("名前")
    look_over(page, axe)
    page.locator("#signing details summary").click()
    page.locator("form[action*='/opplasting/'] button").first.click()
    expect(page.locator("form[action*='/opplasting/'] [aria-invalid=true]")).to_have_count(1)
    look_over(page, axe)


def test_the_editor_sees_how_it_stands(
    plan: PartnerPlan, page: Page, log_in: LogIn, axe: Axe
) -> None:
    log_in(page.context, EDITOR)
    page.goto(f"/arbeid/more-og-romsdal/{YEAR}/gang/")
    page.locator("main a[href$='/signering/']").last.click()
    expect(page.locator(".lp-signers")).to_be_visible()
    assert page.locator("form[action*='/her/']").count() == 0
    look_over(page, axe)
