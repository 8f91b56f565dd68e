"""What is seen of a signature on the page."""

import io
from functools import cache
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.stamp import TextStampStyle

# 1000 units to the em: pyHanko writes widths unscaled, which PDF/A and PDF/UA forbid for others.
_FONT = settings.NODE_MODULES / "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2"


def stamp_style(text: str) -> TextStampStyle:
    """Return the looks of a stamp that says ``text``, with line breaks, and no more."""
    return TextStampStyle(
        stamp_text=text.replace("%", "%%"),
        border_width=0,
        background=None,
        text_box_style=TextBoxStyle(font=_Font(), font_size=9, leading=12),
    )


class _Font(FontEngineFactory):
    """The font of stamps. (pyHanko's own factory leaves the font's file open.)"""

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> GlyphAccumulator:
        if obj_stream is None and writer.stream_xrefs:
            obj_stream = writer.prepare_object_stream()
        return GlyphAccumulator(
            writer=writer, font_handle=io.BytesIO(_font()), font_size=10, obj_stream=obj_stream
        )


@cache
def _font() -> bytes:
    """Return the font as plain OpenType, which pyHanko reads."""
    with TTFont(_FONT) as font:
        font.flavor = None
        plain = io.BytesIO()
        font.save(plain)
    return plain.getvalue()
