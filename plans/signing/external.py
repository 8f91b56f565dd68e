"""Signing with a key that somebody else keeps: the PDF stays here, a digest goes out, a signature
comes back.

In two phases, so that hours may lie between them: ``prepare`` makes the room in the file and says
what is to be signed; ``complete`` puts the signature into it.
"""

import hashlib
import io
from collections.abc import Sequence
from typing import Protocol

import msgspec
from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko_certvalidator.registry import SimpleCertificateStore

from plans.signing import http
from plans.signing.errors import Refused, ServiceDown
from plans.signing.longterm import LongTerm, run
from plans.signing.stamp import stamp_style

DIGEST = "sha256"
_ROOM = 512  # bytes for the signature itself: RSA with 4096 bits


class SigningService(Protocol):
    """A service that signs digests with a key that it keeps."""

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Return the signer's certificate, and then its issuers'. Raises ``ServiceDown`` and
        ``Refused``."""

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the signature on a SHA-256 digest: PKCS #1 v1.5 with an RSA key, DER with an
        elliptic one. Raises ``ServiceDown`` and ``Refused``."""


class Prepared(msgspec.Struct, frozen=True):
    """A PDF that waits for a signature: ``digest`` (SHA-256) is what shall be signed, ``state``
    what ``complete`` needs then. Both may be kept anywhere; neither is secret but for the PDF."""

    digest: bytes
    state: bytes


class _State(msgspec.Struct, frozen=True):
    """The file with an empty place for the signature, and what the signature will say."""

    file: bytes
    file_digest: bytes
    start: int
    end: int
    attributes: bytes
    certificates: tuple[bytes, ...]


def sign_with(
    service: SigningService,
    pdf: bytes,
    *,
    field: str,
    name: str,
    reason: str,
    stamp: str,
    long_term: LongTerm | None = None,
) -> bytes:
    """Return a sealed PDF with a signature in ``field`` that the service made.

    Raises ``ServiceDown`` and ``Refused``; nothing is half-signed then.
    """
    prepared = prepare(
        pdf,
        field=field,
        certificates=service.certificates(),
        name=name,
        reason=reason,
        stamp=stamp,
        long_term=long_term,
    )
    return complete(prepared, service.sign_digest(prepared.digest), long_term=long_term)


def prepare(
    pdf: bytes,
    *,
    field: str,
    certificates: Sequence[x509.Certificate],
    name: str,
    reason: str,
    stamp: str,
    long_term: LongTerm | None = None,
) -> Prepared:
    """Return a sealed PDF with room for a signature in ``field``, and what is to be signed.

    ``certificates`` are the signer's and its issuers'. With ``long_term``, room is made for a time
    stamp too. Raises ``ServiceDown``.
    """
    return run(_prepared(pdf, field, certificates, name, reason, stamp, long_term), None)


def complete(prepared: Prepared, signature: bytes, *, long_term: LongTerm | None = None) -> bytes:
    """Return the PDF with the signature in its place.

    ``long_term`` as in ``prepare``. Raises ``ServiceDown``, also where the signature isn't the
    certificate's on the digest, ``Refused`` (the certificate was revoked) and ``BadKey``.
    """
    state = msgspec.msgpack.decode(prepared.state, type=_State)
    signer = _signer([x509.Certificate.load(der) for der in state.certificates], signature)
    assert signer.signing_cert is not None  # given just above
    if not _is_signed(signer.signing_cert, hashlib.sha256(state.attributes).digest(), signature):
        raise ServiceDown(http.nonsense(_("signing service")))
    return run(_completed(state, signer, long_term), long_term)


async def _prepared(
    pdf: bytes,
    field: str,
    certificates: Sequence[x509.Certificate],
    name: str,
    reason: str,
    stamp: str,
    long_term: LongTerm | None,
) -> Prepared:
    signer = _signer(certificates, None)
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
    )
    room, _document, output = await PdfSigner(
        metadata,
        signer,
        timestamper=long_term.timestamper if long_term else None,
        stamp_style=stamp_style(stamp),
    ).async_digest_doc_for_signing(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True, output=io.BytesIO()
    )
    attributes = await signer.signed_attrs(room.document_digest, DIGEST, use_pades=True)
    output.seek(0)
    state = _State(
        file=output.read(),
        file_digest=room.document_digest,
        start=room.reserved_region_start,
        end=room.reserved_region_end,
        attributes=attributes.dump(),
        certificates=tuple(certificate.dump() for certificate in certificates),
    )
    return Prepared(hashlib.sha256(state.attributes).digest(), msgspec.msgpack.encode(state))


async def _completed(state: _State, signer: ExternalSigner, long_term: LongTerm | None) -> bytes:
    signature = await signer.async_sign_prescribed_attributes(
        DIGEST,
        signed_attrs=cms.CMSAttributes.load(state.attributes),
        timestamper=long_term.timestamper if long_term else None,
    )
    room = PreparedByteRangeDigest(state.file_digest, state.start, state.end)
    file = io.BytesIO(state.file)
    await PdfTBSDocument.async_finish_signing(file, room, signature)
    if long_term is not None and long_term.context is not None:
        newest = PdfFileReader(file).embedded_regular_signatures[-1]
        await async_add_validation_info(newest, long_term.context, in_place=True)
    return file.getvalue()


def _signer(certificates: Sequence[x509.Certificate], signature: bytes | None) -> ExternalSigner:
    return ExternalSigner(
        signing_cert=certificates[0],
        cert_registry=SimpleCertificateStore.from_certs(certificates),
        signature_value=signature or _ROOM,
    )


def _is_signed(certificate: x509.Certificate, digest: bytes, signature: bytes) -> bool:
    key = load_der_public_key(certificate.public_key.dump())
    hashed = utils.Prehashed(hashes.SHA256())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(hashed))
        else:
            raise Refused(_("The signing service's kind of key isn't known here."))
    except InvalidSignature:
        return False
    return True
