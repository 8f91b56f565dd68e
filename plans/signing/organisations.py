"""Whether a certificate names an organisation, written as its issuer writes it."""

import re
import unicodedata

from asn1crypto import x509

# ETSI EN 319 412-1, 5.1.4: the register of legal entities of a country, and the number in it.
_REGISTERED = re.compile(r"NTRNO-(\d{9})")
_NUMBER = re.compile(r"(?:NO)?(\d{9})(?:MVA)?")


def certifies(certificate: x509.Certificate, organisation: str) -> bool:
    """Say whether the certificate is that organisation's.

    ``organisation`` is its number in the Register of Legal Entities (nine digits), which must then
    stand in the certificate, or its name, which is compared without regard to case and spaces:
    issuers write MØRE OG ROMSDAL FYLKESKOMMUNE.
    """
    if not organisation:
        return False
    if re.fullmatch(r"\d{9}", organisation, re.ASCII):
        return organisation_number(certificate) == organisation
    return _plain(organisation_name(certificate)) == _plain(organisation)


def organisation_name(certificate: x509.Certificate) -> str:
    """Return the organisation's name (O) in a certificate; empty without one."""
    return _first(certificate, "organization_name")


def organisation_number(certificate: x509.Certificate) -> str:
    """Return the organisation's number in a certificate; empty without one.

    It stands as ``NTRNO-`` and nine digits in organizationIdentifier, or, as Norwegian issuers of
    enterprise certificates also write it, as nine digits in serialNumber.
    """
    found = _REGISTERED.fullmatch(_first(certificate, "organization_identifier"))
    if found is None:
        serial = _first(certificate, "serial_number").replace(" ", "")
        found = _REGISTERED.fullmatch(serial) or _NUMBER.fullmatch(serial)
    return found[1] if found else ""


def _first(certificate: x509.Certificate, name: str) -> str:
    value = certificate.subject.native.get(name, "")
    if isinstance(value, list):  # the attribute stands there more than once
        value = value[0]
    return str(value).strip()


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
