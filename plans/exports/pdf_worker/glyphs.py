"""The fonts, and which letters they have.

There are no other fonts: the worker's Fontconfig knows none of the system's, since a PDF must be
the same on every machine. What no font has is written in another way, or marked.
"""

import html
import io
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTFont, woff2

# Shown for a letter that no font has; whoever signs should see that something is missing.
MISSING = "[?]"
_ALIKE = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2192": "->",
    "\u2190": "<-",
    "\u2194": "<->",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u25a0": "•",
    "\u25aa": "•",
    "\u25cf": "•",
    "\u25e6": "•",
}
_KEPT_CONTROLS = "\t\n\u200b"


class Font:
    """A WOFF2 file and the letters in it; what CSS and PDF need of it is unpacked on demand."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._packed = path.read_bytes()
        with TTFont(io.BytesIO(self._packed), lazy=True) as font:
            self.letters = frozenset(map(chr, font.getBestCmap()))

    @cached_property
    def data(self) -> bytes:
        """The unpacked file."""
        unpacked = io.BytesIO()
        woff2.decompress(io.BytesIO(self._packed), unpacked)
        return unpacked.getvalue()

    @property
    def family(self) -> str:
        """The name in CSS. Each file is a family of its own: WeasyPrint tells fonts apart by their
        description, and would draw one file's letters with another's glyphs."""
        return f"Inter {self.name}"


def load(paths: Mapping[str, str]) -> tuple[Font, ...]:
    """Read the files; the order stays."""
    return tuple(Font(name, Path(path)) for name, path in paths.items())


def needed(fonts: tuple[Font, ...], text: str) -> tuple[Font, ...]:
    """Return the first font, and each other one that has a letter that those before it lack."""
    wanted = set(text)
    found: list[Font] = []
    for font in fonts:
        if not found or wanted & font.letters:
            found.append(font)
            wanted -= font.letters
    return tuple(found)


def font_faces(fonts: tuple[Font, ...]) -> str:
    """Return the CSS that loads the fonts and sets the page in them."""
    faces = "".join(
        f'@font-face{{font-family:"{font.family}";src:url("asset:{font.name}")}}' for font in fonts
    )
    families = ",".join(f'"{font.family}"' for font in fonts)
    return f"{faces}html{{font-family:{families}!important}}"


def only_printable(markup: str, fonts: tuple[Font, ...]) -> str:
    """Return the HTML with every letter that no font has written in another way.

    Controls and invisible marks go (also those that turn the direction of the text). A letter that
    is a form of others becomes those (ﬁ: fi); the rest becomes ``MISSING``.
    """
    markup = unicodedata.normalize("NFC", markup)
    letters = frozenset().union(*(font.letters for font in fonts)) | set(_KEPT_CONTROLS)
    unknown = set(markup) - letters
    return markup.translate({ord(letter): _instead(letter, letters) for letter in unknown})


def _instead(letter: str, letters: frozenset[str]) -> str:
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Mn") and letter not in _ALIKE:
        return ""
    plain = _ALIKE.get(letter) or unicodedata.normalize("NFKC", letter)
    # It goes into HTML: a full-width < must not become markup.
    return html.escape(plain if set(plain) <= letters else MISSING)
