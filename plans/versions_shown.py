"""What people are told of a plan's versions: which is in force, which was replaced, by what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plans.enums import SigningParty
from plans.models import PartnerPlan, PlanVersion, Signature, VersionVoid

IN_FORCE, REPLACED, WAITING, VOID = "IN_FORCE", "REPLACED", "WAITING", "VOID"


@dataclass(frozen=True, kw_only=True)
class ShownVersion:
    """A version and what became of it.

    ``state`` is IN_FORCE, REPLACED (by the version with the number ``replaced_by``), WAITING (for
    signatures) or VOID. ``signed_at`` is when the last of the two signed, from when it was in
    force. ``is_amendment`` says that a version was signed before it, ``void`` why and when it
    became void.
    """

    version: PlanVersion
    state: str
    signatures: tuple[Signature, ...]
    signed_at: datetime | None
    is_amendment: bool = False
    replaced_by: int | None = None
    void: VersionVoid | None = None

    @property
    def number(self) -> int:
        """The version's number."""
        return self.version.number

    @property
    def is_signed(self) -> bool:
        """Whether both parties signed it, and it thus is or was in force: everybody reads it."""
        return self.state in (IN_FORCE, REPLACED)


def shown_versions(plan: PartnerPlan, *, every: bool) -> list[ShownVersion]:
    """Return the plan's versions, the newest first, without their documents: every one, or those
    that both parties have signed. Two queries."""
    rows = plan.versions.without_content().with_file().prefetch_related("signatures")
    if every:
        rows = rows.select_related("frozen_by", "void__by")
    else:
        rows = rows.signed().select_related("void")
    return list(_shown(plan, rows.order_by("number")))[::-1]


def _shown(plan: PartnerPlan, rows: Iterable[PlanVersion]) -> Iterable[ShownVersion]:
    rows = list(rows)
    signed = [row for row in rows if _is_signed(row)]
    for row in rows:
        signatures = tuple(row.signatures.all())
        later = [found.number for found in signed if found.number > row.number]
        void = getattr(row, "void", None)
        state = WAITING
        if void is not None:
            state = VOID
        elif row in signed:
            state = REPLACED if later else IN_FORCE
        yield ShownVersion(
            version=row,
            state=state,
            signatures=signatures,
            signed_at=max(found.signed_at for found in signatures) if row in signed else None,
            is_amendment=any(found.number < row.number for found in signed),
            replaced_by=min(later) if later and row in signed else None,
            void=void,
        )


def _is_signed(row: PlanVersion) -> bool:
    there = {signature.party for signature in row.signatures.all()}
    return there.issuperset(SigningParty.values) and getattr(row, "void", None) is None
