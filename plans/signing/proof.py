"""Whether signatures and time stamps are valid, who vouches for them, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureStatus,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import AuthorityWithCert

from plans.signing.verdict import Belief, Fault, Signed

_MOST_TEXT = 200  # characters of a name; a certificate may hold megabytes

_WHY_NOT = {
    AdESIndeterminate.REVOKED_NO_POE: Fault.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Fault.REVOKED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Fault.EXPIRED,
    AdESIndeterminate.TRY_LATER: Fault.REVOCATION_UNKNOWN,
}


@dataclass(frozen=True)
class Proofs:
    """What proves the signatures of a file: the issuers that are believed, and the certificates and
    answers about revocation that it holds (its DSS, ISO 32000-2, 12.8.4.3)."""

    roots: tuple[x509.Certificate, ...]
    demo_roots: tuple[x509.Certificate, ...]
    allow_fetching: bool
    certificates: list[x509.Certificate] = field(default_factory=list)
    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)
    crls: list[crl.CertificateList] = field(default_factory=list)

    def of(self, reader: PdfFileReader) -> "Proofs":
        """Return these with what a file holds."""
        try:
            store = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            return self
        return replace(
            self,
            certificates=[*self.certificates, *store.load_certs()],
            ocsps=[
                ocsp.OCSPResponse.load(found.get_object().read_data(DecodePurpose.OCSP_RESPONSE))
                for found in store.ocsps
            ],
            crls=[
                crl.CertificateList.load(found.get_object().read_data(DecodePurpose.CRL))
                for found in store.crls
            ],
        )

    def context(self, moment: datetime | None, mode: str = "soft-fail") -> ValidationContext:
        """Return a context for one validation, which asks nobody: as of ``moment``, or of now."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=self.certificates,
            ocsps=self.ocsps,
            crls=self.crls,
            moment=moment,
            revocation_mode=mode,
            retroactive_revinfo=True,
        )

    def asking(self) -> ValidationContext:
        """Return a context that asks the issuers what they have revoked, now."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=self.certificates,
            allow_fetching=True,
            revocation_mode="hard-fail",
        )


@dataclass(frozen=True)
class Stamps:
    """The time stamps of a file that hold: the revision of each, and the time that it proves."""

    faults: tuple[Fault, ...]
    times: dict[int, datetime]

    def after(self, revision: int) -> datetime | None:
        """Return the time at which a revision is first proved to have been there."""
        return min((time for number, time in self.times.items() if number > revision), default=None)


async def check_stamps(stamps: Sequence[EmbeddedPdfSignature], proofs: Proofs) -> Stamps:
    """Check the document's time stamps, in their order; each is proved by the next, the last one by
    the present."""
    times: dict[int, datetime] = {}
    moment: datetime | None = None
    for stamp in reversed(stamps):
        status = await async_validate_pdf_timestamp(stamp, proofs.context(moment), skip_diff=True)
        if not (status.intact and status.valid and status.trusted):
            return Stamps((Fault.BAD_TIME_STAMP,), times)
        moment = times[stamp.signed_revision] = status.timestamp
    return Stamps((), times)


async def check_signature(
    signature: EmbeddedPdfSignature, proofs: Proofs, stamps: Stamps, *, broken: Fault
) -> tuple[tuple[Fault, ...], Signed]:
    """Check a signature, and say who made it; ``broken`` is the fault where it isn't intact."""
    later = stamps.after(signature.signed_revision)
    status = await _status(signature, proofs, None, later)
    if not (status.intact and status.valid):
        return (broken,), _signed(signature)
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid and stamp.trusted):
        return (Fault.BAD_TIME_STAMP,), _signed(signature)
    proved = stamp.timestamp if stamp else later
    if proved is not None:
        status = await _status(signature, proofs, proved, later)
    if not status.trusted:
        return (_why_not(status),), _signed(signature, stamp=stamp)
    lasting = stamp is not None and await _is_lasting(signature, proofs, proved, later)
    fault = await _revocation(signature, proofs) if proofs.allow_fetching and not lasting else None
    signed = _signed(signature, stamp=stamp)
    return (fault,) if fault else (), replace(
        signed,
        level=_level(stamped=stamp is not None, lasting=lasting, archived=later is not None),
        belief=_belief(status, proofs),
    )


async def _status(
    signature: EmbeddedPdfSignature,
    proofs: Proofs,
    moment: datetime | None,
    stamped: datetime | None,
    mode: str = "soft-fail",
) -> PdfSignatureStatus:
    return await async_validate_pdf_signature(
        signature, proofs.context(moment, mode), proofs.context(stamped, mode), skip_diff=True
    )


async def _is_lasting(
    signature: EmbeddedPdfSignature,
    proofs: Proofs,
    proved: datetime | None,
    later: datetime | None,
) -> bool:
    """Whether the file itself proves that no certificate of the signature was revoked."""
    if not (proofs.ocsps or proofs.crls):
        return False
    status = await _status(signature, proofs, proved, later, "hard-fail")
    stamp = status.timestamp_validity
    return bool(status.trusted and stamp is not None and stamp.trusted)


async def _revocation(signature: EmbeddedPdfSignature, proofs: Proofs) -> Fault | None:
    """Ask the issuers about a signature whose certificate is believed already: the addresses come
    from issuers that are trusted, never from whoever sent the file."""
    certificate = signature.signer_cert
    if not (certificate.crl_distribution_points or certificate.ocsp_urls):
        return None
    context = proofs.asking()
    try:
        status = await async_validate_pdf_signature(signature, context, skip_diff=True)
    finally:
        await context.aclose()
    if status.trusted:
        return None
    return Fault.REVOKED if _why_not(status) == Fault.REVOKED else Fault.REVOCATION_UNKNOWN


def _why_not(status: SignatureStatus) -> Fault:
    reason = status.trust_problem_indic
    if not isinstance(reason, AdESIndeterminate):
        return Fault.UNTRUSTED
    return _WHY_NOT.get(reason, Fault.UNTRUSTED)


def _level(*, stamped: bool, lasting: bool, archived: bool) -> str:
    if not stamped:
        return "B-B"
    if not lasting:
        return "B-T"
    return "B-LTA" if archived else "B-LT"


def _belief(status: SignatureStatus, proofs: Proofs) -> Belief:
    path = status.validation_path
    anchor = path.trust_anchor.authority if path is not None else None
    demo = {root.dump() for root in proofs.demo_roots}
    of_demo = isinstance(anchor, AuthorityWithCert) and anchor.certificate.dump() in demo
    return Belief.DEMO if of_demo else Belief.TRUSTED


def _signed(
    signature: EmbeddedPdfSignature, *, stamp: TimestampSignatureStatus | None = None
) -> Signed:
    certificate, said = signature.signer_cert, signature.sig_object
    name = _text(said["/Name"]) if "/Name" in said else ""
    return Signed(
        field=_text(signature.field_name),
        signer=name or _part(certificate, "common_name"),
        organisation=_part(certificate, "organization_name"),
        signed_at=signature.self_reported_timestamp,
        stamped_at=stamp.timestamp if stamp else None,
        stamped_by=_part(stamp.signing_cert, "organization_name", "common_name") if stamp else "",
        issuer=_of_name(certificate.issuer, "organization_name", "common_name"),
    )


def _part(certificate: x509.Certificate, *names: str) -> str:
    return _of_name(certificate.subject, *names)


def _of_name(name: x509.Name, *parts: str) -> str:
    native = name.native
    for part in parts:
        value = native.get(part)
        if value:
            return _text(value[0] if isinstance(value, list) else value)
    return ""


def _text(value: object) -> str:
    return "".join(letter for letter in str(value)[:_MOST_TEXT] if letter.isprintable())
