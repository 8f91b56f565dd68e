"""The main job in Chromium: an editor writes a plan, and others read it."""

import re
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from plans.models import Measure
from tests.browser.watchdog import Watchdog

EDITOR = "fylkesredaktor@demo.example"
BENCH = "/arbeid/more-og-romsdal/2022/"
PLAN = "/planar/more-og-romsdal/2022/"
LogIn = Callable[[BrowserContext, str], None]
NewContext = Callable[..., BrowserContext]


def in_plan() -> list[Measure]:
    return list(
        Measure.objects.filter(part__plan__year=2022, position__isnull=False).order_by(
            "part__kind", "position"
        )
    )


def titles() -> list[str]:
    return [measure.title for measure in in_plan()]


def enter_by_form(page: Page) -> None:
    """Log in as a person does, from the page that asked for it."""
    page.goto(BENCH)
    page.locator("#id_login").fill(EDITOR)
    page.locator("#id_password").fill("partnarplan-demo")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**{BENCH}")


def fill_measure(page: Page, title: str) -> None:
    page.locator("#id_title").fill(title)
    page.locator("#id_kind").select_option("MARKET_DIALOGUE")
    page.locator("#id_description").fill("Tre kommunar møter leverandørane saman.")
    page.locator("#id_responsible").select_option("MUNICIPALITY:1506")
    page.locator("#id_first_quarter").select_option("2")
    page.locator("#id_last_quarter").select_option("3")


def add_url(page: Page) -> str:
    """Return the address of the link that adds a measure to part two's first focus area."""
    return str(page.locator("#del-2 a[href*='nytt-tiltak']").first.get_attribute("href"))


def pdf_text(page: Page, address: str) -> str:
    answer = page.request.get(address, timeout=60_000)
    assert answer.status == 200
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=answer.body(), capture_output=True, check=True
    ).stdout.decode()
    return " ".join(text.split())


def test_a_measure_for_three_municipalities_stands_everywhere(
    page: Page, axe: Callable[[Page], None]
) -> None:
    enter_by_form(page)
    page.goto(add_url(page))
    fill_measure(page, "Felles dialog om vassmålarar")
    for search, number in (("alesund", "1507"), ("Smøla", "1573"), ("1506", "1506")):
        page.locator("#id_municipalities_search").fill(search)
        box = page.locator("[data-chooser] label:visible", has_text=number)
        expect(box).to_have_count(1)
        box.click()
    page.locator("#id_municipalities_search").fill("")
    expect(page.locator("[data-chooser] input[type=checkbox]:checked")).to_have_count(3)
    axe(page)
    page.locator("#id_cost_nok").fill("80000")
    page.locator("form.lp-form button[type=submit]:visible, .lp-actions button").first.click()
    page.wait_for_url(re.compile(r"/arbeid/more-og-romsdal/2022/#measure-"))
    expect(page.locator(".lp-row", has_text="Felles dialog om vassmålarar")).to_have_count(1)

    measure = Measure.objects.get(title="Felles dialog om vassmålarar")
    numbers = measure.municipalities.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["1506", "1507", "1573"]

    page.goto(PLAN)
    expect(page.get_by_role("link", name="Felles dialog om vassmålarar").first).to_be_visible()
    for number in ("1506", "1507", "1573"):
        page.goto(f"{PLAN}kommunar/{number}/")
        expect(page.locator("main")).to_contain_text("Felles dialog om vassmålarar")
    page.goto(f"{PLAN}kommunar/1547/")
    expect(page.locator("main")).not_to_contain_text("Felles dialog om vassmålarar")
    assert "Felles dialog om vassmålarar" in pdf_text(page, f"{PLAN}plan.pdf")
    assert "Felles dialog om vassmålarar" in pdf_text(page, f"{PLAN}kommunar/1573/plan.pdf")


def test_the_same_without_javascript(no_js: BrowserContext, watchdog: Watchdog) -> None:
    watchdog.allow("status of 422")
    page = no_js.new_page()
    enter_by_form(page)
    page.goto(add_url(page))
    # A server button ticks the cooperation's members, and keeps what was typed.
    fill_measure(page, "Felles dialog utan skript")
    page.locator("button[name=choose][value=iss]").click()
    expect(page.locator("#id_title")).to_have_value("Felles dialog utan skript")
    expect(page.locator("[data-chooser] input[type=checkbox]:checked")).to_have_count(7)
    # A fault: the summary links to the field.
    page.locator("#id_title").fill("")
    page.locator(".lp-actions button").first.click()
    page.locator("[data-error-summary] a").first.click()
    assert page.url.endswith("#id_title")
    expect(page.locator("[data-chooser] input[type=checkbox]:checked")).to_have_count(7)
    page.locator("#id_title").fill("Felles dialog utan skript")
    page.locator(".lp-actions button").first.click()
    page.wait_for_url(re.compile(r"#measure-"))

    measure = Measure.objects.get(title="Felles dialog utan skript")
    assert measure.municipalities.count() == 7
    page.goto(f"{PLAN}kommunar/1531/")
    expect(page.locator("main")).to_contain_text("Felles dialog utan skript")

    # Move, delete, undo.
    page.goto(BENCH)
    before = titles()
    page.locator(f"#measure-{measure.key} button[value=up]").click()
    moved = titles()
    assert moved != before
    assert sorted(moved) == sorted(before)
    page.locator(f"#measure-{measure.key} a[href$='slett/']").click()
    page.locator("main form button").click()
    assert "Felles dialog utan skript" not in titles()
    page.locator(".lp-undo button").click()
    assert titles() == moved


def test_two_people_edit_the_same_measure(
    new_context: NewContext, log_in: LogIn, watchdog: Watchdog, axe: Callable[[Page], None]
) -> None:
    watchdog.allow("status of 409")
    measure = in_plan()[0]
    address = f"{BENCH}tiltak/{measure.key}/"
    pages = []
    for _person in range(2):
        context = new_context()
        log_in(context, EDITOR)
        pages.append(context.new_page())
        pages[-1].goto(address)
    first, second = pages
    first.locator("#id_title").fill("Slik vil den fyrste ha det")
    first.locator(".lp-actions button").first.click()
    first.wait_for_url(re.compile(r"#measure-"))

    second.locator("#id_title").fill("Slik vil den andre ha det")
    second.locator(".lp-actions button").first.click()
    conflict = second.locator(".lp-conflict")
    expect(conflict).to_contain_text("Slik vil den fyrste ha det")
    expect(conflict).to_contain_text("Slik vil den andre ha det")
    expect(second.locator("#id_title")).to_have_value("Slik vil den andre ha det")
    measure.refresh_from_db()
    assert measure.title == "Slik vil den fyrste ha det"
    axe(second)

    second.locator(".lp-actions button").first.click()
    second.wait_for_url(re.compile(r"#measure-"))
    measure.refresh_from_db()
    assert measure.title == "Slik vil den andre ha det"


def test_a_measure_is_edited_in_its_place(page: Page, log_in: LogIn, watchdog: Watchdog) -> None:
    watchdog.allow("status of 422")
    log_in(page.context, EDITOR)
    first, second, *_rest = in_plan()
    page.goto(BENCH)
    for measure in (first, second):  # two at once: each form has fields of its own
        page.locator(f"#measure-{measure.key} a[href*='/tiltak/'][hx-get]").click()
        expect(page.locator(f"#edit-{measure.key} form").first).to_be_visible()
    assert page.url.endswith(BENCH)
    form = page.locator(f"#edit-{first.key}")
    form.locator("input[name=title]").fill("")
    form.locator(".lp-actions button").first.click()
    expect(form.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator(f"#edit-{second.key}")).to_be_visible()
    form.locator("input[name=title]").fill("Endra på staden")
    form.locator(".lp-actions button").first.click()
    expect(page.locator(f"#measure-{first.key}")).to_contain_text("Endra på staden")
    expect(page.locator(f"#edit-{first.key}")).to_have_count(0)
    first.refresh_from_db()
    assert first.title == "Endra på staden"


def test_a_measure_is_moved_by_keyboard_and_by_dragging(page: Page, log_in: LogIn) -> None:
    log_in(page.context, EDITOR)
    page.goto(BENCH)
    first, second = in_plan()[:2]
    down = page.locator(f"#measure-{first.key} button[value=down]")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#measure-{first.key} .lp-row__num")).to_have_text("1.2")
    expect(page.locator(f"#measure-{first.key} button[value=down]")).to_be_focused()
    assert [m.pk for m in in_plan()[:2]] == [second.pk, first.pk]

    grip = page.locator(f"#measure-{first.key} [data-reorder-handle]")
    grip.hover()  # scrolls, so the places are taken after it
    target = page.locator(f"#measure-{second.key}").bounding_box()
    assert target is not None
    page.mouse.down()
    page.mouse.move(target["x"] + 40, target["y"] + 20, steps=8)
    page.mouse.move(target["x"] + 40, target["y"] + 2, steps=4)
    page.mouse.up()
    expect(page.locator(f"#measure-{first.key} .lp-row__num")).to_have_text("1.1")
    assert [m.pk for m in in_plan()[:2]] == [first.pk, second.pk]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=HYPERLINK(1)", "א‮ב 🎉 &amp;"])
def test_hostile_text_is_shown_as_text(page: Page, log_in: LogIn, text: str) -> None:
    log_in(page.context, EDITOR)
    measure = in_plan()[0]
    page.goto(f"{BENCH}tiltak/{measure.key}/")
    page.locator("#id_title").fill(text)
    page.locator(".lp-actions button").first.click()
    page.wait_for_url(re.compile(r"#measure-"))
    for address in (BENCH, PLAN, f"{PLAN}tiltak/1.1/"):
        page.goto(address)
        expect(page.get_by_text(text, exact=True).first).to_be_attached()


def test_what_is_sent_by_pressing_twice_is_sent_once(page: Page, log_in: LogIn) -> None:
    log_in(page.context, EDITOR)
    page.goto(BENCH)
    page.goto(add_url(page))
    fill_measure(page, "Trykt to gonger")
    held: list[Route] = []

    def hold(route: Route) -> None:
        """Let the server be slow with what is saved; what the page sends by itself goes by."""
        if route.request.is_navigation_request() and route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/nytt-tiltak/", hold)
    page.evaluate(
        """() => {
            const button = document.querySelector("main form button[type=submit]");
            button.click();
            setTimeout(() => button.click(), 200);
        }"""
    )
    page.wait_for_timeout(600)
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_url(re.compile("#measure-"))
    assert titles().count("Trykt to gonger") == 1
