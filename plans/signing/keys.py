"""The keys that seal and sign, whatever holds them."""

from dataclasses import dataclass

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign import signers


class BadKey(Exception):
    """A key can't be opened; the message says why, without the secret."""


@dataclass(frozen=True)
class Key:
    """A private key with its certificate, ready to sign."""

    signer: signers.Signer

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


def from_pkcs12(data: bytes, password: bytes | None) -> Key:
    """Return the key in a PKCS#12 file. Raises ``BadKey``."""
    try:
        pkcs12.load_pkcs12(data, password)
    except ValueError as error:
        raise BadKey(f"The PKCS#12 file can't be opened: {error}") from error
    signer = signers.SimpleSigner.load_pkcs12_data(data, other_certs=(), passphrase=password)
    if signer is None:
        raise BadKey("The PKCS#12 file holds no key with a certificate.")
    return Key(signer)
