"""Whom the check of a signed plan believes, from the settings."""

from pathlib import Path

from asn1crypto import x509
from django.conf import settings

from plans.signing import config, keyring
from plans.signing.check import Trust
from plans.signing.fields import PARTIES, SEAL
from plans.signing.keys import BadKey
from plans.signing.organisations import organisation_name


def trust(*, county_number: str, county: str, programme: str) -> Trust:
    """Return whom to believe for a plan: the roots, and for each field the organisation whose
    certificate must be in it (plans.signing.organisations.certifies says how they are compared).

    ``county`` and ``programme`` are the parties' names in the plan. A holder for whom SIGNING_KEYS
    gives a number or another name goes by that. Raises ``BadKey`` where no roots are to be had.
    """
    county_field, programme_field = PARTIES
    return Trust(
        roots=roots(),
        organisations={
            SEAL: _organisation(keyring.SEAL) or organisation_name(keyring.seal_key().certificate),
            county_field: _organisation(keyring.county(county_number)) or county,
            programme_field: _organisation(keyring.LUP) or programme,
        },
        allow_fetching=settings.SIGNING_REVOCATION,
    )


def roots() -> tuple[x509.Certificate, ...]:
    """Return the certificates of the issuers that are believed: those of SIGNING_TRUST_ROOTS, or
    the demo's own. Raises ``BadKey``."""
    place = Path(settings.SIGNING_TRUST_ROOTS) if settings.SIGNING_TRUST_ROOTS else None
    place = place or keyring.demo_root()
    if place is None:
        raise BadKey("SIGNING_TRUST_ROOTS isn't set.")
    found = config.certificates(place)
    if not found:
        raise BadKey(f"{place.name}: there are no certificates in it.")
    return found


def _organisation(name: str) -> str:
    holder = config.holders().get(name)
    return (holder.organisation_number or holder.organisation) if holder else ""
