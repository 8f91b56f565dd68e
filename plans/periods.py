"""Quarters and the days that they begin and end on."""

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
