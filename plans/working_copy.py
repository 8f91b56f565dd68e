"""The working copy of an amendment beside what is in force: what it changes, for people to see; and
what is in force, for those who don't see the working copy."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from plans.document import PlanDocument, amended, from_json
from plans.document.difference import ADDED, CHANGED, MEASURE, REMOVED, Difference
from plans.models import Contribution, PartnerPlan, PlanPart, PlanVersion


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


def show_signed(contributions: Iterable[Contribution]) -> None:
    """Let what contributions led to be shown as it was signed, where a plan is being amended: their
    senders don't see the working copy. They come with their plan and results; the rows that they
    hold are changed, and not to be saved. One query, none where nothing is amended."""
    amended_now = [found for found in contributions if found.plan.is_being_amended]
    if not amended_now:
        return
    versions = PlanVersion.objects.in_bulk([found.plan.in_force_id for found in amended_now])
    documents = {row.plan_id: from_json(row.content.encode()) for row in versions.values()}
    for found in amended_now:
        found.plan.title = documents[found.plan_id].title
        _show_signed(found, documents[found.plan_id])


def _show_signed(contribution: Contribution, document: PlanDocument) -> None:
    measures = {
        measure.key: (part, measure) for part in document.parts for measure in part.measures
    }
    areas = {
        area.key: (place, area)
        for part in document.parts
        for place, area in enumerate(part.focus_areas, 1)
    }
    for use in contribution.uses.all():
        row = use.measure
        row.position = None
        if row.key in measures:
            part, measure = measures[row.key]
            row.part, row.position = PlanPart(kind=part.kind), int(measure.number.split(".")[1])
            row.title, row.language = measure.title, measure.language
    for link in contribution.areas.all():
        area_row = link.focus_area
        area_row.position = None
        if area_row.key in areas:
            area_row.position, area = areas[area_row.key]
            area_row.title, area_row.language = area.title, area.language
