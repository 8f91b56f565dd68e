"""The document's texts before they are set: how long they may be, and where they may break."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

# Beyond these the layout takes minutes; no plan that people read comes near them.
FIELD_CHARACTERS = 20_000
PLAN_BYTES = 1_000_000

_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")
_LONG_RUN = re.compile(r"\S{41,}")
_BREAK_AFTER = re.compile(r"(\S{20})(?=\S)")
_ZERO_WIDTH_SPACE = "\u200b"

_T = TypeVar("_T")


class TooLong(ValueError):
    """The plan, or one of its texts, is longer than a PDF is made of."""


def breakable(document: _T) -> _T:
    """Return the document, a plan or a memo, with places to break in every run of more than 40
    characters, which would otherwise run out of its column, and without idle blank lines. Raises
    ``TooLong``."""
    total = 0

    def measured(text: str) -> str:
        nonlocal total
        total += len(text.encode())
        if len(text) > FIELD_CHARACTERS:
            raise TooLong(f"A text has {len(text)} characters; {FIELD_CHARACTERS} is the limit.")
        if total > PLAN_BYTES:
            raise TooLong(f"The plan has more than {PLAN_BYTES} bytes of text.")
        return _LONG_RUN.sub(_broken, _BLANK_LINES.sub("\n\n", text.strip()))

    return _mapped(document, measured)


def _broken(run: re.Match[str]) -> str:
    return _BREAK_AFTER.sub(rf"\1{_ZERO_WIDTH_SPACE}", run[0])


def _mapped(value: _T, change: Callable[[str], str]) -> _T:
    """Return the value with every string in it changed, however deep it lies."""
    if isinstance(value, str):
        return cast(_T, change(value))
    if isinstance(value, tuple):
        return cast(_T, tuple(_mapped(item, change) for item in value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _mapped(getattr(value, f.name), change) for f in fields(value)}
        return cast(_T, replace(value, **changed))
    return value
