"""The memo to the politicians on screen and as files."""

import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from plans.document import to_json
from plans.enums import PlanState
from plans.exports.pdf import PdfError
from plans.models import FocusArea, PartnerPlan, PlanText
from tests.factories.plans import area_of
from tests.factories.versions import set_state
from tests.plans.conftest import World
from tests.plans.memo.desk import body, read, section_url, url, written

LogIn = Callable[[User], Client]


# --- What it is made from -------------------------------------------------------------------------


def test_a_memo_of_an_unsigned_plan_follows_the_rows(plan: PartnerPlan) -> None:
    assert "eitt tiltak på eitt satsingsområde: Satsingsområde 1." in body(plan, "structure")
    FocusArea.objects.filter(pk=area_of(plan).pk).update(title="Ferjer")
    assert "eitt tiltak på eitt satsingsområde: Ferjer." in body(plan, "structure")


@pytest.mark.parametrize("state", [PlanState.ACTIVE, PlanState.AMENDING, PlanState.CLOSED])
def test_a_memo_of_a_signed_plan_follows_what_was_signed(
    plan: PartnerPlan, state: PlanState
) -> None:
    set_state(plan, PlanState.ACTIVE)
    FocusArea.objects.filter(pk=area_of(plan).pk).update(title="Ferjer")
    set_state(plan, state)
    assert "Satsingsområde 1." in body(plan, "structure")
    assert "Begge partane har signert planen, den siste " in body(plan, "background")


def test_a_plan_that_waits_for_signatures(plan: PartnerPlan) -> None:
    set_state(plan, PlanState.FOR_SIGNATURE)
    assert "send til signering hos begge partane" in body(plan, "background")


# --- The page -------------------------------------------------------------------------------------


def test_the_page_shows_the_memo_and_the_way_to_write_it(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    page = browser_of(world.editor).get(url(plan)).content.decode()
    assert "Orientering om partnarplan 2022 mellom Fjordane fylkeskommune" in page
    for name in ("memo_pdf", "memo_docx", "memo_case"):
        assert url(plan, name) in page
    assert section_url(plan) in page
    seen = browser_of(world.signatory).get(url(plan)).content.decode()
    assert url(plan, "memo_docx") in seen
    assert section_url(plan) not in seen
    assert url(plan, "memo_case") not in seen


def test_the_way_there_is_shown_to_the_county_alone(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    for user, shown in ((world.editor, True), (world.signatory, True), (world.adviser, False)):
        page = browser_of(user).get(url(plan, "life")).content.decode()
        assert (f'href="{url(plan)}"' in page) == shown


def test_what_is_no_section(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    assert browser.get(section_url(plan, "roman")).status_code == 404
    assert browser.get(url(plan, "memo_reset", slug="roman")).status_code == 404


# --- Files ----------------------------------------------------------------------------------------


def test_the_word_file(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    written(browser_of(world.editor), plan, body="Våre eigne ord.")
    answer = browser_of(world.signatory).get(url(plan, "memo_docx"))
    assert answer["Content-Disposition"] == (
        'attachment; filename="orientering-partnarplan-fjordane-2022.docx"'
    )
    assert answer["Cache-Control"] == "private, no-cache"
    texts = [each.text for each in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert texts[0].startswith("Orientering om partnarplan 2022")
    assert "Våre eigne ord." in texts


def test_the_pdf_is_made_once(
    world: World, plan: PartnerPlan, browser_of: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def make(memo: object, data: bytes) -> bytes:
        made.append(data)
        return b"%PDF-1.7"

    monkeypatch.setattr("plans.services.memo_files.memo_pdf", make)
    browser = browser_of(world.editor)
    first = browser.get(url(plan, "memo_pdf"))
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    browser.get(url(plan, "memo_pdf"))
    assert made == [to_json(read(plan).source.document)]
    written(browser, plan, body="Kort.")
    browser.get(url(plan, "memo_pdf"))
    assert len(made) == 2


def test_a_pdf_that_cannot_be_made(
    world: World, plan: PartnerPlan, browser_of: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(memo: object, data: bytes) -> bytes:
        raise PdfError("The worker ended.")

    monkeypatch.setattr("plans.services.memo_files.memo_pdf", fail)
    answer = browser_of(world.editor).get(url(plan, "memo_pdf"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_the_command_writes_both(
    world: World,
    plan: PartnerPlan,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("plans.services.memo_files.memo_pdf", lambda memo, data: b"%PDF-1.7")
    folder = tmp_path_factory.mktemp("memo")
    for kind, start in (("memo-pdf", b"%PDF"), ("memo-docx", b"PK")):
        file = folder / kind
        call_command("export_plan", "fjordane", "2022", f"--format={kind}", f"--output={file}")
        assert file.read_bytes().startswith(start)
    with pytest.raises(CommandError, match="the whole plan"):
        call_command(
            "export_plan",
            "fjordane",
            "2022",
            "--format=memo-docx",
            "--municipality=1506",
            f"--output={folder / 'x'}",
        )


def test_an_own_text_of_the_plan_comes_in_its_own_language(plan: PartnerPlan) -> None:
    PlanText.objects.filter(plan=plan, kind="LUP_DONE").update(
        body="LUP har holdt kurs.", language="nb"
    )
    done = next(s for s in read(plan).document.sections if s.key == "done")
    assert done == replace(done, body="LUP har holdt kurs.", language="nb")
