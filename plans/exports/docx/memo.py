"""From a memo to a Word file that people go on writing in."""

import io
from dataclasses import fields
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate
from markupsafe import Markup

from plans.exports.docx.package import settled
from plans.exports.docx.template import NUMBERED, memo_template
from plans.exports.docx.text import plain, safe
from plans.memo import Figure, MemoDocument, Section

_LANGUAGES = {"nn": "nn-NO", "nb": "nb-NO", "en": "en-GB"}
_FIRST_LIST = 1000  # above the template's own


def memo_docx(memo: MemoDocument) -> bytes:
    """Return the memo as a Word file: headings, lists and tables are Word's own. The same memo
    gives the same bytes. Whatever its texts hold is text, and nothing else."""
    file = DocxTemplate(io.BytesIO(memo_template()))
    with translation.override("nn"):
        context = _context(memo, _Lists(file))
    file.render(context, autoescape=True)
    _describe(file, memo)
    target = io.BytesIO()
    file.save(target)
    return settled(target.getvalue())


class _Lists:
    """The numbered lists of a memo: each is one of its own, so that each counts from 1."""

    def __init__(self, file: DocxTemplate) -> None:
        self._numbering = file.get_docx().part.numbering_part.element
        self._last = _FIRST_LIST

    def new(self) -> int:
        """Return the number of a list that begins at 1."""
        self._last += 1
        self._numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self._last}">'
                f'<w:abstractNumId w:val="{NUMBERED}"/><w:lvlOverride w:ilvl="0">'
                '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            )
        )
        return self._last


def _context(memo: MemoDocument, lists: _Lists) -> dict[str, Any]:
    case = [
        (_("Case number"), memo.case_number),
        (_("Committee"), memo.committee),
        (_("Date of the meeting"), date_format(memo.meets_on) if memo.meets_on else ""),
    ]
    number = f"{_('Case number')} {memo.case_number}" if memo.case_number else ""
    return {
        "title": safe(memo.title),
        "county": safe(memo.county),
        "mark": safe(_("Example of a plan") if memo.is_example else ""),
        "case": safe(number),
        "case_caption": safe(_("The case that the memo belongs to")),
        "page": safe(pgettext("before a page's number", "Page")),
        "of": safe(pgettext("between a page's number and the number of pages", "of")),
        "facts": [{"name": safe(name), "value": safe(value)} for name, value in case if value],
        "sections": [_section(section, lists) for section in memo.sections],
        "figures_heading": safe(_("Key figures")),
        "columns": [
            safe(text)
            for text in (
                _("What is counted"),
                _("Part %(number)s") % {"number": 1},
                _("Part %(number)s") % {"number": 2},
                _("In all"),
            )
        ],
        "figures": [
            [safe(getattr(figure, field.name)) for field in fields(Figure)]
            for figure in memo.figures
        ],
        "attachments_heading": safe(_("Attachments")),
        "attachments": [safe(attachment) for attachment in memo.attachments],
    }


def _section(section: Section, lists: _Lists) -> dict[str, Any]:
    return {
        "heading": safe(section.heading),
        "language": _LANGUAGES[section.language],
        "blocks": [
            {
                "kind": block.kind,
                "list": lists.new() if block.kind == "numbered" else None,
                "lines": [safe(line) for line in block.lines],
                # docxtpl makes line ends into breaks of Word's.
                "text": Markup("\n").join(safe(line) for line in block.lines),
            }
            for block in section.blocks
        ],
    }


def _describe(file: DocxTemplate, memo: MemoDocument) -> None:
    """Say what the file is; nobody's name, and no time but that of the last change."""
    properties = file.docx.core_properties  # get_docx() would begin anew
    properties.title = plain(memo.title)[:255]
    properties.author = plain(memo.county)[:255]
    properties.last_modified_by = ""
    properties.comments = ""
    properties.language = "nn-NO"
    properties.revision = 1
    properties.created = properties.modified = memo.changed_at.replace(tzinfo=None)
