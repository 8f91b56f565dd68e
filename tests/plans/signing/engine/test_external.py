"""Signing with a key that somebody else keeps, in two phases; a service in a process of its own."""

import io
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader

from plans.signing import csc
from plans.signing.check import Trust, check
from plans.signing.config import certificates
from plans.signing.csc import CscService
from plans.signing.errors import Refused, ServiceDown
from plans.signing.external import complete, prepare, sign_with
from plans.signing.fields import PARTIES, SEAL
from plans.signing.keys import BadKey
from plans.signing.longterm import long_term
from tests.plans.signing.engine import authority as names
from tests.plans.signing.engine import csc_server
from tests.plans.signing.engine.authority import Authority
from tests.plans.signing.engine.conftest import Papers

pytestmark = pytest.mark.usefixtures("english")
WORDS = {"field": PARTIES[0], "name": "Signatar", "reason": "Signerer", "stamp": "Signatar"}


@contextmanager
def _running(path: Path) -> Iterator[CscService]:
    command = [sys.executable, "-m", csc_server.__name__, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        yield CscService(url, "c1", "v1", csc_server.TOKEN, csc_server.PIN)
        process.communicate()  # its standard input ends, and so does it


@pytest.fixture(scope="session")
def service(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CscService]:
    path = tmp_path_factory.mktemp("csc") / "county.p12"
    path.write_bytes(authority.pkcs12(names.COUNTY))
    with _running(path) as running:
        yield running


def test_a_signature_that_the_service_makes(
    papers: Papers, authority: Authority, service: CscService
) -> None:
    pdf = sign_with(service, papers.sealed, **WORDS)
    trust = Trust(
        roots=certificates(authority.root),
        organisations={SEAL: "Testmynde", PARTIES[0]: "Fylke fylkeskommune"},
    )
    verdict = check(pdf, sealed=papers.sealed, trust=trust)
    assert verdict.faults == ()
    assert [(found.field, found.signer) for found in verdict.signed] == [(PARTIES[0], "Signatar")]


def test_the_second_version_of_the_api(papers: Papers, service: CscService) -> None:
    assert sign_with(replace(service, api="v2"), papers.sealed, **WORDS).startswith(papers.sealed)


def test_an_rsa_key(papers: Papers, authority: Authority, tmp_path: Path) -> None:
    path = tmp_path / "rsa.p12"
    path.write_bytes(authority.pkcs12(names.RSA))
    with _running(path) as service:
        assert sign_with(service, papers.sealed, **WORDS).startswith(papers.sealed)


def test_hours_may_lie_between_the_phases(
    papers: Papers, services: Authority, service: CscService
) -> None:
    prepared = prepare(
        papers.sealed, certificates=service.certificates(), long_term=long_term(), **WORDS
    )
    assert len(prepared.digest) == 32
    signature = service.sign_digest(prepared.digest)
    pdf = complete(prepared, signature, long_term=long_term())
    assert pdf.startswith(papers.sealed)
    assert "/DSS" in PdfFileReader(io.BytesIO(pdf)).root


def test_a_certificate_that_was_revoked_meanwhile(papers: Papers, services: Authority) -> None:
    key = services.key(names.REVOKED)
    chain = [key.certificate, services.certificate("issuer")]
    prepared = prepare(papers.sealed, certificates=chain, long_term=long_term(), **WORDS)
    private, *_ = pkcs12.load_key_and_certificates(services.pkcs12(names.REVOKED), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    signature = private.sign(prepared.digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    with pytest.raises(Refused, match="has been revoked"):
        complete(prepared, signature, long_term=long_term())


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"credential": "odd"}, ServiceDown, "can't be used"),
        ({"credential": "garbage"}, ServiceDown, "can't be used"),
        ({"credential": "shut"}, Refused, "is shut"),
        ({"pin": "0000"}, Refused, "refused: wrong PIN"),
        ({"token": "none"}, Refused, "refused: not logged in"),
    ],
)
def test_a_service_that_says_no_or_nonsense(
    papers: Papers,
    service: CscService,
    changes: dict[str, str],
    error: type[Exception],
    said: str,
) -> None:
    with pytest.raises(error, match=said) as caught:
        sign_with(replace(service, **changes), papers.sealed, **WORDS)
    assert csc_server.PIN not in str(caught.value)


def test_a_certificate_that_has_expired(papers: Papers, authority: Authority) -> None:
    with pytest.raises(BadKey, match="expired at 2021-01-01"):
        prepare(papers.sealed, certificates=[authority.certificate(names.EXPIRED)], **WORDS)


@pytest.mark.parametrize("signature", [b"", b"x", bytes(64)], ids=["empty", "short", "zeros"])
def test_what_is_no_signature_is_not_put_in(
    papers: Papers, authority: Authority, signature: bytes
) -> None:
    certificate = authority.certificate(names.COUNTY)
    prepared = prepare(papers.sealed, certificates=[certificate], **WORDS)
    with pytest.raises(ServiceDown, match="can't be used"):
        complete(prepared, signature)


def test_a_service_that_is_away(papers: Papers, service: CscService) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        away = replace(service, url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ServiceDown, match="The signing service doesn't answer"):
            sign_with(away, papers.sealed, **WORDS)


def test_a_service_that_is_slow(papers: Papers, service: CscService, settings: Any) -> None:
    settings.SIGNING_TIMEOUT = 0.05
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        slow = replace(service, url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(ServiceDown, match="The signing service was too slow"):
            sign_with(slow, papers.sealed, **WORDS)


@pytest.mark.parametrize(
    ("ask", "holder"), [(csc.lup_service, "lup"), (lambda: csc.county_service("60"), "fylke-60")]
)
def test_the_settings_name_the_service(
    settings: Any, ask: Callable[[], CscService | None], holder: str
) -> None:
    settings.SIGNING_SERVICE_CREDENTIALS = {holder: "c1"}
    assert ask() is None
    settings.SIGNING_SERVICE_URL = "https://sign.example"
    settings.SIGNING_SERVICE_TOKEN = "token"
    settings.SIGNING_SERVICE_PIN = "pin"
    assert ask() == CscService("https://sign.example", "c1", "v1", "token", "pin")
    settings.SIGNING_SERVICE_CREDENTIALS = {}
    assert ask() is None
