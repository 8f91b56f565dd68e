"""What the county's editor does with a contribution: consider it, take it in, decline it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from plans.enums import ANSWERED_STATES, UNSIGNED_STATES, ContributionState, UseExtent
from plans.models import Contribution, ContributionArea, ContributionUse, FocusArea, Measure
from plans.notices import INPUT_ANSWERED
from plans.services.measures import add_measure
from plans.services.rounds import people_of
from plans.services.saving import Conflict, lock_plan, touch
from plans.services.telling import params_of, tell_of_plan
from plans.urls_for import contribution_url


class LeadsNowhere(Exception):
    """What is taken into the plan must have led to a measure or a focus area that is in it."""


class NoReason(Exception):
    """Whoever declines says why."""


class IsWithdrawn(Exception):
    """The sender took the contribution back meanwhile."""


class OfAnotherPlan(Exception):
    """The measure or focus area is not in the contribution's plan, or was deleted."""


def consider(*, contribution: Contribution, by: User) -> Contribution:
    """Take a contribution under consideration, also one that was answered before: its answer's
    text stays to be written on. Raises ``IsWithdrawn`` and ``PlanIsFrozen``."""
    with transaction.atomic():
        plan = lock_plan(contribution.plan_id, UNSIGNED_STATES)
        current = _current(contribution)
        old = current.state
        if old == ContributionState.UNDER_CONSIDERATION:
            return current
        current.state = ContributionState.UNDER_CONSIDERATION
        current.answered_by = current.answered_at = None
        _save(current)
        new = {"state": current.state}
        record(by=by, verb="contribution.considered", target=current, old={"state": old}, new=new)
        if old == ContributionState.ACCEPTED:
            touch(plan)
    return current


def answer_contribution(
    *,
    contribution: Contribution,
    accepted: bool,
    answer: str,
    expected_version: int,
    by: User,
    measure: Measure | None = None,
    extent: UseExtent = UseExtent.WHOLE,
    note: str = "",
    focus_area: FocusArea | None = None,
) -> Contribution:
    """Answer a contribution, tell its sender, and return it as saved.

    One that is accepted is connected with ``measure`` and ``focus_area`` where they are given, and
    must be so with one of either; one that is declined leads to nothing any more. The same answer
    again writes nothing. Raises ``Conflict`` if it was changed or answered meanwhile,
    ``LeadsNowhere``, ``NoReason``, ``OfAnotherPlan``, ``IsWithdrawn`` and ``PlanIsFrozen``.
    """
    state = ContributionState.ACCEPTED if accepted else ContributionState.DECLINED
    if not accepted and not answer.strip():
        raise NoReason
    with transaction.atomic():
        plan = lock_plan(contribution.plan_id, UNSIGNED_STATES)
        current = _current(contribution)
        wanted = {"state": state, "answer": answer}
        differing = [name for name in wanted if getattr(current, name) != wanted[name]]
        if differing and current.version != expected_version:
            raise Conflict(current, differing)
        connected = False
        if accepted and measure is not None:
            connected |= _use(current, measure, extent, note, by)
        if accepted and focus_area is not None:
            connected |= _rest(current, focus_area, by)
        if not accepted:
            take_apart(current, current.uses.all(), current.areas.all(), by)
        current = _current(contribution)
        if accepted and not (current.standing_uses or current.standing_areas):
            raise LeadsNowhere
        if not differing and not connected:
            return current
        old = {name: getattr(current, name) for name in differing}
        current.state, current.answer = state, answer
        current.answered_by, current.answered_at = by, timezone.now()
        _save(current)
        new = {name: wanted[name] for name in differing}
        record(by=by, verb="contribution.answered", target=current, old=old, new=new)
        touch(plan)
        _tell_sender(current, by)
    return current


def connect_measure(
    *,
    contribution: Contribution,
    measure: Measure,
    by: User,
    extent: UseExtent = UseExtent.WHOLE,
    note: str = "",
) -> None:
    """Note that a contribution led to a measure, or change how much of it did.

    Raises ``OfAnotherPlan``, ``IsWithdrawn`` and ``PlanIsFrozen``.
    """
    with transaction.atomic():
        plan = lock_plan(contribution.plan_id, UNSIGNED_STATES)
        if _use(_current(contribution), measure, extent, note, by):
            touch(plan)


def connect_area(*, contribution: Contribution, focus_area: FocusArea, by: User) -> None:
    """Note that a focus area rests on a contribution. Raises as ``connect_measure``."""
    with transaction.atomic():
        plan = lock_plan(contribution.plan_id, UNSIGNED_STATES)
        if _rest(_current(contribution), focus_area, by):
            touch(plan)


def take_apart(
    contribution: Contribution,
    uses: Iterable[ContributionUse],
    areas: Iterable[ContributionArea],
    by: User,
) -> bool:
    """Take away what a contribution led to; return whether there was anything. The caller holds the
    plan's lock."""
    gone = [
        *((use, {"measure": _named(use.measure)}) for use in uses),
        *((link, {"focus_area": str(link.focus_area)}) for link in areas),
    ]
    for row, old in gone:
        row.delete()
        record(by=by, verb="contribution.disconnected", target=contribution, old=old)
    return bool(gone)


def disconnect(
    *,
    contribution: Contribution,
    by: User,
    measure: Measure | None = None,
    focus_area: FocusArea | None = None,
) -> None:
    """Take back that a contribution led to a measure or a focus area.

    Raises ``LeadsNowhere`` where it is the last of one that was accepted, and ``PlanIsFrozen``.
    """
    with transaction.atomic():
        plan = lock_plan(contribution.plan_id, UNSIGNED_STATES)
        current = _current(contribution)
        uses = current.uses.filter(measure=measure).select_related("measure__part")
        areas = current.areas.filter(focus_area=focus_area).select_related("focus_area")
        if not take_apart(current, uses, areas, by):
            return
        if _current(contribution).lost_answer:
            raise LeadsNowhere
        touch(plan)


def measure_from(
    *, contribution: Contribution, focus_area: FocusArea, kind: str, by: User
) -> Measure:
    """Make a measure of a contribution at the end of a focus area, connect the two and return it.

    It begins with the contribution's title, need and benefit, and with its sender as the one that
    it is for. Raises ``IsWithdrawn``, ``OfAnotherPlan``, ``FocusAreaIsGone``, ``PlanIsFrozen``.
    """
    with transaction.atomic():
        lock_plan(contribution.plan_id, UNSIGNED_STATES)
        current = _current(contribution)
        if focus_area.part.plan_id != current.plan_id:
            raise OfAnotherPlan
        values: dict[str, Any] = {
            "title": current.title,
            "kind": kind,
            "description": current.need,
            "purpose": current.benefit,
            "language": current.language,
        }
        if current.municipality is not None:
            values["municipalities"] = [current.municipality]
        if current.cooperation is not None:
            values["cooperations"] = [current.cooperation]
        measure = add_measure(focus_area=focus_area, values=values, by=by)
        _use(current, measure, UseExtent.WHOLE, "", by)
    return measure


def _current(contribution: Contribution) -> Contribution:
    rows = Contribution.objects.with_sender().with_plan().with_results()
    current = rows.get(pk=contribution.pk)
    if current.is_draft:
        raise IsWithdrawn
    return current


def _save(contribution: Contribution) -> None:
    contribution.version += 1
    contribution.changed_at = timezone.now()
    contribution.save()


def _use(
    contribution: Contribution, measure: Measure, extent: UseExtent, note: str, by: User
) -> bool:
    """Connect with a measure; return whether anything changed."""
    found = Measure.objects.standing().filter(part__plan=contribution.plan_id)
    measure_now = found.select_related("part").filter(pk=measure.pk).first()
    if measure_now is None:
        raise OfAnotherPlan
    use = contribution.uses.filter(measure=measure_now).first()
    if use is not None and (use.extent, use.note) == (extent, note):
        return False
    contribution.uses.update_or_create(
        measure=measure_now, defaults={"extent": extent, "note": note}
    )
    new = {"measure": _named(measure_now), "extent": str(UseExtent(extent).value), "note": note}
    record(by=by, verb="contribution.connected", target=contribution, new=new)
    return True


def _rest(contribution: Contribution, focus_area: FocusArea, by: User) -> bool:
    """Connect with a focus area; return whether anything changed."""
    standing = FocusArea.objects.filter(part__plan=contribution.plan_id, position__isnull=False)
    if not standing.filter(pk=focus_area.pk).exists():
        raise OfAnotherPlan
    _row, made = contribution.areas.get_or_create(focus_area=focus_area)
    if made:
        new = {"focus_area": str(focus_area)}
        record(by=by, verb="contribution.connected", target=contribution, new=new)
    return made


def _named(measure: Measure) -> str:
    return f"{measure.number} {measure.title}".strip()


def _tell_sender(contribution: Contribution, by: User) -> None:
    assert contribution.state in ANSWERED_STATES
    tell_of_plan(
        contribution.plan,
        people_of([contribution.party]),
        INPUT_ANSWERED,
        path=contribution_url(contribution.plan, contribution),
        params=params_of(contribution),
        by=by,
    )
