"""Names of files that are safe on every system, and texts that XML can hold."""

import re
import unicodedata
from pathlib import PurePosixPath

# XML 1.0, section 2.2: what isn't a character at all there.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Stands for a character that was taken out, so that somebody sees it.
REPLACEMENT = "\ufffd"
MOST_OF_A_NAME = 50  # characters


def xml_text(text: str) -> str:
    """Return the text with every character that XML can't hold replaced by ``REPLACEMENT``."""
    return _NOT_XML.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """Return the text on one line, without control characters."""
    return " ".join(xml_text(text).split())


def safe_name(name: str, place: int) -> str:
    """Return a name for the file that somebody called ``name``, the ``place``th of its kind.

    It begins with its place and holds a-z, 0-9 and hyphens alone, so it is never a path, never
    hidden, never one of Windows' devices, and never the same as another's; the extension is kept.
    """
    pure = PurePosixPath(name.replace("\\", "/"))
    stem, extension = _plain(pure.stem), _plain(pure.suffix)
    return f"{place:02}-{stem[:MOST_OF_A_NAME].strip('-') or 'fil'}.{extension[:8] or 'bin'}"


def _plain(text: str) -> str:
    # æ and ø are letters of their own, which no decomposition takes apart.
    for letter, plain in (("æ", "ae"), ("ø", "o"), ("å", "a"), ("đ", "d"), ("ŋ", "n")):
        text = text.lower().replace(letter, plain)
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
