"""Files that come from outside: a version that was signed elsewhere, and external evidence."""

import hashlib
import unicodedata
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.services import record
from plans.enums import JobKind, SignatureLevel, SigningParty, SigningWay
from plans.models import ExternalEvidence, PartnerPlan, PlanVersion, Signature
from plans.services.signing import (
    FIELDS,
    ChangedSince,
    Signed,
    check_signing,
    keep_signature,
)
from plans.services.version_files import newest_file
from plans.services.version_jobs import withdraw
from plans.signing.check import MOST_BYTES, Trust
from plans.signing.guarded import check_guarded
from plans.signing.keys import BadKey
from plans.signing.trust import trust
from plans.signing.verdict import Fault, Verdict

MOST_EVIDENCE = 20  # files of one version
MOST_EVIDENCE_BYTES = 10 * 1024 * 1024

WHY = {
    Fault.TOO_LARGE: gettext_lazy("it is too large."),
    Fault.NOT_A_PDF: gettext_lazy("it isn't a PDF."),
    Fault.NOT_SEALED: gettext_lazy(
        "it doesn't begin with the file that was to be signed. Download that file, and sign it "
        "with a tool that adds to it (PAdES) without saving it anew."
    ),
    Fault.SEAL_BROKEN: gettext_lazy("Lupplan's seal in it is broken."),
    Fault.UNKNOWN_FIELD: gettext_lazy(
        "it has a signature or a field that isn't one of the plan's own. Sign in the field that is "
        "there for your party."
    ),
    Fault.SIGNATURE_BROKEN: gettext_lazy("a signature in it doesn't fit what it signs."),
    Fault.NOT_ALL_SIGNED: gettext_lazy("the signature leaves out some of the file."),
    Fault.CHANGED_AFTERWARDS: gettext_lazy("something else than a signature was added to it."),
    Fault.BYTES_APPENDED: gettext_lazy("something was added after the signature."),
    Fault.UNTRUSTED: gettext_lazy("the issuer of the signature's certificate isn't trusted."),
    Fault.WRONG_SIGNER: gettext_lazy("the signature's certificate isn't your organisation's."),
    Fault.REVOKED: gettext_lazy("the certificate was withdrawn."),
    Fault.EXPIRED: gettext_lazy("the certificate had run out."),
    Fault.REVOCATION_UNKNOWN: gettext_lazy(
        "whether the certificate was withdrawn can't be learnt just now. Try again later."
    ),
    Fault.WRONG_PLACE: gettext_lazy("the signature stands where the other party signs."),
    Fault.BAD_TIME_STAMP: gettext_lazy("a time stamp in it isn't to be believed."),
    Fault.TOO_HEAVY: gettext_lazy("it takes too long to check."),
    Fault.UNREADABLE: gettext_lazy("it can't be read: it is damaged."),
}


class UploadRefused(Exception):
    """A file can't be taken; the message says why, to whoever sent it."""


def upload_signed(
    *, version: PlanVersion, party: SigningParty, by: User, upload: UploadedFile
) -> Signature:
    """Take a version that was signed elsewhere for a party: the newest file, with that party's
    signature in its place and nothing else.

    A signature that was asked for here and isn't made yet is withdrawn. Whether ``by`` may sign for
    the party, the caller has looked at. Raises ``UploadRefused`` and ``NotToSign``.
    """
    if upload.size is None or upload.size > MOST_BYTES:
        raise _refusal(Fault.TOO_LARGE)
    check_signing(version=version, party=party, by=by, shown=None)
    base = newest_file(version)
    assert base is not None  # check_signing has looked
    content = upload.read()
    signed = _signed(content, bytes(base.content), version, party)
    with transaction.atomic():
        plan = check_signing(version=version, party=party, by=by, shown=None)
        newest = version.files.order_by("-sequence").values_list("pk", flat=True).first()
        if newest != base.pk:
            raise ChangedSince(
                _("Not taken: the other party signed meanwhile. Download the file anew, and sign.")
            )
        withdraw(version=version, kind=JobKind.SIGN, party=party)
        return keep_signature(
            plan=plan,
            version=version,
            party=party,
            by=by,
            sequence=base.sequence + 1,
            signed=signed,
        )


def keep_evidence(
    *, version: PlanVersion, party: SigningParty, by: User, upload: UploadedFile, note: str
) -> ExternalEvidence:
    """Keep a file beside a version, as what it is: not checked, and not the signed original.

    The same file twice is one row. Raises ``UploadRefused``.
    """
    if upload.size is None or upload.size > MOST_EVIDENCE_BYTES:
        raise _refusal(Fault.TOO_LARGE)
    if not upload.size:
        raise UploadRefused(_("Not taken: the file is empty."))
    content = upload.read()
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        plan = PartnerPlan.objects.select_for_update().get(pk=version.plan_id)
        there = version.evidence.filter(party=party, sha256=sha256).defer("content").first()
        if there is not None:
            return there
        if version.evidence.count() >= MOST_EVIDENCE:
            raise UploadRefused(_("Not taken: the version has many such files already."))
        row = ExternalEvidence.objects.create(
            version=version,
            party=party,
            file_name=_plain_name(upload.name or ""),
            content=content,
            size=len(content),
            sha256=sha256,
            note=note.strip(),
            by=by,
        )
        record(
            by=by,
            verb="version.evidence",
            target=plan,
            new={
                "version": version.number,
                "party": party,
                "file": row.file_name,
                "sha256": sha256,
            },
        )
    return row


def _signed(content: bytes, base: bytes, version: PlanVersion, party: SigningParty) -> Signed:
    """Return what ``content`` adds to ``base``: one signature, the party's. Raises
    ``UploadRefused``."""
    if not content:
        raise UploadRefused(_("Not taken: the file is empty."))
    if content == base:
        raise UploadRefused(_("Not taken: nobody has signed it since you downloaded it."))
    sealed = version.files.order_by("sequence").first()
    assert sealed is not None  # there is a newest one
    try:
        believed = _trust(version)
    except BadKey as error:
        raise UploadRefused(
            _("Not taken: Lupplan isn't set up to check signatures (%(why)s).") % {"why": error}
        ) from error
    verdict = check_guarded(content, sealed=bytes(sealed.content), trust=believed)
    if verdict.faults:
        raise _refusal(verdict.faults[0])
    if not content.startswith(base):
        raise _refusal(Fault.NOT_SEALED)
    before = set(version.signatures.values_list("party", flat=True))
    wanted = {FIELDS[SigningParty(there)] for there in before} | {FIELDS[party]}
    if {found.field for found in verdict.signed} != wanted:
        raise UploadRefused(
            _("Not taken: the signature isn't in the place for your party, or there are others.")
        )
    return _what_it_says(content, verdict, FIELDS[party])


def _what_it_says(content: bytes, verdict: Verdict, field: str) -> Signed:
    found = next(signed for signed in verdict.signed if signed.field == field)
    return Signed(
        content=content,
        name=found.signer[:200],
        role="",
        organisation=found.organisation[:200],
        way=SigningWay.UPLOAD,
        level=SignatureLevel(found.level or SignatureLevel.B),
        signed_at=found.stamped_at or found.signed_at or timezone.now(),
    )


def _refusal(fault: Fault) -> UploadRefused:
    return UploadRefused(_("Not taken: %(why)s") % {"why": WHY[fault]})


def _plain_name(name: str) -> str:
    """Return a file's name without folders and signs that nobody sees, of a length that fits."""
    last = PurePath(name.replace("\\", "/")).name
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    most = ExternalEvidence._meta.get_field("file_name").max_length or 0
    return seen[-most:] or "fil"


def _trust(version: PlanVersion) -> Trust:
    plan = version.plan
    return trust(
        county_number=plan.agreement.county.number,
        county=plan.agreement.county.full_name,
        programme=plan.agreement.programme.name,
    )
