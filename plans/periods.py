"""Quarters and the days that they begin and end on."""

from calendar import monthrange
from datetime import date, timedelta


def quarter_bounds(year: int, first: int, last: int) -> tuple[date, date]:
    """Return the first day of quarter ``first`` and the last day of quarter ``last`` of a year.

    Quarters are 1 to 4, both inclusive.
    """
    starts_on = date(year, 3 * first - 2, 1)
    next_quarter = date(year + 1, 1, 1) if last == 4 else date(year, 3 * last + 1, 1)
    return starts_on, next_quarter - timedelta(days=1)


def quarter_of(day: date) -> int:
    """Return the quarter, 1 to 4, that a day lies in."""
    return (day.month + 2) // 3


def shifted(starts_on: date, ends_on: date, quarters: int) -> tuple[date, date] | None:
    """Return a period moved by a number of quarters, backwards if negative; None if it would leave
    its year.

    Whole months stay whole: what ended on the last day of a month still does. A day that the new
    month lacks becomes its last.
    """
    months = 3 * quarters
    if not 1 <= starts_on.month + months <= 12 or not 1 <= ends_on.month + months <= 12:
        return None
    first = _month_days(starts_on.year, starts_on.month + months)
    last = _month_days(ends_on.year, ends_on.month + months)
    ended = ends_on.day == _month_days(ends_on.year, ends_on.month)
    return (
        starts_on.replace(month=starts_on.month + months, day=min(starts_on.day, first)),
        ends_on.replace(
            month=ends_on.month + months, day=last if ended else min(ends_on.day, last)
        ),
    )


def _month_days(year: int, month: int) -> int:
    return monthrange(year, month)[1]
