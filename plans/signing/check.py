"""Whether a PDF is the plan that was sealed, and who signed it.

The order of the questions is that of the threats: prefix, fields, integrity, coverage, what came
after, trust, who. A file passes only if every question is answered well.
"""

import asyncio
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from plans.signing.fields import PARTIES, SEAL
from plans.signing.verdict import Fault, Signed, Verdict

MOST_BYTES = 50 * 1024 * 1024
# Seal, two signatures, and long-term data renewed for many years.
MOST_REVISIONS = 60


@dataclass(frozen=True)
class Trust:
    """Whom to believe: the issuers' certificates, and for each field the organisation that its
    signer's certificate must name."""

    roots: tuple[x509.Certificate, ...]
    organisations: Mapping[str, str]
    others: tuple[x509.Certificate, ...] = ()
    allow_fetching: bool = False

    def context(self) -> ValidationContext:
        """Return a fresh context of pyHanko's for one check."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.others),
            allow_fetching=self.allow_fetching,
        )


class _Faulty(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def check(pdf: bytes, *, sealed: bytes, trust: Trust) -> Verdict:
    """Return the verdict on ``pdf``, which should be ``sealed`` with signatures added.

    Never raises for what a file holds, however hostile: what can't be read is ``UNREADABLE``.
    """
    try:
        _refuse_other_files(pdf, sealed)
        return _signatures(pdf, sealed, trust)
    except _Faulty as error:
        return Verdict(faults=(error.fault,))
    except (Exception, RecursionError):  # noqa: BLE001 - pyHanko raises much for a broken file
        return Verdict(faults=(Fault.UNREADABLE,))


def _refuse_other_files(pdf: bytes, sealed: bytes) -> None:
    if len(pdf) > MOST_BYTES:
        raise _Faulty(Fault.TOO_LARGE)
    if not pdf.startswith(b"%PDF-"):
        raise _Faulty(Fault.NOT_A_PDF)
    if not pdf.startswith(sealed):
        raise _Faulty(Fault.NOT_SEALED)


def _signatures(pdf: bytes, sealed: bytes, trust: Trust) -> Verdict:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.xrefs.total_revisions > MOST_REVISIONS:
        raise _Faulty(Fault.CHANGED_AFTERWARDS)
    seal, *signatures = _in_order(reader)
    faults = list(_faults_of(seal, Fault.SEAL_BROKEN, trust))
    signed = []
    for signature in signatures:
        faults.extend(_faults_of(signature, Fault.SIGNATURE_BROKEN, trust))
        signed.append(_signed(signature))
    if not faults:
        faults.extend(_what_came_after(pdf, sealed, reader, [seal, *signatures]))
    return Verdict(
        faults=tuple(dict.fromkeys(faults)),
        signed=tuple(signed),
        complete={signature.field_name for signature in signatures} == set(PARTIES),
    )


def _in_order(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """Return the seal and then the parties' signatures, as they were made.

    Raises for any field that isn't one of them: a signature too many, or a field that takes text.
    """
    fields = [str(field.get_object()["/T"]) for field in reader.root["/AcroForm"]["/Fields"]]
    stamps = {signature.field_name for signature in reader.embedded_timestamp_signatures}
    if sorted(set(fields) - stamps) != sorted((SEAL, *PARTIES)) or len(fields) != len(set(fields)):
        raise _Faulty(Fault.UNKNOWN_FIELD)
    found = list(reader.embedded_regular_signatures)
    if not found or found[0].field_name != SEAL:
        raise _Faulty(Fault.SEAL_BROKEN)
    return found


def _faults_of(signature: EmbeddedPdfSignature, broken: Fault, trust: Trust) -> Iterator[Fault]:
    status: PdfSignatureStatus = asyncio.run(
        async_validate_pdf_signature(signature, trust.context(), trust.context(), skip_diff=True)
    )
    if not (status.intact and status.valid):
        yield broken
        return
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield Fault.NOT_ALL_SIGNED
    if not status.trusted:
        yield Fault.UNTRUSTED
    wanted = trust.organisations.get(signature.field_name)
    if wanted is None or _organisation(signature) != wanted:
        yield Fault.WRONG_SIGNER


def _what_came_after(
    pdf: bytes, sealed: bytes, reader: PdfFileReader, signatures: list[EmbeddedPdfSignature]
) -> Iterator[Fault]:
    """Look at every revision after the sealed one: signatures and long-term data are all that may
    be added, and each byte belongs to a revision."""
    seal = signatures[0]
    start, first, second, length = (int(number) for number in seal.byte_range)
    if start != 0 or second + length != len(sealed) or first >= second:
        yield Fault.SEAL_BROKEN
        return
    review = DEFAULT_DIFF_POLICY.review_file(
        reader, seal.signed_revision, doc_mdp=MDPPerm.FILL_FORMS
    )
    if (
        not isinstance(review, DiffResult)
        or review.modification_level > ModificationLevel.FORM_FILLING
    ):
        yield Fault.CHANGED_AFTERWARDS
        return
    last = max(
        [*signatures, *reader.embedded_timestamp_signatures],
        key=lambda found: found.signed_revision,
    )
    _s, _f, begin, count = (int(number) for number in last.byte_range)
    if begin + count == len(pdf):
        return
    # Validation data for the last signature may follow it, and then the file's end.
    later = DEFAULT_DIFF_POLICY.review_file(
        reader, last.signed_revision, doc_mdp=MDPPerm.NO_CHANGES
    )
    if (
        reader.xrefs.total_revisions <= last.signed_revision + 1
        or not pdf.rstrip(b"\r\n").endswith(b"%%EOF")
        or not isinstance(later, DiffResult)
        or later.modification_level > ModificationLevel.LTA_UPDATES
    ):
        yield Fault.BYTES_APPENDED


def _signed(signature: EmbeddedPdfSignature) -> Signed:
    subject = signature.signer_cert.subject.native
    name = signature.sig_object.get("/Name")
    return Signed(
        field=signature.field_name,
        signer=str(name or subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        signed_at=signature.self_reported_timestamp,
    )


def _organisation(signature: EmbeddedPdfSignature) -> str:
    return str(signature.signer_cert.subject.native.get("organization_name", ""))
