"""Marks of what stood in a row when a form was opened, by which three editions are told apart.

A form carries a short digest of each field's value. Back with what was typed, it tells who changed
what: the mark of a field that this user left alone is the mark of what they typed, the mark of one
that nobody else touched is that of what is saved. Made up marks fool only who made them up.
"""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

Mark = str
LENGTH = 16  # hexadecimal figures: a chance meeting is out of the question


def marks_of(values: dict[str, Any]) -> dict[str, Mark]:
    """Return a mark for each value, the same for values that mean the same: 2 and 2.0, a text with
    the line ends of a browser and without."""
    return {name: _mark(value) for name, value in values.items()}


def write_marks(marks: dict[str, Mark]) -> str:
    """Return marks as a form carries them."""
    return json.dumps(marks, sort_keys=True, separators=(",", ":"))


def read_marks(text: str) -> dict[str, Mark]:
    """Return the marks that a form carried; none for what is not such a text."""
    try:
        marks = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(marks, dict):
        return {}
    return {name: mark for name, mark in marks.items() if isinstance(mark, str)}


def _mark(value: Any) -> Mark:
    text = json.dumps(_plain(value), cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
