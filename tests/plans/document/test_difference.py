"""What differs between two editions of a plan."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import translation

from plans.document import FocusArea, Measure, Part, PlanDocument
from plans.document.difference import (
    ADDED,
    AREA,
    CHANGED,
    MEASURE,
    PART,
    PLAN,
    REMOVED,
    TEXT,
    Difference,
    difference,
)
from tests.factories.documents import make_document, make_measure

BEFORE = make_document(measures=12)
COUNTY, MUNICIPALITIES = BEFORE.parts


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def with_measure(number: str, **changes: object) -> PlanDocument:
    """Return the plan with one measure changed."""
    return with_areas(
        lambda area: replace(
            area,
            measures=tuple(
                replace(found, **changes) if found.number == number else found  # type: ignore[arg-type]
                for found in area.measures
            ),
        )
    )


def with_areas(change: Callable[[FocusArea], FocusArea]) -> PlanDocument:
    return replace(
        BEFORE,
        parts=tuple(
            replace(part, focus_areas=tuple(change(area) for area in part.focus_areas))
            for part in BEFORE.parts
        ),
    )


def with_parts(*parts: Part) -> PlanDocument:
    return replace(BEFORE, parts=parts)


def told(found: Difference) -> list[tuple[str, str, str, str]]:
    """Return sort, kind, number and title of each item."""
    return [(item.sort, item.kind, item.number, item.title) for item in found.items]


def fields(found: Difference) -> list[tuple[str, str, str, str]]:
    """Return name, label, before and after of the only item's fields."""
    (item,) = found.items
    return [(field.name, field.label, field.before, field.after) for field in item.fields]


def test_the_same_has_no_difference() -> None:
    later = replace(BEFORE, state="ACTIVE", version=2, changed_at=BEFORE.changed_at.replace(day=9))
    found = difference(BEFORE, later)
    assert not found
    assert found == Difference(())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Anna tittel"}, ("title", "Title", BEFORE.measures[1].title, "Anna tittel")),
        ({"kind": "NETWORK"}, ("kind", "Kind of measure", "Mapping of needs", "Network")),
        ({"language": "nb"}, ("language", "Language of the text", "Nynorsk", "Bokmål")),
        (
            {"target_groups": ("FOUNDERS", "RESEARCH")},
            (
                "target_groups",
                "Target groups",
                "The county, Municipalities, Suppliers and business",
                "Founders, Research and education",
            ),
        ),
        (
            {"responsible": None},
            ("responsible", "Responsible", "Kristiansund kommune", ""),
        ),
        (
            {"municipalities": ("6001", "6004"), "municipality_scope": "ALL"},
            ("municipalities", "Municipalities", "", "All in the county, Molde, Kárášjohka"),
        ),
        (
            {"cooperations": ("kyst",)},
            (
                "cooperations",
                "Procurement cooperations",
                "",
                "Kystkommunane sitt innkjøpssamarbeid",
            ),
        ),
        ({"county_takes_part": True}, ("county_takes_part", "The county takes part", "no", "yes")),
        (
            {"starts_on": date(2020, 3, 30), "period_unit": "DATES"},
            ("period", "Period", "quarters 2–3", "30 March – 30 September 2020"),
        ),
        (
            {"lup_days": (Decimal("2.5"), Decimal("1.5"), Decimal("1.5"), Decimal(0))},
            ("lup_days_q1", "LUP days, 1st quarter", "", "2.5"),
        ),
        ({"cost_nok": 150_000}, ("cost_nok", "Cost in whole kroner", "", "kr 150 000")),
    ],
)
def test_a_changed_field_is_told_in_words(
    changes: dict[str, object], expected: tuple[str, str, str, str]
) -> None:
    found = difference(BEFORE, with_measure("1.2", **changes))
    assert [(item.sort, item.kind, item.number) for item in found.items] == [
        (CHANGED, MEASURE, "1.2")
    ]
    assert [tuple(text.replace("\u00a0", " ") for text in row) for row in fields(found)] == [
        expected
    ]


def test_words_are_in_the_language_on_screen() -> None:
    with translation.override("nn"):
        found = difference(BEFORE, with_measure("1.2", cost_nok=1, lup_days=(Decimal("0.5"),) * 4))
    assert fields(found)[0][3] == "0,5"


def test_long_texts_are_to_be_read_word_by_word() -> None:
    found = difference(BEFORE, with_measure("1.2", description="Kort.", cost_nok=5))
    (item,) = found.items
    assert [(field.name, field.is_long) for field in item.fields] == [
        ("description", True),
        ("cost_nok", False),
    ]


def test_what_came_and_went_is_told_where_it_stands_or_stood() -> None:
    area = COUNTY.focus_areas[0]
    new = make_measure(1, 99, number="1.2", key=UUID(int=7), title="Nytt tiltak")
    left = (
        area.measures[0],
        new,
        *(replace(m, number=f"1.{n}") for n, m in enumerate(area.measures[2:], 3)),
    )
    after = with_parts(replace(COUNTY, focus_areas=(replace(area, measures=left),)), MUNICIPALITIES)
    found = difference(BEFORE, after)
    assert told(found) == [
        (REMOVED, MEASURE, "1.2", area.measures[1].title),
        (ADDED, MEASURE, "1.2", "Nytt tiltak"),
    ]
    removed, added = found.items
    assert {field.after for field in removed.fields} == {""}
    assert {field.before for field in added.fields} == {""}
    assert [field.name for field in added.fields][:2] == ["title", "kind"]
    assert found.renumbered == ()


def test_a_measure_with_another_number_alone_is_apart() -> None:
    area = COUNTY.focus_areas[0]
    left = tuple(replace(m, number=f"1.{n}") for n, m in enumerate(area.measures[1:], 1))
    after = with_parts(replace(COUNTY, focus_areas=(replace(area, measures=left),)), MUNICIPALITIES)
    found = difference(BEFORE, after)
    assert told(found) == [(REMOVED, MEASURE, "1.1", area.measures[0].title)]
    assert [(item.number_before, item.number_after) for item in found.renumbered] == [
        (f"1.{n}", f"1.{n - 1}") for n in range(2, len(area.measures) + 1)
    ]


def test_a_measure_in_another_focus_area_is_one_change() -> None:
    first, second = MUNICIPALITIES.focus_areas
    moved = first.measures[0]
    after = with_parts(
        COUNTY,
        replace(
            MUNICIPALITIES,
            focus_areas=(
                replace(first, measures=first.measures[1:]),
                replace(second, measures=(*second.measures, moved)),
            ),
        ),
    )
    found = difference(BEFORE, after)
    assert told(found) == [(CHANGED, MEASURE, "2.1", moved.title)]
    assert fields(found) == [("focus_area", "Focus area", first.title, second.title)]


def test_a_focus_area_of_another_name_is_told_once() -> None:
    area = COUNTY.focus_areas[0]
    found = difference(
        BEFORE, with_areas(lambda one: replace(one, title="Anna") if one == area else one)
    )
    assert told(found) == [(CHANGED, AREA, "", "Anna")]


def test_a_focus_area_goes_with_its_measures() -> None:
    gone = MUNICIPALITIES.focus_areas[1]
    after = with_parts(COUNTY, replace(MUNICIPALITIES, focus_areas=MUNICIPALITIES.focus_areas[:1]))
    assert told(difference(BEFORE, after)) == [
        (REMOVED, AREA, "", gone.title),
        *((REMOVED, MEASURE, measure.number, measure.title) for measure in gone.measures),
    ]


def test_texts_introductions_and_facts() -> None:
    texts = (*BEFORE.texts[1:-1], replace(BEFORE.texts[-1], body="Nytt.", language="en"))
    owners = replace(BEFORE.programme, owners=("KS",))
    members = replace(BEFORE.cooperations[0], members=("6001",))
    after = replace(
        BEFORE,
        title="Ny tittel",
        programme=owners,
        cooperations=(members, BEFORE.cooperations[1]),
        texts=texts,
        parts=(replace(COUNTY, introduction=""), MUNICIPALITIES),
    )
    found = difference(BEFORE, after)
    assert told(found) == [
        (CHANGED, PLAN, "", "Ny tittel"),
        (REMOVED, TEXT, "", "Background"),
        (CHANGED, TEXT, "", "Solve challenges of society"),
        (CHANGED, PART, "1", "For the county"),
    ]
    assert [field.name for field in found.items[0].fields] == [
        "title",
        "owners",
        "cooperation:nord",
    ]
    assert [field.name for field in found.items[2].fields] == ["body", "language"]


def test_there_and_back_says_the_opposite() -> None:
    after = with_measure("2.1", title="Ny")
    there, back = difference(BEFORE, after), difference(after, BEFORE)
    assert [(f.before, f.after) for item in there.items for f in item.fields] == [
        (f.after, f.before) for item in back.items for f in item.fields
    ]


def test_everything_new() -> None:
    empty = with_parts(*(replace(part, focus_areas=()) for part in BEFORE.parts))
    found = difference(empty, BEFORE)
    every: list[Measure] = list(BEFORE.measures)
    assert sum(item.kind == MEASURE for item in found.items) == len(every)
    assert {item.sort for item in found.items} == {ADDED}
