"""How a row that people edit is saved: nobody's words are lost, and the log tells what changed."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from plans.enums import EDITABLE_STATES
from plans.models import PartnerPlan
from plans.models.fields import Edited

E = TypeVar("E", bound=Edited)


class PlanIsFrozen(Exception):
    """The plan has gone on to a state in which its commitments are not changed."""


class Conflict(Exception):
    """Somebody else saved the row first.

    ``current`` is the row as it is saved now, ``differing`` the fields in which it differs from
    what this saver wanted.
    """

    def __init__(self, current: Edited, differing: list[str]) -> None:
        super().__init__(f"{current._meta.label} {current.pk} was saved by somebody else")
        self.current = current
        self.differing = differing


def lock_plan(plan_id: int, states: Collection[str] = EDITABLE_STATES) -> PartnerPlan:
    """Return the plan, held against other writers until the transaction ends.

    Every write of a plan's commitments goes through here, so writers of one plan queue up. Raises
    ``PlanIsFrozen`` where the plan's state allows no such write: where it is none of ``states``.
    """
    plan = PartnerPlan.objects.select_for_update().get(pk=plan_id)
    if plan.state not in states:
        raise PlanIsFrozen
    return plan


def touch(plan: PartnerPlan) -> None:
    """Note that something in the plan changed now."""
    PartnerPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now())


def save_row(
    *, row: E, values: dict[str, Any], expected_version: int, plan_id: int, by: User, verb: str
) -> E:
    """Write ``values`` to a row and return it as saved.

    ``values`` may hold many-to-many fields too. A save that changes nothing writes nothing. Raises
    ``Conflict`` if the row is no longer at ``expected_version`` and differs from ``values``, and
    ``PlanIsFrozen``.
    """
    with transaction.atomic():
        plan = lock_plan(plan_id)
        current, changed = write_row(
            row=row, values=values, expected_version=expected_version, by=by, verb=verb
        )
        if changed:
            touch(plan)
        return current


def write_row(
    *, row: E, values: dict[str, Any], expected_version: int, by: User, verb: str
) -> tuple[E, bool]:
    """Do what ``save_row`` does, for a caller that holds the row against other writers in its own
    way. Returns the row as saved, and whether anything changed. Raises ``Conflict``."""
    current = type(row)._default_manager.get(pk=row.pk)
    old = {name: _saved(current, name) for name in values}
    new = {name: _wanted(current, name, value) for name, value in values.items()}
    differing = [name for name in values if new[name] != old[name]]
    if not differing:
        return current, False
    if current.version != expected_version:
        raise Conflict(current, differing)
    for name in differing:
        if not _is_many(current, name):
            setattr(current, name, values[name])
    current.version += 1
    current.save()
    for name in differing:
        if _is_many(current, name):
            getattr(current, name).set(values[name])
    record(
        by=by,
        verb=verb,
        target=current,
        old={name: _logged(old[name]) for name in differing},
        new={name: _logged(new[name]) for name in differing},
    )
    return current, True


def logged_values(row: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """Return ``values`` of a row as the audit log keeps them: rows by their keys, sets in order."""
    return {name: _logged(_wanted(row, name, value)) for name, value in values.items()}


def saved_values(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Return fields of a row as it is, in the form of ``logged_values``."""
    return {name: _logged(_saved(row, name)) for name in names}


def _is_many(row: models.Model, name: str) -> bool:
    return bool(row._meta.get_field(name).many_to_many)


def _saved(row: models.Model, name: str) -> Any:
    """Return a field's saved value, as ``_wanted`` gives a new one."""
    if _is_many(row, name):
        return frozenset(getattr(row, name).values_list("pk", flat=True))
    field = row._meta.get_field(name)
    return getattr(row, field.attname if isinstance(field, models.Field) else name)


def _wanted(row: models.Model, name: str, value: Any) -> Any:
    """Return a new value of a field in a form that can be compared: keys in place of rows."""
    if _is_many(row, name):
        return frozenset(item.pk for item in value)
    return value.pk if isinstance(value, models.Model) else value


def _logged(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value
