"""What the pictures share: the chip with a number, days as fractions of the year, text."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from plans.document import Measure

CHIP_WIDTH = 30
CHIP_HEIGHT = 18
MOST_FIGURES = 4

# Width of a letter in em, on the safe side of Inter's.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()-–« »"), frozenset("mwMWÆ@%")


@dataclass(frozen=True)
class Chip:
    """The number of a measure with its middle at (x, y); ``href`` is empty where nothing links."""

    x: int
    y: int
    number: str
    href: str

    @property
    def is_long(self) -> bool:
        """Whether the number needs smaller letters to fit, as 1.100 does."""
        return len(self.number) > MOST_FIGURES


@dataclass(frozen=True)
class Period:
    """A stretch of the year, its ends as fractions: 0 is where 1 January begins, 1 where
    31 December ends."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """How much of the year it is."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """Where its middle is."""
        return (self.start + self.end) / 2

    def widened_to(self, length: float) -> "Period":
        """Return the period made at least so long, about the same middle."""
        if self.length >= length:
            return self
        return Period(self.middle - length / 2, self.middle + length / 2)


def address(measure: Measure, links: str) -> str:
    """Return where the measure's number leads: ``links`` and the number; nowhere without links."""
    return f"{links}{measure.number}" if links else ""


def period_of(measure: Measure, year: int) -> Period | None:
    """Return when in ``year`` the measure takes place; None when it isn't said, or in another."""
    if measure.starts_on is None or measure.ends_on is None:
        return None
    start = max(fraction_of_year(measure.starts_on, year), 0.0)
    end = min(fraction_of_year(measure.ends_on + timedelta(days=1), year), 1.0)
    return Period(start, end) if start < end else None


def fraction_of_year(day: date, year: int) -> float:
    """Return how much of ``year`` has gone when ``day`` begins; below 0 or above 1 outside it.

    Every month counts a twelfth, so that quarters are quarters of the picture.
    """
    months = (day.year - year) * 12 + day.month - 1
    return (months + (day.day - 1) / monthrange(day.year, day.month)[1]) / 12


def by_period(
    measures: Iterable[Measure], year: int
) -> tuple[list[tuple[Period, list[Measure]]], list[Measure]]:
    """Return the measures gathered by their exact period, and those that have none.

    Short periods come first, then by their start; in each the measures keep their order.
    """
    dated, undated = [], []
    for measure in measures:
        period = period_of(measure, year)
        if period is None:
            undated.append(measure)
        else:
            dated.append(((period.length, period.start, period.end), period, measure))
    dated.sort(key=lambda row: row[0])
    groups = []
    for _, rows in groupby(dated, key=lambda row: row[0]):
        found = list(rows)
        groups.append((found[0][1], [measure for _, _, measure in found]))
    return groups, undated


def wrapped(text: str, width: float, font_size: float, most: int) -> list[str]:
    """Return ``text`` in at most ``most`` lines of that width, the last one cut with "…"."""
    lines: list[str] = []
    line = ""
    for word in _short_words(text, width, font_size):
        longer = f"{line} {word}".strip()
        if not line or text_width(longer, font_size) <= width:
            line = longer
            continue
        lines.append(line)
        line = word
    lines.append(line)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", font_size) > width:
        last = last[:-1].rstrip()
    return [*lines[: most - 1], f"{last}…"]


def _short_words(text: str, width: float, font_size: float) -> Iterator[str]:
    """Yield the words, those that are wider than a line cut into pieces."""
    for word in text.split():
        rest = word
        while text_width(rest, font_size) > width:
            length = len(rest) - 1
            while length > 1 and text_width(rest[:length], font_size) > width:
                length -= 1
            yield rest[:length]
            rest = rest[length:]
        yield rest


def text_width(text: str, font_size: float) -> float:
    """Return about how wide ``text`` gets; a little too wide rather than too narrow."""
    return font_size * sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if letter in _NARROW:
        return 0.33
    if letter in _WIDE:
        return 0.92
    return 0.71 if letter.isupper() else 0.59
