"""Bringing back a text and comparing two points in time, without JavaScript, and how it looks."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from plans.models import Measure
from plans.services.measures import change_measure, delete_measure, place_measure
from tests.browser.looks import Look, each_look

EDITOR = "fylkesredaktor@demo.example"
PLAN = "/arbeid/more-og-romsdal/2023"
LOOKS = [Look(320, "light"), Look(1400, "dark"), Look(1400, "light", "more")]


def write() -> Measure:
    """Change, move and delete some of the plan's measures; return the one that was changed."""
    by = User.objects.get(email=EDITOR)
    measures = Measure.objects.filter(part__plan__year=2023, position__isnull=False)
    first, second, *_others, last = measures.select_related("part").order_by("part", "position")
    area = first.focus_area
    text = first.description
    for values in (
        {"description": text.replace(" ", " svært ", 1), "title": "Anna namn"},
        {"description": f"{text}\n\nEit nytt avsnitt."},
    ):
        first.refresh_from_db()
        change_measure(measure=first, values=values, expected_version=first.version, by=by)
    delete_measure(measure=second, by=by)
    place_measure(measure=last, focus_area=area, index=0, by=by)
    return first


def test_bringing_back_and_comparing_without_javascript(
    no_js: BrowserContext, log_in: Callable[[BrowserContext, str], None]
) -> None:
    measure = write()
    log_in(no_js, EDITOR)
    page = no_js.new_page()
    page.goto(f"{PLAN}/tiltak/{measure.key}/historikk/")
    page.locator('a[href$="/title/for/"]').click()
    page.locator("main form.lp-form button").click()
    expect(page.get_by_role("status")).to_be_visible()
    measure.refresh_from_db()
    assert measure.title != "Anna namn"
    page.goto(f"{PLAN}/historikk/?kva=tiltak")
    page.locator('input[name="fra"]').last.check()
    page.locator('main form[action$="/samanlikn/"] button').first.click()
    expect(page.locator(".lp-counts li").first).to_be_visible()
    expect(page.locator(".lp-event").first).to_be_visible()


def test_the_pages(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    measure = write()
    log_in(page.context, EDITOR)
    own = f"{PLAN}/tiltak/{measure.key}/historikk/"
    page.goto(own)
    back = page.locator('a[href$="/description/for/"]').first.get_attribute("href")
    first = page.locator('input[name="fra"]').last.get_attribute("value")
    points = f"samanlikn/?fra={first}&til=no"
    for address in (
        own,
        str(back),
        f"{PLAN}/historikk/",
        f"{PLAN}/historikk/samanlikn/",
        f"{PLAN}/historikk/{points}",
        f"{own}{points}",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        for _look in each_look(page, LOOKS):
            axe(page)
