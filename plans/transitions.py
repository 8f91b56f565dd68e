"""How a plan goes from one state to the next: one table. A move that isn't in it doesn't exist.

What must hold before each stands in plans/services/readiness.py, the move itself in
plans/services/transitions.py (docs/adr/0006).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from plans.enums import PlanState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True)
class Transition:
    """A way from ``source`` to ``target``.

    ``who`` are the roles that may press it, the county's for their own county; nobody where the
    system itself moves the plan. ``back`` asks for a reason. ``slug`` is its place in the address,
    empty where there is no button, and ``label`` what the button says. ``signed`` is whether the
    way is for plans that have a signed version, or for those that have none; None for both.
    """

    source: PlanState
    target: PlanState
    who: tuple[Role, ...]
    label: "StrPromise"
    slug: str = ""
    back: bool = False
    signed: bool | None = None

    @property
    def by_system(self) -> bool:
        """Whether no person moves the plan this way."""
        return not self.who

    def suits(self, *, is_signed: bool) -> bool:
        """Whether the way is for plans that have, or have not, a signed version."""
        return self.signed is None or self.signed == is_signed


_EDITOR = (Role.COUNTY_EDITOR,)

TRANSITIONS = (
    Transition(
        PlanState.DRAFT,
        PlanState.CONSULTATION,
        _EDITOR,
        _("Open the consultation"),
        slug="innspelsrunde",
    ),
    Transition(
        PlanState.CONSULTATION,
        PlanState.NEGOTIATION,
        _EDITOR,
        _("Start the negotiation"),
        slug="forhandling",
    ),
    Transition(
        PlanState.NEGOTIATION,
        PlanState.FOR_SIGNATURE,
        _EDITOR,
        _("Send to signing"),
        slug="signering",
    ),
    Transition(
        PlanState.FOR_SIGNATURE,
        PlanState.NEGOTIATION,
        (Role.COUNTY_EDITOR, Role.COUNTY_SIGNATORY, Role.LUP_SIGNATORY),
        _("Return to negotiation"),
        slug="tilbake",
        back=True,
        signed=False,
    ),
    # An amendment goes back to where it was written: the plan itself is signed and in force.
    Transition(
        PlanState.FOR_SIGNATURE,
        PlanState.AMENDING,
        (Role.COUNTY_EDITOR, Role.COUNTY_SIGNATORY, Role.LUP_SIGNATORY),
        _("Return the amendment"),
        slug="endring-tilbake",
        back=True,
        signed=True,
    ),
    # When both parties have signed.
    Transition(PlanState.FOR_SIGNATURE, PlanState.ACTIVE, (), _("Put in force")),
    Transition(
        PlanState.ACTIVE, PlanState.AMENDING, _EDITOR, _("Start an amendment"), slug="endring"
    ),
    Transition(
        PlanState.AMENDING,
        PlanState.FOR_SIGNATURE,
        _EDITOR,
        _("Send the amendment to signing"),
        slug="endring-signering",
    ),
    # The working copy becomes what is in force again.
    Transition(
        PlanState.AMENDING,
        PlanState.ACTIVE,
        _EDITOR,
        _("Drop the amendment"),
        slug="endring-forkast",
        back=True,
    ),
    Transition(PlanState.ACTIVE, PlanState.CLOSED, _EDITOR, _("Close the plan"), slug="avslutt"),
)


def find(source: str, target: str) -> Transition | None:
    """Return the way from one state to another; None where there is none."""
    return next((t for t in TRANSITIONS if (t.source, t.target) == (source, target)), None)


def from_state(source: str) -> tuple[Transition, ...]:
    """Return the ways that lead on from a state, in the order of the table."""
    return tuple(t for t in TRANSITIONS if t.source == source)


def by_slug(slug: str) -> Transition | None:
    """Return the way that has a button at that address."""
    return next((t for t in TRANSITIONS if t.slug and t.slug == slug), None)
