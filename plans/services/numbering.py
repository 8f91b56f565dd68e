"""Keeping the measures' numbers without a gap, in the order in which they are read."""

from typing import TypeVar

from django.db.models import F

from plans.models import FocusArea, Measure, PlanPart

# Above any place that is in use: rows step aside here, since a place is held by one row at a time.
ASIDE = 10_000

UP, DOWN = "up", "down"

P = TypeVar("P", Measure, FocusArea)


def renumber(part: PlanPart, order: list[Measure] | None = None) -> None:
    """Number the part's measures 1, 2, 3 … by focus area, and within it in the given order.

    ``order`` is the part's standing measures; without it they keep the order that they have. The
    caller holds the plan's lock.
    """
    if order is None:
        order = list(Measure.objects.standing().filter(part=part).order_by("position"))
    places = dict(
        FocusArea.objects.filter(part=part, position__isnull=False).values_list("pk", "position")
    )
    order = sorted(order, key=lambda measure: places[measure.focus_area_id] or 0)  # stable
    set_places(Measure, order)


def set_places(rows_of: type[P], order: list[P]) -> None:
    """Give ``order``'s rows the places 1, 2, 3 …, writing only those that move; three queries."""
    moving = [row for place, row in enumerate(order, 1) if row.position != place]
    if not moving:
        return
    for place, row in enumerate(order, 1):
        row.position = place
    manager = rows_of._default_manager
    manager.filter(pk__in=[row.pk for row in moving]).update(position=F("position") + ASIDE)
    manager.bulk_update(moving, ["position"])
