"""Issuers of certificates for tests, with time stamps and lists of what they revoked; no service
runs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

_CURVE = ec.SECP256R1()
CRL_ADDRESS = "http://127.0.0.1:9/crl"  # nobody answers there


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def asn1(self) -> asn1_x509.Certificate:
        """The certificate as pyHanko takes it."""
        return asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        """The key as pyHanko takes it."""
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        )


@dataclass
class Authority:
    """An issuer whom tests believe, or not."""

    name: str = "Prøverot"
    holder: Holder = field(init=False)
    revoked: dict[int, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.holder = _certificate(self.name, self.name, None)

    @property
    def root(self) -> asn1_x509.Certificate:
        """Its own certificate."""
        return self.holder.asn1

    def issue(
        self,
        organisation: str,
        *,
        name: str = "",
        ends: timedelta = timedelta(days=3650),
        number: str = "",
        stamps: bool = False,
        crl: bool = True,
    ) -> Holder:
        """Return a certificate of an organisation that ends in so long, counted from now."""
        return _certificate(
            name or organisation,
            organisation,
            self.holder,
            ends=ends,
            number=number,
            stamps=stamps,
            crl=crl,
        )

    def revoke(self, holder: Holder, at: datetime) -> None:
        """Withdraw a certificate."""
        self.revoked[holder.certificate.serial_number] = at

    def crl(self) -> asn1_crl.CertificateList:
        """Return what it has withdrawn, as of now."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.holder.certificate.subject)
            .last_update(now - timedelta(minutes=1))
            .next_update(now + timedelta(days=30))
        )
        for number, at in self.revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(number).revocation_date(at).build()
            )
        found = builder.sign(self.holder.key, hashes.SHA256())
        return asn1_crl.CertificateList.load(found.public_bytes(Encoding.DER))

    def signer(self, holder: Holder) -> SimpleSigner:
        """Return what signs with a certificate, and embeds it with the root."""
        store = SimpleCertificateStore()
        store.register_multiple([holder.asn1, self.root])
        return SimpleSigner(holder.asn1, holder.asn1_key, store)

    def stamper(self, holder: Holder, at: datetime | None = None) -> DummyTimeStamper:
        """Return a time-stamp service whose clock shows ``at``, or now."""
        store = SimpleCertificateStore()
        store.register_multiple([holder.asn1, self.root])
        return DummyTimeStamper(holder.asn1, holder.asn1_key, store, fixed_dt=at)

    def context(self) -> ValidationContext:
        """Return what makes signatures last: the list of what was withdrawn, and no network."""
        return ValidationContext(
            trust_roots=[self.root], crls=[self.crl()], revocation_mode="hard-fail"
        )


def _certificate(
    name: str,
    organisation: str,
    issuer: Holder | None,
    *,
    ends: timedelta = timedelta(days=7300),
    number: str = "",
    stamps: bool = False,
    crl: bool = False,
) -> Holder:
    # pyHanko's clock for tests takes RSA alone.
    key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(_CURVE)
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "NO"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ]
    if number:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRNO-{number}"))
    subject = x509.Name(parts)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + ends)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(_usage(is_root=issuer is None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if stamps:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    if crl:
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(CRL_ADDRESS)], None, None, None
        )
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return Holder(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
