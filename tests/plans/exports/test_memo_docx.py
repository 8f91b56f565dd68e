"""The memo's Word file, read back."""

import io
import re
import zipfile
from collections.abc import Iterator

import docx
import pytest
from django.utils import translation
from django.utils.translation import gettext
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from plans.exports.docx import memo_docx
from plans.memo import ReadMemo
from plans.models import MemoSection
from tests.factories.memos import a_case, make_memo

HOSTILE = [
    "{{ title }}{% for x in sections %}{{ x }}{% endfor %}",
    "{%p if x %}{%tr for y in z %}{# ord #}{{r z }}",
    "{_{ title }_} {_% if %_}",
    "</w:t></w:r></w:p><w:p><w:r><w:t>innsmugla",
    "<w:fldSimple w:instr=' INCLUDETEXT \"c:/x\" '/>&amp; &#60; ]]>",
    "nul\x00 klokke\x07 side\x0c esc\x1b \ufffe\uffff‮snudd⁦",
    "\ud800einsam",
    "“krøll” ‘tegn’ «»",
    "a" * 20_000,
    "\t\ttab",
]


def opened(read: ReadMemo) -> Document:
    return docx.Document(io.BytesIO(memo_docx(read.document)))


def styled(document: Document) -> list[tuple[str, str]]:
    """Return each paragraph outside tables with its style."""
    return [(each.style.name, each.text) for each in document.paragraphs if each.style]


def key_figures() -> str:
    """Return the heading of the key figures."""
    with translation.override("nn"):
        return gettext("Key figures")


def parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def test_headings_texts_and_lists_are_words_own() -> None:
    read = make_memo(case=a_case())
    paragraphs = styled(opened(read))
    assert paragraphs[0] == ("Heading 1", read.document.title)
    assert [text for style, text in paragraphs if style == "Heading 2"] == [
        *(section.heading for section in read.document.sections),
        key_figures(),
        "Vedlegg",
    ]
    assert paragraphs[-3:] == [
        ("List Number", read.document.attachments[0]),
        ("List Number", "Partnaravtale 2020–2024"),
        ("List Number", "Referat"),
    ]
    aims = [text for style, text in paragraphs if style == "List Number"][:3]
    assert aims[2] == "løyse samfunnsutfordringar gjennom innovasjon"
    assert not any("{" in text or "%}" in text for _style, text in paragraphs)


def test_every_block_of_every_section_is_there() -> None:
    read = make_memo()
    expected = []
    for section in read.document.sections:
        expected.append(("Heading 2", section.heading))
        names = {"text": "Normal", "bullets": "List Bullet", "numbered": "List Number"}
        for block in section.blocks:
            lines = block.lines if block.kind != "text" else ("\n".join(block.lines),)
            expected += [(names[block.kind], line) for line in lines]
    paragraphs = styled(opened(read))[1:]
    assert paragraphs[: len(expected)] == expected


def test_the_tables() -> None:
    read = make_memo(case=a_case())
    case, figures = opened(read).tables
    assert [row.cells[1].text for row in case.rows] == [
        "2020/1234",
        "Kultur- og næringsutvalet",
        "3. mars 2020",
    ]
    assert [cell.text for cell in figures.rows[0].cells][1:3] == ["Del 1", "Del 2"]
    assert [[cell.text for cell in row.cells] for row in figures.rows[1:]] == [
        [figure.name, figure.one, figure.two, figure.total] for figure in read.document.figures
    ]
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in figures.rows]
    assert repeated == [True, *[False] * len(read.document.figures)]


def test_without_a_case_there_is_no_table_for_it() -> None:
    assert len(opened(make_memo()).tables) == 1


def test_each_numbered_list_counts_from_one() -> None:
    body = "1. a\n2. b\n\nOg:\n\n1. c\n2. d"
    document = opened(make_memo(more=MemoSection(body=body)))
    lists = {
        each.text: int(each._p.xpath("w:pPr/w:numPr/w:numId/@w:val")[0])
        for each in document.paragraphs
        if each.text in ("a", "b", "c", "d")
    }
    assert lists["a"] == lists["b"] != lists["c"] == lists["d"]
    numbering = document.part.numbering_part.element
    for key in (lists["a"], lists["c"]):
        (found,) = numbering.xpath(f"w:num[@w:numId='{key}']")
        assert found.find(f".//{qn('w:startOverride')}").get(qn("w:val")) == "1"


def test_texts_in_other_languages_say_so() -> None:
    document = opened(make_memo(more=MemoSection(body="På bokmål.", language="nb")))
    (found,) = (each for each in document.paragraphs if each.text == "På bokmål.")
    assert found.runs[0]._r.xpath("w:rPr/w:lang/@w:val") == ["nb-NO"]
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults.find(f".//{qn('w:lang')}").get(qn("w:val")) == "nn-NO"


def test_line_ends_stay_within_their_paragraph() -> None:
    document = opened(make_memo(more=MemoSection(body="Ein\nto\n\ntre")))
    assert ("Normal", "Ein\nto") in styled(document)
    assert ("Normal", "tre") in styled(document)


def test_page_head_and_foot() -> None:
    document = opened(make_memo(case=a_case()))
    section = document.sections[0]
    sides = (section.page_width, section.page_height)
    assert [round(side.mm) for side in sides if side] == [210, 297]
    assert section.header.paragraphs[0].text == "Fylke fylkeskommune\tDøme på plan"
    assert section.footer.paragraphs[0].text.endswith("2020/1234\tSide  av ")
    fields = section.footer._element.findall(f".//{qn('w:fldSimple')}")
    assert [field.get(qn("w:instr")).strip() for field in fields] == ["PAGE", "NUMPAGES"]


def test_it_says_what_it_is_and_names_nobody() -> None:
    read = make_memo()
    properties = opened(read).core_properties
    assert (properties.title, properties.author) == (read.document.title, read.document.county)
    assert (properties.last_modified_by, properties.comments) == ("", "")
    assert properties.language == "nn-NO"
    assert properties.modified is not None
    assert properties.modified.replace(tzinfo=read.document.changed_at.tzinfo) == (
        read.document.changed_at
    )


def test_the_same_memo_gives_the_same_bytes() -> None:
    read = make_memo(case=a_case())
    content = memo_docx(read.document)
    assert memo_docx(read.document) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_parts_are_sound_and_lead_nowhere_else() -> None:
    for name, content in parts(memo_docx(make_memo(case=a_case()).document)):
        parse_xml(content)
        assert b'TargetMode="External"' not in content, name
        assert b"python-docx" not in content, name


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text(text: str) -> None:
    plain = opened(make_memo())
    read = make_memo(
        case=a_case(title=text, case_number=text, committee=text, attachments=text),
        more=MemoSection(heading=text, body=text),
    )
    document = opened(read)
    shown = re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800‮⁦]", "", text).replace("\t", " ")
    assert document.paragraphs[0].text == shown
    assert [cell.text for cell in document.tables[0].columns[1].cells][:2] == [shown, shown]
    headings = [words for style, words in styled(document) if style == "Heading 2"]
    assert shown in headings
    assert len(headings) == len([s for s, _ in styled(plain) if s == "Heading 2"]) + 1
    assert ("Normal", shown.strip()) in styled(document)
