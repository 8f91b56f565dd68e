"""What differs between a plan at two points in time, in the order in which the plan is read."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from plans.enums import TextKind
from plans.history import Change, Told, changes, names_of
from plans.past import AREA, MEASURE, PART, PLAN, TEXT, PastPlan, Row

ADDED, DELETED, STANDING = "added", "deleted", "standing"
_TEXTS = list(TextKind.values)


@dataclass(frozen=True)
class Difference:
    """A row that is not the same at the two points.

    ``sort`` is ADDED, DELETED or STANDING. ``moved`` says that it changed its place among those
    that stood at both; ``came_from`` and ``went_to`` name the focus areas where they differ.
    """

    kind: str
    pk: int
    sort: str
    title: str
    number_before: str = ""
    number_after: str = ""
    moved: bool = False
    came_from: str = ""
    went_to: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def is_measure(self) -> bool:
        """Whether it is a measure."""
        return self.kind == MEASURE

    @property
    def is_area(self) -> bool:
        """Whether it is a focus area."""
        return self.kind == AREA

    @property
    def number(self) -> str:
        """The number at the later point, or the one that it had."""
        return self.number_after or self.number_before


@dataclass(frozen=True)
class PartDifferences:
    """What differs in one part; ``number`` is 1 or 2."""

    number: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs in a plan: its own title and texts, and what is in its parts."""

    texts: tuple[Difference, ...]
    parts: tuple[PartDifferences, ...]

    @property
    def all(self) -> list[Difference]:
        """All of them, in the order of the plan."""
        return [*self.texts, *(found for part in self.parts for found in part.differences)]

    @property
    def counts(self) -> dict[str, int]:
        """How many measures are ``changed``, ``added``, ``deleted`` and ``moved``; ``other``: how
        many texts, parts and focus areas differ. A measure can be both changed and moved."""
        counts = Counter({"changed": 0, "added": 0, "deleted": 0, "moved": 0, "other": 0})
        for found in self.all:
            if not found.is_measure:
                counts["other"] += 1
            elif found.sort != STANDING:
                counts[found.sort] += 1
            else:
                counts["changed"] += bool(found.changes)
                counts["moved"] += found.moved
        return dict(counts)


def compare(before: PastPlan, after: PastPlan) -> Comparison:
    """Return what differs from ``before`` to ``after``, two points of the same plan.

    One query, for the names of the rows that fields point to.
    """
    return _Comparer(before, after).compare()


class _Comparer:
    """Holds the two points while they are compared."""

    def __init__(self, before: PastPlan, after: PastPlan) -> None:
        self.before, self.after = before, after
        self.numbers = before.numbers(), after.numbers()
        self.names = names_of(self._told())
        self.moved_areas = _moved(before.areas, after.areas)
        self.moved = _moved(before.measures, after.measures)

    def compare(self) -> Comparison:
        of_kind: dict[str, list[int]] = {PLAN: [], TEXT: []}
        for kind, key in self.after.values:
            of_kind.setdefault(kind, []).append(key)
        texts = sorted(
            of_kind[TEXT], key=lambda key: _TEXTS.index(self.after.values[TEXT, key]["kind"])
        )
        rows = [*((PLAN, key) for key in of_kind[PLAN]), *((TEXT, key) for key in texts)]
        return Comparison(
            texts=tuple(found for row in rows for found in self._row(row)),
            parts=tuple(
                PartDifferences(number, tuple(self._part(part)))
                for part, number in self.after.part_numbers.items()
            ),
        )

    def _part(self, part: int) -> Iterator[Difference]:
        yield from self._row((PART, part))
        for area in _merged(self.before.areas.get(part, []), self.after.areas.get(part, [])):
            yield from self._row(
                (AREA, area),
                stood=area in self.before.areas.get(part, []),
                stands=area in self.after.areas.get(part, []),
                moved=area in self.moved_areas,
            )
            here = self.after.inside(area)
            gone = [key for key in self.before.inside(area) if not self.numbers[1].get(key)]
            stayed = [key for key in self.before.inside(area) if key in gone or key in here]
            for key in _merged(stayed, here):
                yield from self._measure(key)

    def _measure(self, key: int) -> Iterator[Difference]:
        old, new = (numbers.get(key, "") for numbers in self.numbers)
        left, reached = self.before.home[key], self.after.home[key]
        elsewhere = bool(old and new and left != reached)
        yield from self._row(
            (MEASURE, key),
            stood=bool(old),
            stands=bool(new),
            moved=key in self.moved or elsewhere,
            number_before=old,
            number_after=new,
            came_from=self.before.values[AREA, left]["title"] if elsewhere else "",
            went_to=self.after.values[AREA, reached]["title"] if elsewhere else "",
        )

    def _row(
        self,
        row: Row,
        *,
        stood: bool = True,
        stands: bool = True,
        moved: bool = False,
        **places: str,
    ) -> Iterator[Difference]:
        """Yield the row's difference, if there is one."""
        old = self.before.values[row] if stood else {}
        new = self.after.values[row] if stands else {}
        found = changes(row[0], old, new, self.names)
        if stood == stands and not found and not moved:
            return
        values = new or old
        yield Difference(
            kind=row[0],
            pk=row[1],
            sort=STANDING if stood and stands else ADDED if stands else DELETED,
            title=values.get("title") or _title(row[0], values),
            moved=moved and stood and stands,
            changes=found,
            **places,
        )

    def _told(self) -> Iterator[Told]:
        """Yield the values of the measures that may have to be told."""
        for row, values in self.after.values.items():
            earlier = self.before.values[row]
            standing = [row[1] in numbers for numbers in self.numbers]
            if row[0] == MEASURE and (earlier != values or standing[0] != standing[1]):
                yield row[0], earlier
                yield row[0], values


def _title(kind: str, values: dict[str, Any]) -> str:
    return str(TextKind(values["kind"]).label) if kind == TEXT else ""


def _merged(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Return ``after`` with those of ``before`` alone put in behind whom they stood behind."""
    merged = list(after)
    place = 0
    for key in before:
        if key in after:
            place = merged.index(key) + 1
        else:
            merged.insert(place, key)
            place += 1
    return merged


def _moved(before: dict[int, list[int]], after: dict[int, list[int]]) -> set[int]:
    """Return the keys that changed places within a list: the fewest that, moved, explain it."""
    moved: set[int] = set()
    for group, keys in after.items():
        places = {key: place for place, key in enumerate(before.get(group, []))}
        common = [key for key in keys if key in places]
        moved |= set(common) - _in_order(common, places)
    return moved


def _in_order(keys: list[int], places: dict[int, int]) -> set[int]:
    """Return the longest run of ``keys`` that stand in the order of their ``places``."""
    tails: list[int] = []  # the smallest place that a run of each length ends with
    ends: list[int] = []  # and whose it is
    behind: dict[int, int | None] = {}
    for key in keys:
        length = bisect_left(tails, places[key])
        behind[key] = ends[length - 1] if length else None
        tails[length : length + 1] = [places[key]]
        ends[length : length + 1] = [key]
    found: set[int] = set()
    last: int | None = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = behind[last]
    return found
