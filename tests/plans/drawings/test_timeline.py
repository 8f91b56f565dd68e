from dataclasses import replace
from datetime import date

import pytest

from plans.document import PlanDocument, extract
from plans.drawings import timeline
from tests.factories.documents import make_document, make_measure
from tests.plans.drawings.svg import NS, all_chips, hrefs, outside, overlapping, parsed, texts

JANUARY, NEW_YEARS_EVE = date(2020, 1, 1), date(2020, 12, 31)


def with_measures(*periods: tuple[date, date] | tuple[None, None]) -> PlanDocument:
    """Return a plan with one focus area, which has a measure for each period."""
    document = make_document(measures=5)
    one, two = document.parts
    measures = tuple(
        make_measure(1, place, starts_on=start, ends_on=end)
        for place, (start, end) in enumerate(periods, start=1)
    )
    area = replace(one.focus_areas[0], title="Ferjer <b>og</b> båt", measures=measures)
    return replace(
        document, parts=(replace(one, focus_areas=(area,)), replace(two, focus_areas=()))
    )


def bars(document: PlanDocument) -> list[tuple[str | None, ...]]:
    """Return x, y and width of the bars of part one."""
    root = parsed(timeline(document))
    group = next(g for g in root.iter(f"{NS}g") if g.get("class") == "lpd-tracks lpd-1")
    return [tuple(bar.get(name) for name in ("x", "y", "width")) for bar in group]


@pytest.mark.parametrize("measures", [0, 1, 6, 60, 300])
def test_every_measure_stands_there_once_and_clear_of_the_others(measures: int) -> None:
    document = make_document(measures=measures)
    root = parsed(timeline(document))
    places = all_chips(root)
    assert set(places) == {measure.number for measure in document.measures}
    assert overlapping(places) == []
    assert outside(root, places) == []


def test_a_bar_reaches_from_the_first_day_to_the_last() -> None:
    spring_to_autumn = (date(2020, 4, 1), date(2020, 9, 30))
    # The year is 504 wide and begins at 204; two units of air are left after each bar.
    assert bars(with_measures(spring_to_autumn)) == [("330", "87", "250")]


def test_measures_share_a_row_when_they_do_not_meet() -> None:
    spring, autumn = (JANUARY, date(2020, 3, 31)), (date(2020, 10, 1), NEW_YEARS_EVE)
    assert [y for _x, y, _width in bars(with_measures(spring, autumn))] == ["87", "87"]
    assert [y for _x, y, _width in bars(with_measures(spring, spring))] == ["87", "110"]


def test_a_day_has_its_number_and_no_bar() -> None:
    document = with_measures((date(2020, 12, 31), date(2020, 12, 31)))
    assert bars(document) == []
    assert set(all_chips(parsed(timeline(document)))) == {"1.1"}


def test_a_measure_without_a_period_is_told_in_words() -> None:
    root = parsed(timeline(with_measures((None, None), (JANUARY, NEW_YEARS_EVE))))
    assert "Without a period:" in texts(root)
    assert all_chips(root)["1.1"][0] < 204 < all_chips(root)["1.2"][0]


def test_a_title_is_text_and_never_markup() -> None:
    assert "Ferjer <b>og</b> båt" in texts(parsed(timeline(with_measures((None, None)))))


def test_one_part_alone() -> None:
    document = make_document(measures=12)
    root = parsed(timeline(document, part=2))
    assert set(all_chips(root)) == {measure.number for measure in document.parts[1].measures}
    assert root[0].text == "Timeline 2020, part 2"


def test_an_extract_leaves_out_a_part_that_has_nothing() -> None:
    document = extract(make_document(measures=40), "6001")
    assert [len(part.measures) > 0 for part in document.parts] == [False, True]
    words = texts(parsed(timeline(document)))
    assert [word for word in words if word.startswith("Part ")] == [
        "Part 2: For the municipalities"
    ]


def test_links_and_roles() -> None:
    document = make_document(measures=6)
    assert parsed(timeline(document)).get("role") == "img"
    linked = parsed(timeline(document, "#tiltak-"))
    assert linked.get("role") == "group"
    assert sorted(hrefs(linked)) == sorted(f"#tiltak-{m.number}" for m in document.measures)


def test_the_same_plan_gives_the_same_picture() -> None:
    document = make_document(measures=60)
    assert timeline(document) == timeline(document)
