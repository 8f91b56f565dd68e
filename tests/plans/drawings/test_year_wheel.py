from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from plans.document import PlanDocument
from plans.drawings import year_wheel
from tests.factories.documents import make_document
from tests.plans.drawings.svg import all_chips, chips, hrefs, outside, overlapping, parsed, texts

JANUARY, NEW_YEARS_EVE = date(2020, 1, 1), date(2020, 12, 31)


def shuffled(document: PlanDocument, seed: int) -> PlanDocument:
    """Return the document with periods of every length, one measure in ten without any."""
    random = Random(seed)
    parts = []
    for part in document.parts:
        areas = []
        for area in part.focus_areas:
            measures = []
            for measure in area.measures:
                first = JANUARY + timedelta(days=random.randrange(366))
                last = min(first + timedelta(days=random.choice((0, 1, 6, 60, 365))), NEW_YEARS_EVE)
                dates = (first, last) if random.random() < 0.9 else (None, None)
                measures.append(replace(measure, starts_on=dates[0], ends_on=dates[1]))
            areas.append(replace(area, measures=tuple(measures)))
        parts.append(replace(part, focus_areas=tuple(areas)))
    return replace(document, parts=tuple(parts))


def dated(*periods: tuple[date, date] | tuple[None, None]) -> PlanDocument:
    """Return a plan whose part one has a measure for each period, and part two none."""
    document = make_document(measures=5 * len(periods))
    one, two = document.parts
    measures = tuple(
        replace(measure, starts_on=start, ends_on=end)
        for measure, (start, end) in zip(one.measures, periods, strict=False)
    )
    area = replace(one.focus_areas[0], measures=measures)
    return replace(
        document, parts=(replace(one, focus_areas=(area,)), replace(two, focus_areas=()))
    )


@pytest.mark.parametrize("measures", [0, 1, 6, 60, 300])
def test_every_measure_stands_there_once(measures: int) -> None:
    document = make_document(measures=measures)
    root = parsed(year_wheel(document))
    assert set(all_chips(root)) == {measure.number for measure in document.measures}


@pytest.mark.parametrize("seed", range(8))
def test_no_number_covers_another_or_reaches_over_the_edge(seed: int) -> None:
    root = parsed(year_wheel(shuffled(make_document(measures=60), seed)))
    places = all_chips(root)
    assert len(places) == 60
    assert overlapping(places) == []
    assert outside(root, places) == []


def test_january_is_on_top_and_the_year_goes_clockwise() -> None:
    quarters = [
        (date(2020, 1, 1), date(2020, 3, 31)),
        (date(2020, 4, 1), date(2020, 6, 30)),
        (date(2020, 7, 1), date(2020, 9, 30)),
        (date(2020, 10, 1), date(2020, 12, 31)),
    ]
    root = parsed(year_wheel(dated(*quarters)))
    centre = float(root.get("viewBox", "").split()[2]) / 2
    sides = {number: (x > centre, y > centre) for number, (x, y) in all_chips(root).items()}
    assert sides == {
        "1.1": (True, False),  # right, above
        "1.2": (True, True),
        "1.3": (False, True),
        "1.4": (False, False),
    }


def test_part_one_is_inside_part_two() -> None:
    root = parsed(year_wheel(make_document(measures=60)))
    centre = float(root.get("viewBox", "").split()[2]) / 2

    def radii(part: int) -> list[float]:
        return [
            ((x - centre) ** 2 + (y - centre) ** 2) ** 0.5 for x, y in chips(root, part).values()
        ]

    assert max(radii(1)) < min(radii(2))


def test_a_measure_without_a_period_is_told_in_words_below() -> None:
    root = parsed(year_wheel(dated((None, None), (JANUARY, NEW_YEARS_EVE))))
    side = float(root.get("viewBox", "").split()[2])
    places = all_chips(root)
    assert places["1.1"][1] > side > places["1.2"][1]
    assert "Without a period:" in texts(root)


def test_all_have_a_period_and_no_word_of_those_without() -> None:
    root = parsed(year_wheel(dated((JANUARY, NEW_YEARS_EVE))))
    assert "Without a period:" not in texts(root)


def test_without_links_it_is_one_image_with_a_name_and_a_description() -> None:
    root = parsed(year_wheel(make_document(measures=6)))
    assert root.get("role") == "img"
    assert hrefs(root) == []
    title, description = root[0], root[1]
    assert title.tag.endswith("title")
    assert title.get("id") == root.get("aria-labelledby")
    assert title.text == "The year wheel 2020"
    assert description.get("id") == root.get("aria-describedby")
    assert (description.text or "").startswith("6 measures placed ")


def test_each_number_leads_to_its_measure() -> None:
    document = make_document(measures=12)
    root = parsed(year_wheel(document, "#tiltak-"))
    assert root.get("role") == "group"
    assert sorted(hrefs(root)) == sorted(f"#tiltak-{m.number}" for m in document.measures)


def test_the_parts_differ_in_shape_too() -> None:
    svg = year_wheel(make_document(measures=6))
    assert svg.count('rx="3"') == len(make_document(measures=6).parts[0].measures) + 1
    assert svg.count('rx="9"') == len(make_document(measures=6).parts[1].measures) + 1


def test_nothing_that_the_content_security_policy_would_stop() -> None:
    svg = year_wheel(make_document(measures=60), "#tiltak-")
    assert "style=" not in svg
    assert "<style" not in svg
    assert "<script" not in svg


def test_the_same_plan_gives_the_same_picture() -> None:
    document = make_document(measures=60)
    assert year_wheel(document) == year_wheel(document)
