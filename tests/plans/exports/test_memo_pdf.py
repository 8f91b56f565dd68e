"""The memo's PDF as others read it."""

import io
from xml.etree import ElementTree

import pikepdf
import pypdf
import pytest

from plans.document import to_json
from plans.exports.pdf import TooLong, memo_html, memo_pdf
from plans.memo import ReadMemo
from plans.models import MemoSection
from tests.factories.memos import a_case, make_memo
from tests.plans.exports.conftest import Printed, dictionaries, printed

HOSTILE = "<script>alert(7)</script> {{ x }} {% y %} \"&'\x07\x0b‮"


@pytest.fixture(scope="module")
def read() -> ReadMemo:
    return make_memo(
        case=a_case(), more=MemoSection(body=f"{HOSTILE}\n\n{'a' * 19_000}", language="nb")
    )


@pytest.fixture(scope="module")
def memo(read: ReadMemo) -> Printed:
    data = to_json(read.source.document)
    return printed(read.source.document, memo_pdf(read.document, data))


def test_title_case_sections_figures_and_attachments_stand_in_the_text(
    memo: Printed, read: ReadMemo
) -> None:
    for words in (
        read.document.title,
        "Kultur- og næringsutvalet",
        "3. mars 2020",
        *(section.heading for section in read.document.sections),
        "Satsingsområde 1 2 3",
        "Referat",
    ):
        assert words in memo.text


def test_every_page_has_its_number_the_case_and_the_mark(memo: Printed) -> None:
    assert len(memo.pages) > 2
    for number, page in enumerate(memo.pages, 1):
        text = " ".join(page.split())
        assert f"Side {number} av {len(memo.pages)}" in text
        assert "Døme på plan" in text
        assert "2020/1234" in text


def test_hostile_text_is_text(memo: Printed) -> None:
    assert "<script>alert(7)</script> {{ x }} {% y %} \"&'" in memo.text


def test_the_plan_lies_inside(memo: Printed) -> None:
    with memo.open() as pdf:
        assert list(pdf.attachments) == ["plan.json"]
        assert pdf.attachments["plan.json"].obj.AFRelationship == "/Data"
        data = pdf.attachments["plan.json"].get_file().read_bytes()
    assert data == to_json(memo.document)


def test_it_is_tagged_and_claims_both_standards(memo: Printed) -> None:
    with memo.open() as pdf:
        assert pdf.Root.Lang == "nn"
        assert pdf.Root.MarkInfo.Marked
        tags = [tag for tag in dictionaries(pdf) if tag.get("/Type") == "/StructElem"]
        kinds = [str(tag.S) for tag in tags]
        xmp = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())
    assert [kinds.count(kind) for kind in ("/H1", "/H2", "/Table")] == [1, 8, 2]
    # The column heads, and the head of each row of the case and of the figures.
    assert kinds.count("/TH") == 4 + 3 + 7
    languages = {str(tag.Lang) for tag in tags if "/Lang" in tag}
    assert languages == {"nb"}
    claims = {name: value for element in xmp.iter() for name, value in element.attrib.items()}
    claims |= {element.tag: element.text or "" for element in xmp.iter()}
    assert claims["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert claims["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_its_information_names_the_county_and_nobody_else(memo: Printed, read: ReadMemo) -> None:
    information = pypdf.PdfReader(io.BytesIO(memo.pdf)).metadata
    assert information is not None
    assert (information.title, information.author) == (read.document.title, read.document.county)
    assert information.creation_date == read.document.changed_at


def test_the_same_memo_gives_the_same_bytes(memo: Printed, read: ReadMemo) -> None:
    assert memo_pdf(read.document, to_json(memo.document)) == memo.pdf


def test_a_memo_without_a_case_has_no_table_for_it() -> None:
    html = memo_html(make_memo().document)
    assert '<table class="case">' not in html
    assert 'data-case=""' in html


def test_a_text_longer_than_the_layout_can_take() -> None:
    with pytest.raises(TooLong):
        memo_html(make_memo(more=MemoSection(body="x" * 20_001)).document)


def test_it_is_sound(memo: Printed) -> None:
    with pikepdf.open(io.BytesIO(memo.pdf)) as pdf:
        assert pdf.check_pdf_syntax() == []
