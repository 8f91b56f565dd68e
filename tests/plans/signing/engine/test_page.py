"""The page that is signed, and what the cover says of a version."""

import io
import re
import subprocess
from dataclasses import replace

import pikepdf
import pytest
import segno

from plans.exports.pdf import Edition, plan_html
from plans.exports.pdf.edition import QrCode
from tests.plans.exports.conftest import dictionaries
from tests.plans.signing.engine.conftest import DOCUMENT, EDITION, Papers

ADDRESS = EDITION.address


def _pages(pdf: bytes) -> list[str]:
    shown = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return [" ".join(page.split()) for page in shown.stdout.decode().split("\f")[:-1]]


def test_the_edition_is_that_of_the_version_on_this_site() -> None:
    assert Edition.of(DOCUMENT, is_demo=True) == EDITION
    assert Edition.of(DOCUMENT, is_demo=False).is_demo is False


def test_the_page_has_two_places_and_leads_to_the_version(papers: Papers) -> None:
    page = _pages(papers.prepared)[-1]
    assert DOCUMENT.county.full_name in page
    assert DOCUMENT.programme.name in page
    assert ADDRESS in page
    with pikepdf.open(io.BytesIO(papers.prepared)) as pdf:
        _seal, *places = pdf.Root.AcroForm.Fields
        for place in places:
            left, bottom, right, top = (float(number) for number in place.Rect)
            millimetres = (right - left) / 72 * 25.4, (top - bottom) / 72 * 25.4
            assert millimetres == pytest.approx((90, 24), abs=0.3)
            assert place.TU  # its name for those who can't see it
        links = [
            str(found.A.URI) for found in dictionaries(pdf) if "/A" in found and "/URI" in found.A
        ]
        assert set(links) == {ADDRESS}


def test_the_qr_code_has_words_for_those_who_cannot_see_it(papers: Papers) -> None:
    with pikepdf.open(io.BytesIO(papers.prepared)) as pdf:
        said = [str(found.Alt) for found in dictionaries(pdf) if "/Alt" in found]
    assert any(ADDRESS in text for text in said)


def test_the_qr_code_is_the_address() -> None:
    code = EDITION.qr_code
    expected = segno.make_qr(ADDRESS, error="m", boost_error=False).matrix
    assert code.size == len(expected) + 8
    assert _modules(code) == {
        (column + 4, row + 4)
        for row, modules in enumerate(expected)
        for column, is_dark in enumerate(modules)
        if is_dark
    }


def _modules(code: QrCode) -> set[tuple[int, int]]:
    found = re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path)
    return {(int(column), int(row)) for column, row in found}


def test_a_demo_is_called_one_on_the_cover_and_where_it_is_signed() -> None:
    demo = plan_html(DOCUMENT, edition=EDITION)
    real = plan_html(DOCUMENT, edition=replace(EDITION, is_demo=False))
    assert demo.count('<p class="mark">') == real.count('<p class="mark">') + 2


def test_a_draft_has_no_places_and_no_address() -> None:
    page = plan_html(replace(DOCUMENT, version=None)).split('id="signatures"')[-1]
    assert "<input" not in page
    assert "<svg" not in page


def test_the_cover_says_which_version_it_is() -> None:
    cover = plan_html(DOCUMENT, edition=EDITION).split('id="', 1)[0]
    assert re.search(r"<td>1</td>", cover)
