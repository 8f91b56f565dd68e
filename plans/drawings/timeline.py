"""The timeline: a row for each focus area, in it a bar for each measure, over the four quarters."""

from dataclasses import dataclass, field
from datetime import date

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from plans.document import FocusArea, Measure, Part, PlanDocument
from plans.drawings.looks import LOOKS, Look
from plans.drawings.shapes import (
    CHIP_HEIGHT,
    CHIP_WIDTH,
    Chip,
    Period,
    address,
    period_of,
    wrapped,
)
from plans.drawings.words import part_heading, timeline_words

TITLES = 204  # the column with the names of the focus areas
YEAR = 504  # the four quarters
WIDTH = TITLES + YEAR
HEAD = 44
PART_HEAD = 34
LANE = CHIP_HEIGHT + 5
TEXT_LINE = 16
TEXT_SIZE = 12.5
MOST_LINES = 4
PADDING = 9  # above and below the bars of a focus area
GAP = 4  # between two bars in a row


@dataclass(frozen=True)
class Month:
    """The line where a month begins, and the middle of the month, where its name stands."""

    first_day: date
    x: int
    middle: int

    @property
    def starts_quarter(self) -> bool:
        """Whether a quarter begins with it."""
        return self.first_day.month % 3 == 1


@dataclass(frozen=True)
class Bar:
    """The stretch of time behind a number: its left end, its upper edge and its width."""

    x: int
    y: int
    width: int


@dataclass(frozen=True)
class Row:
    """A focus area: the line above it, and its name in lines, each with its baseline.

    ``undated`` is the baseline of the words before measures without a period; 0 where all have one.
    """

    y: int
    language: str
    lines: list[tuple[int, str]]
    undated: int


@dataclass
class Block:
    """A part: its heading with its baseline, its focus areas, and what stands in them."""

    number: int
    heading: str
    look: Look
    y: int
    rows: list[Row] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """All that the template draws."""

    width: int
    height: int
    left: int
    head: int
    months: list[Month]
    quarters: list[int]
    blocks: list[Block]


def timeline(document: PlanDocument, links: str = "", part: int | None = None) -> SafeString:
    """Return the timeline of a plan as an ``<svg>`` element, or of one part (1 or 2) of it.

    ``links`` is put before a measure's number to make the address that the number leads to, such
    as ``#tiltak-``; without it the picture is one image (role="img"), as a PDF needs.
    """
    parts = [
        found
        for found in document.parts
        if part in (None, found.number) and (found.measures or not document.extract_of)
    ]
    return render_to_string(
        "plans/drawings/timeline.svg",
        {
            "timeline": _timeline(parts, document.year, links),
            "words": timeline_words(
                document.year, sum(len(found.measures) for found in parts), part
            ),
            "links": links,
            "part": part,
        },
    )


def _timeline(parts: list[Part], year: int, links: str) -> Timeline:
    blocks = []
    y = HEAD
    for part in parts:
        block = Block(part.number, part_heading(part.kind), LOOKS[part.number], y + PART_HEAD - 12)
        y += PART_HEAD
        for area in part.focus_areas:
            y += _add(block, area, y, year, links)
        blocks.append(block)
    return Timeline(
        width=WIDTH,
        height=y + 1,
        left=TITLES,
        head=HEAD,
        months=_months(year),
        quarters=[TITLES + YEAR * quarter // 4 + YEAR // 8 for quarter in range(4)],
        blocks=blocks,
    )


def _months(year: int) -> list[Month]:
    return [
        Month(date(year, month, 1), round(_x((month - 1) / 12)), round(_x((month - 0.5) / 12)))
        for month in range(1, 13)
    ]


def _x(fraction: float) -> float:
    return TITLES + YEAR * fraction


def _add(block: Block, area: FocusArea, y: int, year: int, links: str) -> int:
    """Put a focus area into ``block`` from ``y`` down, and return how high it got."""
    top = y + PADDING
    lines = wrapped(area.title, TITLES - 16, TEXT_SIZE, MOST_LINES)
    lanes: list[float] = []  # where the last bar of each lane ends
    undated = []
    for measure in area.measures:
        period = period_of(measure, year)
        if period is None:
            undated.append(measure)
        else:
            _add_measure(block, measure, period, lanes, top, links)
    left_bottom = top + TEXT_LINE * len(lines)
    words = 0
    if undated:
        words = left_bottom + TEXT_LINE + 2
        left_bottom = _add_undated(block, undated, words + 6, links)
    baselines = [(top + 13 + TEXT_LINE * place, line) for place, line in enumerate(lines)]
    block.rows.append(Row(y, area.language, baselines, words))
    return max(left_bottom, top + LANE * len(lanes)) + PADDING - y


def _add_measure(
    block: Block, measure: Measure, period: Period, lanes: list[float], top: int, links: str
) -> None:
    """Put a measure's bar and number on the first lane that is free there."""
    start, end = _x(period.start), _x(period.end)
    # The number of a short one stands about its middle, that of a longer one at its beginning.
    left = start if end - start >= CHIP_WIDTH else (start + end - CHIP_WIDTH) / 2
    left = min(max(left, TITLES), WIDTH - CHIP_WIDTH)
    right = max(end, left + CHIP_WIDTH)
    lane = next((place for place, taken in enumerate(lanes) if taken <= left), len(lanes))
    if lane == len(lanes):
        lanes.append(0.0)
    lanes[lane] = right + GAP
    y = top + LANE * lane
    if right - left > CHIP_WIDTH + 4:
        block.bars.append(Bar(round(left), y, round(right - left) - 2))
    block.chips.append(
        Chip(
            round(left) + CHIP_WIDTH // 2,
            y + CHIP_HEIGHT // 2,
            measure.number,
            address(measure, links),
        )
    )


def _add_undated(block: Block, measures: list[Measure], top: int, links: str) -> int:
    """Put the numbers of measures without a period below the focus area's name, from ``top`` down;
    return where they end."""
    a_row = (TITLES - 8) // (CHIP_WIDTH + GAP)
    for place, measure in enumerate(measures):
        x = (CHIP_WIDTH + GAP) * (place % a_row) + CHIP_WIDTH // 2 + 1
        y = top + LANE * (place // a_row) + CHIP_HEIGHT // 2
        block.chips.append(Chip(x, y, measure.number, address(measure, links)))
    return top + LANE * -(-len(measures) // a_row)
