"""Adding, changing, moving, deleting and bringing back focus areas."""

from typing import Any

from django.db import transaction

from accounts.models import User
from audit.services import record
from plans.models import FocusArea, Measure, PlanPart
from plans.services.numbering import DOWN, renumber, set_places
from plans.services.saving import lock_plan, logged_values, save_row, touch


class FocusAreaHasMeasures(Exception):
    """A focus area with measures is not deleted: they would have nowhere to be."""


def add_focus_area(*, part: PlanPart, values: dict[str, Any], by: User) -> FocusArea:
    """Add a focus area at the end of a part. Raises ``PlanIsFrozen``."""
    with transaction.atomic():
        plan = lock_plan(part.plan_id)
        position = FocusArea.objects.filter(part=part, position__isnull=False).count() + 1
        area = FocusArea.objects.create(**values, part=part, position=position)
        record(by=by, verb="focus_area.added", target=area, new=logged_values(area, values))
        touch(plan)
    return area


def change_focus_area(
    *, area: FocusArea, values: dict[str, Any], expected_version: int, by: User
) -> FocusArea:
    """Change a focus area's own fields. Raises ``Conflict`` and ``PlanIsFrozen``."""
    return save_row(
        row=area,
        values=values,
        expected_version=expected_version,
        plan_id=area.part.plan_id,
        by=by,
        verb="focus_area.changed",
    )


def step_focus_area(*, area: FocusArea, direction: str, by: User) -> None:
    """Move a focus area one place up or down in its part; its measures go with it and get new
    numbers. At the end it stays. Raises ``PlanIsFrozen``."""
    with transaction.atomic():
        plan = lock_plan(area.part.plan_id)
        order = _order(area.part_id)
        place = next(place for place, other in enumerate(order) if other.pk == area.pk)
        target = place + (1 if direction == DOWN else -1)
        if not 0 <= target < len(order):
            return
        order.insert(target, order.pop(place))
        set_places(FocusArea, order)
        renumber(area.part)
        record(
            by=by,
            verb="focus_area.moved",
            target=area,
            old={"place": place + 1},
            new={"place": target + 1},
        )
        touch(plan)


def delete_focus_area(*, area: FocusArea, by: User) -> None:
    """Take an empty focus area out of its part.

    Raises ``FocusAreaHasMeasures`` and ``PlanIsFrozen``.
    """
    with transaction.atomic():
        plan = lock_plan(area.part.plan_id)
        area = FocusArea.objects.select_related("part").get(pk=area.pk)
        if area.is_deleted:
            return
        if Measure.objects.standing().filter(focus_area=area).exists():
            raise FocusAreaHasMeasures
        old = area.position
        area.position = None
        area.version += 1
        area.save(update_fields=["position", "version"])
        set_places(FocusArea, _order(area.part_id))
        record(by=by, verb="focus_area.deleted", target=area, old={"place": old})
        touch(plan)


def restore_focus_area(*, area: FocusArea, by: User) -> None:
    """Bring a deleted focus area back, at the end of its part. Raises ``PlanIsFrozen``."""
    with transaction.atomic():
        plan = lock_plan(area.part.plan_id)
        area = FocusArea.objects.select_related("part").get(pk=area.pk)
        if not area.is_deleted:
            return
        area.position = len(_order(area.part_id)) + 1
        area.save(update_fields=["position"])
        record(by=by, verb="focus_area.restored", target=area, new={"place": area.position})
        touch(plan)


def _order(part_id: int) -> list[FocusArea]:
    return list(FocusArea.objects.filter(part=part_id, position__isnull=False).order_by("position"))
