"""What is seen of a signature on the page: who, for whom, when, and that a demo is a demo."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    InnerScaling,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import TextStampStyle

# 1000 units to the em: pyHanko writes widths unscaled, which PDF/A and PDF/UA forbid for others.
_FOLDER = settings.NODE_MODULES / "@fontsource/noto-sans/files"
_FILES = ("noto-sans-latin-400-normal.woff2", "noto-sans-latin-ext-400-normal.woff2")
# The place for a signature in plans/exports/pdf/plan.css is 90 × 24 mm; this much of it is written
# on, in points.
WIDTH, HEIGHT = 243.0, 62.0
_SIZES = ((9, 12), (8, 11), (7, 9), (6, 8), (5, 7))  # of the letters and from line to line, points
_NO_MARGINS = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MIN, margins=Margins.uniform(0)
)
_MISSING = "[?]"
LANGUAGE = "nn"  # a plan's own language


def stamp_text(*, name: str, role: str, organisation: str, at: datetime, is_demo: bool) -> str:
    """Return what a stamp says, a line for each part; ``role`` may be empty.

    The time is Norway's, the language the plan's.
    """
    with translation.override(LANGUAGE):
        local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        when = _("Signed electronically %(date)s at %(time)s") % {
            "date": date_format(local, "DATE_FORMAT"),
            "time": date_format(local, "TIME_FORMAT"),
        }
        lines = [name, role, organisation, when]
        if is_demo:
            lines.append(_("DEMO – not legally binding"))
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def stamp_style(text: str) -> TextStampStyle:
    """Return the looks of a stamp that says ``text``: long lines are wrapped, and the letters are
    made smaller until all of it fits into the place. A letter that the font lacks is written in
    another way."""
    lines, size, leading = fitted(text)
    return TextStampStyle(
        stamp_text="\n".join(lines).replace("%", "%%"),
        border_width=0,
        background=None,
        inner_content_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(3),
            inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
        ),
        text_box_style=TextBoxStyle(
            font=_StampFont(), font_size=size, leading=leading, box_layout_rule=_NO_MARGINS
        ),
    )


def fitted(text: str) -> tuple[list[str], int, int]:
    """Return the lines of a text as they are set, the size of the letters, and from line to line,
    both in points; the largest size at which all of it fits. What fits at none is cut."""
    asked = printable(text).split("\n")
    for size, leading in _SIZES:
        lines = [line for part in asked for line in _wrapped(part, WIDTH / size)]
        most = int(HEIGHT // leading)
        if len(lines) <= most:
            return lines, size, leading
    return [*lines[: most - 1], "…"], size, leading


def printable(text: str) -> str:
    """Return the text with every letter that the font lacks as the letters it is made of (ﬁ: fi),
    without its marks (ệ: e), or, where that doesn't help, as a mark that something is missing."""
    letters = _font().widths.keys()
    composed = unicodedata.normalize("NFC", text)
    return "".join(_instead(letter) if letter not in letters else letter for letter in composed)


def _instead(letter: str) -> str:
    if letter == "\n" or unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Mn"):
        return letter if letter == "\n" else ""
    letters = _font().widths.keys()
    for form in ("NFKC", "NFKD"):
        found = unicodedata.normalize(form, letter)
        plain = "".join(part for part in found if unicodedata.category(part) != "Mn")
        if plain and all(part in letters for part in plain):
            return plain
    return _MISSING


def _wrapped(line: str, ems: float) -> Iterator[str]:
    """Give the lines, at most so many ems wide, that a line becomes; long words are broken."""
    found = ""
    for word in line.split(" "):
        longer = f"{found} {word}" if found else word
        if _ems(longer) <= ems:
            found = longer
            continue
        if found:
            yield found
        while _ems(word) > ems:
            kept = next(count for count in range(len(word), 0, -1) if _ems(word[:count]) <= ems)
            yield word[:kept]
            word = word[kept:]
        found = word
    if found:
        yield found


def _ems(text: str) -> float:
    widths = _font().widths
    return sum(widths[letter] for letter in text)


@dataclass(frozen=True)
class _Font:
    """A plain OpenType file, and the width of each letter in ems."""

    data: bytes
    widths: dict[str, float]


@cache
def _font() -> _Font:
    """Return Noto Sans with Latin letters and those of Sámi and other names, which come as files of
    their own; made once per process."""
    parts = []
    for name in _FILES:
        part = TTFont(_FOLDER / name)
        part.flavor = None
        plain = io.BytesIO()
        part.save(plain)
        plain.seek(0)
        parts.append(plain)
    # Without the tables that join letters: names are set letter by letter, as they are read.
    font = Merger(options=Options(drop_tables=["GDEF", "GPOS", "GSUB", "STAT"])).merge(parts)
    data = io.BytesIO()
    font.save(data)
    units, widths = font["head"].unitsPerEm, font["hmtx"]
    letters = {chr(code): widths[glyph][0] / units for code, glyph in font.getBestCmap().items()}
    return _Font(data.getvalue(), letters)


class _StampFont(FontEngineFactory):
    """Gives pyHanko the font."""

    def create_font_engine(
        self, writer: BasePdfFileWriter, obj_stream: IndirectObject | None = None
    ) -> GlyphAccumulator:
        if obj_stream is None and writer.stream_xrefs:
            obj_stream = writer.prepare_object_stream()
        return GlyphAccumulator(
            writer=writer, font_handle=io.BytesIO(_font().data), font_size=10, obj_stream=obj_stream
        )
