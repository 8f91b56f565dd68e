"""An authority of the tests' own on loopback: certificates, OCSP, CRL and time stamps."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.serving import WSGIRequestHandler, make_server

from plans.signing.keys import Key, from_pkcs12

SEAL, COUNTY, LUP, RSA = "seal", "county", "lup", "rsa"
REVOKED, EXPIRED, NUMBERED = "revoked", "expired", "numbered"
_ARCH = "authority"
_CURVE = ec.SECP256R1()
_KEYS = (
    "root",
    "issuer",
    "responder",
    "stamps",
    SEAL,
    COUNTY,
    LUP,
    RSA,
    REVOKED,
    EXPIRED,
    NUMBERED,
)
_LONG = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2090-01-01T00:00:00+0000"}
_OVER = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2021-01-01T00:00:00+0000"}
_SIGNER = {"issuer": "issuer", "validity": _LONG, "profiles": ["digsig-commitment"]}
_STAMPS = {
    "issuer": "root",
    "validity": _LONG,
    "extensions": [
        {
            "id": "key_usage",
            "critical": True,
            "smart-value": {"schema": "key-usage", "params": ["digital_signature"]},
        },
        {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
    ],
}
Answer = Callable[[], tuple[str, str, bytes]]  # status, media type, body


class Authority:
    """The authority while it runs."""

    def __init__(self, url: str, arch: PKIArchitecture, folder: Path) -> None:
        self.timestamp_url = f"{url}/{_ARCH}/tsa/stamps"
        self.root = folder / "root.crt"
        self._arch = arch
        self._right = Animator(AnimatorArchStore({ArchLabel(_ARCH): arch}), with_web_ui=False)
        self._wrong: dict[str, Answer] = {}
        self.root.write_bytes(pem.armor("CERTIFICATE", self.certificate("root").dump()))

    def __call__(self, environment: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request (WSGI)."""
        for part, answer in self._wrong.items():
            if part in environment["PATH_INFO"]:
                status, kind, body = answer()
                start(status, [("Content-Type", kind)])
                return [body]
        answered: Iterable[bytes] = self._right(environment, start)
        return answered

    @contextmanager
    def answering(self, part: str, answer: Answer) -> Iterator[None]:
        """Let requests to addresses that hold ``part`` be answered so."""
        self._wrong[part] = answer
        try:
            yield
        finally:
            del self._wrong[part]

    @contextmanager
    def silent(self, part: str) -> Iterator[None]:
        """Let requests to addresses that hold ``part`` wait until this ends."""
        ended = threading.Event()

        def wait() -> tuple[str, str, bytes]:
            ended.wait()
            return "503 Too late", "text/plain", b""

        with self.answering(part, wait):
            try:
                yield
            finally:
                ended.set()

    def certificate(self, name: str) -> x509.Certificate:
        """Return the certificate of that name."""
        return self._arch.get_cert(CertLabel(name))

    def pkcs12(self, name: str, password: str | None = None) -> bytes:
        """Return the key of that name with its certificates."""
        secret = password.encode() if password else None
        data: bytes = self._arch.package_pkcs12(CertLabel(name), password=secret)
        return data

    def key(self, name: str) -> Key:
        """Return the key of that name."""
        return from_pkcs12(self.pkcs12(name), None)


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def started(folder: Path) -> Iterator[Authority]:
    """Run an authority that keeps its keys in ``folder``."""
    for name in _KEYS:
        _write_key(folder / f"{name}.pem", is_rsa=name == RSA)
    server = make_server("127.0.0.1", 0, _nothing, threaded=True, request_handler=_Silent)
    url = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig(_config(url), str(folder))
    arch = config.get_pki_arch(ArchLabel(_ARCH))
    authority = server.app = Authority(url, arch, folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _nothing(environment: object, start: Any) -> list[bytes]:
    start("503 Not yet", [])
    return []


def _config(url: str) -> dict[str, Any]:
    names = {
        "root": "Testrot",
        "issuer": "Testutferdar",
        "responder": "Testsvarar",
        "stamps": "Teststempel",
    }
    organisations = {COUNTY: "Fylke fylkeskommune", LUP: "Leverandørutviklingsprogrammet"}
    entities = {
        name: {
            "country-name": "NO",
            "organization-name": organisations.get(name, "Testmynde"),
            "common-name": names.get(name, name),
        }
        for name in _KEYS
    }
    entities[NUMBERED]["organization-identifier"] = "NTRNO-123456789"
    certs: dict[str, Any] = {
        "root": {
            "issuer": "root",
            "validity": _LONG,
            "profiles": [{"id": "simple-ca", "params": {"crl-repo": "root"}}],
        },
        "issuer": {
            "issuer": "root",
            "validity": _LONG,
            "profiles": [
                {"id": "simple-ca", "params": {"crl-repo": "issuer", "ocsp-service": "issuer"}}
            ],
        },
        "responder": {"issuer": "issuer", "validity": _LONG, "profiles": ["ocsp-responder"]},
        "stamps": _STAMPS,
        **{name: dict(_SIGNER) for name in (SEAL, COUNTY, LUP, RSA, NUMBERED)},
        REVOKED: {**_SIGNER, "revocation": {"revoked-since": "2022-01-01T00:00:00+0000"}},
        EXPIRED: {**_SIGNER, "validity": _OVER},
    }
    schedule = {"simulated-update-schedule": "P90D"}
    services = {
        "ocsp": {"issuer": {"for-issuer": "issuer", "responder-cert": "responder"}},
        "crl-repo": {
            name: {"for-issuer": name, "signing-key": name, **schedule}
            for name in ("root", "issuer")
        },
        "time-stamping": {"stamps": {"signing-cert": "stamps"}},
    }
    return {
        "external-url-prefix": url,
        "keysets": {_ARCH: {"keys": {name: {"path": f"{name}.pem"} for name in _KEYS}}},
        "pki-architectures": {
            _ARCH: {"entities": entities, "certs": certs, "services": services},
        },
    }


def _write_key(path: Path, *, is_rsa: bool) -> None:
    key = rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(_CURVE)
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
