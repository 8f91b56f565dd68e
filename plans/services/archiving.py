"""Gathering what the archive package of a plan holds.

The archive gets the case's own documents: every version that went to signing, also those that were
returned, with the reason; the input that was sent, its attachments and answers; who moved the plan
when and why; and the log that says who changed what. It does not get comments, drafts or input that
was never sent: they are working documents, made for preparing the case within a body or between the
two parties (offentleglova §§ 14 and 15; arkivlova with its regulation leaves such out of what must
be kept once the case's own documents are there). docs/adr/0011 has the whole reasoning.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from audit.models import Event
from plans.document import from_json
from plans.enums import ArchiveVariant, FileKind, PlanState
from plans.exports.archive import (
    ArchiveContent,
    ArchiveWords,
    Record,
    read_words,
    write_package,
)
from plans.exports.archive.package import LANGUAGE
from plans.history import events_of_plan
from plans.models import (
    Contribution,
    ExternalEvidence,
    PartnerPlan,
    PlanVersion,
    Signature,
    VersionFile,
)
from plans.services import archive_records as records
from plans.services.archive_people import People
from plans.working_copy import show_signed

# What happened to packages isn't the plan's own story: told in the package, it would change each
# time that one is delivered.
ARCHIVE_VERBS = "archive."
# What others add to a package: each gets the plan and the variant, and returns its records.
MORE: list[Callable[[PartnerPlan, ArchiveVariant], Iterable[Record]]] = []


class NotSigned(Exception):
    """No version of the plan has been signed by both: there is nothing to archive yet."""


def write_archive(plan: PartnerPlan, variant: ArchiveVariant, out: IO[bytes]) -> None:
    """Write the package of a plan, which comes with its parties, to ``out``.

    Raises ``NotSigned``, ``DamagedFile``, ``BadWords``, and ``FileNotFoundError`` where an
    attachment is gone.
    """
    write_package(gather(plan, variant), out, archive_words())


def archive_words() -> ArchiveWords:
    """Return what the installation's archive calls things. Raises ``BadWords``."""
    return read_words(settings.ARCHIVE_WORDS)


def archive_name(plan: PartnerPlan, variant: ArchiveVariant) -> str:
    """Return the name of a plan's package, without an extension."""
    screened = "-skjerma" if variant == ArchiveVariant.SCREENED else ""
    return f"partnarplan-{plan.agreement.county.slug}-{plan.year}{screened}"


@transaction.atomic
def gather(plan: PartnerPlan, variant: ArchiveVariant) -> ArchiveContent:
    """Return what the package of a plan, which comes with its parties, holds now.

    A fixed number of queries, whatever the plan's size; attachments are opened when they are
    packed. Raises ``NotSigned``.
    """
    if plan.in_force_id is None:
        raise NotSigned
    with translation.override(LANGUAGE):
        return _gathered(plan, variant)


def _gathered(plan: PartnerPlan, variant: ArchiveVariant) -> ArchiveContent:
    full = variant == ArchiveVariant.FULL
    versions = _versions(plan)
    pdfs = _pdfs(versions, full=full)
    contributions = _contributions(plan)
    events = list(
        events_of_plan(plan, roll_over=False).exclude(verb__startswith=ARCHIVE_VERBS).order_by("pk")
    )
    people = _people(plan, variant, versions, contributions, events)
    moment = max(_moments(plan, versions, contributions, events)).replace(microsecond=0)
    for version in versions:
        version.plan = plan  # with its parties
    for contribution in contributions:
        contribution.plan = plan
    # The rows may be the working copy of an amendment, which is no document of the case yet.
    show_signed(contributions)
    found = [
        *(
            records.version_record(version, pdfs.get(version.pk), people, screened=not full)
            for version in versions
        ),
        *(
            records.input_record(contribution, place, people, full=full)
            for place, contribution in enumerate(contributions, 1)
        ),
        records.course_record(plan, events, moment, people, full=full),
        *(record for more in MORE for record in more(plan, variant)),
    ]
    in_force = next(version for version in versions if version.pk == plan.in_force_id)
    return ArchiveContent(
        key=records.plan_key(plan),
        variant=variant,
        folder=archive_name(plan, variant),
        title=from_json(in_force.content.encode()).title,
        year=plan.year,
        county=plan.agreement.county.full_name,
        county_number=plan.agreement.county.number,
        programme=plan.agreement.programme.name,
        state=str(plan.get_state_display()),
        is_closed=plan.state == PlanState.CLOSED,
        is_example=plan.is_example,
        version=in_force.number,
        created_at=plan.created_at,
        moment=moment,
        records=tuple(found),
        left_out=() if full else _left_out(versions, contributions),
    )


def _versions(plan: PartnerPlan) -> list[PlanVersion]:
    """Return all versions, the first one first. Four queries."""
    return list(
        plan.versions.select_related("void__by", "frozen_by")
        .prefetch_related(
            Prefetch("files", VersionFile.objects.defer("content").order_by("sequence")),
            Prefetch("evidence", ExternalEvidence.objects.select_related("by").order_by("pk")),
            Prefetch("signatures", Signature.objects.select_related("signer").order_by("file")),
        )
        .order_by("number")
    )


def _pdfs(versions: list[PlanVersion], *, full: bool) -> dict[int, VersionFile]:
    """Return the file of each version that goes into the package, with its bytes. One query.

    The newest holds all that came before it. Without personal data it is the one that was sealed,
    before any person signed it: the installation's own seal names nobody.
    """
    wanted: list[int] = []
    for version in versions:
        files = [file for file in version.files.all() if full or file.kind == FileKind.SEALED]
        wanted.extend(file.pk for file in files[-1:])
    return {file.version_id: file for file in VersionFile.objects.filter(pk__in=wanted)}


def _contributions(plan: PartnerPlan) -> list[Contribution]:
    """Return the input that was sent, in the order in which it was begun. Four queries."""
    return list(
        Contribution.objects.sent()
        .filter(plan=plan)
        .with_sender()
        .with_results()
        .select_related("written_by", "answered_by")
        .prefetch_related("files")
        .order_by("pk")
    )


def _people(
    plan: PartnerPlan,
    variant: ArchiveVariant,
    versions: list[PlanVersion],
    contributions: list[Contribution],
    events: list[Event],
) -> People:
    users = [event.actor for event in events]
    signers = []
    for version in versions:
        users.append(version.frozen_by)
        for signature in version.signatures.all():
            users.append(signature.signer)
            signers.append(signature.name)
        users.extend(kept.by for kept in version.evidence.all())
        if hasattr(version, "void"):
            users.append(version.void.by)
    for contribution in contributions:
        users.extend((contribution.written_by, contribution.answered_by))
    return People(plan, variant, users, signers)


def _moments(
    plan: PartnerPlan,
    versions: list[PlanVersion],
    contributions: list[Contribution],
    events: list[Event],
) -> Iterable[datetime]:
    """Return when things happened that the package tells of."""
    yield plan.created_at
    for version in versions:
        yield version.frozen_at
        yield from (file.made_at for file in version.files.all())
        yield from (signature.signed_at for signature in version.signatures.all())
        yield from (kept.at for kept in version.evidence.all())
        if hasattr(version, "void"):
            yield version.void.at
    yield from (contribution.changed_at for contribution in contributions)
    yield from (event.at for event in events)


def _left_out(versions: list[PlanVersion], contributions: list[Contribution]) -> tuple[str, ...]:
    """Return what the screened variant leaves out, for those who read it."""
    lines = [
        _("The personal signatures: each PDF is the one that was sealed before anybody signed it."),
        _("Names of persons, e-mail addresses and telephone numbers: roles and marks stand there."),
        _("Names of persons whom Lupplan doesn't know can't be found, and may stand in the texts."),
        _("The checksums of the log's events."),
    ]
    for version in versions:
        lines.extend(
            _("External evidence %(number)s of version %(version)s: %(size)s bytes.")
            % {"number": number, "version": version.number, "size": kept.size}
            for number, kept in enumerate(version.evidence.all(), 1)
        )
    for place, contribution in enumerate(contributions, 1):
        lines.extend(
            _("Attachment %(number)s of input %(place)s: %(media_type)s, %(size)s bytes.")
            % {
                "number": number,
                "place": f"{place:02}",
                "media_type": file.media_type.partition(";")[0],
                "size": file.size,
            }
            for number, file in enumerate(contribution.files.all(), 1)
        )
    return tuple(lines)
