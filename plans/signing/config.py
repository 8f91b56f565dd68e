"""Where the keys are, as SIGNING_KEYS says: a folder, or a TOML file that names each key.

In a folder the key of ``lup`` is the PKCS#12 file ``lup.p12``, without a password. In a TOML file
each holder has a table; docs/drift.md shows one.
"""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.keys import load_certs_from_pemder

from plans.signing.keys import BadKey, Key, Token, from_pkcs11, from_pkcs12

_WORDS = {
    "pkcs12",
    "password_env",
    "pkcs11",
    "token",
    "label",
    "pin_env",
    "certificate",
    "chain",
    "organisation",
    "organisation_number",
}


@dataclass(frozen=True)
class Holder:
    """What is said of one holder's key; paths are absolute.

    ``organisation`` and ``organisation_number`` are what the holder's certificates name, where that
    differs from the organisation's own name, or where a number shall be asked for.
    """

    pkcs12: Path | None = None
    password_env: str = ""
    pkcs11: str = ""
    token: str = ""
    label: str = ""
    pin_env: str = ""
    certificate: Path | None = None
    chain: Path | None = None
    organisation: str = ""
    organisation_number: str = ""

    def key(self) -> Key:
        """Open the key. Raises ``BadKey``."""
        if self.pkcs11:
            token = Token(self.pkcs11, self.token, self.label, _secret(self.pin_env) or "")
            beside = certificates(self.certificate)[:1] if self.certificate else ()
            chain = certificates(self.chain) if self.chain else ()
            return from_pkcs11(token, chain, *beside)
        assert self.pkcs12 is not None  # a holder has one or the other
        try:
            data = self.pkcs12.read_bytes()
        except OSError as error:
            raise BadKey(f"{self.pkcs12.name}: {error.strerror}") from error
        try:
            return from_pkcs12(data, (_secret(self.password_env) or "").encode() or None)
        except BadKey as error:
            raise BadKey(f"{self.pkcs12.name}: {error}") from error


def holders() -> dict[str, Holder]:
    """Return all holders that have a key, by name. Raises ``BadKey``."""
    place = Path(settings.SIGNING_KEYS)
    if place.suffix != ".toml":
        return {path.stem: Holder(pkcs12=path) for path in sorted(place.glob("*.p12"))}
    try:
        tables = tomllib.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadKey(f"{place.name}: {error.strerror}") from error
    except ValueError as error:  # also what isn't UTF-8
        raise BadKey(f"{place.name}: {error}") from error
    return {name: _holder(place, name, table) for name, table in tables.items()}


def holder(name: str) -> Holder:
    """Return the holder with that name. Raises ``BadKey``."""
    found = holders().get(name)
    if found is None:
        raise BadKey(_("There is no key for '%(name)s'.") % {"name": name})
    return found


def certificates(place: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates in a PEM or DER file, or in all such files of a folder.

    Raises ``BadKey``.
    """
    files: Iterable[Path] = [place]
    if place.is_dir():
        files = sorted(
            path for path in place.iterdir() if path.suffix in (".pem", ".crt", ".cer", ".der")
        )
    try:
        found = tuple(load_certs_from_pemder([str(path) for path in files]))
        for certificate in found:
            _ = certificate.subject.native  # parsed late otherwise
    except (OSError, ValueError) as error:
        raise BadKey(f"{place.name}: no certificates can be read: {error}") from error
    return found


def _holder(place: Path, name: str, table: object) -> Holder:
    def wrong(what: str) -> BadKey:
        return BadKey(f"{place.name}, [{name}]: {what}")

    if not isinstance(table, dict):
        raise wrong("this must be a table")
    for word, value in table.items():
        if word not in _WORDS:
            raise wrong(f"what is {word!r}?")
        if not isinstance(value, str):
            raise wrong(f"{word} must be a text")
    if ("pkcs12" in table) == ("pkcs11" in table):
        raise wrong("either pkcs12 or pkcs11 must be given")
    if "pkcs11" in table and not {"token", "label", "pin_env"} <= table.keys():
        raise wrong("pkcs11 takes token, label and pin_env")
    number = table.get("organisation_number", "")
    if number and not (number.isascii() and number.isdigit() and len(number) == 9):
        raise wrong("organisation_number must be nine digits")
    paths = {
        word: place.parent / table[word]
        for word in ("pkcs12", "certificate", "chain")
        if word in table
    }
    return Holder(**{**table, **paths})


def _secret(variable: str) -> str | None:
    """Return the secret in an environment variable; None where none is named."""
    if not variable:
        return None
    try:
        return os.environ[variable]
    except KeyError as error:
        raise BadKey(
            _("The environment variable %(name)s isn't set.") % {"name": variable}
        ) from error
