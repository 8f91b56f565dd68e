"""Changes of measures that LUP's adviser proposes and the county's editor answers."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.services import record
from plans.enums import NEGOTIATING_STATES, ProposalState
from plans.models import Measure, PartnerPlan, Proposal
from plans.models.proposal import ProposalQuerySet
from plans.notices import PROPOSAL_ACCEPTED, PROPOSAL_DECLINED, PROPOSED
from plans.services.measures import change_measure
from plans.services.proposed import as_json, fields_of_item, item_of, loaded, saved
from plans.services.saving import Conflict, lock_plan
from plans.services.telling import tell_of_plan
from plans.urls_for import proposal_url


class NothingProposed(Exception):
    """The proposal says what the measure says already, or nothing of it was chosen."""


class MeasureIsGone(Exception):
    """The measure was deleted."""


class ProposalIsAnswered(Exception):
    """The proposal was accepted, declined or withdrawn already."""


def open_proposals(plan: PartnerPlan) -> ProposalQuerySet:
    """Return the plan's proposals that wait for an answer; none about deleted measures."""
    return Proposal.objects.in_plan(plan).open()


def make_proposal(
    *, measure: Measure, values: dict[str, Any], reason: str, expected_version: int, by: User
) -> Proposal:
    """Propose ``values`` (as ``change_measure`` takes them) for a measure; return the proposal.

    It keeps the fields that differ alone, and takes the place of an open one of the same adviser.
    The county's editors are asked. Raises ``NothingProposed``, ``MeasureIsGone``, ``Conflict`` if
    the measure is no longer at ``expected_version``, and ``PlanIsFrozen`` where nothing is
    negotiated.
    """
    with transaction.atomic():
        lock_plan(measure.part.plan_id, NEGOTIATING_STATES)
        current = Measure.objects.select_related("part").get(pk=measure.pk)
        if current.is_deleted:
            raise MeasureIsGone
        wanted, base = as_json(values), saved(current, values)
        differing = [name for name in values if wanted[name] != base[name]]
        if not differing:
            raise NothingProposed
        if current.version != expected_version:
            raise Conflict(current, differing)
        # Whole items, also of what ``values`` leaves out.
        kept = saved(current, _whole(differing))
        for former in Proposal.objects.filter(
            measure=current, made_by=by, state=ProposalState.OPEN
        ):
            _answer(former, ProposalState.WITHDRAWN, by=by)
        proposal = Proposal.objects.create(
            measure=current,
            made_by=by,
            base_version=current.version,
            base=kept,
            values={name: wanted.get(name, value) for name, value in kept.items()},
            reason=reason,
        )
        record(
            by=by,
            verb="proposal.made",
            target=proposal,
            old={name: base[name] for name in differing},
            new={**{name: wanted[name] for name in differing}, "reason": reason},
        )
        plan = _plan_of(current)
        editors = User.objects.holding(Role.COUNTY_EDITOR, county=plan.agreement.county_id)
        _tell(editors, PROPOSED, plan, proposal, by)
    return proposal


def accept_proposal(
    *,
    proposal: Proposal,
    items: Collection[str],
    expected_version: int,
    by: User,
    answer: str = "",
) -> Measure:
    """Write the chosen ``items`` of a proposal to its measure; return the measure as saved.

    The measure's history has it as a change by the editor, and the proposal beside it. Raises
    ``Conflict`` if the measure is no longer at the version that the editor saw, ``NothingProposed``
    if nothing is chosen, ``ProposalIsAnswered``, ``MeasureIsGone``, ``PartyIsGone`` and
    ``PlanIsFrozen``.
    """
    with transaction.atomic():
        proposal = _open(proposal)
        measure = proposal.measure
        if measure.is_deleted:
            raise MeasureIsGone
        chosen = [
            name for item in items for name in fields_of_item(item) if name in proposal.values
        ]
        if not chosen:
            raise NothingProposed
        if measure.version != expected_version:
            raise Conflict(measure, chosen)
        values = loaded({name: proposal.values[name] for name in chosen})
        measure = change_measure(
            measure=measure, values=values, expected_version=expected_version, by=by
        )
        proposal.taken = chosen
        _answer(proposal, ProposalState.ACCEPTED, by=by, answer=answer, taken=chosen)
        _tell([proposal.made_by], PROPOSAL_ACCEPTED, _plan_of(measure), proposal, by)
    return measure


def decline_proposal(*, proposal: Proposal, answer: str, by: User) -> None:
    """Say no to a proposal, with the reason why. Raises ``ProposalIsAnswered``, ``PlanIsFrozen``,
    and ``IntegrityError`` without a reason."""
    with transaction.atomic():
        proposal = _open(proposal)
        _answer(proposal, ProposalState.DECLINED, by=by, answer=answer)
        _tell([proposal.made_by], PROPOSAL_DECLINED, _plan_of(proposal.measure), proposal, by)


def withdraw_proposal(*, proposal: Proposal, by: User) -> None:
    """Take back one's own proposal. Raises ``ProposalIsAnswered`` and ``PlanIsFrozen``."""
    with transaction.atomic():
        _answer(_open(proposal), ProposalState.WITHDRAWN, by=by)


def _whole(names: list[str]) -> list[str]:
    """Return the fields of every item that one of ``names`` belongs to."""
    items = dict.fromkeys(item_of(name) for name in names)
    return [name for item in items for name in fields_of_item(item)]


def _open(proposal: Proposal) -> Proposal:
    """Return the proposal as it is now, the plan held against other writers."""
    lock_plan(proposal.measure.part.plan_id)
    current = Proposal.objects.with_people().get(pk=proposal.pk)
    if not current.is_open:
        raise ProposalIsAnswered
    return current


def _answer(
    proposal: Proposal,
    state: ProposalState,
    *,
    by: User,
    answer: str = "",
    taken: list[str] | None = None,
) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.answered_by, proposal.answered_at = by, timezone.now()
    proposal.save()
    told = {"taken": taken or [], "answer": answer}
    record(
        by=by,
        verb=f"proposal.{state.lower()}",
        target=proposal,
        new={name: value for name, value in told.items() if value},
    )


def _plan_of(measure: Measure) -> PartnerPlan:
    return PartnerPlan.objects.with_parties().get(pk=measure.part.plan_id)


def _tell(users: Any, kind: Any, plan: PartnerPlan, proposal: Proposal, by: User) -> None:
    params = {"who": str(by), "about": str(proposal)}
    tell_of_plan(plan, users, kind, path=proposal_url(plan, proposal), params=params, by=by)
