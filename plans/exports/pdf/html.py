"""From a document to the HTML that is set as its PDF."""

import re
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plans.document import Municipality, PlanDocument
from plans.drawings import timeline, year_wheel
from plans.enums import EDITABLE_STATES
from plans.exports.pdf import overviews
from plans.exports.pdf.assets import STYLE
from plans.exports.pdf.chapters import chapters_of
from plans.exports.pdf.edition import Edition
from plans.exports.pdf.text import breakable

# A plan's own language, whatever the screen's is (docs/modell.md).
LANGUAGE = "nn"
# The room for a drawing in plan.css is 160 mm wide and 205 mm high.
MOST_HEIGHT_TO_WIDTH = 205 / 160
_VIEW_BOX = re.compile(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')


def plan_html(document: PlanDocument, *, edition: Edition | None = None) -> str:
    """Return the HTML of a whole plan, or of the extract where ``document.extract_of`` is set.

    ``edition`` is what a version that is to be signed says of itself. Every text of the document is
    escaped. Raises ``TooLong``.
    """
    with translation.override(LANGUAGE):
        return render_to_string("plans/print/plan.html", _context(breakable(document), edition))


def _context(document: PlanDocument, edition: Edition | None) -> dict[str, object]:
    municipality = document.municipality_by_number.get(document.extract_of or "")
    heading = _heading(document, municipality)
    return {
        "document": document,
        "edition": edition,
        "municipality": municipality,
        "heading": heading,
        "title": f"{heading} – {document.title}" if municipality else heading,
        "running_title": f"{heading} – {document.county.name} {document.year}"
        if municipality
        else heading,
        "is_binding": document.state not in EDITABLE_STATES,
        "changed_at": document.changed_at.isoformat(),
        "changed_on": _changed_on(document),
        "not_settled": _("Not settled yet"),
        "parties": (document.county.full_name, document.programme.name),
        "chapters": chapters_of(document),
        "style": SafeString(STYLE.read_text(encoding="utf-8")),  # our own file
        # Called by the templates of those chapters that there are.
        "by_responsible": partial(overviews.by_responsible, document),
        "by_quarter": partial(overviews.by_quarter, document),
        "for_all": partial(overviews.for_all, document),
        "by_municipality": partial(overviews.by_municipality, document),
        "others": partial(overviews.others, document),
        "year_wheel": partial(year_wheel, document),
        "timelines": partial(_timelines, document),
    }


def _heading(document: PlanDocument, municipality: Municipality | None) -> str:
    if municipality is None:
        return document.title
    return _("Extract for %(name)s municipality") % {"name": municipality.name}


def _timelines(document: PlanDocument) -> list[SafeString]:
    """Return one timeline, or one for each part where one would be too high to be read."""
    whole = timeline(document)
    size = _VIEW_BOX.search(whole)
    if size is None or float(size["height"]) <= MOST_HEIGHT_TO_WIDTH * float(size["width"]):
        return [whole]
    return [timeline(document, part=part.number) for part in document.parts if part.measures]


def _changed_on(document: PlanDocument) -> str:
    # In the settings' zone: a request may have activated another.
    changed_at = document.changed_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return date_format(changed_at, "DATE_FORMAT")
