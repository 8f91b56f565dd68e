"""Adding, changing, moving, deleting and bringing back measures."""

from typing import Any

from django.db import transaction

from accounts.models import User
from audit.services import record
from plans.models import FocusArea, Measure
from plans.services.focus_areas import restore_focus_area
from plans.services.numbering import ASIDE, DOWN, UP, renumber
from plans.services.saving import lock_plan, logged_values, save_row, touch

LAST = 1_000_000  # an index beyond any measure: at the end
MANY = ("municipalities", "cooperations")


class FocusAreaIsGone(Exception):
    """The focus area that a measure was to go to has been deleted."""


def add_measure(*, focus_area: FocusArea, values: dict[str, Any], by: User) -> Measure:
    """Add a measure at the end of a focus area and return it, numbered.

    One that ``continues`` a measure of an earlier year joins its chain. Raises ``PlanIsFrozen`` and
    ``FocusAreaIsGone``.
    """
    with transaction.atomic():
        plan = lock_plan(focus_area.part.plan_id)
        area = _standing_area(focus_area.pk)
        own = {name: value for name, value in values.items() if name not in MANY}
        own["focus_area"] = area
        if own.get("continues"):
            own["chain"] = own["continues"].chain
        order = _order(area.part_id)
        measure = Measure.objects.create(
            **own, part_id=area.part_id, position=len(order) + ASIDE // 2
        )
        for name in MANY:
            getattr(measure, name).set(values.get(name, ()))
        renumber(area.part, [*order, measure])
        record(by=by, verb="measure.added", target=measure, new=logged_values(measure, values))
        touch(plan)
    return measure


def change_measure(
    *, measure: Measure, values: dict[str, Any], expected_version: int, by: User
) -> Measure:
    """Change a measure's own fields, return it as saved. Raises ``Conflict``, ``PlanIsFrozen``.

    One that was to be rewritten no longer is when its texts have been saved.
    """
    with transaction.atomic():
        saved = save_row(
            row=measure,
            values=values,
            expected_version=expected_version,
            plan_id=measure.part.plan_id,
            by=by,
            verb="measure.changed",
        )
        if saved.rewrite_note and "description" in values:
            note, saved.rewrite_note = saved.rewrite_note, ""
            saved.save(update_fields=["rewrite_note"])
            record(
                by=by,
                verb="measure.rewritten",
                target=saved,
                old={"rewrite_note": note},
                new={"rewrite_note": ""},
            )
    return saved


def place_measure(*, measure: Measure, focus_area: FocusArea, index: int, by: User) -> Measure:
    """Put a measure at a place in a focus area of its plan, in either part, and renumber.

    ``index`` counts the area's other measures that shall stand before it, from 0; one that is too
    large means last. A deleted measure is brought back by it. Raises ``PlanIsFrozen`` and
    ``FocusAreaIsGone``.
    """
    with transaction.atomic():
        plan = lock_plan(focus_area.part.plan_id)
        area = _standing_area(focus_area.pk)
        measure = Measure.objects.select_related("part").get(pk=measure.pk, part__plan=plan)
        old_part, old, left = measure.part, measure.number, measure.focus_area_id
        order = [other for other in _order(area.part_id) if other.pk != measure.pk]
        inside = [other for other in order if other.focus_area_id == area.pk]
        place = order.index(inside[index]) if index < len(inside) else len(order)
        # Beyond every place in use, until it is numbered in its new part.
        measure.position = ASIDE * 2
        measure.focus_area = area
        measure.part = area.part
        measure.save(update_fields=["position", "focus_area", "part"])
        order.insert(place, measure)
        renumber(area.part, order)
        if old_part.pk != area.part_id:
            renumber(old_part)
        # The last one of an area can become the first one of the next without a new number.
        if measure.number != old or area.pk != left:
            verb = "measure.moved" if old else "measure.restored"
            record(
                by=by,
                verb=verb,
                target=measure,
                old={"number": old, "focus_area": left},
                new={"number": measure.number, "focus_area": area.pk},
            )
            touch(plan)
    return measure


def place_measures(*, plan_id: int, places: list[tuple[Measure, FocusArea, int]], by: User) -> None:
    """Put many measures at places in focus areas of their plan, and renumber once.

    Each is (measure, focus area, index) as for ``place_measure``; they are put in that order, so
    those of one area come with rising indexes. Deleted measures are left. Raises ``PlanIsFrozen``
    and ``FocusAreaIsGone``.
    """
    with transaction.atomic():
        plan = lock_plan(plan_id)
        areas = {pk: _standing_area(pk) for pk in {area.pk for _measure, area, _index in places}}
        rows = list(Measure.objects.in_plan(plan.pk).select_related("part"))
        by_pk = {row.pk: row for row in rows}
        moving = [(by_pk[m.pk], areas[a.pk], index) for m, a, index in places if m.pk in by_pk]
        old = {row.pk: {"number": row.number, "focus_area": row.focus_area_id} for row in rows}
        moved = {row.pk for row, _area, _index in moving}
        parts = {row.part_id: row.part for row, _area, _index in moving}
        parts.update({area.part_id: area.part for area in areas.values()})
        orders = {
            pk: [row for row in rows if row.part_id == pk and row.pk not in moved] for pk in parts
        }
        for aside, (row, area, _index) in enumerate(moving):
            # Beyond every place in use, until it is numbered in its new part.
            row.position, row.focus_area, row.part = ASIDE * 2 + aside, area, area.part
            row.save(update_fields=["position", "focus_area", "part"])
        for row, area, index in moving:
            order = orders[area.part_id]
            inside = [other for other in order if other.focus_area_id == area.pk]
            place = order.index(inside[index]) if index < len(inside) else len(order)
            order.insert(place, row)
        for pk, part in parts.items():
            renumber(part, orders[pk])
        for row, area, _index in moving:
            new = {"number": row.number, "focus_area": area.pk}
            if new != old[row.pk]:
                record(by=by, verb="measure.moved", target=row, old=old[row.pk], new=new)
        touch(plan)


def step_measure(*, measure: Measure, direction: str, by: User) -> Measure:
    """Move a measure one place ``UP`` or ``DOWN``; past the end of its focus area it goes on into
    the next one of its part. At the very top or bottom it stays. Raises ``PlanIsFrozen``."""
    with transaction.atomic():
        lock_plan(measure.part.plan_id)
        areas = list(
            FocusArea.objects.filter(part=measure.part_id, position__isnull=False)
            .select_related("part")
            .order_by("position")
        )
        inside = [other.pk for other in _order(measure.part_id, measure.focus_area_id)]
        if measure.pk not in inside or direction not in (UP, DOWN):
            return measure
        here = next(place for place, area in enumerate(areas) if area.pk == measure.focus_area_id)
        index = inside.index(measure.pk) + (1 if direction == DOWN else -1)
        if 0 <= index < len(inside):
            return place_measure(measure=measure, focus_area=areas[here], index=index, by=by)
        if index < 0 and here > 0:
            last = len(_order(measure.part_id, areas[here - 1].pk))
            return place_measure(measure=measure, focus_area=areas[here - 1], index=last, by=by)
        if index > 0 and here + 1 < len(areas):
            return place_measure(measure=measure, focus_area=areas[here + 1], index=0, by=by)
        return measure


def delete_measure(*, measure: Measure, by: User) -> int:
    """Take a measure out of the plan and close the gap in the numbers.

    The row stays, so that ``place_measure`` can bring it back. Returns the index in its focus area
    that it had, from 0. Raises ``PlanIsFrozen``; deleting one twice does nothing.
    """
    with transaction.atomic():
        plan = lock_plan(measure.part.plan_id)
        measure = Measure.objects.select_related("part").get(pk=measure.pk)
        if measure.is_deleted:
            return 0
        inside = [other.pk for other in _order(measure.part_id, measure.focus_area_id)]
        number = measure.number
        measure.position = None
        measure.version += 1
        measure.save(update_fields=["position", "version"])
        renumber(measure.part)
        record(by=by, verb="measure.deleted", target=measure, old={"number": number})
        touch(plan)
        return inside.index(measure.pk)


def restore_measure(*, measure: Measure, index: int, by: User) -> Measure:
    """Bring a deleted measure back to its focus area, at ``index`` as for ``place_measure``.

    A focus area that was deleted meanwhile comes back with it. Raises ``PlanIsFrozen``; one that
    stands already is left where it is.
    """
    with transaction.atomic():
        lock_plan(measure.part.plan_id)
        measure = Measure.objects.select_related("focus_area__part").get(pk=measure.pk)
        if not measure.is_deleted:
            return measure
        area = measure.focus_area
        if area.is_deleted:
            restore_focus_area(area=area, by=by)
        return place_measure(measure=measure, focus_area=area, index=index, by=by)


def _order(part_id: int, focus_area_id: int | None = None) -> list[Measure]:
    """Return a part's standing measures, or those of one of its focus areas, by their numbers."""
    measures = Measure.objects.standing().filter(part=part_id).order_by("position")
    if focus_area_id is not None:
        measures = measures.filter(focus_area=focus_area_id)
    return list(measures)


def _standing_area(pk: int) -> FocusArea:
    area = FocusArea.objects.select_related("part").filter(pk=pk, position__isnull=False).first()
    if area is None:
        raise FocusAreaIsGone
    return area
