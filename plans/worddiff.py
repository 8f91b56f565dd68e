"""Two editions of a text compared word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"

# A word, a run of blanks, or a mark by itself.
_WORDS = re.compile(r"\w+(?:[-’'.,]\w+)*|\s+|[^\w\s]")
# Comparing grows with the product of the lengths; beyond this, whole paragraphs are compared.
MOST_WORDS = 4_000


@dataclass(frozen=True)
class Piece:
    """A stretch of text: ``SAME`` in both editions, ``GONE`` from the first or ``NEW`` in the
    second."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return what stands, goes and comes from ``before`` to ``after``, in reading order.

    The SAME and GONE pieces together are ``before``, the SAME and NEW ones ``after``.
    """
    if before == after:
        return (Piece(SAME, before),) if before else ()
    old, new = _split(before), _split(after)
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return tuple(_pieces(matcher, old, new))


def _split(text: str) -> list[str]:
    words: list[str] = _WORDS.findall(text)
    if len(words) <= MOST_WORDS:
        return words
    return re.findall(r"[^\n]*\n+|[^\n]+", text)


def _pieces(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Piece]:
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Piece(GONE, "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield Piece(NEW, "".join(new[new_from:new_to]))
