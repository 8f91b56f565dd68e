"""The table of measures in Chromium: filter, choose all, see what changes, do it, undo it."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from plans.models import BulkChange, Measure
from tests.browser.looks import Look, each_look

EDITOR = "fylkesredaktor@demo.example"
TABLE = "/arbeid/more-og-romsdal/2022/tabell/"
LOOKS = [Look(320, "light"), Look(1400, "dark")]
LogIn = Callable[[BrowserContext, str], None]


def statuses(part: str) -> set[str]:
    found = Measure.objects.standing().filter(part__plan__year=2022, part__kind=part)
    return set(found.values_list("status", flat=True))


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Put the focus on something and press a key, as one does without a mouse."""
    page.locator(selector).first.focus()
    page.keyboard.press(key)


def test_all_that_match_are_changed_and_set_back_by_keyboard(
    page: Page, log_in: LogIn, axe: Callable[[Page], None]
) -> None:
    log_in(page.context, EDITOR)
    page.goto(TABLE)
    page.locator("#id_del").select_option("2")
    press(page, ".lp-tablefilter button")
    page.wait_for_url(f"**{TABLE}?del=2")
    rows = page.locator(".lp-measuretable tbody tr")
    shown = rows.count()
    press(page, "#id_alle", "Space")
    expect(page.locator("[name=vel]:checked")).to_have_count(shown)
    press(page, "#bulk .lp-bulkbar button")
    press(page, "input[name=what][value=STATUS]", "Space")
    page.locator("#id_status").select_option("DONE")
    for _look in each_look(page, LOOKS):
        axe(page)
    press(page, "button[name=steg][value=vis]")
    expect(page.locator("table tbody tr")).to_have_count(shown)
    assert statuses("MUNICIPALITIES") == {"PLANNED"}
    for _look in each_look(page, LOOKS):
        axe(page)
    press(page, "button[name=steg][value=gjer]")
    page.wait_for_url(re.compile(r"tabell/\?del=2&endra="))
    assert statuses("MUNICIPALITIES") == {"DONE"}
    assert statuses("COUNTY") == {"PLANNED"}
    expect(rows).to_have_count(shown)
    axe(page)
    press(page, ".lp-undo button")
    page.wait_for_url(f"**{TABLE}?del=2")
    assert statuses("MUNICIPALITIES") == {"PLANNED"}
    page.goto(f"{TABLE}endringar/")
    axe(page)


def test_one_that_is_taken_away_again_is_not_changed(page: Page, log_in: LogIn) -> None:
    log_in(page.context, EDITOR)
    page.goto(TABLE)
    page.locator("#id_alle").check()
    boxes = page.locator("[name=vel]")
    boxes.first.uncheck()
    expect(page.locator("#id_alle")).not_to_be_checked()
    expect(page.locator("[data-table-count]")).to_have_text(re.compile(str(boxes.count() - 1)))
    page.locator("#bulk .lp-bulkbar button").click()
    page.locator("input[name=what][value=RESPONSIBLE]").check()
    page.locator("#id_responsible").select_option("LUP")
    page.locator("button[name=steg][value=vis]").click()
    page.locator("button[name=steg][value=gjer]").click()
    page.wait_for_url(re.compile("endra="))
    first = Measure.objects.get(part__plan__year=2022, part__kind="COUNTY", position=1)
    assert first.pk not in {row["measure"] for row in BulkChange.objects.get().rows}


def test_the_same_without_javascript(no_js: BrowserContext, log_in: LogIn) -> None:
    log_in(no_js, EDITOR)
    page = no_js.new_page()
    page.goto(TABLE)
    page.locator("#id_q").fill("kommun")
    page.locator(".lp-tablefilter button").click()
    page.wait_for_url(f"**{TABLE}?q=kommun")
    page.locator(".lp-measuretable thead a").nth(1).click()
    page.wait_for_url(re.compile("q=kommun&sorter=tittel"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    page.locator("#id_alle").check()
    page.locator("#bulk .lp-bulkbar button").click()
    page.locator("input[name=what][value=PERIOD]").check()
    page.locator("#id_first_quarter").select_option("2")
    page.locator("#id_last_quarter").select_option("3")
    page.locator("button[name=steg][value=vis]").click()
    page.locator("button[name=steg][value=gjer]").click()
    page.wait_for_url(re.compile(r"\?q=kommun&sorter=tittel&endra="))
    changed = [row["measure"] for row in BulkChange.objects.get().rows]
    assert {m.period_unit for m in Measure.objects.filter(pk__in=changed)} == {"QUARTERS"}
    page.locator(".lp-undo button").click()
    assert BulkChange.objects.get().undone_at is not None


def test_the_headings_stay_while_the_table_scrolls_in_its_own_region(
    page: Page, log_in: LogIn
) -> None:
    log_in(page.context, EDITOR)
    page.set_viewport_size({"width": 320, "height": 500})
    page.goto(TABLE)
    region = page.locator(".lp-measuretable")
    region.scroll_into_view_if_needed()
    region.focus()
    top = page.evaluate("document.querySelector('.lp-measuretable').getBoundingClientRect().top")
    page.evaluate("document.querySelector('.lp-measuretable').scrollTo(200, 300)")
    heading = page.locator(".lp-measuretable thead th").nth(1).bounding_box()
    assert heading is not None
    assert abs(heading["y"] - top) < 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_view_is_saved_shared_and_used(
    page: Page,
    log_in: LogIn,
    new_context: Callable[..., BrowserContext],
    axe: Callable[[Page], None],
) -> None:
    log_in(page.context, EDITOR)
    page.goto(f"{TABLE}?slag=COURSE&sorter=-tittel")
    page.locator("a[href*='visningar/ny/']").click()
    page.locator("#id_name").fill("Kursa våre")
    page.locator("#id_shared").check()
    page.locator(".lp-actions button").click()
    page.wait_for_url(f"**{TABLE}?slag=COURSE&sorter=-tittel")
    expect(page.locator(".lp-views a[aria-current]")).to_have_text("Kursa våre")
    page.goto(f"{TABLE}visningar/")
    for _look in each_look(page, LOOKS):
        axe(page)
    context = new_context()
    log_in(context, "lup-radgjevar@demo.example")
    other = context.new_page()
    other.goto(TABLE)
    other.get_by_role("link", name="Kursa våre").click()
    other.wait_for_url(f"**{TABLE}?slag=COURSE&sorter=-tittel")
