"""The Word template of a memo, made by code: styles that people know from Word, fields for the
numbers of pages, and docxtpl's marks where the memo's own texts go.

What stands between ``{`` and ``}`` is filled in by ``memo``; a paragraph ``{%p … %}`` and a row
``{%tr … %}`` are instructions that leave no paragraph or row behind.
"""

import io
from functools import lru_cache

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Calibri"
LANGUAGE = "nn-NO"
MARGIN = Mm(28)
TEXT_WIDTH = Mm(210) - 2 * MARGIN
_INK, _SOFT = RGBColor(0x1F, 0x23, 0x26), RGBColor(0x56, 0x5B, 0x60)
# The lists of the template; each numbered list of a memo begins anew (memo.py).
BULLETS, NUMBERED, ATTACHMENTS = 101, 102, 103
# Parts of python-docx's own template that say nothing here.
_IDLE = ("thumbnail", "extended-properties", "stylesWithEffects", "customXml")
_HEADINGS = (("Heading 1", 20, 0, 12), ("Heading 2", 13, 16, 4))


@lru_cache(maxsize=1)
def memo_template() -> bytes:
    """Return the template as a Word file."""
    document = docx.Document()
    _clear(document)
    _set_page(document)
    _set_styles(document)
    _set_lists(document)
    _head_and_foot(document)
    _write_body(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _clear(document: Document) -> None:
    """Take away what python-docx's own template says of itself."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    for rels in (document.part.rels, document.part.package.rels):
        for key, relation in list(rels.items()):
            if relation.reltype.rpartition("/")[2] in _IDLE:
                del rels[key]


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Mm(28), Mm(25)
    section.header_distance = section.footer_distance = Mm(13)
    settings = document.settings.element
    # Word 2013 and later: no «compatibility mode» in the title bar.
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), LANGUAGE)


def _set_styles(document: Document) -> None:
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    normal = styles["Normal"]
    _set_font(normal, 11, _INK)
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing = 1.15
    normal.paragraph_format.widow_control = True
    for name, size, before, after in _HEADINGS:
        heading = styles[name]
        _set_font(heading, size, _INK, bold=True)
        heading.paragraph_format.space_before = Pt(before)
        heading.paragraph_format.space_after = Pt(after)
        heading.paragraph_format.keep_with_next = True
    for name in ("Header", "Footer"):
        _set_font(styles[name], 9, _SOFT)
        stops = styles[name].paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    cell = styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(2)
    cell.paragraph_format.line_spacing = 1
    _add_table_style(document)


def _set_font(style: object, size: int, colour: RGBColor, *, bold: bool = False) -> None:
    font = style.font  # type: ignore[attr-defined]
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = colour
    # Else the theme's font wins over the named one.
    fonts = style.element.rPr.rFonts  # type: ignore[attr-defined]
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _add_table_style(document: Document) -> None:
    """Rules between rows, a stronger one below the head."""
    rule = 'w:val="single" w:space="0" w:color="D5D6D4" w:sz="4"'
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="MemoTable">'
            '<w:name w:val="Memo Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
            f"<w:tblPr><w:tblBorders><w:top {rule}/><w:bottom {rule}/><w:insideH {rule}/>"
            "</w:tblBorders></w:tblPr>"
            '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
            '<w:bottom w:val="single" w:space="0" w:color="1F2326" w:sz="8"/>'
            "</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
        )
    )


def _set_lists(document: Document) -> None:
    numbering = document.part.numbering_part.element
    first = numbering.find(qn("w:num"))
    for number, kind, text, style in (
        (BULLETS, "bullet", "•", "ListBullet"),
        (NUMBERED, "decimal", "%1.", "ListNumber"),
        (ATTACHMENTS, "decimal", "%1", ""),
    ):
        named = f'<w:pStyle w:val="{style}"/>' if style else ""
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            '<w:multiLevelType w:val="singleLevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{named}'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            '<w:pPr><w:ind w:left="425" w:hanging="425"/></w:pPr></w:lvl></w:abstractNum>'
        )
        first.addprevious(abstract)
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}">'
                f'<w:abstractNumId w:val="{number}"/></w:num>'
            )
        )
    for name, number in (("List Bullet", BULLETS), ("List Number", NUMBERED)):
        properties = document.styles[name].element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = number
        document.styles[name].paragraph_format.left_indent = None
        document.styles[name].paragraph_format.first_line_indent = None


def _head_and_foot(document: Document) -> None:
    section = document.sections[0]
    for part, left in ((section.header, "{{ county }}"), (section.footer, "{{ case }}")):
        part.is_linked_to_previous = False
        paragraph = part.paragraphs[0]
        paragraph.add_run(left)
        paragraph.add_run("\t")
    mark = section.header.paragraphs[0].add_run("{{ mark }}")
    mark.bold = True
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ page }} ")
    _add_field(foot, "PAGE")
    foot.add_run(" {{ of }} ")
    _add_field(foot, "NUMPAGES")


def _add_field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {code} ")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _write_body(document: Document) -> None:
    add = document.add_paragraph
    add("{{ title }}", style="Heading 1")
    add("{%p if facts %}")
    table = _add_table(document, "{{ case_caption }}", (Mm(45), TEXT_WIDTH - Mm(45)))
    _row(table, "{%tr for fact in facts %}", "")
    _row(table, "{{ fact.name }}", "{{ fact.value }}")
    _row(table, "{%tr endfor %}", "")
    add("{%p endif %}")
    add("{%p for section in sections %}")
    add("{{ section.heading }}", style="Heading 2")
    add("{%p for block in section.blocks %}")
    for test, style in (
        ("if block.kind == 'bullets'", "List Bullet"),
        ("elif block.kind == 'numbered'", "List Number"),
    ):
        add(f"{{%p {test} %}}")
        add("{%p for line in block.lines %}")
        item = add(style=style)
        _speak(item, "{{ line }}", "{{ section.language }}")
        if style == "List Number":
            _number(item, "{{ block.list }}")
        add("{%p endfor %}")
    add("{%p else %}")
    _speak(add(), "{{ block.text }}", "{{ section.language }}")
    add("{%p endif %}")
    add("{%p endfor %}")
    add("{%p endfor %}")
    add("{{ figures_heading }}", style="Heading 2")
    _write_figures(document)
    add("{{ attachments_heading }}", style="Heading 2")
    add("{%p for attachment in attachments %}")
    _number(add("{{ attachment }}", style="List Number"), str(ATTACHMENTS))
    add("{%p endfor %}")


def _write_figures(document: Document) -> None:
    number = Mm(20)
    widths = (TEXT_WIDTH - 3 * number, number, number, number)
    table = _add_table(document, "{{ figures_heading }}", widths, head=True)
    _row(table, *(f"{{{{ columns.{at} }}}}" for at in range(4)), head=True)
    _row(table, "{%tr for figure in figures %}", "", "", "")
    _row(table, *(f"{{{{ figure.{at} }}}}" for at in range(4)))
    _row(table, "{%tr endfor %}", "", "", "")


def _add_table(
    document: Document, caption: str, widths: tuple[int, ...], *, head: bool = False
) -> Table:
    """Add a table without rows; ``caption`` is read aloud, not shown."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    properties = table._tbl.tblPr
    style = OxmlElement("w:tblStyle")
    style.set(qn("w:val"), "MemoTable")
    for old in properties.findall(qn("w:tblStyle")):
        properties.remove(old)
    properties.insert(0, style)
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    # The same twice, for older and newer programs: whether the first row is a head; no bands.
    bits, first_row = ("0620", "1") if head else ("0600", "0")
    properties.append(
        parse_xml(
            f'<w:tblLook {nsdecls("w")} w:val="{bits}" w:firstRow="{first_row}" w:lastRow="0"'
            ' w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        )
    )
    told = OxmlElement("w:tblCaption")
    told.set(qn("w:val"), caption)
    properties.append(told)
    return table


def _row(table: Table, *texts: str, head: bool = False) -> None:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))  # repeated on each page
    for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        _fill(cell, text, right=len(texts) > 2 and at > 0, bold=head)
        cell.width = table.columns[at].width


def _fill(cell: _Cell, text: str, *, right: bool, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Table Text"
    paragraph.add_run(text).bold = bold or None
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _speak(paragraph: Paragraph, text: str, language: str) -> None:
    """Write a run that says which language it is in."""
    run = paragraph.add_run(text)
    told = OxmlElement("w:lang")
    told.set(qn("w:val"), language)
    run._r.get_or_add_rPr().append(told)


def _number(paragraph: Paragraph, number: str) -> None:
    """Let a paragraph be an item of the list with that number, which may be one of docxtpl's marks,
    so it is set as it stands."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        )
    )
