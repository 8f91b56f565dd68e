"""A memo as a document: frozen values, no rows, no request."""

from dataclasses import dataclass
from datetime import date, datetime

from plans.memo.blocks import Block, blocks


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section: its heading, and its text in the language that it is written in."""

    key: str
    heading: str
    body: str
    language: str = "nn"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text as paragraphs and lists."""
        return blocks(self.body)


@dataclass(frozen=True)
class Figure:
    """A row of the key figures, as it is shown: for part one, for part two, and in all."""

    name: str
    one: str
    two: str
    total: str


@dataclass(frozen=True, kw_only=True)
class MemoDocument:
    """A whole memo, ready to be set.

    ``sections`` are those that are shown. ``changed_at`` is UTC, whole seconds: when the plan or
    the memo was last changed. ``attachments`` are in order, the plan first.
    """

    title: str
    county: str
    programme: str
    year: int
    is_example: bool
    changed_at: datetime
    case_number: str
    committee: str
    meets_on: date | None
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    attachments: tuple[str, ...]
