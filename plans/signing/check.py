"""Whether a PDF is the plan that was sealed, and who signed it.

The order of the questions is that of the threats: prefix, fields, integrity, coverage, what came
after, trust, who. A file passes only if every question is answered well.
"""

import asyncio
import io
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from plans.signing import envelope, proof
from plans.signing.check_worker.messages import Question
from plans.signing.fields import PARTIES, SEAL
from plans.signing.organisations import certifies
from plans.signing.review import changes_since
from plans.signing.verdict import Belief, Fault, Signed, Verdict

logger = logging.getLogger(__name__)

MOST_BYTES = 50 * 1024 * 1024
# Seal, two signatures, and long-term data renewed for many years.
MOST_REVISIONS = 60
# How every revision ends (ISO 32000-1, 7.5.5).
_END_OF_REVISION = re.compile(rb"startxref\s+\d+\s+%%EOF[\r\n]*\Z")


@dataclass(frozen=True)
class Trust:
    """Whom to believe: the issuers' certificates, and for each field the organisation that its
    signer's certificate must name.

    ``others`` are certificates that may lie between, ``demo_roots`` those of ``roots`` whose keys
    anybody may have. With ``allow_fetching`` the issuers are asked whether they have withdrawn a
    certificate; without it only what the file holds is looked at.
    """

    roots: tuple[x509.Certificate, ...]
    organisations: Mapping[str, str]
    others: tuple[x509.Certificate, ...] = ()
    allow_fetching: bool = False
    demo_roots: tuple[x509.Certificate, ...] = ()


class _Faulty(Exception):
    """What was found forbids to look further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def check(pdf: bytes, *, sealed: bytes, trust: Trust) -> Verdict:
    """Return the verdict on ``pdf``, which should be ``sealed`` with signatures added.

    Never raises for what a file holds, however hostile: what can't be read is ``UNREADABLE``. It
    may take long, and much memory: for a file from outside there is ``guarded.check_guarded``.
    """
    fault = refused(pdf, sealed)
    if fault is not None:
        return Verdict(faults=(fault,))
    try:
        return asyncio.run(_verdict(pdf, sealed, trust))
    except _Faulty as error:
        return Verdict(faults=(error.fault,))
    except MemoryError:
        return Verdict(faults=(Fault.TOO_HEAVY,))
    except (Exception, RecursionError):  # pyHanko raises much for a broken file
        logger.debug("A file can't be read", exc_info=True)
        return Verdict(faults=(Fault.UNREADABLE,))


def refused(pdf: bytes, sealed: bytes) -> Fault | None:
    """Return what is wrong with a file that needn't even be read; None where it must be."""
    if len(pdf) > MOST_BYTES:
        return Fault.TOO_LARGE
    if not pdf.startswith(b"%PDF-"):
        return Fault.NOT_A_PDF
    if not pdf.startswith(sealed):
        return Fault.NOT_SEALED
    # A reader would look for the end of the last revision before what follows.
    return None if _END_OF_REVISION.search(pdf[-64:]) else Fault.BYTES_APPENDED


def question(sealed: int, trust: Trust) -> Question:
    """Return a check as it is put to a worker; ``sealed`` is the length of what was sealed."""
    return Question(
        sealed=sealed,
        roots=[certificate.dump() for certificate in trust.roots],
        others=[certificate.dump() for certificate in trust.others],
        demo_roots=[certificate.dump() for certificate in trust.demo_roots],
        organisations=dict(trust.organisations),
        allow_fetching=trust.allow_fetching,
    )


def trust_in(asked: Question) -> Trust:
    """Return the trust that came with a question."""
    return Trust(
        roots=tuple(map(x509.Certificate.load, asked.roots)),
        others=tuple(map(x509.Certificate.load, asked.others)),
        demo_roots=tuple(map(x509.Certificate.load, asked.demo_roots)),
        organisations=asked.organisations,
        allow_fetching=asked.allow_fetching,
    )


async def _verdict(pdf: bytes, sealed: bytes, trust: Trust) -> Verdict:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.xrefs.total_revisions > MOST_REVISIONS:
        raise _Faulty(Fault.TOO_HEAVY)
    seal, *added = _in_order(reader)
    faults = _places(pdf, sealed, [seal, *added], trust)
    if faults:
        return Verdict(faults=faults)
    proofs = proof.Proofs(
        trust.roots, trust.demo_roots, trust.allow_fetching, list(trust.others)
    ).of(reader)
    stamps = await proof.check_stamps([each for each in added if _is_stamp(each)], proofs)
    found = [
        await _checked(signature, proofs, stamps, trust)
        for signature in (seal, *added)
        if not _is_stamp(signature)
    ]
    faults = (*stamps.faults, *(fault for wrong, _signed in found for fault in wrong))
    changes = changes_since(sealed, reader, seal, added)
    if changes:
        faults = (*faults, Fault.CHANGED_AFTERWARDS)
    elif not _ends_well(pdf, reader, added[-1] if added else seal):
        faults = (*faults, Fault.BYTES_APPENDED)
    signed = [signature for _faults, signature in found]
    return Verdict(
        faults=tuple(dict.fromkeys(faults)),
        signed=tuple(signed[1:]),
        complete={signature.field for signature in signed[1:]} == set(PARTIES),
        seal=signed[0],
        changes=changes,
    )


def _in_order(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """Return the seal, and then signatures and time stamps as they were made.

    Raises for any field that isn't one of them: a signature too many, or a field that takes text.
    """
    if "/AcroForm" not in reader.root:
        raise _Faulty(Fault.UNKNOWN_FIELD)
    fields = [field.get_object() for field in reader.root["/AcroForm"]["/Fields"]]
    names = [str(field["/T"]) for field in fields]
    found = list(reader.embedded_signatures)
    stamps = {str(each.field_name) for each in found if _is_stamp(each)}
    if sorted(set(names) - stamps) != sorted((SEAL, *PARTIES)) or len(names) != len(set(names)):
        raise _Faulty(Fault.UNKNOWN_FIELD)
    filled = {name for name, field in zip(names, fields, strict=True) if "/V" in field}
    if filled != {str(each.field_name) for each in found}:  # one of a kind that isn't known
        raise _Faulty(Fault.SIGNATURE_BROKEN)
    revisions = [each.signed_revision for each in found]
    if not found or found[0].field_name != SEAL or len(set(revisions)) != len(revisions):
        raise _Faulty(Fault.SEAL_BROKEN)
    return found


def _places(
    pdf: bytes, sealed: bytes, found: Sequence[EmbeddedPdfSignature], trust: Trust
) -> tuple[Fault, ...]:
    """Whether each signature stands where it should, and covers all that lies before it."""
    if not envelope.fills_its_place(pdf, found[0]) or envelope.end_of(found[0]) != len(sealed):
        return (Fault.SEAL_BROKEN,)
    for signature in found:
        if not envelope.fills_its_place(pdf, signature):
            return (Fault.SIGNATURE_BROKEN,)
        signature.compute_integrity_info(skip_diff=True)
        if signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return (Fault.NOT_ALL_SIGNED,)
        if not envelope.is_plain(signature, (*trust.roots, *trust.others)):
            return (Fault.SIGNATURE_BROKEN,)
    return ()


async def _checked(
    signature: EmbeddedPdfSignature, proofs: proof.Proofs, stamps: proof.Stamps, trust: Trust
) -> tuple[tuple[Fault, ...], Signed]:
    name = str(signature.field_name)
    broken = Fault.SEAL_BROKEN if name == SEAL else Fault.SIGNATURE_BROKEN
    faults, signed = await proof.check_signature(signature, proofs, stamps, broken=broken)
    if broken in faults or certifies(signature.signer_cert, trust.organisations.get(name, "")):
        return faults, signed
    others = (wanted for field, wanted in trust.organisations.items() if field in PARTIES)
    of_a_party = any(certifies(signature.signer_cert, wanted) for wanted in others)
    wrong = Fault.WRONG_PLACE if of_a_party else Fault.WRONG_SIGNER
    return (*faults, wrong), replace(signed, belief=Belief.UNTRUSTED)


def _ends_well(pdf: bytes, reader: PdfFileReader, last: EmbeddedPdfSignature) -> bool:
    """Whether nothing follows the last signature but whole revisions, which were looked at."""
    tail = pdf[envelope.end_of(last) :]
    revisions = reader.xrefs.total_revisions - 1 - last.signed_revision
    if revisions == 0:
        return not tail
    return tail.count(b"%%EOF") == revisions and tail.endswith((b"%%EOF", b"%%EOF\n", b"%%EOF\r\n"))


def _is_stamp(signature: EmbeddedPdfSignature) -> bool:
    return str(signature.sig_object_type) == "/DocTimeStamp"
