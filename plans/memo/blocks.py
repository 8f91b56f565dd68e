"""Plain text as people type it, read as paragraphs and lists."""

import re
from dataclasses import dataclass

TEXT, BULLETS, NUMBERED = "text", "bullets", "numbered"
_LINE_END = re.compile(r"\r\n|\r|\n")
_BULLET = re.compile(r"[-–•*]\s+(?P<text>\S.*)")
_NUMBER = re.compile(r"(?P<number>\d{1,3})[.)]\s+(?P<text>\S.*)")


@dataclass(frozen=True)
class Block:
    """A paragraph (``text``), whose lines break where the writer broke them, or a list (``bullets``
    or ``numbered``), whose items the lines are."""

    kind: str
    lines: tuple[str, ...]


def blocks(text: str) -> tuple[Block, ...]:
    """Return a text as paragraphs and lists.

    An empty line ends a paragraph; lines that begin with a dash are a list. Lines are a numbered
    list only if they count from 1 and there are two of them at least: «1. mars» alone is a date.
    """
    # Not splitlines(), which breaks at control characters too.
    lines = [line.strip() for line in _LINE_END.split(text)]
    found: list[Block] = []
    paragraph: list[str] = []
    at = 0
    while at < len(lines):
        items, after = _items(lines, at)
        if items is None and lines[at]:
            paragraph.append(lines[at])
        elif paragraph:
            found.append(Block(TEXT, tuple(paragraph)))
            paragraph = []
        if items is not None:
            found.append(items)
        at = after
    if paragraph:
        found.append(Block(TEXT, tuple(paragraph)))
    return tuple(found)


def _items(lines: list[str], start: int) -> tuple[Block | None, int]:
    """Return the list that begins at a line, or None, and the line after."""
    if _BULLET.fullmatch(lines[start]):
        kind, items, after = BULLETS, *_gather(lines, start, numbered=False)
    elif (first := _NUMBER.fullmatch(lines[start])) and first["number"] == "1":
        kind, items, after = NUMBERED, *_gather(lines, start, numbered=True)
        if len(items) < 2:
            return None, start + 1
    else:
        return None, start + 1
    return Block(kind, tuple(items)), after


def _gather(lines: list[str], start: int, *, numbered: bool) -> tuple[list[str], int]:
    """Return the items of a list, which empty lines may stand between, and the line after."""
    items: list[str] = []
    after = start
    for at in range(start, len(lines)):
        if not lines[at]:
            continue
        found = (_NUMBER if numbered else _BULLET).fullmatch(lines[at])
        if found is None or (numbered and int(found["number"]) != len(items) + 1):
            break
        items.append(found["text"])
        after = at + 1
    return items, after
