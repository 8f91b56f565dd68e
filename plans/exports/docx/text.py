"""Texts before they go into a Word file."""

import unicodedata

from markupsafe import Markup, escape

# Controls, invisible marks (also those that turn the direction of the text), and what is no letter.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
# docxtpl looks for its own marks in what it has filled in, too.
_MARKS = str.maketrans({"{": "&#123;", "}": "&#125;"})


def plain(text: str) -> str:
    """Return a text without what XML or Word can't hold; line ends stay."""
    return "".join(
        letter
        for letter in text.replace("\t", " ")
        if letter == "\n" or unicodedata.category(letter) not in _UNSEEN
    )


def safe(text: str) -> Markup:
    """Return a text as XML in which nothing is an instruction, to docxtpl or to Word."""
    return Markup(str(escape(plain(text))).translate(_MARKS))  # noqa: S704 - escaped in this line
