"""The year wheel (årshjul): January on top, clockwise; part one innermost, part two around it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import ceil, cos, pi, sin

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from plans.document import Measure, Part, PlanDocument
from plans.drawings.looks import LOOKS, Look
from plans.drawings.shapes import (
    CHIP_HEIGHT,
    CHIP_WIDTH,
    Chip,
    Period,
    address,
    by_period,
)
from plans.drawings.words import part_heading, wheel_words

HUB = 66  # radius of the disc in the middle
LANE = 27  # from one ring of measures to the next
BETWEEN_PARTS = 10
LEAST_RADIUS = 250  # of the disc with the measures, so that a small plan has room too
RIM = 26  # the ring with the months
EDGE = 8  # air around all
STEP = CHIP_WIDTH + 3  # from one number to the next along a ring
TRACK_END = 12  # a track ends round: this much of its length is the end
ROW = 26  # below the wheel


Point = tuple[float, float]  # from the middle of the wheel
Groups = list[tuple[Period, list[Measure]]]
Grouped = tuple[Groups, list[Measure]]  # those with a period, and those without


@dataclass(frozen=True)
class Month:
    """A month's name in the rim, and the line at its beginning (from x1, y1 to x2, y2)."""

    first_day: date
    x: int
    y: int
    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def starts_quarter(self) -> bool:
        """Whether a quarter begins with it."""
        return self.first_day.month % 3 == 1


@dataclass
class Band:
    """What the measures of one part look like: the paths of its tracks, and its numbers."""

    number: int
    heading: str
    look: Look
    tracks: list[str] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)


@dataclass(frozen=True)
class Wheel:
    """All that the template draws."""

    side: int
    height: int
    centre: int
    hub: int
    radius: int
    rim: int
    bands: list[Band]
    months: list[Month]
    legend: list[Band]
    undated: list[Band]


def year_wheel(document: PlanDocument, links: str = "") -> SafeString:
    """Return the year wheel of a plan as an ``<svg>`` element.

    ``links`` is put before a measure's number to make the address that the number leads to, such
    as ``#tiltak-``; without it the picture is one image (role="img"), as a PDF needs.
    """
    return render_to_string(
        "plans/drawings/year_wheel.svg",
        {
            "wheel": _wheel(document, links),
            "words": wheel_words(document.year, len(document.measures)),
            "year": document.year,
            "links": links,
        },
    )


def _wheel(document: PlanDocument, links: str) -> Wheel:
    grouped = {part.number: by_period(part.measures, document.year) for part in document.parts}
    placed, radius = _placed({number: groups for number, (groups, _) in grouped.items()})
    centre = round(radius) + RIM + EDGE
    side = 2 * centre
    undated, rows = _undated(document, grouped, side, links)
    return Wheel(
        side=side,
        height=side + ROW * (1 + rows),
        centre=centre,
        hub=HUB,
        radius=round(radius),
        rim=round(radius) + RIM,
        bands=[_band(part, placed[part.number], centre, links) for part in document.parts],
        months=_months(document.year, radius, centre),
        legend=_legend(document, side),
        undated=undated,
    )


@dataclass(frozen=True)
class Placed:
    """Measures of one period on a ring, their numbers at these fractions of the year."""

    period: Period
    radius: float
    measures: list[Measure]
    fractions: list[float]


def _placed(groups: dict[int, Groups]) -> tuple[dict[int, list[Placed]], float]:
    """Return what stands on which ring for each part, and the radius of it all.

    How many numbers a ring holds depends on its radius, and that on the number of rings: so start
    with few, and give a part one more for as long as its measures don't fit.
    """
    lanes = {number: int(bool(found)) for number, found in groups.items()}
    while True:
        total = sum(lanes.values())
        radius = max(LEAST_RADIUS, HUB + BETWEEN_PARTS * (len(lanes) + 1) + LANE * total)
        outer = radius - BETWEEN_PARTS / 2
        placed = {}
        for number in sorted(groups, reverse=True):
            radii = [outer - LANE * (lane + 0.5) for lane in range(lanes[number])]
            fitted = _fitted(groups[number], radii)
            if fitted is None:
                lanes[number] += 1
                break
            placed[number] = fitted
            outer -= LANE * lanes[number] + BETWEEN_PARTS
        else:
            return placed, radius


def _fitted(groups: Groups, radii: list[float]) -> list[Placed] | None:
    """Return the groups on the outermost rings that have room, or None if they don't fit."""
    rings = [_Ring(radius) for radius in radii]
    placed = []
    for period, measures in groups:
        rest = measures
        for place, ring in enumerate(rings):
            neighbours = [
                chip for near in rings[max(place - 1, 0) : place + 2] for chip in near.chips
            ]
            found = ring.take(period, rest, neighbours) if rest else None
            if found:
                placed.append(found)
                rest = rest[len(found.measures) :]
        if rest:
            return None
    return placed


class _Ring:
    """A ring while it is filled: which stretches are taken, and where numbers stand."""

    def __init__(self, radius: float) -> None:
        self.radius = radius
        self.around = 2 * pi * radius
        self.taken: list[Period] = []
        self.chips: list[Point] = []

    def take(self, period: Period, measures: list[Measure], others: list[Point]) -> Placed | None:
        """Put as many measures on the ring as have room, clear of the numbers at ``others``."""
        needed = period.widened_to((STEP + 3) / self.around)
        if any(_meet(needed, other) for other in self.taken):
            return None
        room = max(1, int((period.length * self.around - 6) // STEP))
        measures = measures[:room]
        for fractions in self._arrangements(period, len(measures)):
            points = [_point(fraction, self.radius) for fraction in fractions]
            if not any(_cover(point, other) for point in points for other in others):
                self.taken.append(needed)
                self.chips += points
                return Placed(period, self.radius, measures, fractions)
        return None

    def _arrangements(self, period: Period, count: int) -> Iterator[list[float]]:
        """Yield where ``count`` numbers can stand: about the middle, then moved to either side.

        They stand close together where there are many, with air where there are few.
        """
        close = STEP / self.around
        step = max(close, min(period.length / (count + 1), 2 * close))
        free = (period.length - step * (count - 1)) * self.around / 2 - CHIP_WIDTH / 2 - 3
        first = period.middle - step * (count - 1) / 2
        for moved in range(0, max(1, int(free)), 6):
            for side in (moved, -moved):
                yield [first + side / self.around + step * place for place in range(count)]


def _meet(one: Period, other: Period) -> bool:
    """Whether two stretches of a ring overlap; they may reach over the turn of the year."""
    slack = 1e-9
    return any(
        one.start + turn < other.end - slack and other.start < one.end + turn - slack
        for turn in (-1, 0, 1)
    )


def _cover(one: Point, other: Point) -> bool:
    """Whether two numbers that stand at these points would touch."""
    return abs(one[0] - other[0]) < CHIP_WIDTH + 2 and abs(one[1] - other[1]) < CHIP_HEIGHT + 2


def _band(part: Part, placed: list[Placed], centre: int, links: str) -> Band:
    band = Band(part.number, part_heading(part.kind), LOOKS[part.number])
    for row in placed:
        if row.period.length * 2 * pi * row.radius > 2 * TRACK_END + CHIP_WIDTH / 2:
            band.tracks.append(_arc(row.period, row.radius, centre))
        for fraction, measure in zip(row.fractions, row.measures, strict=True):
            x, y = _at(_point(fraction, row.radius), centre)
            band.chips.append(Chip(x, y, measure.number, address(measure, links)))
    return band


def _point(fraction: float, radius: float) -> Point:
    """Return where, from the middle of the wheel, a day stands on a ring."""
    angle = 2 * pi * fraction
    return radius * sin(angle), -radius * cos(angle)


def _at(point: Point, centre: int) -> tuple[int, int]:
    """Return the point in the units of the picture."""
    return round(centre + point[0]), round(centre + point[1])


def _arc(period: Period, radius: float, centre: int) -> str:
    """Return the path of a track, in pieces of at most a quarter.

    Its line ends round, so the path stops short of the period's ends. (A longer piece would be
    thrown off its centre by whole numbers.)
    """
    short = TRACK_END / (2 * pi * radius)
    start, end = period.start + short, period.end - short
    pieces = ceil((end - start) / 0.25)
    x, y = _at(_point(start, radius), centre)
    path = [f"M{x} {y}"]
    for piece in range(1, pieces + 1):
        x, y = _at(_point(start + (end - start) * piece / pieces, radius), centre)
        path.append(f"A{radius:.0f} {radius:.0f} 0 0 1 {x} {y}")
    return "".join(path)


def _months(year: int, radius: float, centre: int) -> list[Month]:
    found = []
    for number in range(1, 13):
        start = (number - 1) / 12
        reach = radius + (RIM if number % 3 == 1 else 0)
        points = (
            _point(start + 1 / 24, radius + RIM / 2),
            _point(start, HUB),
            _point(start, reach),
        )
        found.append(
            Month(date(year, number, 1), *(value for p in points for value in _at(p, centre)))
        )
    return found


def _legend(document: PlanDocument, side: int) -> list[Band]:
    """Return a chip for each part, to stand below the wheel with the part's name beside it."""
    found = []
    for place, part in enumerate(document.parts):
        x = EDGE + CHIP_WIDTH // 2 + place * (side // 2)
        chip = Chip(x, side + ROW // 2, str(part.number), "")
        found.append(Band(part.number, part_heading(part.kind), LOOKS[part.number], chips=[chip]))
    return found


def _undated(
    document: PlanDocument, grouped: dict[int, Grouped], side: int, links: str
) -> tuple[list[Band], int]:
    """Return the numbers of the measures without a period, and how many rows they take.

    They stand below the legend; the first row holds the words that say what they are.
    """
    a_row = (side - 2 * EDGE) // STEP
    bands, rows = [], 0
    for part in document.parts:
        _, measures = grouped[part.number]
        band = Band(part.number, part_heading(part.kind), LOOKS[part.number])
        for place, measure in enumerate(measures):
            x = EDGE + CHIP_WIDTH // 2 + STEP * (place % a_row)
            y = side + ROW * (2 + rows + place // a_row) + ROW // 2
            band.chips.append(Chip(x, y, measure.number, address(measure, links)))
        rows += -(-len(measures) // a_row)
        if measures:
            bands.append(band)
    return bands, rows + bool(rows)
