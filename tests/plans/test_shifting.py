"""Moving a period into another year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.periods import quarter_bounds
from plans.shifting import Note, Shifted, Which, Why, shift_dates, shift_quarters

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
YEARS = st.integers(2000, 2099)


def test_nothing_given_is_nothing_shifted() -> None:
    assert shift_dates(None, None, 2023) == Shifted(None, None)
    assert shift_quarters(None, None, 2023) == Shifted(None, None)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 4), (2, 3), (4, 4)])
def test_quarters_stay_the_quarters_that_they_are(first: int, last: int) -> None:
    starts_on, ends_on = quarter_bounds(2020, first, last)
    assert shift_quarters(starts_on, ends_on, 2021) == Shifted(*quarter_bounds(2021, first, last))


@pytest.mark.parametrize(
    ("days", "year", "shifted"),
    [
        # Tuesday and Wednesday become Thursday and Friday.
        (
            (date(2020, 2, 11), date(2020, 2, 12)),
            2021,
            Shifted(date(2021, 2, 11), date(2021, 2, 12)),
        ),
        # A start on a Saturday, an end on a Sunday.
        (
            (date(2021, 5, 7), date(2021, 5, 15)),
            2022,
            Shifted(
                date(2022, 5, 9),
                date(2022, 5, 13),
                (
                    Note(Which.START, Why.WEEKEND, "2022-05-07", date(2022, 5, 9)),
                    Note(Which.END, Why.WEEKEND, "2022-05-15", date(2022, 5, 13)),
                ),
            ),
        ),
        # One day, on a Saturday: the Monday after.
        (
            (date(2021, 5, 7), date(2021, 5, 7)),
            2022,
            Shifted(
                date(2022, 5, 9),
                date(2022, 5, 9),
                (
                    Note(Which.START, Why.WEEKEND, "2022-05-07", date(2022, 5, 9)),
                    Note(Which.END, Why.WEEKEND, "2022-05-07", date(2022, 5, 9)),
                ),
            ),
        ),
        # A whole weekend keeps its two days.
        (
            (date(2021, 5, 7), date(2021, 5, 8)),
            2022,
            Shifted(
                date(2022, 5, 9),
                date(2022, 5, 10),
                (
                    Note(Which.START, Why.WEEKEND, "2022-05-07", date(2022, 5, 9)),
                    Note(Which.END, Why.WEEKEND, "2022-05-08", date(2022, 5, 10)),
                ),
            ),
        ),
        # 29 February, to a year without, where the 28th is a Sunday.
        (
            (date(2020, 2, 29), date(2020, 3, 3)),
            2021,
            Shifted(
                date(2021, 3, 1),
                date(2021, 3, 3),
                (
                    Note(Which.START, Why.LEAP, "2021-02-29", date(2021, 2, 28)),
                    Note(Which.START, Why.WEEKEND, "2021-02-28", date(2021, 3, 1)),
                ),
            ),
        ),
        # 29 February to another leap year: a Thursday.
        (
            (date(2020, 2, 28), date(2020, 2, 29)),
            2024,
            Shifted(date(2024, 2, 28), date(2024, 2, 29)),
        ),
        # The year's last days in a weekend: back, not into January.
        (
            (date(2021, 12, 30), date(2021, 12, 31)),
            2023,
            Shifted(
                date(2023, 12, 29),
                date(2023, 12, 29),
                (
                    Note(Which.START, Why.WEEKEND, "2023-12-30", date(2023, 12, 29)),
                    Note(Which.END, Why.WEEKEND, "2023-12-31", date(2023, 12, 29)),
                ),
            ),
        ),
        # Its first: on, not into December.
        (
            (date(2021, 1, 1), date(2021, 1, 1)),
            2022,
            Shifted(
                date(2022, 1, 3),
                date(2022, 1, 3),
                (
                    Note(Which.START, Why.WEEKEND, "2022-01-01", date(2022, 1, 3)),
                    Note(Which.END, Why.WEEKEND, "2022-01-01", date(2022, 1, 3)),
                ),
            ),
        ),
    ],
)
def test_days(days: tuple[date, date], year: int, shifted: Shifted) -> None:
    assert shift_dates(*days, year) == shifted


@given(first=DAYS, length=st.integers(0, 365), year=YEARS)
def test_any_period_stays_in_the_year_on_workdays_and_near(
    first: date, length: int, year: int
) -> None:
    last = min(first + timedelta(days=length), date(first.year, 12, 31))
    shifted = shift_dates(first, last, year)
    assert shifted.starts_on is not None
    assert shifted.ends_on is not None
    assert shifted.starts_on <= shifted.ends_on
    assert {shifted.starts_on.year, shifted.ends_on.year} == {year}
    assert shifted.starts_on.weekday() < 5
    assert shifted.ends_on.weekday() < 5
    moved = {note.which for note in shifted.notes}
    for which, before, after in (
        (Which.START, first, shifted.starts_on),
        (Which.END, last, shifted.ends_on),
    ):
        same = (before.month, before.day) == (after.month, after.day)
        assert same == (which not in moved)
        # 29 February, a weekend, and the length that a weekend keeps.
        assert abs((after - date(year, before.month, min(before.day, 28))).days) <= 5


@given(first=DAYS, year=YEARS)
def test_any_quarter_is_the_same_quarter(first: date, year: int) -> None:
    quarter = (first.month + 2) // 3
    assert shift_quarters(first, first, year) == Shifted(*quarter_bounds(year, quarter, quarter))
