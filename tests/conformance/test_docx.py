"""The memo's Word file as LibreOffice Writer reads it: opened, set, and taken out as a PDF."""

import subprocess
from pathlib import Path

import pikepdf
import pypdf
import pytest

from plans.exports.docx import memo_docx
from plans.memo import ReadMemo
from plans.models import MemoSection
from tests.factories.memos import a_case, make_memo
from tests.plans.exports.conftest import dictionaries

HOSTILE = "{{ title }} {%p for x in y %} </w:t> <w:p/> &amp; <script>"


def set_by_writer(read: ReadMemo, folder: Path) -> Path:
    """Return where the PDF lies that LibreOffice makes of the memo's Word file."""
    (folder / "memo.docx").write_bytes(memo_docx(read.document))
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}',
            "--outdir",
            folder,
            folder / "memo.docx",
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / "memo.pdf"


@pytest.fixture(scope="module")
def read() -> ReadMemo:
    own = MemoSection(
        heading="Vurdering", body=f"{HOSTILE}\n\n1. ein\n2. to\n\nOg:\n\n1. fyrst\n2. sist"
    )
    return make_memo(case=a_case(), more=own)


@pytest.fixture(scope="module")
def printed(read: ReadMemo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return set_by_writer(read, tmp_path_factory.mktemp("writer"))


def pages(printed: Path) -> list[str]:
    """Return the text of each page, with one space wherever there is white space."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(printed).pages]


def test_all_of_it_stands_there_in_its_order(read: ReadMemo, printed: Path) -> None:
    text = " ".join(pages(printed))
    wanted = [
        read.document.title,
        "Kultur- og næringsutvalet",
        *(section.heading for section in read.document.sections),
        HOSTILE,
        "1. ein 2. to Og: 1. fyrst 2. sist",
        "Del 1 Del 2",
        "Vedlegg 1",
        "3 Referat",
    ]
    places = [text.find(words) for words in wanted]
    assert -1 not in places, dict(zip(wanted, places, strict=True))
    assert places == sorted(places)


def test_the_pages_are_counted_by_fields(printed: Path) -> None:
    found = pages(printed)
    assert len(found) > 1
    for number, page in enumerate(found, 1):
        assert f"Side {number} av {len(found)}" in page


def test_the_headings_are_headings_in_nynorsk(printed: Path) -> None:
    with pikepdf.open(printed) as pdf:
        assert str(pdf.Root.Lang).lower() == "nn-no"
        kinds = [str(tag.S) for tag in dictionaries(pdf) if tag.get("/Type") == "/StructElem"]
    assert [kinds.count(kind) for kind in ("/H1", "/H2", "/Table")] == [1, 8, 2]
