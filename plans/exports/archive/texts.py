"""The texts of a package that people read: an input with its answer, and the plan's course."""

import json
from collections.abc import Iterable
from typing import Any

from plans.exports.archive.names import xml_text


def as_json(value: Any) -> bytes:
    """Return a value as JSON that people can read too: UTF-8, sorted keys, indented."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def as_lines(values: Iterable[Any]) -> bytes:
    """Return values as JSON Lines: one on each line, sorted keys."""
    return "".join(
        json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n" for value in values
    ).encode()


def as_text(title: str, facts: Iterable[tuple[str, str]]) -> bytes:
    """Return a plain text: a title, and under it what is said, each under what it is called.

    What says nothing is left out. Line breaks are kept, other control characters are marked.
    """
    pieces = [title, *(f"{name}:\n{value}" for name, value in facts if value)]
    return ("\n\n".join(xml_text(piece).strip() for piece in pieces) + "\n").encode()
