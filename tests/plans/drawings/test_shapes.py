from datetime import date

import pytest

from plans.drawings.shapes import by_period, fraction_of_year, period_of, text_width, wrapped
from tests.factories.documents import make_measure


@pytest.mark.parametrize(
    ("day", "fraction"),
    [
        (date(2020, 1, 1), 0.0),
        (date(2020, 4, 1), 0.25),
        (date(2020, 7, 1), 0.5),
        (date(2021, 1, 1), 1.0),
        (date(2019, 10, 1), -0.25),
        (date(2020, 2, 15), (1 + 14 / 29) / 12),
    ],
)
def test_a_month_is_a_twelfth_of_the_year(day: date, fraction: float) -> None:
    assert fraction_of_year(day, 2020) == pytest.approx(fraction)


def test_the_last_day_counts() -> None:
    whole = make_measure(1, 1, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    period = period_of(whole, 2020)
    assert period is not None
    assert (period.start, period.end) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(None, None), (date(2019, 1, 1), date(2019, 12, 31)), (date(2021, 1, 1), date(2021, 1, 1))],
)
def test_no_period_in_the_year(starts_on: date | None, ends_on: date | None) -> None:
    assert period_of(make_measure(1, 1, starts_on=starts_on, ends_on=ends_on), 2020) is None


def test_measures_of_the_same_period_go_together_the_short_ones_first() -> None:
    year = (date(2020, 1, 1), date(2020, 12, 31))
    spring = (date(2020, 1, 1), date(2020, 3, 31))
    measures = [
        make_measure(1, place, starts_on=start, ends_on=end)
        for place, (start, end) in enumerate((year, spring, year, (None, None)), start=1)
    ]
    groups, undated = by_period(measures, 2020)
    assert [[measure.number for measure in found] for _period, found in groups] == [
        ["1.2"],
        ["1.1", "1.3"],
    ]
    assert [measure.number for measure in undated] == ["1.4"]


def test_text_is_wrapped_into_lines_that_fit() -> None:
    text = "Kompetanse hos dei som bestiller og kjøper inn for heile fylkeskommunen"
    lines = wrapped(text, 160, 12, most=5)
    assert " ".join(lines) == text
    assert all(text_width(line, 12) <= 160 for line in lines)


def test_what_has_no_room_is_cut_with_dots() -> None:
    lines = wrapped("ord " * 60, 100, 12, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert text_width(lines[1], 12) <= 100


def test_a_word_wider_than_the_line_is_cut_into_pieces() -> None:
    lines = wrapped("m" * 40, 100, 12, most=9)
    assert "".join(lines) == "m" * 40
    assert all(text_width(line, 12) <= 100 for line in lines)
