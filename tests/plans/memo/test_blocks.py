"""Plain text read as paragraphs and lists."""

import pytest

from plans.memo import Block, blocks


def text(*lines: str) -> Block:
    return Block("text", lines)


def bullets(*lines: str) -> Block:
    return Block("bullets", lines)


def numbered(*lines: str) -> Block:
    return Block("numbered", lines)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("  \n\n ", ()),
        ("Ein.\n\nTo.", (text("Ein."), text("To."))),
        ("Ein\nlinje til.", (text("Ein", "linje til."),)),
        ("Dette:\n- ein\n- to\nEtter.", (text("Dette:"), bullets("ein", "to"), text("Etter."))),
        ("- ein\n\n– to\n\nEtter.", (bullets("ein", "to"), text("Etter."))),
        ("1. ein\n2) to\n\n3. tre", (numbered("ein", "to", "tre"),)),
        ("1. ein\n2. to\n\n1. ny\n2. liste", (numbered("ein", "to"), numbered("ny", "liste"))),
        # A date is no list.
        ("1. mars vart planen signert.", (text("1. mars vart planen signert."),)),
        ("3. mars\n4. mars", (text("3. mars", "4. mars"),)),
        ("2020. Eit år", (text("2020. Eit år"),)),
        ("-ikkje liste", (text("-ikkje liste"),)),
        ("1.\n2.", (text("1.", "2."),)),
        ("- ", (text("-"),)),
    ],
)
def test_paragraphs_and_lists(typed: str, read: tuple[Block, ...]) -> None:
    assert blocks(typed) == read


def test_no_word_is_lost_and_the_order_stays() -> None:
    typed = "a\n- b\n1. c\n2. d\ne\n\n1. f\n\n- g\n3. h"
    words = [word for block in blocks(typed) for line in block.lines for word in line.split()]
    assert [word for word in words if word.isalpha()] == list("abcdefgh")
