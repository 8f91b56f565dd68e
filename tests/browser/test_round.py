"""A whole round in Chromium: from asking for input to "for signature", by four roles.

The editor, a contributor, LUP's adviser and the county's signatory each have a browser of their
own, and go by the links and buttons that the pages give them.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.models import Notice, User
from plans.models import Comment, Contribution, Measure, PartnerPlan, PartnershipAgreement
from tests.browser.watchdog import Watchdog
from tests.factories.plans import make_plan

YEAR = 2024
WORK = f"/arbeid/more-og-romsdal/{YEAR}/"
LIFE = f"{WORK}gang/"
EDITOR = "fylkesredaktor@demo.example"
ADVISER = "lup-radgjevar@demo.example"
SIGNATORY = "fylkessignatar@demo.example"
CONTRIBUTOR = "innkjop@demo.example"
SAID = {
    "area": "Vatn og avløp",
    "need": "Vi veit ikkje kva marknaden kan levere.",
    "benefit": "Betre kravspesifikasjonar.",
    "participants": "Alle i samarbeidet.",
}
LogIn = Callable[[BrowserContext, str], None]
NewContext = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
People = Callable[..., list[Page]]


@pytest.fixture
def plan(site: str) -> PartnerPlan:
    """A small draft for a year that the demo has no plan for."""
    agreement = PartnershipAgreement.objects.get(county__slug="more-og-romsdal")
    return make_plan(agreement=agreement, year=YEAR, measures=1)


@pytest.fixture
def people(new_context: NewContext, log_in: LogIn) -> People:
    """Return a page for each of some people: ``people(EDITOR, ADVISER)``."""

    def enter(*emails: str, **options: object) -> list[Page]:
        pages = []
        for email in emails:
            context = new_context(**options)
            log_in(context, email)
            pages.append(context.new_page())
        return pages

    return enter


def state() -> str:
    return PartnerPlan.objects.get(year=YEAR).state


def save(page: Page) -> None:
    """Press the form's main button and wait for what comes of it."""
    with page.expect_navigation():
        page.locator(".lp-actions button").first.click()


def follow(page: Page, link: Locator) -> None:
    with page.expect_navigation():
        link.first.click()


def press(page: Page, way: str, reason: str = "") -> None:
    """Move the plan by the button of ``way`` on its course page, with a reason if it asks."""
    page.goto(LIFE)
    form = page.locator(f"form[action$='/gang/{way}/']")
    if reason:
        form.locator("textarea").fill(reason)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()


def ask_for_input(page: Page) -> None:
    """Set the round by the link that says it is missing, and open the consultation."""
    page.goto(LIFE)
    follow(page, page.locator(".lp-next__missing a[href$='/innspel/runde/']"))
    page.locator("#id_closes_on").fill("2999-12-31")
    page.locator("input[name=cooperations][value='COOPERATION:nii']").check()
    save(page)
    press(page, "innspelsrunde")
    assert state() == "CONSULTATION"


def write_input(page: Page, title: str) -> None:
    """Write input on the page that one's own input leads to; it isn't saved yet."""
    page.goto("/arbeid/innspel/")
    follow(page, page.locator(f"main a[href='{WORK}innspel/nytt/']"))
    page.locator("#id_title").fill(title)
    for name, words in SAID.items():
        page.locator(f"#id_{name}").fill(words)


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[name=send]").click()


def open_input(page: Page, title: str) -> None:
    page.goto(f"{WORK}innspel/")
    follow(page, page.locator("main a", has_text=title))


def decline(page: Page, title: str, reason: str) -> None:
    """Decline input, at first without the reason that it takes."""
    open_input(page, title)
    follow(page, page.locator("#svar a[href$='/svar/']"))
    page.locator("input[name=decision][value=DECLINED]").check()
    save(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator("#id_answer").fill(reason)
    save(page)


def make_measure(page: Page, title: str) -> None:
    """Make a measure of input, and answer with it."""
    open_input(page, title)
    follow(page, page.locator("#svar a[href$='/nytt-tiltak/']"))
    page.locator("#id_focus_area").select_option(index=2)
    page.locator("#id_kind").select_option("MARKET_DIALOGUE")
    save(page)
    expect(page.locator("input[name=decision][value=ACCEPTED]")).to_be_checked()
    page.locator("#id_answer").fill("Det vart eit tiltak.")
    save(page)


def complete(page: Page) -> None:
    """Write what the course page says is missing, one link after the other."""
    for _each in range(20):
        page.goto(LIFE)
        links = page.locator(
            ".lp-next__missing a[href*='/tekst/'], .lp-next__missing a[href*='/tiltak/']"
        )
        if not links.count():
            return
        follow(page, links)
        if "/tekst/" in page.url:
            page.locator("textarea[name=body]").fill("Skriven no.")
        else:
            for name in ("description", "purpose", "expected_result"):
                page.locator(f"#id_{name}").fill("Skriven no.")
            page.locator("#id_responsible").select_option("COUNTY")
            page.locator("#id_first_quarter").select_option("1")
            page.locator("#id_last_quarter").select_option("2")
            page.locator("input[name=municipality_scope][value=ALL]").check()
            page.locator("input[name=target_groups][value=MUNICIPALITIES]").check()
        save(page)
    raise AssertionError("Something is missing still")


def test_a_round_from_asking_for_input_to_signing(
    plan: PartnerPlan, people: People, axe: Axe, watchdog: Watchdog, tmp_path: Path
) -> None:
    watchdog.allow("status of 422")
    editor, contributor, adviser, signatory = people(EDITOR, CONTRIBUTOR, ADVISER, SIGNATORY)
    ask_for_input(editor)
    axe(editor)

    # Two inputs, one of them with an attachment.
    note = tmp_path / "notat.txt"
    note.write_text("Meir om behovet.", encoding="utf-8")
    write_input(contributor, "Dialog om vassmålarar")
    axe(contributor)
    save(contributor)  # the first button keeps a draft
    contributor.locator("#id_file").set_input_files(note)
    with contributor.expect_navigation():
        contributor.locator("form[action$='/vedlegg/'] button").click()
    expect(contributor.locator("#vedlegg")).to_contain_text("notat.txt")
    follow(contributor, contributor.locator("a[href$='/skriv/']"))
    send(contributor)
    axe(contributor)
    write_input(contributor, "Eigen innkjøpsskule")
    send(contributor)
    assert set(Contribution.objects.filter(plan=plan).values_list("state", flat=True)) == {
        "RECEIVED"
    }

    make_measure(editor, "Dialog om vassmålarar")
    axe(editor)
    with editor.expect_download() as download:
        editor.locator("#vedlegg a").first.click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == "Meir om behovet."
    decline(editor, "Eigen innkjøpsskule", "Fylket har alt ein slik skule.")
    editor.goto(f"{WORK}innspel/")
    axe(editor)
    press(editor, "forhandling", "Alle har svart.")
    assert state() == "NEGOTIATION"

    negotiate(adviser, axe)
    answer_adviser(editor, axe)
    complete(editor)
    axe(editor)
    assert editor.locator(".lp-next__missing li").count() == 1  # the over-booked quarter
    press(editor, "signering", "LUP legg til fire dagar i januar.")
    assert state() == "FOR_SIGNATURE"

    signatory.goto("/arbeid/")
    axe(signatory)
    press(signatory, "tilbake", "Dagane må stå i planen.")
    axe(signatory)
    assert state() == "NEGOTIATION"
    editor.goto(LIFE)
    expect(editor.locator(".lp-moves")).to_contain_text("Dagane må stå i planen.")
    press(editor, "signering", "Det er avtalt.")
    assert state() == "FOR_SIGNATURE"
    editor.goto(f"{WORK}historikk/")
    expect(editor.locator("main")).to_contain_text("Dagane må stå i planen.")
    see_what_came_of_it(contributor, axe)


def negotiate(page: Page, axe: Axe) -> None:
    """As the adviser: ask the editor something, say how many days there are, propose more."""
    measure = Measure.objects.get(part__plan__year=YEAR, title="Tiltak 1.1")
    page.goto(f"{WORK}tiltak/{measure.key}/kommentarar/")
    follow(page, page.locator("main a[href$='/kommentarar/ny/']"))
    page.locator("textarea[name=body]").fill("@Fylkesredaktør, rekk de dette?")
    axe(page)
    save(page)
    axe(page)
    comment = Comment.objects.get(thread__plan__year=YEAR)
    assert [user.email for user in comment.mentioned.all()] == [EDITOR]

    page.goto(LIFE)
    follow(page, page.locator(".lp-next__missing a[href$='/lup-dagar/']"))
    follow(page, page.locator("a[href$='/lup-dagar/endre/']"))
    for quarter in range(1, 5):
        page.locator(f"#id_days_q{quarter}").fill("1")
    save(page)

    page.goto(f"{WORK}tiltak/{measure.key}/kommentarar/")
    follow(page, page.locator("a[href$='/framlegg/nytt/']"))
    axe(page)
    page.locator("#id_title").fill("Tiltak saman med LUP")
    page.locator("#id_lup_days_q1").fill("5")
    page.locator("#id_reason").fill("Vi treng meir tid.")
    save(page)
    axe(page)
    expect(page.locator("main ins").first).to_be_visible()


def answer_adviser(page: Page, axe: Axe) -> None:
    """As the editor: accept what is proposed, see the over-booked quarter, resolve the thread."""
    page.goto(LIFE)
    axe(page)
    follow(page, page.locator(".lp-next__missing a[href$='/framlegg/']"))
    follow(page, page.locator("main a[href*='/framlegg/']"))
    axe(page)
    with page.expect_navigation():
        page.locator("button[name=accept]").click()
    assert Measure.objects.filter(part__plan__year=YEAR, title="Tiltak saman med LUP").exists()
    page.goto(LIFE)
    follow(page, page.locator(".lp-next__missing a[href$='/lup-dagar/']"))
    expect(page.locator("main")).to_contain_text("Tiltak saman med LUP")
    axe(page)
    page.goto(LIFE)
    follow(page, page.locator(".lp-next__missing a[href$='/kommentarar/']"))
    page.locator("form[action$='/avslutt/'] button").click()
    expect(page.locator("form[action$='/opne/'] button")).to_be_visible()
    axe(page)


def see_what_came_of_it(page: Page, axe: Axe) -> None:
    """As the contributor: read the answers, and the measure that one's input became."""
    user = User.objects.get(email=CONTRIBUTOR)
    assert Notice.objects.filter(user=user).count() >= 2
    page.goto("/arbeid/innspel/")
    axe(page)
    follow(page, page.locator("main a", has_text="Eigen innkjøpsskule"))
    expect(page.locator("#svar")).to_contain_text("Fylket har alt ein slik skule.")
    page.goto("/arbeid/innspel/")
    follow(page, page.locator("main a[href*='/arbeid/']", has_text="Dialog om vassmålarar"))
    expect(page.locator("#svar")).to_contain_text("Det vart eit tiltak.")
    follow(page, page.locator("#svar a[href*='/tiltak/']"))
    expect(page.locator("h1")).to_contain_text("Dialog om vassmålarar")
    axe(page)
    answer = page.request.get(LIFE)
    assert answer.status == 403


def test_a_round_without_javascript(plan: PartnerPlan, people: People, watchdog: Watchdog) -> None:
    watchdog.allow("status of 422")
    editor, contributor, signatory = people(
        EDITOR, CONTRIBUTOR, SIGNATORY, java_script_enabled=False
    )
    ask_for_input(editor)
    write_input(contributor, "Dialog om vassmålarar")
    send(contributor)
    decline(editor, "Dialog om vassmålarar", "Ikkje i år.")
    press(editor, "forhandling", "Alle har svart.")
    complete(editor)
    press(editor, "signering", "LUP seier dagane seinare.")
    assert state() == "FOR_SIGNATURE"
    press(signatory, "tilbake", "Feil tal.")
    assert state() == "NEGOTIATION"
    contributor.goto("/arbeid/innspel/")
    follow(contributor, contributor.locator("main a", has_text="Dialog om vassmålarar"))
    expect(contributor.locator("#svar")).to_contain_text("Ikkje i år.")
