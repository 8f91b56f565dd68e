"""Invited, accepted, and seeing one's own and nothing else; the pages of people and roles."""

import re
from collections.abc import Callable

from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from municipalities.models import Municipality
from plans.models import Measure
from tests.browser.looks import Look, each_look
from tests.browser.watchdog import Watchdog

EDITOR = "fylkesredaktor@demo.example"
CONTACT = "molde@demo.example"
COUNTY = "more-og-romsdal"
NEW = "giske@test.example"
LOOKS = [Look(320, "light"), Look(1400, "dark")]


def look_over(page: Page, axe: Callable[[Page], None], addresses: list[str]) -> None:
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        for _look in each_look(page, LOOKS):
            axe(page)


def test_from_invitation_to_ones_own_measures(
    page: Page,
    new_context: Callable[..., BrowserContext],
    watchdog: Watchdog,
    axe: Callable[[Page], None],
    log_in: Callable[[BrowserContext, str], None],
) -> None:
    mail.outbox = []
    municipality = Municipality.objects.get(number="1532")
    log_in(page.context, EDITOR)
    page.goto("/arbeid/folk/inviter/")
    page.locator("#id_email").fill(NEW)
    page.locator("#id_place").select_option(f"MUNICIPAL_CONTACT:municipality:{municipality.pk}")
    page.locator("main form.lp-form button").click()
    expect(page).to_have_url(re.compile("/arbeid/folk/$"))
    expect(page.get_by_text(NEW).first).to_be_visible()

    (message,) = mail.outbox
    link = re.search(r"/konto/invitasjon/\S+", str(message.body))
    assert link is not None
    guest = new_context().new_page()
    look_over(guest, axe, [link[0]])
    guest.locator("#id_name").fill("Kontakt i Giske")
    guest.locator("#id_password").fill("ei lang setning om fjordar")
    guest.locator("main form.lp-form button").click()
    expect(guest).to_have_url(re.compile("/arbeid/$"))

    own = f"/planar/{COUNTY}/2022/mine/"
    guest.locator(f'a[href="{own}"]').click()
    seen = guest.locator(".lp-measure .lp-num").all_inner_texts()
    every = Measure.objects.filter(part__plan__year=2022, position__isnull=False).count()
    assert 0 < len(seen) < every
    watchdog.allow("status of 403")
    answer = guest.goto(f"/planar/{COUNTY}/2022/")
    assert answer is not None
    assert answer.status == 403


def test_the_pages_of_people(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    log_in(page.context, EDITOR)
    pages = ["/arbeid/folk/", "/arbeid/folk/inviter/", "/konto/", "/konto/varsel/"]
    look_over(page, axe, [*pages, f"/arbeid/{COUNTY}/2022/historikk/"])


def test_the_pages_of_a_contact(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    log_in(page.context, CONTACT)
    plan = f"/planar/{COUNTY}/2022"
    look_over(page, axe, ["/arbeid/", f"{plan}/mine/", f"{plan}/kommunar/1506/"])
