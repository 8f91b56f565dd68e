"""What a sender does with a contribution: write, send, change, withdraw."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.notices import NoticeKind
from audit.services import record
from plans import rules
from plans.enums import ContributionState, PlanState
from plans.models import Contribution, PartnerPlan
from plans.models.round import Party, party_fields, party_name
from plans.notices import INPUT_CHANGED, INPUT_SENT, INPUT_WITHDRAWN
from plans.services import rounds
from plans.services.answers import take_apart
from plans.services.saving import Conflict, PlanIsFrozen, lock_plan, touch
from plans.services.telling import params_of, tell_of_plan
from plans.urls_for import contribution_url, inbox_url

FIELDS = ("title", "area", "need", "benefit", "participants", "language")


class RoundIsClosed(Exception):
    """The deadline has passed, or the plan takes no input in its state."""


class IsAnswered(Exception):
    """The contribution has got its answer: what it says is no longer changed."""


class NotComplete(Exception):
    """The contribution lacks what it needs to be sent."""


def add_contribution(
    *, plan: PartnerPlan, sender: Party, values: dict[str, Any], by: User, on_behalf: bool = False
) -> Contribution:
    """Make a draft and return it; also after the deadline, so that nothing typed is lost.

    Raises ``PlanIsFrozen`` where the plan is in neither consultation nor negotiation.
    """
    with transaction.atomic():
        _lock(plan.pk)
        contribution = Contribution.objects.create(
            **values, **party_fields(sender), plan=plan, written_by=by, on_behalf=on_behalf
        )
        record(
            by=by,
            verb="contribution.drafted",
            target=contribution,
            new={**values, "sender": party_name(sender)},
        )
    return contribution


def change_contribution(
    *,
    contribution: Contribution,
    values: dict[str, Any],
    expected_version: int,
    by: User,
    late: bool = False,
) -> Contribution:
    """Change a contribution and return it as saved. One that was sent is thereby sent anew.

    ``late`` lets the county's editor go past the deadline. Raises ``Conflict``, ``IsAnswered``,
    ``NotComplete`` and ``RoundIsClosed`` for one that was sent, and ``PlanIsFrozen``.
    """
    with transaction.atomic():
        plan, current = locked(contribution)
        differing = [name for name in values if getattr(current, name) != values[name]]
        if not differing:
            return current
        if current.version != expected_version:
            raise Conflict(current, differing)
        if not current.is_draft:
            check_open(plan, late)
        old = {name: getattr(current, name) for name in differing}
        for name in differing:
            setattr(current, name, values[name])
        new = {name: values[name] for name in differing}
        current.version += 1
        if current.is_draft:
            _save(current)
            record(by=by, verb="contribution.drafted", target=current, old=old, new=new)
        else:
            _mark_sent(current)
            record(by=by, verb="contribution.changed", target=current, old=old, new=new)
            _tell_editors(current, INPUT_CHANGED, by)
    return current


def send_contribution(*, contribution: Contribution, by: User, late: bool = False) -> Contribution:
    """Send a draft to the county and return it; one that was sent already stays as it is.

    Raises ``RoundIsClosed`` (the draft is kept), ``NotComplete``, ``PlanIsFrozen``.
    """
    with transaction.atomic():
        plan = _lock(contribution.plan_id)
        current = _saved(contribution)
        if not current.is_draft:
            return current
        check_open(plan, late)
        current.version += 1
        _mark_sent(current)
        new = {name: getattr(current, name) for name in FIELDS}
        new |= {"sender": current.party_name, "times_sent": current.times_sent}
        record(by=by, verb="contribution.sent", target=current, new=new)
        _tell_editors(current, INPUT_SENT, by)
    return current


def withdraw_contribution(
    *, contribution: Contribution, by: User, late: bool = False
) -> Contribution:
    """Make a draft again of what was sent, and return it.

    Raises ``IsAnswered``, ``RoundIsClosed`` and ``PlanIsFrozen``.
    """
    with transaction.atomic():
        plan, current = locked(contribution)
        if current.is_draft:
            return current
        check_open(plan, late)
        old = {"state": current.state}
        # What the editor connected with it goes: it was about something that is no longer said.
        uses = current.uses.select_related("measure__part")
        if take_apart(current, uses, current.areas.select_related("focus_area"), by):
            touch(plan)
        current.state, current.sent_at = ContributionState.DRAFT, None
        current.version += 1
        _save(current)
        record(
            by=by,
            verb="contribution.withdrawn",
            target=current,
            old=old,
            new={"state": current.state},
        )
        _tell_editors(current, INPUT_WITHDRAWN, by, withdrawn=True)
    return current


def _lock(plan_id: int) -> PartnerPlan:
    """Return the plan, held; its state takes contributions. Raises ``PlanIsFrozen``."""
    plan = lock_plan(plan_id)
    if plan.state not in (PlanState.CONSULTATION, PlanState.NEGOTIATION):
        raise PlanIsFrozen
    return plan


def locked(contribution: Contribution) -> tuple[PartnerPlan, Contribution]:
    """Return the plan, held against other writers, and the contribution as it is saved now.

    Raises ``PlanIsFrozen`` and ``IsAnswered``.
    """
    plan = _lock(contribution.plan_id)
    current = _saved(contribution)
    if current.is_answered:
        raise IsAnswered
    return plan, current


def check_open(plan: PartnerPlan, late: bool) -> None:
    """Refuse what comes after the deadline, unless ``late`` lets it. Raises ``RoundIsClosed``."""
    if not late and not rules.takes_input(plan, rounds.round_of(plan), rounds.today()):
        raise RoundIsClosed


def _saved(contribution: Contribution) -> Contribution:
    return Contribution.objects.with_sender().with_plan().get(pk=contribution.pk)


def _save(contribution: Contribution) -> None:
    contribution.changed_at = timezone.now()
    contribution.save()


def _mark_sent(contribution: Contribution) -> None:
    """Save as sent now. Raises ``NotComplete``."""
    if not all(getattr(contribution, name).strip() for name in FIELDS):
        raise NotComplete
    contribution.state = ContributionState.RECEIVED
    contribution.sent_at = timezone.now()
    contribution.times_sent += 1
    _save(contribution)


def _tell_editors(
    contribution: Contribution, kind: NoticeKind, by: User, *, withdrawn: bool = False
) -> None:
    plan = contribution.plan
    # The page of one that was withdrawn is no longer the editor's to read.
    path = inbox_url(plan) if withdrawn else contribution_url(plan, contribution)
    tell_of_plan(
        plan,
        User.objects.holding(Role.COUNTY_EDITOR, county=plan.agreement.county_id),
        kind,
        path=path,
        params=params_of(contribution),
        by=by,
    )
