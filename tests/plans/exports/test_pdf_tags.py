"""The tag tree: what those hear who can't see the page, and in which order."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape

import pikepdf
import pypdf
import pytest
from django.utils import translation

from plans.enums import PlanState
from plans.exports.pdf import plan_html, plan_pdf
from plans.signing.fields import PARTIES, with_signature_fields
from tests.factories.documents import make_amendment, make_document
from tests.plans.exports.conftest import Printed, printed
from tests.plans.exports.tags import Tag, tree

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
EACH = pytest.mark.parametrize("which", ["frozen", "amendment", "kárášjohka"])


@pytest.fixture(scope="session")
def frozen() -> Printed:
    """A plan as it is sealed: with places to sign, and nothing signed yet."""
    document = make_document(measures=18, version=1, state=PlanState.FOR_SIGNATURE)
    return printed(document, with_signature_fields(plan_pdf(document)))


@pytest.fixture(scope="session")
def amendment() -> Printed:
    """An amendment, before it is sealed."""
    with translation.override("nn"):
        document = make_amendment()
    return printed(document, with_signature_fields(plan_pdf(document)))


@pytest.fixture
def paper(which: str, request: pytest.FixtureRequest) -> Printed:
    found: Printed = request.getfixturevalue(which)
    return found


@pytest.fixture
def pdf(paper: Printed) -> Iterator[pikepdf.Pdf]:
    with paper.open() as opened:
        yield opened


@pytest.fixture
def tags(pdf: pikepdf.Pdf) -> Tag:
    return tree(pdf)


def headings_of_html(paper: Printed) -> list[tuple[str, str]]:
    found = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", plan_html(paper.document), flags=re.S)
    return [(f"H{level}", plain(title)) for level, title in found]


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", text)).replace("\u00ad", "").split())


@EACH
def test_the_headings_are_those_of_the_document_in_its_order(paper: Printed, tags: Tag) -> None:
    found = [(tag.kind, plain(tag.text)) for tag in tags.all(*HEADINGS)]
    assert found == headings_of_html(paper)
    assert found[0][0] == "H1"


@EACH
def test_no_heading_or_paragraph_lies_in_another(tags: Tag) -> None:
    nested = [
        (tag.kind, inner.kind, tag.text)
        for tag in tags.all("P", *HEADINGS)
        for inner in tag.all("P", "Sect", "L", "Table", *HEADINGS)
    ]
    assert nested == []


@EACH
def test_a_measure_is_one_element_that_starts_with_its_number_and_title(
    paper: Printed, tags: Tag
) -> None:
    measures = [f"{measure.number} {measure.title}" for measure in paper.document.measures]
    found = [tag.text for tag in tags.all("Art")]
    assert [text[: len(start)] for text, start in zip(found, measures, strict=True)] == measures


@EACH
def test_a_measure_is_read_as_title_kind_description_and_facts(paper: Printed, tags: Tag) -> None:
    for tag in tags.all("Art"):
        kinds = [child.kind for child in tag.children if isinstance(child, Tag)]
        assert re.fullmatch(r"P H4 P (P|Div) Table", " ".join(kinds)), kinds


@EACH
def test_every_text_is_in_the_tree_but_the_margins(
    paper: Printed, pdf: pikepdf.Pdf, tags: Tag
) -> None:
    said = tags.text
    total = len(pdf.pages)
    for number, page in enumerate(pdf.pages, start=1):
        assert f"Side {number} av {total}" not in said
        assert page.get("/Tabs") == "/S"  # the keyboard goes by the tree, too
    # They stand on the cover, and in the margin of every page.
    assert [said.count(words) for words in ("Sist endra", "Døme på plan")] == [1, 1]
    assert [paper.text.count(words) for words in ("Sist endra", "Døme på plan")] == [total, total]


@EACH
def test_a_drawing_says_what_it_is_and_where(tags: Tag, which: str) -> None:
    figures = list(tags.all("Figure"))
    titles = [] if which == "kárášjohka" else ["Årshjulet 2020", "Tidslinje 2020"]
    assert [str(figure.element.Alt) for figure in figures] == titles
    for figure in figures:
        left, bottom, right, top = (float(edge) for edge in figure.element.A.BBox)  # type: ignore[attr-defined]
        assert 0 < left < right < 595
        assert 0 < bottom < top < 842


@EACH
def test_every_cell_of_a_table_has_its_headers(tags: Tag) -> None:
    tables = list(tags.all("Table"))
    assert tables
    for table in tables:
        headers = {str(cell.element.ID): cell for cell in table.all("TH")}
        assert {str(cell.element.A.Scope) for cell in headers.values()} <= {"/Row", "/Column"}
        for cell in table.all("TD"):
            named = [str(name) for name in cell.element.A.Headers]  # type: ignore[attr-defined]
            assert named
            assert set(named) <= set(headers)


@EACH
def test_a_fact_is_headed_by_its_name(tags: Tag) -> None:
    measure = next(tags.all("Art"))
    rows = [
        [(cell.kind, str(cell.element.A.get("/Scope"))) for cell in row.all("TH", "TD")]
        for row in measure.all("TR")
    ]
    assert rows == [[("TH", "/Row"), ("TD", "None")]] * len(rows)


@EACH
def test_lists_hold_items_and_items_bodies(tags: Tag) -> None:
    lists = list(tags.all("L"))
    assert lists
    for found in lists:
        items = [child for child in found.children if isinstance(child, Tag)]
        assert {item.kind for item in items} == {"LI"}
        assert {tuple(body.kind for body in item.children) for item in items} == {("LBody",)}  # type: ignore[union-attr]


def test_a_link_says_its_words_and_leads_to_a_page(frozen: Printed) -> None:
    with frozen.open() as pdf:
        links = list(tree(pdf).all("Link"))
        annotations = [
            annotation.objgen
            for page in pdf.pages
            for annotation in page.get("/Annots", [])
            if annotation.Subtype == "/Link"
        ]
        names = {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
        linked = [annotation for link in links for annotation in link.objects]
        assert [(len(link.objects), str(link.objects[0].Contents)) for link in links] == [
            (1, link.text) for link in links
        ]
        assert sorted(annotation.objgen for annotation in linked) == sorted(annotations)
        assert {str(annotation.Dest) for annotation in linked} <= names


def test_the_places_to_sign_stand_under_the_parties(frozen: Printed) -> None:
    document = frozen.document
    parties = [document.county.full_name, document.programme.name]
    with frozen.open() as pdf:
        found = list(tree(pdf).all("Form", "H2", "H3"))
        first = [tag.text for tag in found].index("Signaturar") + 1
        chapter = found[first : first + 4]
        assert [(tag.kind, tag.text) for tag in chapter] == [
            ("H3", parties[0]),
            ("Form", ""),
            ("H3", parties[1]),
            ("Form", ""),
        ]
        forms = [tag for tag in chapter if tag.kind == "Form"]
        fields = [annotation for tag in forms for annotation in tag.objects]
        assert [(str(field.T), str(field.TU), str(field.FT)) for field in fields] == [
            (name, f"Signatur: {party}", "/Sig")
            for name, party in zip(PARTIES, parties, strict=True)
        ]
        for tag, field in zip(forms, fields, strict=True):
            assert field.P.objgen == tag.element.Pg.objgen
            left, bottom, right, top = (float(edge) for edge in field.Rect)
            assert 0 < left < right < 595
            assert 0 < bottom < top < 842


@EACH
def test_the_bookmarks_are_the_headings(paper: Printed, tags: Tag) -> None:
    def titles(marks: list[object]) -> Iterator[str]:
        for mark in marks:
            if isinstance(mark, list):
                yield from titles(mark)
            else:
                yield plain(str(mark.title))  # type: ignore[attr-defined]

    numbers = defaultdict(list)
    for measure in paper.document.measures:
        numbers[measure.title].append(measure.number)
    expected = [
        f"{numbers[tag.text].pop(0)} {tag.text}" if tag.kind == "H4" else tag.text
        for tag in tags.all(*HEADINGS)
        if tag.kind != "H4" or tag.text in numbers
    ]
    assert list(titles(list(pypdf.PdfReader(io.BytesIO(paper.pdf)).outline))) == expected


def test_the_languages_of_measures_are_in_their_tags(frozen: Printed) -> None:
    english = [measure.title for measure in frozen.document.measures if measure.language == "en"]
    with frozen.open() as pdf:
        found = [
            heading.text
            for heading in tree(pdf).all("H4")
            if str(heading.element.get("/Lang")) == "en"
        ]
    assert found == english
