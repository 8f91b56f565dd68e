"""The memo's Word file as LibreOffice Writer reads it: opened, set, and taken out as a PDF."""

import subprocess
from pathlib import Path

import pypdf
import pytest

from plans.exports.docx import memo_docx
from plans.memo import ReadMemo
from plans.models import MemoSection
from tests.factories.memos import a_case, make_memo

HOSTILE = "{{ title }} {%p for x in y %} </w:t> <w:p/> &amp; <script>"


def set_by_writer(read: ReadMemo, folder: Path) -> pypdf.PdfReader:
    """Return the PDF that LibreOffice makes of the memo's Word file."""
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
    return pypdf.PdfReader(folder / "memo.pdf")


@pytest.fixture(scope="module")
def read() -> ReadMemo:
    own = MemoSection(
        heading="Vurdering", body=f"{HOSTILE}\n\n1. ein\n2. to\n\nOg:\n\n1. fyrst\n2. sist"
    )
    return make_memo(case=a_case(), more=own)


@pytest.fixture(scope="module")
def printed(read: ReadMemo, tmp_path_factory: pytest.TempPathFactory) -> pypdf.PdfReader:
    return set_by_writer(read, tmp_path_factory.mktemp("writer"))


def test_all_of_it_stands_there_in_its_order(read: ReadMemo, printed: pypdf.PdfReader) -> None:
    text = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
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


def test_the_pages_are_counted_by_fields(printed: pypdf.PdfReader) -> None:
    total = len(printed.pages)
    for number, page in enumerate(printed.pages, 1):
        assert f"Side {number} av {total}" in " ".join(page.extract_text().split())


def test_the_headings_are_headings_in_nynorsk(printed: pypdf.PdfReader) -> None:
    assert printed.trailer["/Root"]["/Lang"].lower() == "nn-no"
    kinds = [
        found["/S"]
        for key in range(1, len(printed.xref[0]) + 1)
        if isinstance(found := printed.get_object(key), dict) and found.get("/S") is not None
    ]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 8
    assert kinds.count("/Table") == 2
