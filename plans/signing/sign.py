"""Sealing a PDF, and signing a sealed one. Bytes in, bytes out; the file is only ever added to."""

import io
from dataclasses import dataclass

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext

from plans.signing.fields import SEAL
from plans.signing.keys import Key
from plans.signing.stamp import stamp_style


@dataclass(frozen=True)
class LongTerm:
    """What makes a signature last beyond its certificate: a time stamp, and the proof that nothing
    was revoked, from the issuers that ``context`` believes (PAdES B-LT)."""

    timestamper: TimeStamper
    context: ValidationContext


def seal(pdf: bytes, *, key: Key, reason: str) -> bytes:
    """Return the PDF certified by the installation: nothing but signatures may be added (DocMDP
    P=2, ISO 32000-1, 12.8.2.2). Invisible; ``pdf`` has its signature fields already."""
    metadata = PdfSignatureMetadata(
        field_name=SEAL,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        reason=reason,
    )
    return _signed(pdf, PdfSigner(metadata, key.signer))


def sign(
    pdf: bytes,
    *,
    field: str,
    key: Key,
    name: str,
    reason: str,
    stamp: str,
    long_term: LongTerm | None = None,
) -> bytes:
    """Return a sealed PDF with a party's signature in ``field``.

    ``name`` is the person who signs with the organisation's key; ``stamp`` is what is seen on the
    page. Without ``long_term`` the signature is PAdES B-B, with it B-LT. Raises what the time-stamp
    or revocation service raises when it doesn't answer; nothing is half-signed then.
    """
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        embed_validation_info=long_term is not None,
        validation_context=long_term.context if long_term else None,
    )
    signer = PdfSigner(
        metadata,
        key.signer,
        timestamper=long_term.timestamper if long_term else None,
        stamp_style=stamp_style(stamp),
    )
    return _signed(pdf, signer)


def _signed(pdf: bytes, signer: PdfSigner) -> bytes:
    target = io.BytesIO()
    signer.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True, output=target
    )
    return target.getvalue()
