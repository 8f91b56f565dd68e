"""What is seen of a signature on the page."""

import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
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
        text_box_style=TextBoxStyle(
            font=GlyphAccumulatorFactory(str(_font_file())), font_size=9, leading=12
        ),
    )


@cache
def _font_file() -> Path:
    """Return the font as a plain OpenType file, which pyHanko reads; made once per process."""
    folder = Path(tempfile.mkdtemp(prefix="lupplan-font-"))
    font = TTFont(_FONT)
    font.flavor = None
    font.save(folder / "stamp.ttf")
    return folder / "stamp.ttf"
