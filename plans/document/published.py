"""What is read of a plan: what was signed, with how it goes since.

The commitments come from a version's stored JSON, never from the rows, which may be a working copy
by now; how the measures go moves all year and is read from the rows. A plan that no version was
made of yet is read as its rows stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from plans.document.build import read_plan
from plans.document.canonical import fingerprint, from_json
from plans.document.model import PlanDocument, PlanProgress
from plans.enums import PlanState
from plans.models import Measure, PartnerPlan, PlanVersion


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The few things that tell one edition of a plan's pages from another.

    ``fingerprint`` is the document's, ``marks`` say how each measure goes.
    """

    fingerprint: str
    state: str
    in_force: int | None
    is_example: bool
    marks: tuple[tuple[int, str], ...]


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
    marks: tuple[tuple[int, str], ...] = ()

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

    @property
    def facts(self) -> Facts:
        """What tells this edition from another."""
        plan = self.plan
        return Facts(
            fingerprint=self.fingerprint,
            state=plan.state,
            in_force=plan.in_force_id,
            is_example=plan.is_example,
            marks=self.marks,
        )


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
        return Published(
            plan=plan,
            version=None,
            progress=read.progress,
            standing=read.document,
            marks=_marks((row.pk, row.status) for row in read.rows.values()),
        )
    # Also those that a working copy deletes: what was signed stands.
    rows = list(_measures(plan.pk).values_list("pk", "key", "status"))
    return Published(
        plan=plan,
        version=version,
        progress=PlanProgress(status={key: status for _pk, key, status in rows}),
        marks=_marks((pk, status) for pk, _key, status in rows),
    )


def facts_of_signed(county: str, year: int) -> Facts | None:
    """Return what tells the editions apart of a plan that everybody may read, None where there is
    no such plan at the address (the county's slug, the year). Two light queries: this is all that
    is asked for a page that is kept."""
    plans = PartnerPlan.objects.order_by().filter(
        agreement__county__slug=county, year=year, in_force__isnull=False
    )
    names = ("pk", "state", "in_force_id", "is_example", "in_force__fingerprint")
    for pk, state, in_force, is_example, version_fingerprint in plans.values_list(*names)[:1]:
        return Facts(
            fingerprint=version_fingerprint,
            state=state,
            in_force=in_force,
            is_example=is_example,
            marks=_marks(_measures(pk).values_list("pk", "status")),
        )
    return None


def _measures(plan: int) -> QuerySet[Measure]:
    return Measure.objects.order_by().filter(part__plan=plan)


def _marks(pairs: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    return tuple(sorted(pairs))


def readable_version(plan: PartnerPlan) -> PlanVersion | None:
    """Return the version that the plan is read from, without its document; None where it is read
    from the rows."""
    if plan.is_signed:
        return plan.in_force
    if plan.state == PlanState.FOR_SIGNATURE:
        # The newest is the one that waits: a plan that is returned leaves this state.
        return plan.versions.without_content().order_by("-number").first()
    return None
