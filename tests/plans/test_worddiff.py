"""Word by word: nothing is lost between two editions, and only words that differ are marked."""

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from plans.worddiff import GONE, NEW, SAME, Piece, word_diff


def test_a_word_that_is_changed() -> None:
    assert word_diff("Eit kurs i Molde.", "Eit kurs i Volda.") == (
        Piece(SAME, "Eit kurs i "),
        Piece(GONE, "Molde"),
        Piece(NEW, "Volda"),
        Piece(SAME, "."),
    )


def test_from_nothing_and_to_nothing() -> None:
    assert word_diff("", "Nytt") == (Piece(NEW, "Nytt"),)
    assert word_diff("Gammalt", "") == (Piece(GONE, "Gammalt"),)
    assert word_diff("", "") == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_pieces_make_both_editions(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == after


def test_a_long_text_with_many_small_changes_is_told_word_by_word() -> None:
    before = "".join(f"Setning {place} om planen for innkjøp i fylket. " for place in range(400))
    pieces = word_diff(before, before.replace("fylket", "kommunane"))
    assert [piece.text for piece in pieces if piece.kind == GONE] == ["fylket"] * 400


def test_what_would_take_too_long_to_compare_is_told_as_written_anew() -> None:
    before, after = "a b " * 5_000, "b c a " * 3_300
    assert [piece.kind for piece in word_diff(before, after)] == [GONE, NEW, SAME]


def test_hostile_text_is_shown_as_text() -> None:
    shown = Template("{% load plan_diff %}{% text_diff a b %}").render(
        Context({"a": "<script>x</script>", "b": "<b>y</b>"})
    )
    assert "<script>" not in shown
    assert "&lt;" in shown
