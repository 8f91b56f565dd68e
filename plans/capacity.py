"""The days that LUP has against the days that a plan's measures book. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from plans.document import Measure, PlanDocument
from plans.models.capacity import Days, LupCapacity


@dataclass(frozen=True)
class Quarter:
    """A quarter: the days booked, the days there are (None where LUP hasn't said), and by which
    measures they are booked, the most days first."""

    number: int
    booked: Decimal
    available: Decimal | None
    measures: tuple[tuple[Measure, Decimal], ...] = ()

    @property
    def left(self) -> Decimal | None:
        """The days that nobody booked yet; less than none where over-booked."""
        return None if self.available is None else self.available - self.booked

    @property
    def over(self) -> Decimal:
        """The days booked beyond those that there are."""
        return max(-self.left, Decimal(0)) if self.left is not None else Decimal(0)


def quarters(document: PlanDocument, capacity: LupCapacity | None) -> tuple[Quarter, ...]:
    """Return the four quarters of a plan's year. Deleted measures are in no document."""
    return tuple(
        Quarter(
            number=place + 1,
            booked=sum((measure.lup_days[place] for measure in document.measures), Decimal(0)),
            available=capacity.days[place] if capacity else None,
            measures=tuple(
                sorted(
                    (
                        (measure, measure.lup_days[place])
                        for measure in document.measures
                        if measure.lup_days[place]
                    ),
                    key=lambda booking: -booking[1],
                )
            ),
        )
        for place in range(4)
    )


def over_booked(before: Days, after: Days, available: Days) -> tuple[int, ...]:
    """Return the quarters, from 1, that a change of the booked days over-booked, or over-booked
    more than they were."""
    return tuple(
        place + 1
        for place in range(4)
        if after[place] > available[place] and after[place] > before[place]
    )


def total(days: Iterable[Decimal]) -> Decimal:
    """Return the days of the whole year."""
    return sum(days, Decimal(0))
