"""A plan as it was: the plan as it is, with the events of its log undone, the newest first.

Knows neither database nor screen: a ``PastPlan`` holds plain values, as the log keeps them.
"""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, TypeVar

PLAN, TEXT, PART = "plans.partnerplan", "plans.plantext", "plans.planpart"
AREA, MEASURE = "plans.focusarea", "plans.measure"

Row = tuple[str, int]
Values = dict[str, Any]

# Days are "2" where a form gave them and "2.0" where the database did.
_DAYS = frozenset(f"lup_days_q{quarter}" for quarter in range(1, 5))
_NUMBER = re.compile(r"(\d)\.(\d{1,5})", re.ASCII)


class Told(Protocol):
    """What is read of an event of the log."""

    verb: str
    target_type: str
    target_id: str
    old: dict[str, Any]
    new: dict[str, Any]


E = TypeVar("E", bound=Told)


@dataclass
class PastPlan:
    """A plan at some point in time.

    ``values`` hold every row's fields, also those of rows that don't stand then. ``areas`` are the
    standing focus areas of each part and ``measures`` the standing measures of each area, in order;
    ``home`` is the area of each measure, standing or not. Keys are primary keys.
    """

    values: dict[Row, Values]
    part_numbers: dict[int, int]
    part_of: dict[int, int]
    areas: dict[int, list[int]] = field(default_factory=dict)
    measures: dict[int, list[int]] = field(default_factory=dict)
    home: dict[int, int] = field(default_factory=dict)

    def numbers(self) -> dict[int, str]:
        """Return the number of each standing measure, such as 2.3."""
        numbers = {}
        for part, number in self.part_numbers.items():
            standing = [key for area in self.areas.get(part, []) for key in self.inside(area)]
            numbers.update({key: f"{number}.{place}" for place, key in enumerate(standing, 1)})
        return numbers

    def inside(self, area: int) -> list[int]:
        """Return the standing measures of a focus area, in order."""
        return self.measures.get(area, [])

    def undo(self, event: Told) -> None:
        """Make the plan what it was before ``event``, the newest that is not undone yet.

        An event about a row that isn't the plan's changes nothing.
        """
        row = (event.target_type, int(event.target_id) if event.target_id.isdecimal() else 0)
        if row not in self.values:
            return
        if row[0] == MEASURE:
            self._unplace_measure(row[1], event)
        elif row[0] == AREA:
            self._unplace_area(row[1], event)
        values = self.values[row]
        values.update(
            {name: plain(name, value) for name, value in event.old.items() if name in values}
        )

    def _unplace_area(self, area: int, event: Told) -> None:
        if not (_is_new(event) or "place" in event.old or "place" in event.new):
            return
        standing = self.areas.setdefault(self.part_of[area], [])
        if area in standing:
            standing.remove(area)
        place = event.old.get("place")
        if isinstance(place, int) and not _is_new(event):
            standing.insert(max(place - 1, 0), area)

    def _unplace_measure(self, measure: int, event: Told) -> None:
        number = event.old.get("number")
        found = _NUMBER.fullmatch(number) if isinstance(number, str) else None
        if not (_is_new(event) or found or number == ""):
            return
        for standing in self.measures.values():
            if measure in standing:
                standing.remove(measure)
        area = event.old.get("focus_area")
        if isinstance(area, int) and area in self.part_of:
            self.home[measure] = area
        elif found:
            self.home[measure] = self._area_at(int(found[1]), int(found[2]), self.home[measure])
        if found and not _is_new(event):
            area = self.home[measure]
            index = int(found[2]) - 1 - self._before(area)
            self.measures.setdefault(area, []).insert(max(index, 0), measure)

    def _before(self, area: int) -> int:
        """Return how many measures stand before the area in its part."""
        count = 0
        for other in self.areas.get(self.part_of[area], []):
            if other == area:
                break
            count += len(self.inside(other))
        return count

    def _area_at(self, part_number: int, place: int, likely: int) -> int:
        """Return the area in which a measure got that place; ``likely`` where it may be that one.

        The log of a move names the area that was left only since this was written.
        """
        fitting = []
        for part, number in self.part_numbers.items():
            for area in self.areas.get(part, []) if number == part_number else []:
                before = self._before(area)
                if before < place <= before + len(self.inside(area)) + 1:
                    fitting.append(area)
        return likely if likely in fitting or not fitting else fitting[0]


def at_point(now: PastPlan, events: Iterable[E], is_later: Callable[[E], bool]) -> PastPlan:
    """Return the plan as it was before all ``events`` of which ``is_later`` is true.

    ``events`` come newest first, and none that is later may be missing. ``now`` stays as it is.
    """
    plan = deepcopy(now)
    for event in events:
        if is_later(event):
            plan.undo(event)
    return plan


def plain(name: str, value: Any) -> Any:
    """Return a logged value in the form in which two can be compared."""
    if name not in _DAYS or value is None:
        return value
    try:
        return str(Decimal(str(value)).quantize(Decimal("0.1")))
    except InvalidOperation:
        return value


def _is_new(event: Told) -> bool:
    """Whether the row came with the event: it wasn't there before."""
    return event.verb.endswith(".added")
