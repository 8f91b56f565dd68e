"""The course of a plan: the states that it goes through, and who moved it when and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from audit.models import Event
from plans.enums import PlanState
from plans.models import PartnerPlan

PASSED, CURRENT, COMING = "passed", "current", "coming"
# The way of a plan that nothing is changed in after signing.
_STRAIGHT: list[PlanState] = [state for state in PlanState if state != PlanState.AMENDING]
# And of one that is being amended: it is signed, and goes to signature once more.
_ROUND = [
    *_STRAIGHT[:-1],
    PlanState.AMENDING,
    PlanState.FOR_SIGNATURE,
    PlanState.ACTIVE,
    PlanState.CLOSED,
]


@dataclass(frozen=True)
class Move:
    """One move: from where to where, by whom and when; with the reason for going back, and the
    one for going on in spite of what was missing."""

    at: datetime
    who: str
    source: PlanState
    target: PlanState
    reason: str
    override_reason: str


@dataclass(frozen=True)
class Step:
    """A state on the plan's way: ``place`` is passed, current or coming; ``move`` is the last one
    that led into it, where one is logged."""

    state: PlanState
    place: str
    move: Move | None


def moves_of(plan: PartnerPlan) -> list[Move]:
    """Return the plan's moves, newest first. One query."""
    events = Event.objects.about(plan).filter(verb="plan.moved").select_related("actor")
    return [
        Move(
            at=event.at,
            who=str(event.actor) if event.actor else _("Lupplan itself"),
            source=PlanState(event.old["state"]),
            target=PlanState(event.new["state"]),
            reason=event.new.get("reason", ""),
            override_reason=event.new.get("override_reason", ""),
        )
        for event in events
    ]


def track(plan: PartnerPlan, moves: Iterable[Move]) -> list[Step]:
    """Return the states of the plan's way in order; ``moves`` come newest first.

    Amending is a way round that most plans never go: it is there only while the plan is in it, and
    then again signature and force, which are yet to come.
    """
    current = PlanState(plan.state)
    moves = list(moves)
    if not plan.is_being_amended:
        here = _STRAIGHT.index(current)
        return [_step(state, at, here, moves) for at, state in enumerate(_STRAIGHT)]
    here = _ROUND.index(current, _ROUND.index(PlanState.AMENDING))
    began = next((at for at, move in enumerate(moves) if move.source == PlanState.ACTIVE), -1)
    # What came before the amendment stands first; what it itself went through, behind it.
    since, before = moves[: began + 1], moves[began + 1 :]
    split = _ROUND.index(PlanState.AMENDING)
    return [
        _step(state, at, here, before if at < split else since) for at, state in enumerate(_ROUND)
    ]


def _step(state: PlanState, at: int, here: int, moves: list[Move]) -> Step:
    """Return a state as a step; ``moves`` are those that may have led into it."""
    # A move into what is yet to come is one that was taken back.
    into = next((move for move in moves if move.target == state), None) if at <= here else None
    place = PASSED if at < here else CURRENT if at == here else COMING
    return Step(state=state, place=place, move=into)
