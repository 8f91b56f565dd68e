"""What is read of a plan: what was signed, with how it goes since.

The commitments come from a version's stored JSON, never from the rows, which may be a working copy
by now; how the measures go moves all year and is read from the rows. A plan that no version was
made of yet is read as its rows stand.
"""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from plans.document.build import read_plan
from plans.document.canonical import fingerprint, from_json
from plans.document.model import PlanDocument, PlanProgress
from plans.enums import PlanState
from plans.models import Measure, PartnerPlan, PlanVersion


@dataclass(frozen=True, kw_only=True)
class Published:
    """A plan as it is read: ``version`` is the one that its document comes from, None where that
    comes from the rows.

    A version's document is fetched and decoded when it is first asked for: pages that are kept do
    without.
    """

    plan: PartnerPlan
    version: PlanVersion | None
    progress: PlanProgress
    standing: PlanDocument | None = None

    @cached_property
    def document(self) -> PlanDocument:
        """The commitments."""
        if self.standing is not None:
            return self.standing
        assert self.version is not None  # one of the two is there
        return from_json(self.version.content.encode())

    @cached_property
    def fingerprint(self) -> str:
        """The identity of the document."""
        return self.version.fingerprint if self.version else fingerprint(self.document)


def read_published(plan: PartnerPlan) -> Published:
    """Return what is read of the plan by whoever may read it.

    That is the version in force; of a plan that was never signed the version that waits for
    signatures; of others the rows. ``plan`` comes with its parties, and is best read
    ``with_version()``. One query where there is a version (and one more to find a waiting one), six
    where there isn't.
    """
    version = readable_version(plan)
    if version is None:
        read = read_plan(plan)
        return Published(plan=plan, version=None, progress=read.progress, standing=read.document)
    return Published(plan=plan, version=version, progress=read_progress(plan))


def readable_version(plan: PartnerPlan) -> PlanVersion | None:
    """Return the version that the plan is read from, without its document; None where it is read
    from the rows."""
    if plan.is_signed:
        return plan.in_force
    if plan.state == PlanState.FOR_SIGNATURE:
        # The newest is the one that waits: a plan that is returned leaves this state.
        return plan.versions.without_content().order_by("-number").first()
    return None


def read_progress(plan: PartnerPlan) -> PlanProgress:
    """Return how the plan's measures go, also those that a working copy deletes. One query."""
    rows = Measure.objects.filter(part__plan=plan).values_list("key", "status")
    found: dict[UUID, str] = dict(rows)
    return PlanProgress(status=found)
