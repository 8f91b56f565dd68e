"""Sealing a PDF, signing a sealed one, and renewing the proof of a signed one. Bytes in, bytes out;
the file is only ever added to, and comes back whole or not at all."""

import io
from datetime import UTC, datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation.dss import async_add_validation_info

from plans.enums import SignatureLevel
from plans.signing.fields import SEAL
from plans.signing.keys import Key
from plans.signing.longterm import LongTerm, run
from plans.signing.stamp import stamp_style

__all__ = ["LongTerm", "level_of", "renew", "seal", "sign", "stamps_expire_at"]

DIGEST = "sha256"


def seal(pdf: bytes, *, key: Key, reason: str, long_term: LongTerm | None = None) -> bytes:
    """Return the PDF certified by the installation: nothing but signatures may be added (DocMDP
    P=2, ISO 32000-1, 12.8.2.2). Invisible; ``pdf`` has its signature fields already.

    With ``long_term`` the seal has a time stamp (PAdES B-T); the proof that nothing was revoked
    comes with the signatures, since the sealed bytes end with the seal. Raises ``BadKey``, when the
    certificate isn't valid now, and ``ServiceDown``.
    """
    metadata = PdfSignatureMetadata(
        field_name=SEAL,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        reason=reason,
    )
    timestamper = long_term.timestamper if long_term else None
    return _signed(pdf, key, PdfSigner(metadata, key.signer, timestamper=timestamper), long_term)


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
    page (plans.signing.stamp.stamp_text). ``level_of(long_term)`` is the level of the signature.
    Raises ``BadKey`` (the certificate isn't valid now, or its issuer isn't believed), ``Refused``
    (it was revoked) and ``ServiceDown``; nothing is half-signed then.
    """
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        embed_validation_info=level_of(long_term) == SignatureLevel.LT,
        validation_context=long_term.context if long_term else None,
    )
    signer = PdfSigner(
        metadata,
        key.signer,
        timestamper=long_term.timestamper if long_term else None,
        stamp_style=stamp_style(stamp),
    )
    return _signed(pdf, key, signer, long_term)


def level_of(long_term: LongTerm | None) -> SignatureLevel:
    """Return the level of a signature that is made with this."""
    return long_term.level if long_term else SignatureLevel.B


def renew(pdf: bytes, *, long_term: LongTerm) -> bytes:
    """Return a signed PDF with what proves its signatures, and a time stamp on all of it (PAdES
    B-LTA): to be done again before the time stamp's own certificate ends.

    ``long_term`` must have a context. Raises ``ServiceDown``, ``Refused`` and ``BadKey``.
    """
    return run(_renewed(pdf, long_term), long_term)


def stamps_expire_at(pdf: bytes) -> datetime | None:
    """Return when the certificate of the newest document time stamp ends; None without one."""
    stamps = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
    if not stamps:
        return None
    ends: datetime = stamps[-1].signer_cert.not_valid_after
    return ends


async def _renewed(pdf: bytes, long_term: LongTerm) -> bytes:
    assert long_term.context is not None  # the caller has looked
    file = io.BytesIO(pdf)
    reader = PdfFileReader(file)
    if not reader.embedded_timestamp_signatures:
        # The first time: what proves the signatures, also those that were made without proof.
        for place in range(len(reader.embedded_regular_signatures)):
            await async_add_validation_info(
                PdfFileReader(file).embedded_regular_signatures[place],
                long_term.context,
                in_place=True,
            )
        await PdfTimeStamper(long_term.timestamper).async_timestamp_pdf(
            IncrementalPdfFileWriter(file), DIGEST, long_term.context, in_place=True
        )
    else:
        await PdfTimeStamper(long_term.timestamper).async_update_archival_timestamp_chain(
            reader, long_term.context, in_place=True
        )
    return file.getvalue()


def _signed(pdf: bytes, key: Key, signer: PdfSigner, long_term: LongTerm | None) -> bytes:
    key.refuse_outside_validity(datetime.now(UTC))
    target = io.BytesIO()
    work = signer.async_sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True, output=target
    )
    run(work, long_term)
    return target.getvalue()
