"""Moving a measure's period into another year: what is proposed, and what was changed about it.

Pure functions. Public holidays are not looked at: the editor sees the days and may change them.
"""

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

SATURDAY = 5
DAY = timedelta(days=1)


class Why(Enum):
    """Why a day isn't the same day and month as before."""

    LEAP = "LEAP"  # 29 February, in a year that has none
    WEEKEND = "WEEKEND"


class Which(Enum):
    """The end of the period that a note is about."""

    START = "START"
    END = "END"


@dataclass(frozen=True)
class Note:
    """One change of a day: ``before`` would have been the day, ``after`` is proposed."""

    which: Which
    why: Why
    before: str
    after: date


@dataclass(frozen=True)
class Shifted:
    """A period in its new year; both days None where none was given."""

    starts_on: date | None
    ends_on: date | None
    notes: tuple[Note, ...] = ()


def shift_quarters(starts_on: date | None, ends_on: date | None, year: int) -> Shifted:
    """Return the same quarters of ``year``: from the first day of the first to the last of the
    last."""
    if starts_on is None or ends_on is None:
        return Shifted(None, None)
    first, last = (starts_on.month - 1) // 3, (ends_on.month - 1) // 3
    month = 3 * last + 3
    return Shifted(date(year, 3 * first + 1, 1), date(year, month, monthrange(year, month)[1]))


def shift_dates(starts_on: date | None, ends_on: date | None, year: int) -> Shifted:
    """Return the same days and months of ``year``, never outside it, with what had to change.

    29 February becomes the 28th. A start in a weekend goes to the Monday after, an end to the
    Friday before (the other way round where that would leave the year); a period that lies wholly
    in a weekend goes to the Monday and keeps its length.
    """
    if starts_on is None or ends_on is None:
        return Shifted(None, None)
    start, start_notes = _same_day(starts_on, year, Which.START)
    end, end_notes = _same_day(ends_on, year, Which.END)
    length = end - start
    first = _workday(start, forwards=True)
    last = _workday(end, forwards=False)
    if last < first:  # both lay in one weekend
        last = min(first + length, date(year, 12, 31))
    for which, before, after, notes in (
        (Which.START, start, first, start_notes),
        (Which.END, end, last, end_notes),
    ):
        if before != after:
            notes.append(Note(which, Why.WEEKEND, before.isoformat(), after))
    return Shifted(first, last, (*start_notes, *end_notes))


def _same_day(day: date, year: int, which: Which) -> tuple[date, list[Note]]:
    if (day.month, day.day) == (2, 29) and not isleap(year):
        there = date(year, 2, 28)
        return there, [Note(which, Why.LEAP, f"{year}-02-29", there)]
    return day.replace(year=year), []


def _workday(day: date, *, forwards: bool) -> date:
    """Return the nearest day of that direction that is no Saturday or Sunday, within the year."""
    for step in (DAY, -DAY) if forwards else (-DAY, DAY):
        found = day
        while found.weekday() >= SATURDAY:
            found += step
        if found.year == day.year:
            return found
    raise AssertionError("a year has workdays on one side of every weekend")
