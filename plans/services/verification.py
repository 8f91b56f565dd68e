"""What a PDF that somebody brings is: which version of which plan, whether it is untouched, who
signed it, and whether it is the newest.

Nothing is kept of the file. What it says of a version that its reader may not know of isn't told.
"""

import hashlib
import logging
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db.models import QuerySet

from plans import rules
from plans.document import PlanDocument, UnreadableDocument, from_json
from plans.enums import FileKind
from plans.models import PartnerPlan, PlanVersion, VersionFile
from plans.rules import Visitor
from plans.services.versions import missing_signatures
from plans.signing import keyring
from plans.signing.check import MOST_BYTES, Trust
from plans.signing.guarded import check_guarded, embedded_guarded
from plans.signing.keys import BadKey
from plans.signing.trust import trust
from plans.signing.verdict import Fault, Verdict

logger = logging.getLogger(__name__)


class Origin(StrEnum):
    """Where a file comes from."""

    UNKNOWN = "UNKNOWN"  # nothing of ours is in it
    STORED = "STORED"  # byte by byte a file that we gave out
    SEALED = "SEALED"  # one of ours, with something added elsewhere
    # Not what was sealed, but the data of a version are attached to it, word for word: printed or
    # saved anew, or edited before anybody signed.
    SAME_CONTENT = "SAME_CONTENT"
    # The data attached to it say that it is a version of ours, but that version says other things.
    OTHER_CONTENT = "OTHER_CONTENT"
    DRAFT = "DRAFT"  # an export of a plan that was never sealed
    HIDDEN = "HIDDEN"  # ours, but nothing that its reader may know of


class Standing(StrEnum):
    """What a version is now."""

    IN_FORCE = "IN_FORCE"
    REPLACED = "REPLACED"
    WAITING = "WAITING"
    VOID = "VOID"


@dataclass(frozen=True)
class Report:
    """What a file is.

    ``version`` comes with its plan and the plan's parties, without its document; None where no
    version is known or may be told of. ``claimed`` is what data in a file that isn't ours say.
    """

    origin: Origin
    verdict: Verdict
    sha256: str
    version: PlanVersion | None = None
    standing: Standing | None = None
    newest: PlanVersion | None = None
    claimed: PlanDocument | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it is an untouched plan with valid signatures of both parties, and not void."""
        return (
            self.origin in (Origin.STORED, Origin.SEALED)
            and self.verdict.untouched
            and self.verdict.complete
            and self.standing in (Standing.IN_FORCE, Standing.REPLACED)
        )


def verify(pdf: bytes, *, user: Visitor | None = None) -> Report:
    """Return what a file is, as far as ``user`` may know; None may know everything."""
    digest = hashlib.sha256(pdf).hexdigest()
    if len(pdf) > MOST_BYTES:
        return Report(Origin.UNKNOWN, Verdict(faults=(Fault.TOO_LARGE,)), digest)
    if not pdf.startswith(b"%PDF-"):
        return Report(Origin.UNKNOWN, Verdict(faults=(Fault.NOT_A_PDF,)), digest)
    sealed = _sealed_file(pdf)
    if sealed is None:
        return _not_sealed(pdf, digest, user)
    version = _versions().get(pk=sealed.version_id)
    if not _may_know(user, version):
        return Report(Origin.HIDDEN, Verdict(), digest)
    content = bytes(VersionFile.objects.values_list("content", flat=True).get(pk=sealed.pk))
    verdict = check_guarded(pdf, sealed=content, trust=_trust(version.plan))
    stored = VersionFile.objects.filter(version=version, size=len(pdf), sha256=digest).exists()
    origin = Origin.STORED if stored else Origin.SEALED
    return _about(version, Report(origin, verdict, digest))


def _sealed_file(pdf: bytes) -> VersionFile | None:
    """Return the sealed file that a file begins with, without its content; None where there is
    none. One query, and one pass over the file, however many versions there are."""
    sealed = (
        VersionFile.objects.filter(kind=FileKind.SEALED, size__lte=len(pdf))
        .defer("content")
        .order_by("size", "pk")
    )
    found, running, done = None, hashlib.sha256(), 0
    view = memoryview(pdf)
    for file in sealed:
        running.update(view[done : file.size])
        done = file.size
        if running.hexdigest() == file.sha256:
            found = file  # of several, the longest
    return found


def _not_sealed(pdf: bytes, digest: str, user: Visitor | None) -> Report:
    """Tell of a file that isn't one of ours, from the data of a plan that are attached to it."""
    verdict = Verdict(faults=(Fault.NOT_SEALED,))
    data = embedded_guarded(pdf)
    if not data:
        return Report(Origin.UNKNOWN, verdict, digest)
    fingerprint = hashlib.sha256(data).hexdigest()
    same = _versions().filter(fingerprint=fingerprint).first()
    if same is not None:
        if not _may_know(user, same):
            return Report(Origin.HIDDEN, Verdict(), digest)
        return _about(same, Report(Origin.SAME_CONTENT, verdict, digest))
    try:
        claimed = from_json(data)
    except UnreadableDocument:
        return Report(Origin.UNKNOWN, verdict, digest)
    return _claimed(claimed, Report(Origin.UNKNOWN, verdict, digest), user)


def _claimed(claimed: PlanDocument, report: Report, user: Visitor | None) -> Report:
    """Tell of a file whose data say that they are of a plan of ours."""
    if claimed.version is None:
        return replace(report, origin=Origin.DRAFT, claimed=claimed)
    if not claimed.county.number.isalnum():  # what PostgreSQL can't even be asked for
        return replace(report, claimed=claimed)
    version = (
        _versions()
        .filter(
            plan__agreement__county__number=claimed.county.number,
            plan__year=claimed.year,
            number=claimed.version,
        )
        .first()
    )
    if version is None or not _may_know(user, version):
        return replace(report, claimed=claimed)
    return _about(version, replace(report, origin=Origin.OTHER_CONTENT, claimed=claimed))


def _about(version: PlanVersion, report: Report) -> Report:
    """Return a report with what is known of its version."""
    in_force = version.plan.in_force_id
    if version.pk == in_force:
        standing = Standing.IN_FORCE
    elif hasattr(version, "void"):
        standing = Standing.VOID
    else:
        standing = Standing.REPLACED if _is_signed(version) else Standing.WAITING
    newest = None
    if in_force is not None and in_force != version.pk:
        newest = PlanVersion.objects.without_content().get(pk=in_force)
    return replace(report, version=version, standing=standing, newest=newest)


def _versions() -> QuerySet[PlanVersion]:
    return PlanVersion.objects.without_content().select_related(
        "void", "plan__agreement__county", "plan__agreement__programme"
    )


def _may_know(user: Visitor | None, version: PlanVersion) -> bool:
    """Whether a version may be told of: what both parties have signed to everybody, and what waits
    for signatures or is void to those who see the workbench."""
    if user is None or rules.can_work(user, version.plan):
        return True
    return not hasattr(version, "void") and _is_signed(version)


def _is_signed(version: PlanVersion) -> bool:
    return not missing_signatures(version)


def _trust(plan: PartnerPlan) -> Trust:
    """Return whom to believe for a plan, without asking anybody on the net: the file is a
    stranger's."""
    try:
        found = trust(
            county_number=plan.agreement.county.number,
            county=plan.agreement.county.full_name,
            programme=plan.agreement.programme.name,
        )
    except BadKey as error:
        logger.error("Nobody's certificate can be believed: %s", error)
        return Trust(roots=(), organisations={})
    return replace(found, allow_fetching=False, demo_roots=found.roots if keyring.is_demo() else ())
