"""Reading gettext's .po files, with the line each entry starts on."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d+\])? (?=\")")


@dataclass
class Entry:
    """A text, the files it stands in, and its translations: ``msgstr`` has one per plural form."""

    line: int
    places: str = ""
    fuzzy: bool = False
    msgctxt: str = ""
    msgid: str = ""
    msgid_plural: str = ""
    msgstr: list[str] = field(default_factory=list)


def read(path: Path) -> Iterator[Entry]:
    """Yield the entries of ``path`` in their order, without the header and the obsolete ones."""
    for start, block in _blocks(path.read_text(encoding="utf-8").splitlines()):
        entry = _entry(start, block)
        if entry.msgid:
            yield entry


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the stretches between empty lines, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _entry(start: int, block: list[str]) -> Entry:
    entry = Entry(line=start)
    values: list[tuple[str, str]] = []
    for number, line in enumerate(block, start=start):
        if line.startswith("#:"):
            entry.places = f"{entry.places} {line[2:].strip()}".lstrip()
        elif line.startswith("#,"):
            entry.fuzzy = "fuzzy" in line
        elif match := KEYWORD.match(line):
            values.append((match[1], ast.literal_eval(line[match.end() :])))
            if match[1] == "msgid":
                entry.line = number
        elif line.startswith('"'):
            keyword, text = values[-1]
            values[-1] = (keyword, text + ast.literal_eval(line))
    for keyword, text in values:
        if keyword == "msgstr":
            entry.msgstr.append(text)
        else:
            setattr(entry, keyword, text)
    return entry
