"""The working copy of an amendment beside what is in force: what it changes, for people to see."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from plans.document import PlanDocument, amended, from_json
from plans.document.difference import ADDED, CHANGED, MEASURE, REMOVED, Difference
from plans.models import PartnerPlan


@dataclass(frozen=True)
class WorkingCopy:
    """What an amendment changes so far of the version of that ``number``, which everybody reads
    meanwhile."""

    number: int
    difference: Difference

    @cached_property
    def marks(self) -> dict[UUID, str]:
        """Return of the measures that are new or changed which of the two: ADDED or CHANGED."""
        return {
            UUID(item.key): item.sort
            for item in self.difference.items
            if item.kind == MEASURE and item.sort != REMOVED
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many measures are ``changed``, ``added`` and ``removed``; ``other``: how many texts,
        parts and focus areas differ."""
        names = {CHANGED: "changed", ADDED: "added", REMOVED: "removed"}
        found = Counter({"changed": 0, "added": 0, "removed": 0, "other": 0})
        found.update(
            names[item.sort] if item.kind == MEASURE else "other" for item in self.difference.items
        )
        return dict(found)


def working_copy(plan: PartnerPlan, document: PlanDocument) -> WorkingCopy | None:
    """Return what the amendment of a plan changes; None where none is made. ``plan`` comes with its
    version in force, ``document`` is what its rows say now. Asks the database nothing."""
    if not plan.is_being_amended or plan.in_force is None:
        return None
    signed = from_json(plan.in_force.content.encode())
    return WorkingCopy(number=plan.in_force.number, difference=amended(signed, document))
