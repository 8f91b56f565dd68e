"""Whether a signature fills its place in the file, and holds nothing that nobody vouches for.

What a signature signs is the file around it and some of its own parts. The rest (the zeros behind
it, the case of its hexadecimal digits, a copy of a certificate) could be another without anybody
noticing. Here it is: so that not one byte of a signed file can be changed.
"""

from collections.abc import Iterable, Iterator

from asn1crypto import cms, parser, x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_STAMP = "signature_time_stamp_token"


def fills_its_place(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signed ranges are all of the file up to their end but the signature itself, as
    hexadecimal digits of one case, with nothing but zeros behind it."""
    try:
        start, first, second, last = (int(number) for number in signature.byte_range)
    except (TypeError, ValueError):
        return False
    place = pdf[first:second]
    contents = signature.pkcs7_content
    if start != 0 or last < 0 or second + last > len(pdf) or len(place) != 2 * len(contents) + 2:
        return False
    digits = contents.hex().encode()
    if place not in (b"<" + digits + b">", b"<" + digits.upper() + b">"):
        return False
    return not contents[_length(contents) :].strip(b"\0")


def end_of(signature: EmbeddedPdfSignature) -> int:
    """Return where in the file what is signed ends."""
    return int(signature.byte_range[2]) + int(signature.byte_range[3])


def is_plain(signature: EmbeddedPdfSignature, known: Iterable[x509.Certificate]) -> bool:
    """Whether the signature (CMS, RFC 5652) has no part but those that are signed or that others
    vouch for; ``known`` are certificates that come from elsewhere."""
    return all(
        _is_plain(data, tuple(known))
        for data in (signature.signed_data, *_stamps(signature.signed_data))
    )


def _is_plain(data: cms.SignedData, known: tuple[x509.Certificate, ...]) -> bool:
    (signer,) = data["signer_infos"]
    by_number = signer["sid"].name == "issuer_and_serial_number"
    is_data = data["encap_content_info"]["content_type"].native == "data"
    digest = signer["digest_algorithm"]
    return (
        signer["version"].native == ("v1" if by_number else "v3")
        and data["version"].native == ("v1" if is_data and by_number else "v3")
        and [algorithm.dump() for algorithm in data["digest_algorithms"]] == [digest.dump()]
        and digest["parameters"].native is None
        and not (is_data and data["encap_content_info"]["content"].native)
        and not data["crls"]
        and all(kind["type"].native == _STAMP for kind in signer["unsigned_attrs"] or ())
        and _all_issued(data, known)
    )


def _stamps(data: cms.SignedData) -> Iterator[cms.SignedData]:
    """Give the time stamps in a signature."""
    for signer in data["signer_infos"]:
        for attribute in signer["unsigned_attrs"] or ():
            if attribute["type"].native == _STAMP:
                for stamp in attribute["values"]:
                    yield stamp["content"]


def _all_issued(data: cms.SignedData, known: tuple[x509.Certificate, ...]) -> bool:
    """Whether each certificate that comes along is signed by one that does, or by a known one."""
    own = [choice.chosen for choice in data["certificates"]]
    if not all(isinstance(certificate, x509.Certificate) for certificate in own):
        return False
    return all(
        any(
            _issued(certificate, issuer)
            for issuer in (*known, *own)
            if issuer.subject == certificate.issuer
        )
        for certificate in own
    )


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        load_der_x509_certificate(certificate.dump()).verify_directly_issued_by(
            load_der_x509_certificate(issuer.dump())
        )
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _length(contents: bytes) -> int:
    """Return how many of the bytes are the signature; what follows them fills the place."""
    _class, _method, _tag, header, content, trailer = parser.parse(contents)
    return len(header) + len(content) + len(trailer)
