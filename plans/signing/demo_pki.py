"""Certificates for the demo and for tests: an authority of their own that nobody else believes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

ROOT = "rot.pem"
MARK = "demo.json"
_YEARS = 20


def make_demo_keys(folder: Path, organisations: dict[str, str]) -> None:
    """Write a PKCS#12 file for each name of a key in ``organisations``, which gives the
    organisation that its certificate names, and the authority's certificate. A folder that has them
    for the same organisations is left as it is."""
    mark = folder / MARK
    said = json.dumps(organisations, ensure_ascii=False, sort_keys=True)
    if mark.is_file() and mark.read_text(encoding="utf-8") == said:
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root, root_key = _certificate("Demo: rotsertifikat", "Lupplan, demo", None, None)
    (folder / ROOT).write_bytes(root.public_bytes(Encoding.PEM))
    for name, organisation in organisations.items():
        certificate, key = _certificate(f"Demo: {organisation}", organisation, root, root_key)
        path = folder / f"{name}.p12"
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                name.encode(), key, certificate, [root], NoEncryption()
            )
        )
        path.chmod(0o600)
    mark.write_text(said, encoding="utf-8")


def _certificate(
    name: str,
    organisation: str,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey | None,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    is_root = issuer is None or issuer_key is None
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NO"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    signer_key = key if issuer_key is None else issuer_key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365 * 3))  # the demo signs in the past
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_root,
                content_commitment=not is_root,
                key_cert_sign=is_root,
                crl_sign=is_root,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()),
            critical=False,
        )
    )
    return builder.sign(signer_key, hashes.SHA256()), key
