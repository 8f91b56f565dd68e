"""Setting and sealing a version's PDF, in the background; and the files that versions have."""

import hashlib

from django.utils.translation import gettext as _

from audit.services import record
from plans.document import from_json
from plans.enums import FileKind, JobKind
from plans.exports.pdf import Edition, PdfError, TooLong, plan_pdf
from plans.models import PlanVersion, VersionFile, VersionJob
from plans.services.version_jobs import HANDLERS, Finish, GiveUp, TryLater
from plans.signing import fields, keyring, keys, sign
from plans.signing.errors import ServiceDown
from plans.signing.longterm import long_term


def newest_file(version: PlanVersion) -> VersionFile | None:
    """Return the file of a version that is given out; None while it is being made."""
    return version.files.order_by("-sequence").first()


def add_file(*, version: PlanVersion, kind: FileKind, content: bytes, sequence: int) -> VersionFile:
    """Keep bytes as a version's file at a place that is free; ``IntegrityError`` where it isn't."""
    return VersionFile.objects.create(
        version=version,
        sequence=sequence,
        kind=kind,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def render(job: VersionJob) -> Finish:
    """Set the PDF of a version from its document, and seal it."""
    version = job.version
    document = from_json(version.content.encode())
    edition = Edition.of(document, is_demo=keyring.is_demo())
    try:
        pdf = fields.with_signature_fields(plan_pdf(document, edition=edition))
    except TooLong as error:
        raise GiveUp(_("The plan, or one of its texts, is too long for a PDF.")) from error
    except PdfError as error:
        raise TryLater(_("The PDF couldn't be set. It is tried again by itself.")) from error
    try:
        sealed = sign.seal(
            pdf, key=keyring.seal_key(), reason=_("Sealed by Lupplan"), long_term=long_term()
        )
    except keys.BadKey as error:
        raise TryLater(_("The key that seals can't be used: %(why)s") % {"why": error}) from error
    except ServiceDown as error:
        raise TryLater(str(error)) from error

    def finish() -> None:
        file = add_file(version=version, kind=FileKind.SEALED, content=sealed, sequence=0)
        record(
            by=None,
            verb="version.sealed",
            target=version.plan,
            new={"version": version.number, "sha256": file.sha256},
        )

    return finish


HANDLERS[JobKind.RENDER] = render
