"""Writing the memo to the county's politicians."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from plans.enums import PlanState
from plans.models import Memo, MemoSection, PartnerPlan
from plans.models.fields import Edited
from plans.services.saving import Conflict, PlanIsFrozen, logged_values, saved_values


def save_memo(
    *, plan: PartnerPlan, kind: str, values: dict[str, Any], expected_version: int, by: User
) -> Memo:
    """Write the case that a memo belongs to.

    ``expected_version`` is 0 where nobody had written anything. The memo is no commitment of the
    plan, so it may be written until the plan is closed; then ``PlanIsFrozen``. Raises ``Conflict``
    where somebody else saved it first and it differs from ``values``.
    """
    with transaction.atomic():
        _hold(plan)
        row = Memo.objects.filter(plan=plan, kind=kind).first() or Memo(plan=plan, kind=kind)
        _write(row, values, {}, expected_version, by, "memo.changed")
    return row


def save_section(
    *,
    plan: PartnerPlan,
    kind: str,
    key: str,
    values: dict[str, Any],
    based_on: str | None,
    expected_version: int,
    by: User,
    verb: str = "memo.section_changed",
) -> MemoSection:
    """Write a section of a memo; what is empty in ``values`` follows the plan.

    ``based_on`` is the text that follows from the plan, which the writer had before them; None
    where the plan has changed since they opened the form: what was written from stays as it was.
    Raises ``Conflict`` and ``PlanIsFrozen`` as ``save_memo``.
    """
    with transaction.atomic():
        _hold(plan)
        row = MemoSection.objects.filter(plan=plan, kind=kind, key=key).first()
        row = row or MemoSection(plan=plan, kind=kind, key=key)
        told = {} if based_on is None else {"based_on": based_on}
        _write(row, values, told, expected_version, by, verb)
    return row


def reset_section(
    *, plan: PartnerPlan, kind: str, key: str, expected_version: int, by: User
) -> None:
    """Let a section follow the plan again: its own heading and text are thrown away, and stand in
    the log. Raises ``Conflict`` and ``PlanIsFrozen`` as ``save_memo``."""
    save_section(
        plan=plan,
        kind=kind,
        key=key,
        values={"heading": "", "body": ""},
        based_on="",
        expected_version=expected_version,
        by=by,
        verb="memo.section_reset",
    )


def _hold(plan: PartnerPlan) -> None:
    """Let one person write a plan's memos at a time. Raises ``PlanIsFrozen`` once it is closed."""
    held = PartnerPlan.objects.select_for_update().get(pk=plan.pk)
    if held.state == PlanState.CLOSED:
        raise PlanIsFrozen


def _write(
    row: Memo | MemoSection,
    values: dict[str, Any],
    told: dict[str, Any],
    expected_version: int,
    by: User,
    verb: str,
) -> None:
    """Write ``values`` to a row that is held, and ``told``, which nobody typed, with them."""
    new: Edited = row
    old = saved_values(row, values)
    wanted = logged_values(row, values)
    differing = [name for name in values if wanted[name] != old[name]]
    is_new = row.pk is None
    if not differing and all(getattr(row, name) == value for name, value in told.items()):
        return
    if differing and not is_new and row.version != expected_version:
        raise Conflict(new, differing)
    if not differing and (is_new or row.version != expected_version):
        return
    for name, value in {**values, **told}.items():
        setattr(row, name, value)
    row.changed_at = timezone.now()
    if not is_new:
        row.version += 1
    row.save()
    if differing:
        record(
            by=by,
            verb=verb,
            target=row,
            old={} if is_new else {name: old[name] for name in differing},
            new={name: wanted[name] for name in differing},
        )
