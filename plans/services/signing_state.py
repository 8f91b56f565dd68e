"""How far the signing of a plan has come: what is signed, who has, what is being done."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from plans.document import from_json
from plans.document.difference import Difference, difference
from plans.enums import JobKind, JobState, PlanState, SigningParty
from plans.models import (
    ExternalEvidence,
    PartnerPlan,
    PlanVersion,
    Signature,
    VersionFile,
    VersionJob,
)

_OPEN = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class Side:
    """A party: who it is, its signature, or the work on it that is open or was given up.

    ``waits_for_other`` says that by the agreement the other signs first, and hasn't yet.
    """

    party: SigningParty
    name: str
    signature: Signature | None
    job: VersionJob | None
    waits_for_other: bool

    @property
    def slug(self) -> str:
        """The party's place in addresses."""
        return SLUGS[self.party]

    @property
    def is_busy(self) -> bool:
        """Whether its signature is asked for and not there yet."""
        return self.job is not None and self.job.state in _OPEN


SLUGS = {SigningParty.COUNTY: "fylket", SigningParty.LUP: "lup"}


@dataclass(frozen=True)
class SigningState:
    """The plan's newest version and how far its signing has come; None before the first was frozen.

    ``file`` is the newest, without its bytes. ``making`` is the work on the PDF that is open or was
    given up. ``returned`` are the versions that were made void, with their signatures, the newest
    first.
    """

    plan: PartnerPlan
    version: PlanVersion | None
    file: VersionFile | None
    making: VersionJob | None
    sides: tuple[Side, ...]
    evidence: tuple[ExternalEvidence, ...]
    returned: tuple[PlanVersion, ...]

    @property
    def is_open(self) -> bool:
        """Whether the version waits for signatures."""
        return self.version is not None and self.plan.state == PlanState.FOR_SIGNATURE

    @property
    def is_busy(self) -> bool:
        """Whether something is being done that ends in seconds: the page then waits for it. What
        has failed once may wait for long, and nobody with it."""
        jobs = [self.making, *(side.job for side in self.sides)]
        return any(job is not None and job.state in _OPEN and not job.error for job in jobs)

    @cached_property
    def difference(self) -> Difference | None:
        """What differs from the version in force; None where none is, or it is this one. One
        query."""
        before, version = self.plan.in_force_id, self.version
        if before is None or version is None or version.pk == before:
            return None
        rows = PlanVersion.objects.in_bulk([before, version.pk])
        return difference(
            from_json(rows[before].content.encode()), from_json(rows[version.pk].content.encode())
        )


def state_of(plan: PartnerPlan) -> SigningState:
    """Return how far the signing of a plan, which comes with its parties, has come. Five queries at
    most."""
    versions = list(
        PlanVersion.objects.without_content()
        .filter(plan=plan)
        .select_related("void__by", "frozen_by")
        .prefetch_related("signatures")
        .order_by("-number")
    )
    returned = tuple(version for version in versions if hasattr(version, "void"))
    version = versions[0] if versions and versions[0] not in returned else None
    if version is None:
        return SigningState(plan, None, None, None, (), (), returned)
    jobs = list(version.jobs.newest_first().exclude(state=JobState.WITHDRAWN))
    making = next((job for job in jobs if job.kind == JobKind.RENDER), None)
    return SigningState(
        plan=plan,
        version=version,
        file=version.files.defer("content").order_by("-sequence").first(),
        making=making if making and making.state != JobState.DONE else None,
        sides=_sides(plan, version, jobs),
        evidence=tuple(version.evidence.defer("content").select_related("by")),
        returned=returned,
    )


def _sides(plan: PartnerPlan, version: PlanVersion, jobs: list[VersionJob]) -> tuple[Side, ...]:
    signatures = {signature.party: signature for signature in version.signatures.all()}
    names = {
        SigningParty.COUNTY: plan.agreement.county.full_name,
        SigningParty.LUP: plan.agreement.programme.name,
    }
    first = plan.agreement.signs_first
    sides = []
    for party in SigningParty:
        asked = [job for job in jobs if job.kind == JobKind.SIGN and job.party == party]
        newest = asked[0] if asked and party not in signatures else None
        sides.append(
            Side(
                party=party,
                name=names[party],
                signature=signatures.get(party),
                job=newest if newest and newest.state != JobState.DONE else None,
                waits_for_other=bool(first) and first != party and first not in signatures,
            )
        )
    return tuple(sides)
