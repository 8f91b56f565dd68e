"""The PDF as others read it: text, structure, metadata, fonts, attachment."""

import io
import re
import subprocess
from collections.abc import Iterator
from xml.etree import ElementTree

import pikepdf
import pypdf
import pytest

from plans.document import PlanDocument, to_json
from plans.exports.pdf.assets import FONTS
from tests.plans.exports.conftest import Printed, dictionaries


def test_every_measure_stands_in_the_text(plan: Printed) -> None:
    for measure in plan.document.measures:
        for text in (measure.title, measure.responsible.name if measure.responsible else ""):
            assert text in plan.text
        assert f"{measure.number} " in plan.text
    assert plan.text.count("Føremål ") >= len(plan.document.measures)


def test_sámi_names_are_text_too(plan: Printed) -> None:
    for name in ("Kárášjohka", "Gáivuotna", "Porsáŋgu"):
        assert name in plan.text


def test_every_page_but_the_cover_has_its_number_and_the_marks(plan: Printed) -> None:
    total = len(plan.pages)
    assert total > 10
    assert "Side 1 av" not in plan.pages[0]
    for number, page in enumerate(plan.pages[1:], start=2):
        text = " ".join(page.split())
        assert f"Side {number} av {total}" in text
        assert "Sist endra 4. mars 2020" in text
        assert plan.document.title in text
        assert "Forhandling" in text
    for page in plan.pages:
        assert "Døme på plan" in page


def test_the_contents_name_the_page_of_every_chapter(plan: Printed) -> None:
    lines = re.findall(r"^ *(\S.*?) {3,}(\d+)$", plan.pages[1], flags=re.M)
    contents = {title: int(page) for title, page in lines}
    reader = pypdf.PdfReader(io.BytesIO(plan.pdf))
    chapters = {
        str(mark.title): (reader.get_destination_page_number(mark) or 0) + 1
        for mark in reader.outline
        if not isinstance(mark, list)
    }
    assert list(chapters)[:2] == [plan.document.title, "Innhald"]
    assert {title: contents.get(title) for title in list(chapters)[2:]} == dict(
        list(chapters.items())[2:]
    )


def test_the_bookmarks_lead_to_every_measure(plan: Printed) -> None:
    def titles(marks: list[object]) -> Iterator[str]:
        for mark in marks:
            if isinstance(mark, list):
                yield from titles(mark)
            else:
                yield str(mark.title)  # type: ignore[attr-defined]

    found = set(titles(list(pypdf.PdfReader(io.BytesIO(plan.pdf)).outline)))
    assert {f"{m.number} {m.title}" for m in plan.document.measures} <= found


def test_the_information_names_title_parties_and_dates(plan: Printed) -> None:
    information = pypdf.PdfReader(io.BytesIO(plan.pdf)).metadata
    assert information is not None
    assert information.title == plan.document.title
    assert information.author == "Fylke fylkeskommune, Leverandørutviklingsprogrammet"
    assert information.creation_date == plan.document.changed_at
    assert information.modification_date == plan.document.changed_at


def test_the_metadata_claim_both_standards(plan: Printed) -> None:
    with plan.open() as pdf:
        xmp = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())
    claims = {name: value for element in xmp.iter() for name, value in element.attrib.items()}
    claims |= {element.tag: element.text or "" for element in xmp.iter()}
    assert claims["{http://www.aiim.org/pdfa/ns/id/}part"] == "3"
    assert claims["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert claims["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert claims["{http://www.aiim.org/pdfa/ns/schema#}prefix"] == "pdfuaid"


def test_it_is_tagged_in_nynorsk_and_shows_its_title(plan: Printed) -> None:
    with plan.open() as pdf:
        assert pdf.Root.Lang == "nn"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.StructTreeRoot.K[0].S == "/Document"
        assert len(pdf.Root.OutputIntents) == 1


def test_the_tags_hold_the_languages_of_the_texts(plan: Printed) -> None:
    with plan.open() as pdf:
        languages = [str(tag.Lang) for tag in _tags(pdf) if "/Lang" in tag]
    assert languages.count("nb") >= 2
    assert set(languages) == {"nb"}  # the factory's twelve measures are all in Nynorsk


def test_the_drawings_have_alternative_texts(plan: Printed) -> None:
    with plan.open() as pdf:
        figures = [str(tag.Alt) for tag in _tags(pdf) if tag.get("/S") == "/Figure"]
    assert figures == ["Årshjulet 2020", "Tidslinje 2020"]


@pytest.mark.parametrize("which", ["plan", "kárášjohka"])
def test_the_document_lies_inside(which: str, request: pytest.FixtureRequest) -> None:
    printed: Printed = request.getfixturevalue(which)
    with printed.open() as pdf:
        (name,) = pdf.attachments
        specification = pdf.attachments[name]
        data = specification.get_file().read_bytes()
        relationship = specification.obj.AFRelationship
    assert (name, str(relationship)) == ("plan.json", "/Data")
    assert data == to_json(printed.document)


def test_there_are_no_fonts_but_our_own(plan: Printed) -> None:
    with plan.open() as pdf:
        fonts = [tag for tag in dictionaries(pdf) if tag.get("/Type") == "/FontDescriptor"]
        names = {re.sub(r"^/[A-Z]{6}\+", "", str(font.FontName)) for font in fonts}
        assert all("/FontFile2" in font for font in fonts)
    families = {f"Inter-{name}" for name in FONTS}
    assert {"-".join(name.split("-")[:2]) for name in names} == {"Inter-Variable", "Inter-Extended"}
    assert families >= {"Inter-Variable", "Inter-Extended"}


def test_it_is_sound(plan: Printed, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("pdf") / "plan.pdf"
    file.write_bytes(plan.pdf)
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)


def test_the_extract_holds_what_concerns_the_municipality_and_why(kárášjohka: Printed) -> None:
    document: PlanDocument = kárášjohka.document
    assert "Utdrag for Kárášjohka kommune" in kárášjohka.text
    assert document.measures
    for measure in document.measures:
        assert f"{measure.number} {measure.title}" in kárášjohka.text
    assert kárášjohka.text.count("Kvifor det gjeld") == len(document.measures)
    assert kárášjohka.document.programme.name not in kárášjohka.pages[-1]


def test_a_plan_that_is_still_written_has_no_places_to_sign(plan: Printed) -> None:
    text = " ".join(plan.pages[-1].split())
    assert plan.document.county.full_name in text
    with plan.open() as pdf:
        assert "/AcroForm" not in pdf.Root


def _tags(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    return (found for found in dictionaries(pdf) if found.get("/Type") == "/StructElem")
