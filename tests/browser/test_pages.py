"""Every page as somebody sees it: no fault, no violation of WCAG 2.2 AA, nothing too wide.

The watch-dog fails the test on errors, CSP violations and requests to other hosts.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from audit.models import Event
from plans.enums import ContributionState, PlanState
from plans.models import Contribution, FocusArea, Measure, PartnerPlan, Proposal, Thread
from tests.browser.looks import Look, each_look
from tests.browser.watchdog import Watchdog

EDITOR = "fylkesredaktor@demo.example"
ADVISER = "lup-radgjevar@demo.example"
COUNTY = "more-og-romsdal"
LOOKS = [Look(320, "light"), Look(320, "dark"), Look(1400, "light"), Look(1400, "dark")]
CONTRAST = [Look(1400, "light", "more")]

PUBLIC = [
    "/",
    "/planar/",
    f"/planar/{COUNTY}/2020/",
    f"/planar/{COUNTY}/2020/?tekst=alt",
    f"/planar/{COUNTY}/2020/tiltak/2.1/",
    f"/planar/{COUNTY}/2020/kommunar/",
    f"/planar/{COUNTY}/2020/kommunar/1506/",
    f"/planar/{COUNTY}/2020/versjonar/",
    f"/planar/{COUNTY}/2020/versjonar/1/",
    f"/planar/{COUNTY}/2020/versjonar/1/samanlikn/",
    "/konto/login/",
    "/hjelp/",
    "/tilgjengelegheit/",
    "/personvern/",
    "/om-data/",
]
WORK = [
    "/arbeid/",
    "/arbeid/ny-plan/",
    f"/arbeid/{COUNTY}/2021/",
    f"/arbeid/{COUNTY}/2022/",
    f"/arbeid/{COUNTY}/2023/",
    f"/arbeid/{COUNTY}/2022/tittel/",
    f"/arbeid/{COUNTY}/2022/tekst/lup-done/",
    f"/arbeid/{COUNTY}/2022/del/1/",
    f"/arbeid/{COUNTY}/2022/del/2/nytt/",
    f"/planar/{COUNTY}/2022/",
    f"/arbeid/{COUNTY}/2021/gang/",
    f"/arbeid/{COUNTY}/2022/gang/",
    f"/arbeid/{COUNTY}/2022/lup-dagar/",
    f"/arbeid/{COUNTY}/2022/tabell/",
    f"/arbeid/{COUNTY}/2022/tabell/?kommune=1506&kol=k1&kol=kommunar&kol=status&sorter=-k1",
    f"/arbeid/{COUNTY}/2022/tabell/?q=finst+ikkje",
    f"/arbeid/{COUNTY}/2022/tabell/visningar/ny/",
]
# Of the rest, each width and each scheme once.
MORE_WORK = [
    f"/arbeid/{COUNTY}/2022/tabell/visningar/",
    f"/arbeid/{COUNTY}/2022/tabell/endringar/",
    f"/arbeid/{COUNTY}/2022/innspel/",
    f"/arbeid/{COUNTY}/2022/innspel/nytt/",
    f"/arbeid/{COUNTY}/2023/innspel/runde/",
    f"/arbeid/{COUNTY}/2022/kommentarar/",
    f"/arbeid/{COUNTY}/2022/kommentarar/ny/?del=1",
    f"/arbeid/{COUNTY}/2022/framlegg/",
    f"/arbeid/{COUNTY}/2022/historikk/",
    "/arbeid/kladdar/",
    "/konto/varsel/",
    f"/arbeid/{COUNTY}/2022/orientering/",
    f"/arbeid/{COUNTY}/2022/orientering/oppbygging/",
    f"/arbeid/{COUNTY}/2022/orientering/sak/",
]


def look_over(page: Page, axe: Callable[[Page], None], looks: list[Look] = LOOKS) -> None:
    for _look in each_look(page, looks):
        axe(page)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_everybody_sees(page: Page, axe: Callable[[Page], None], address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200
    look_over(page, axe, LOOKS + CONTRAST)


def test_what_the_editor_sees(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    log_in(page.context, EDITOR)
    measure = Measure.objects.in_plan(
        FocusArea.objects.filter(part__plan__year=2022).values_list("part__plan", flat=True)[0]
    )[0]
    area = f"/arbeid/{COUNTY}/2022/satsingsomrade/{measure.focus_area.key}/"
    one = f"/arbeid/{COUNTY}/2022/tiltak/{measure.key}/"
    for address in [*WORK, area, f"{area}nytt-tiltak/", one, f"{one}slett/", *MORE_WORK]:
        answer = page.goto(address)
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        look_over(page, axe, LOOKS[1:3] if address in MORE_WORK else LOOKS)


def test_what_the_editor_sees_of_what_was_said(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    log_in(page.context, EDITOR)
    bench = f"/arbeid/{COUNTY}/2022/"
    waiting = Contribution.objects.get(state=ContributionState.RECEIVED)
    accepted = Contribution.objects.filter(state=ContributionState.ACCEPTED)[0]
    proposal = Proposal.objects.open().get()
    thread = Thread.objects.filter(measure__isnull=False)[0]
    assert thread.measure is not None
    made = Event.objects.about(thread.plan).filter(verb="plan.made").get().pk
    for address in (
        f"innspel/{waiting.key}/svar/",
        f"innspel/{waiting.key}/nytt-tiltak/",
        f"innspel/{accepted.key}/",
        f"framlegg/{proposal.pk}/",
        f"kommentarar/{thread.pk}/",
        f"tiltak/{thread.measure.key}/kommentarar/",
        f"historikk/samanlikn/?fra={made}&til=no",
    ):
        answer = page.goto(f"{bench}{address}")
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        look_over(page, axe, LOOKS[1:3])


def test_carrying_a_plan_on(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    PartnerPlan.objects.filter(year=2023).update(state=PlanState.NEGOTIATION)
    log_in(page.context, EDITOR)
    start = f"/arbeid/{COUNTY}/2023/vidare/"
    page.goto(start)
    look_over(page, axe, LOOKS[1:3])
    page.locator("main form button").first.click()
    measure = Measure.objects.filter(part__plan__year=2023, position=1)[0]
    for address in ("", f"tiltak/{measure.key}/", "fleire/", "anna/", "samandrag/", "avbryt/"):
        answer = page.goto(f"{start}{address}")
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        look_over(page, axe, LOOKS[1:3])


def test_the_memos_own_words_and_the_way_back(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    log_in(page.context, EDITOR)
    memo = f"/arbeid/{COUNTY}/2022/orientering/"
    page.goto(f"{memo}oppbygging/")
    page.locator("textarea[name=body]").fill("Slik er planen.\n\n- ein\n- to")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#oppbygging .lp-prose")).to_have_text("Slik er planen. ein to")
    FocusArea.objects.filter(part__plan__year=2022).update(title="Eit anna namn")
    page.reload()
    expect(page.locator(".ds-alert a[href='#oppbygging']")).to_be_visible()
    for address in (memo, f"{memo}oppbygging/", f"{memo}oppbygging/hent-tilbake/"):
        page.goto(address)
        look_over(page, axe, LOOKS[1:3])
    page.locator("main form button").first.click()
    expect(page.locator("#oppbygging .lp-prose")).to_contain_text("Eit anna namn")


@pytest.mark.parametrize("who", ["innkjop@demo.example", "molde@demo.example"])
def test_what_those_who_gave_input_see(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None], who: str
) -> None:
    log_in(page.context, who)
    page.goto("/arbeid/innspel/")
    look_over(page, axe)
    page.locator("main a[href*='/innspel/']").last.click()
    look_over(page, axe)
    page.goto("/arbeid/")
    look_over(page, axe, LOOKS[1:3])


def test_what_the_adviser_sees(
    page: Page, axe: Callable[[Page], None], log_in: Callable[[BrowserContext, str], None]
) -> None:
    log_in(page.context, ADVISER)
    bench = f"/arbeid/{COUNTY}/2022/"
    free = Measure.objects.get(part__plan__year=2022, part__kind="COUNTY", position=2)
    for address in (
        "/arbeid/",
        bench,
        f"/planar/{COUNTY}/2022/",
        f"{bench}lup-dagar/endre/",
        f"{bench}tiltak/{free.key}/framlegg/nytt/",
        f"{bench}tiltak/{free.key}/kommentarar/ny/",
    ):
        page.goto(address)
        look_over(page, axe, LOOKS[1:3])


@pytest.mark.parametrize(
    ("language", "plans", "header"),
    [
        ("nn", "Partnarplanar", "Logg inn"),
        ("nb", "Partnerplaner", "Logg inn"),
        ("en", "Partner plans", "Log in"),
    ],
)
def test_the_language_is_the_readers_choice(
    page: Page, axe: Callable[[Page], None], language: str, plans: str, header: str
) -> None:
    page.goto("/planar/")
    page.locator(f".lp-languages button[value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_text(plans)
    expect(page.locator("header").get_by_text(header)).to_be_visible()
    page.goto(f"/planar/{COUNTY}/2021/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    # A text keeps the language that it was written in.
    expect(page.locator(".lp-prose").first).to_have_attribute("lang", "nn")
    look_over(page, axe, LOOKS[:1])


@pytest.mark.parametrize(
    ("address", "status"), [("/finst-ikkje/", 404), (f"/planar/{COUNTY}/2023/", 404)]
)
def test_what_is_not_there(
    page: Page, axe: Callable[[Page], None], watchdog: Watchdog, address: str, status: int
) -> None:
    watchdog.allow("status of 404")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status
    look_over(page, axe)


def test_reading_works_without_javascript(no_js: BrowserContext) -> None:
    page = no_js.new_page()
    for address in PUBLIC:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200
        expect(page.locator("h1")).to_be_visible()
