"""Changing many measures at once: what would come of it, doing it, and undoing it once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.services import record
from plans.enums import BulkField
from plans.models import BulkChange, FocusArea, Measure, PartnerPlan
from plans.periods import shifted
from plans.services.measures import LAST, change_measure, place_measures
from plans.services.progress import lock_for_progress, set_status
from plans.services.saving import lock_plan

MOST = 1000
"""Measures in one change."""

_RESPONSIBLE = (
    "responsible_kind",
    "responsible_municipality",
    "responsible_cooperation",
    "responsible_working_group",
)
_PERIOD = ("period_unit", "starts_on", "ends_on")
_FIELDS: dict[str, tuple[str, ...]] = {
    BulkField.STATUS: ("status",),
    BulkField.RESPONSIBLE: _RESPONSIBLE,
    BulkField.FOCUS_AREA: ("focus_area",),
    BulkField.PERIOD: _PERIOD,
}


class MeasuresChanged(Exception):
    """Somebody changed measures after they were previewed; ``keys`` are theirs."""

    def __init__(self, keys: set[UUID]) -> None:
        super().__init__(f"{len(keys)} measures were changed meanwhile")
        self.keys = keys


class NothingToChange(Exception):
    """None of the measures can be changed that way, or all of them are so already."""


class AlreadyUndone(Exception):
    """A bulk change is undone once."""


@dataclass(frozen=True)
class Wish:
    """What each of the measures shall get.

    ``values`` are fields and their new values, rows as rows. For a period it may instead be
    ``quarters``, how many to move the one that each has, forwards or (negative) backwards.
    """

    what: BulkField
    values: dict[str, Any] = field(default_factory=dict)
    quarters: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a wish comes to for a measure: ``values`` to write, or the ``reason`` why not."""

    measure: Measure
    values: dict[str, Any]
    reason: str | Promise = ""


@dataclass(frozen=True)
class Undone:
    """How many measures got back what they had, and which did not: (number and title then)."""

    restored: int
    left: list[str]


def stamp(measure: Measure) -> str:
    """Return what tells whether a measure was changed since: its version, and what changes without
    one, its status and its focus area. Its number is no part of it: other measures' moves change
    that."""
    return f"{measure.version}.{measure.status}.{measure.focus_area_id}"


def outcome(measure: Measure, wish: Wish) -> Outcome:
    """Return what ``wish`` comes to for a measure as it is given. Asks the database nothing."""
    values = wish.values
    if wish.quarters:
        if measure.starts_on is None or measure.ends_on is None:
            return Outcome(measure, {}, _("It has no period to move."))
        moved = shifted(measure.starts_on, measure.ends_on, wish.quarters)
        if moved is None:
            return Outcome(measure, {}, _("Its period would leave the year of the plan."))
        values = dict(zip(("starts_on", "ends_on"), moved, strict=True))
    if all(_key(value) == _current(measure, name) for name, value in values.items()):
        return Outcome(measure, {}, _("It is so already."))
    return Outcome(measure, values)


def change_many(*, plan: PartnerPlan, wish: Wish, stamps: dict[UUID, str], by: User) -> BulkChange:
    """Give the measures named in ``stamps`` what ``wish`` says, all or none, and return the change.

    ``stamps`` are by key what ``stamp`` gave when they were previewed; those that can't be changed
    that way are left. Raises ``MeasuresChanged`` if one of them is no longer as it was previewed,
    ``NothingToChange``, ``FocusAreaIsGone`` and ``PlanIsFrozen``.
    """
    with transaction.atomic():
        _lock(plan.pk, wish.what)
        rows = {row.key: row for row in _rows(plan.pk) if row.key in stamps}
        changed = {k for k, v in stamps.items() if k not in rows or stamp(rows[k]) != v}
        if changed:
            raise MeasuresChanged(changed)
        doable = [found for row in rows.values() if not (found := outcome(row, wish)).reason]
        if not doable:
            raise NothingToChange
        old = _old_values([found.measure for found in doable], wish.what)
        _write(plan.pk, wish.what, doable, by)
        after = {row.pk: stamp(row) for row in _rows(plan.pk)}
        change = BulkChange.objects.create(
            plan=plan,
            by=by,
            what=wish.what,
            rows=[
                {
                    "measure": found.measure.pk,
                    "number": found.measure.number,
                    "title": found.measure.title,
                    "old": old[found.measure.pk],
                    "after": after[found.measure.pk],
                }
                for found in doable
            ],
        )
        _record("bulk.changed", change, change.rows, by)
    return change


def undo(*, change: BulkChange, by: User) -> Undone:
    """Give the measures of a bulk change back what they had before it.

    Those that were changed or deleted since are left as they are, and so are those whose focus area
    is gone. Raises ``AlreadyUndone`` and ``PlanIsFrozen``.
    """
    with transaction.atomic():
        _lock(change.plan_id, BulkField(change.what))
        change = BulkChange.objects.select_for_update().get(pk=change.pk)
        if change.undone_at is not None:
            raise AlreadyUndone
        rows = {row.pk: row for row in _rows(change.plan_id)}
        standing = set(
            FocusArea.objects.filter(part__plan=change.plan_id, position__isnull=False).values_list(
                "pk", flat=True
            )
        )
        untouched, left = [], []
        for item in change.rows:
            row = rows.get(item["measure"])
            area = item["old"].get("focus_area")
            if row and stamp(row) == item["after"] and (area is None or area in standing):
                untouched.append(item)
            else:
                left.append(f"{item['number']} {item['title']}")
        found = [
            Outcome(rows[item["measure"]], values)
            for item, values in zip(untouched, _read_values(untouched), strict=True)
        ]
        _write(change.plan_id, BulkField(change.what), found, by)
        change.undone_at, change.undone_by = timezone.now(), by
        change.save(update_fields=["undone_at", "undone_by"])
        _record("bulk.undone", change, untouched, by)
    return Undone(restored=len(untouched), left=left)


def _lock(plan_id: int, what: BulkField) -> None:
    if what == BulkField.STATUS:
        lock_for_progress(plan_id)
    else:
        lock_plan(plan_id)


def _rows(plan_id: int) -> Iterable[Measure]:
    return Measure.objects.in_plan(plan_id).select_related("part")


def _write(plan_id: int, what: BulkField, found: list[Outcome], by: User) -> None:
    """Write what was found, each measure through its own service."""
    if what == BulkField.FOCUS_AREA:
        places = [(o.measure, o.values["focus_area"], o.values.get("index", LAST)) for o in found]
        if places:
            places.sort(key=lambda place: place[2])  # stable
            place_measures(plan_id=plan_id, places=places, by=by)
        return
    for one in found:
        if what == BulkField.STATUS:
            set_status(measure=one.measure, status=one.values["status"], by=by)
        else:
            change_measure(
                measure=one.measure,
                values=one.values,
                expected_version=one.measure.version,
                by=by,
            )


def _old_values(measures: list[Measure], what: BulkField) -> dict[int, dict[str, Any]]:
    """Return the values that the measures have before the change, as JSON can hold them.

    Of a focus area also ``index``, the measure's place in it, so that it comes back there.
    """
    old = {
        measure.pk: {name: _current(measure, name) for name in _FIELDS[what]}
        for measure in measures
    }
    if what == BulkField.FOCUS_AREA:
        areas = {measure.focus_area_id for measure in measures}
        seen: dict[int, int] = dict.fromkeys(areas, 0)
        every = Measure.objects.standing().filter(focus_area__in=areas).order_by("position")
        for row in every:
            if row.pk in old:
                old[row.pk]["index"] = seen[row.focus_area_id]
            seen[row.focus_area_id] += 1
    return old


def _read_values(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the kept values of each as the services take them: rows, and dates as dates."""
    wanted: dict[str, set[int]] = {}
    for item in items:
        for name, value in item["old"].items():
            if name != "index" and value is not None and _field(name).is_relation:
                wanted.setdefault(name, set()).add(value)
    related: dict[str, dict[int, models.Model]] = {}
    for name, keys in wanted.items():
        model = _field(name).related_model
        assert isinstance(model, type)
        related[name] = model._default_manager.in_bulk(keys)

    def read(name: str, value: Any) -> Any:
        if name == "index" or value is None:
            return value
        return related[name][value] if name in related else _field(name).to_python(value)

    return [{name: read(name, value) for name, value in item["old"].items()} for item in items]


def _record(verb: str, change: BulkChange, items: list[dict[str, Any]], by: User) -> None:
    numbers = ", ".join(item["number"] for item in items)
    record(by=by, verb=verb, target=change.plan, new={"what": change.what, "measures": numbers})


def _field(name: str) -> "models.Field[Any, Any]":
    found = Measure._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def _current(measure: Measure, name: str) -> Any:
    return getattr(measure, _field(name).attname)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
