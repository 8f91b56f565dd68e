"""Nothing typed is lost: drafts, conflicts and presence as people meet them."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from accounts.enums import Role
from accounts.models import User
from plans.models import Draft, Measure, PlanText
from tests.browser.watchdog import Watchdog
from tests.factories.accounts import user_with

EDITOR = "fylkesredaktor@demo.example"
BENCH = "/arbeid/more-og-romsdal/2022/"
TEXT = f"{BENCH}tekst/background/"
LogIn = Callable[[BrowserContext, str], None]
NewContext = Callable[..., BrowserContext]
Axe = Callable[[Page], None]


@pytest.fixture
def colleague(site: str) -> User:
    editor = User.objects.get(email=EDITOR)
    county = next(role.county for role in editor.roles if role.county)
    return user_with(Role.COUNTY_EDITOR, county=county)


@pytest.fixture
def open_page(new_context: NewContext, log_in: LogIn) -> Callable[..., Page]:
    """Open an address in a browser of its own: ``open_page(address, email)``."""

    def go(address: str, email: str = EDITOR, **options: object) -> Page:
        context = new_context(**options)
        log_in(context, email)
        page = context.new_page()
        page.goto(address)
        return page

    return go


def status_of(page: Page) -> object:
    return page.locator("[data-draft-status]")


def first_measure() -> Measure:
    return Measure.objects.filter(part__plan__year=2022, position__isnull=False).order_by(
        "part__kind", "position"
    )[0]


def background() -> str:
    return PlanText.objects.get(plan__year=2022, kind="BACKGROUND").body


def test_a_draft_survives_the_tab_and_is_there_on_another_machine(
    open_page: Callable[..., Page], axe: Axe
) -> None:
    before = background()
    page = open_page(TEXT)
    page.locator("#id_body").fill("Skrive på kontoret.")
    expect(page.locator("[data-draft-status]")).to_contain_text(re.compile(r"\d\d\.\d\d"))
    axe(page)
    page.context.close()
    assert background() == before

    other = open_page(TEXT)
    expect(other.locator("#id_body")).to_have_value("Skrive på kontoret.")
    expect(other.locator(".lp-conflict")).to_be_visible()
    axe(other)
    other.locator("#id_body").fill("Skrive på kontoret og heime.")
    expect(other.locator("[data-draft-status]")).to_contain_text(re.compile(r"\d\d\.\d\d"))
    other.goto("/arbeid/")
    other.locator("a[href='/arbeid/kladdar/']").click()
    axe(other)
    other.locator(f"a[href='{TEXT}']").click()
    other.locator(".lp-actions button").first.click()
    other.wait_for_url(re.compile(r"#tekst-background"))
    assert background() == "Skrive på kontoret og heime."
    assert not Draft.objects.filter(data__isnull=False).exists()


def test_what_was_typed_just_before_the_page_is_left_is_kept(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(TEXT)
    page.locator("#id_body").fill("Rett før eg går.")
    page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
    page.goto(BENCH)
    page.goto(TEXT)
    expect(page.locator("#id_body")).to_have_value("Rett før eg går.")


def test_a_draft_without_javascript(no_js: BrowserContext, log_in: LogIn, axe: Axe) -> None:
    log_in(no_js, EDITOR)
    page = no_js.new_page()
    before = background()
    page.goto(TEXT)
    page.locator("#id_body").fill("Utan skript.")
    page.locator("button[name=draft]").click()
    expect(page.locator("#id_body")).to_have_value("Utan skript.")
    page.locator(".lp-conflict a").click()
    expect(page.locator("main")).to_contain_text("Utan skript.")
    page.locator("main form button").click()
    page.goto(TEXT)
    expect(page.locator("#id_body")).to_have_value(before)


def test_a_draft_in_its_place_on_the_workbench(open_page: Callable[..., Page]) -> None:
    measure = first_measure()
    page = open_page(BENCH)
    page.locator(f"#measure-{measure.key} a[href*='/tiltak/'][hx-get]").click()
    form = page.locator(f"#edit-{measure.key}")
    form.locator("input[name=title]").fill("Halvvegs")
    expect(form.locator("[data-draft-status]")).to_contain_text(re.compile(r"\d\d\.\d\d"))
    form.locator("button[name=draft]").click()
    expect(form.locator(".lp-conflict")).to_be_visible()
    expect(form.locator("input[name=title]")).to_have_value("Halvvegs")
    form.locator(".lp-actions button").first.click()
    expect(page.locator(f"#measure-{measure.key}")).to_contain_text("Halvvegs")
    assert not Draft.objects.filter(data__isnull=False).exists()


def test_an_expired_session_is_told_and_the_text_stays(
    open_page: Callable[..., Page], log_in: LogIn
) -> None:
    page = open_page(TEXT)
    Session.objects.all().delete()
    page.locator("#id_body").fill("Skrive for lenge.")
    expect(page.locator(".lp-draft--trouble")).not_to_be_empty()
    expect(page.locator("#id_body")).to_have_value("Skrive for lenge.")
    log_in(page.context, EDITOR)  # in another window
    page.locator("#id_body").fill("Skrive vidare.")
    expect(page.locator(".lp-draft--trouble")).to_have_count(0)
    expect(page.locator("[data-draft-status]")).to_contain_text(re.compile(r"\d\d\.\d\d"))


@pytest.mark.parametrize("script", [True, False])
def test_a_conflict_is_settled_field_by_field(
    open_page: Callable[..., Page], colleague: User, watchdog: Watchdog, axe: Axe, script: bool
) -> None:
    watchdog.allow("status of 409")
    measure = first_measure()
    address = f"{BENCH}tiltak/{measure.key}/"
    mine = open_page(address, java_script_enabled=script)
    theirs = open_page(address, colleague.email, java_script_enabled=script)
    theirs.locator("#id_title").fill("Deira tittel")
    theirs.locator("#id_purpose").fill("Deira føremål")
    theirs.locator("#id_description").fill("Deira skildring")
    theirs.locator(".lp-actions button").first.click()
    theirs.wait_for_url(re.compile(r"#measure-"))

    mine.locator("#id_title").fill("Min tittel")
    mine.locator("#id_purpose").fill("Mitt føremål")
    mine.locator(".lp-actions button").first.click()
    expect(mine.locator(".lp-pick")).to_have_count(2)
    expect(mine.locator("#id_description")).to_have_value("Deira skildring")
    expect(mine.locator("#id_title")).to_have_value("Min tittel")
    if script:
        axe(mine)
    mine.locator("input[name=pick-title][value=theirs]").check()
    mine.locator("#id_purpose").fill("Felles føremål")
    mine.locator(".lp-actions button").first.click()
    mine.wait_for_url(re.compile(r"#measure-"))
    measure.refresh_from_db()
    assert (measure.title, measure.purpose) == ("Deira tittel", "Felles føremål")
    assert measure.description == "Deira skildring"


def test_a_conflict_in_its_place_on_the_workbench(
    open_page: Callable[..., Page], colleague: User, watchdog: Watchdog
) -> None:
    watchdog.allow("status of 409")
    measure = first_measure()
    pages = [open_page(BENCH), open_page(BENCH, colleague.email)]
    for page in pages:
        page.locator(f"#measure-{measure.key} a[href*='/tiltak/'][hx-get]").click()
    mine, theirs = (page.locator(f"#edit-{measure.key}") for page in pages)
    theirs.locator("input[name=title]").fill("Deira tittel")
    theirs.locator(".lp-actions button").first.click()
    expect(pages[1].locator(f"#measure-{measure.key}")).to_contain_text("Deira tittel")
    mine.locator("input[name=title]").fill("Min tittel")
    mine.locator(".lp-actions button").first.click()
    mine.locator("input[name=pick-title][value=theirs]").check()
    mine.locator(".lp-actions button").first.click()
    expect(pages[0].locator(f"#measure-{measure.key}")).to_contain_text("Deira tittel")
    measure.refresh_from_db()
    assert measure.title == "Deira tittel"


def test_others_see_who_is_writing(
    open_page: Callable[..., Page], colleague: User, axe: Axe
) -> None:
    measure = first_measure()
    address = f"{BENCH}tiltak/{measure.key}/"
    writer = open_page(address, colleague.email)
    bench = open_page(BENCH)
    line = bench.locator(f"#measure-{measure.key} .lp-presence--row")
    expect(line).to_contain_text(str(colleague))
    axe(bench)
    second = open_page(address)
    expect(second.locator("[data-presence-here]")).to_contain_text(str(colleague))
    writer.goto(BENCH)
    bench.goto(BENCH)
    expect(line).to_have_count(0)
