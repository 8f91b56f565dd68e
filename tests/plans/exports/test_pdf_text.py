"""Texts before they are set: their limits, and where they may break."""

from dataclasses import replace

import pytest

from plans.exports.pdf import TooLong, plan_html
from plans.exports.pdf.text import breakable
from tests.factories.documents import make_document
from tests.plans.exports.conftest import with_measure

SMALL = make_document(measures=3)


def _description(text: str) -> str:
    return breakable(with_measure(SMALL, description=text)).measures[0].description


def test_a_run_of_forty_characters_is_left_alone() -> None:
    assert _description("x" * 40) == "x" * 40


def test_a_longer_run_may_break_after_every_twenty() -> None:
    assert _description("y " + "x" * 41) == f"y {'x' * 20}\u200b{'x' * 20}\u200bx"


def test_a_run_isn_t_broken_after_its_last_letter() -> None:
    assert _description("x" * 60) == "\u200b".join(["x" * 20] * 3)


def test_idle_blank_lines_go() -> None:
    assert _description("\n\nein\n \n\r\n\nto\n") == "ein\n\nto"


def test_what_needs_no_change_stays_the_same() -> None:
    assert breakable(SMALL) == SMALL


def test_a_text_may_have_20_000_characters() -> None:
    assert len(_description("å " * 9_999 + "åå")) == 20_000


def test_a_longer_text_is_refused() -> None:
    with pytest.raises(TooLong, match="20001 characters"):
        plan_html(with_measure(SMALL, description="å" * 20_001))


def test_a_plan_of_more_than_a_megabyte_is_refused() -> None:
    document = make_document(measures=60)
    text = "ø" * 10_000  # two bytes each
    parts = tuple(
        replace(
            part,
            focus_areas=tuple(
                replace(area, measures=tuple(replace(m, description=text) for m in area.measures))
                for area in part.focus_areas
            ),
        )
        for part in document.parts
    )
    with pytest.raises(TooLong, match="1000000 bytes"):
        plan_html(replace(document, parts=parts))
