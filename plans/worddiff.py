"""Two editions of a text compared word by word."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, GONE, NEW = "same", "gone", "new"

# A word, a run of blanks, or a mark by itself.
_WORDS = re.compile(r"\w+(?:[-’'.,]\w+)*|\s+|[^\w\s]")
_SENTENCES = re.compile(r"[^.!?\n]*[.!?\n]+\s*|[^.!?\n]+")
# Comparing takes time by the pairs of equal words. Beyond these, a stretch is told as taken
# out and written anew, which is how a text that shares little with the old one reads best anyway.
MOST_SENTENCE_PAIRS = 100_000
MOST_WORD_PAIRS = 250_000

Stretch = tuple[str, str]


@dataclass(frozen=True)
class Piece:
    """A stretch of text: ``SAME`` in both editions, ``GONE`` from the first or ``NEW`` in the
    second."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return what stands, goes and comes from ``before`` to ``after``, in reading order.

    The SAME and GONE pieces together are ``before``, the SAME and NEW ones ``after``. Sentences are
    compared first, and words within those that differ.
    """
    left = MOST_WORD_PAIRS
    found: list[Stretch] = []
    for gone, come in _by_sentence(before, after):
        old, new = _WORDS.findall(gone), _WORDS.findall(come)
        found.extend(_stretches(old, new, left) if gone != come else [(gone, come)])
        left -= _pairs(old, new) if gone != come else 0
    return tuple(_pieces(found))


def _by_sentence(before: str, after: str) -> Iterator[Stretch]:
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    for gone, come in _stretches(old, new, MOST_SENTENCE_PAIRS):
        ours, theirs = _SENTENCES.findall(gone), _SENTENCES.findall(come)
        if len(ours) == len(theirs):  # every one of them was changed a little, most likely
            yield from zip(ours, theirs, strict=True)
        else:
            yield gone, come


def _stretches(old: list[str], new: list[str], most_pairs: int) -> Iterator[Stretch]:
    """Yield what stands in the two, stretch by stretch; the same twice where they agree."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    head, tail = "".join(old[:start]), "".join(old[len(old) - end :])
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    yield head, head
    if _pairs(old, new) > most_pairs:
        yield "".join(old), "".join(new)
    else:
        codes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
        for _kind, old_from, old_to, new_from, new_to in codes:
            yield "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
    yield tail, tail


def _pairs(old: list[str], new: list[str]) -> int:
    """Return how many pairs of equal items there are, which each round of comparing walks through;
    and the items themselves."""
    counts = Counter(new)
    return sum(counts[item] for item in old) + len(old)


def _pieces(stretches: list[Stretch]) -> Iterator[Piece]:
    for same, run in groupby(stretches, key=lambda stretch: stretch[0] == stretch[1]):
        stretch = list(run)
        gone, come = ("".join(part) for part in zip(*stretch, strict=True))
        if same:
            if gone:
                yield Piece(SAME, gone)
            continue
        if gone:
            yield Piece(GONE, gone)
        if come:
            yield Piece(NEW, come)
