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

    ``AMENDING`` is a way round that most plans never go: it is there only while the plan is in it.
    """
    current = PlanState(plan.state)
    states = list(PlanState) if current == PlanState.AMENDING else _STRAIGHT
    here = states.index(current)
    into: dict[PlanState, Move] = {}
    for move in moves:
        into.setdefault(move.target, move)
    return [
        Step(
            state=state,
            place=PASSED if place < here else CURRENT if place == here else COMING,
            # A move into what is yet to come is one that was taken back.
            move=into.get(state) if place <= here else None,
        )
        for place, state in enumerate(states)
    ]
