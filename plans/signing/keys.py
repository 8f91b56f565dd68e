"""The keys that seal and sign, whatever holds them."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils.translation import gettext as _
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import Signer, signers
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko_certvalidator.registry import SimpleCertificateStore

# A token lets one process log in once at a time (PKCS #11 v2.40, 11.6): the threads take turns.
_ONE_AT_THE_TOKEN = threading.Lock()
_LONGEST_SIGNATURE = 512  # bytes: RSA with 4096 bits

_T = TypeVar("_T")


class BadKey(Exception):
    """A key can't be used; the message says why, without the secret."""


@dataclass(frozen=True)
class Key:
    """A private key with its certificate, ready to sign."""

    signer: Signer

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate that goes into the signature."""
        certificate = self.signer.signing_cert
        assert certificate is not None  # every signer here has one
        return certificate

    @property
    def organisation(self) -> str:
        """The organisation that the certificate names."""
        return str(self.certificate.subject.native.get("organization_name", ""))

    def refuse_outside_validity(self, at: datetime) -> None:
        """Raise ``BadKey`` where the certificate isn't valid yet, or no longer, at that time."""
        refuse_outside_validity(self.certificate, at)


def refuse_outside_validity(certificate: x509.Certificate, at: datetime) -> None:
    """Raise ``BadKey`` where a certificate isn't valid yet, or no longer, at that time."""
    if at < certificate.not_valid_before:
        raise BadKey(
            _("The certificate isn't valid before %(moment)s.")
            % {"moment": certificate.not_valid_before}
        )
    if at > certificate.not_valid_after:
        raise BadKey(
            _("The certificate expired at %(moment)s.") % {"moment": certificate.not_valid_after}
        )


def from_pkcs12(data: bytes, password: bytes | None) -> Key:
    """Return the key in a PKCS#12 file. Raises ``BadKey``."""
    try:
        found = pkcs12.load_pkcs12(data, password)
    except ValueError as error:
        raise BadKey(f"The PKCS#12 file can't be opened: {error}") from error
    if found.key is None or found.cert is None:
        raise BadKey("The PKCS#12 file holds no key with a certificate.")
    signer = signers.SimpleSigner.load_pkcs12_data(data, other_certs=(), passphrase=password)
    assert signer is not None  # it was opened just above
    return Key(signer)


@dataclass(frozen=True)
class Token:
    """Where a key lies in an HSM or on a smart card: the vendor's PKCS#11 module, the label of the
    token and that of the key and its certificate, and the PIN."""

    module: str
    token: str
    label: str
    pin: str = field(repr=False)

    def certificate(self) -> x509.Certificate:
        """Return the certificate that lies beside the key. Raises ``BadKey``."""
        return self._use(None, lambda signer: signer.signing_cert)

    def sign(self, certificate: x509.Certificate, data: bytes, digest_algorithm: str) -> bytes:
        """Return the signature on ``data``. Raises ``BadKey``."""
        return self._use(
            certificate, lambda signer: asyncio.run(signer.async_sign_raw(data, digest_algorithm))
        )

    def _use(self, certificate: x509.Certificate | None, use: Callable[[PKCS11Signer], _T]) -> _T:
        """Log in, do it, log out: a token that was away for a while is found again."""
        with _ONE_AT_THE_TOKEN:
            try:
                session = open_pkcs11_session(
                    self.module, token_criteria=TokenCriteria(self.token), user_pin=self.pin
                )
                with session:
                    return use(
                        PKCS11Signer(
                            session,
                            cert_label=None if certificate else self.label,
                            key_label=self.label,
                            signing_cert=certificate,
                            # Few tokens hash for an elliptic curve; all sign a digest.
                            use_raw_mechanism=_is_elliptic(certificate),
                        )
                    )
            except (PKCS11Error, OSError) as error:
                why = str(error) or type(error).__name__
                raise BadKey(f"The key {self.label!r} of {self.token!r}: {why}") from error


def _is_elliptic(certificate: x509.Certificate | None) -> bool:
    return certificate is not None and certificate.public_key.algorithm == "ec"


class _TokenSigner(Signer):
    """Signs with a key that never leaves its token."""

    def __init__(
        self, token: Token, certificate: x509.Certificate, chain: Iterable[x509.Certificate]
    ) -> None:
        registry = SimpleCertificateStore.from_certs([certificate, *chain])
        super().__init__(signing_cert=certificate, cert_registry=registry)
        self._token = token

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if dry_run:
            return bytes(_LONGEST_SIGNATURE)
        assert self.signing_cert is not None
        return await asyncio.to_thread(self._token.sign, self.signing_cert, data, digest_algorithm)


def from_pkcs11(
    token: Token,
    chain: Iterable[x509.Certificate] = (),
    certificate: x509.Certificate | None = None,
) -> Key:
    """Return the key in a token; ``chain`` are its issuers' certificates. The certificate lies
    beside the key unless it is given. The token is used for each signature. Raises ``BadKey``."""
    return Key(_TokenSigner(token, certificate or token.certificate(), chain))
