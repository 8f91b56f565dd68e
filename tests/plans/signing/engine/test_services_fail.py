"""Others' services: away, slow, wrong. Signing waits and says so, and nothing is half-signed."""

import socket
from typing import Any

import pytest

from plans.signing import sign
from plans.signing.errors import ServiceDown
from plans.signing.longterm import long_term
from tests.plans.signing.engine import authority as names
from tests.plans.signing.engine.authority import Authority
from tests.plans.signing.engine.conftest import Papers, signed

pytestmark = pytest.mark.usefixtures("english")

STAMP = "application/timestamp-reply"
REFUSAL = bytes.fromhex("30053003020102")  # RFC 3161, 2.4.2: rejection


def _refused(papers: Papers, authority: Authority) -> str:
    with pytest.raises(ServiceDown) as caught:
        signed(papers.sealed, authority.key(names.COUNTY), long_term=long_term())
    return str(caught.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (("200 OK", STAMP, b"garbage"), "gave an answer that can't be used"),
        (("200 OK", STAMP, b""), "gave an answer that can't be used"),
        (("200 OK", STAMP, REFUSAL), "gave an answer that can't be used"),
        (("200 OK", "text/html", b"<p>Hello</p>"), "gave an answer that can't be used"),
        (("404 Not Found", "text/plain", b""), "gave an answer that can't be used"),
        (("302 Found", "text/plain", b""), "gave an answer that can't be used"),
        (("503 Busy", "text/plain", b""), "has trouble"),
        (("200 OK", STAMP, b"x" * 2**21), "gave an answer that can't be used"),
    ],
)
def test_a_time_stamp_service_that_answers_wrongly(
    papers: Papers, services: Authority, answer: tuple[str, str, bytes], said: str
) -> None:
    with services.answering("/tsa/", lambda: answer):
        assert _refused(papers, services) == f"The time-stamp service {said}."


def test_a_time_stamp_on_something_else_is_not_taken(papers: Papers, services: Authority) -> None:
    proof = long_term()
    assert proof is not None
    original = proof.timestamper.request_cms

    def about_another(digest: bytes, algorithm: str) -> Any:
        return original(bytes(32), algorithm)

    proof.timestamper.request_cms = about_another  # type: ignore[method-assign]
    with pytest.raises(ServiceDown, match="can't be used"):
        signed(papers.sealed, services.key(names.COUNTY), long_term=proof)


def test_a_time_stamp_service_that_is_away(
    papers: Papers, services: Authority, settings: Any
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        settings.SIGNING_TIMESTAMP_URL = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert _refused(papers, services) == "The time-stamp service doesn't answer."


def test_a_time_stamp_service_that_is_slow(
    papers: Papers, services: Authority, settings: Any
) -> None:
    settings.SIGNING_TIMEOUT = 0.05
    with services.silent("/tsa/"):
        assert _refused(papers, services) == "The time-stamp service was too slow."


def test_a_time_stamp_service_that_is_not_believed(
    papers: Papers, services: Authority, settings: Any
) -> None:
    settings.SIGNING_TRUST_ROOTS = ""  # the demo's own
    settings.SIGNING_REVOCATION = False
    expected = "The time-stamp service isn't one that is believed here."
    assert _refused(papers, services) == expected


def test_a_revocation_service_that_is_away(papers: Papers, services: Authority) -> None:
    away = ("503 Busy", "text/plain", b"")
    with services.answering("/ocsp/", lambda: away), services.answering("/crls/", lambda: away):
        assert _refused(papers, services).startswith("The service that tells whether")


def test_a_revocation_service_that_is_slow(
    papers: Papers, services: Authority, settings: Any
) -> None:
    settings.SIGNING_TIMEOUT = 0.2
    with services.silent("/ocsp/"), services.silent("/crls/"):
        assert _refused(papers, services) == "The services that signing needs were too slow."


def test_the_list_does_where_the_responder_is_away(papers: Papers, services: Authority) -> None:
    with services.answering("/ocsp/", lambda: ("503 Busy", "text/plain", b"")):
        assert signed(papers.sealed, services.key(names.COUNTY), long_term=long_term())


def test_sealing_and_renewing_wait_too(papers: Papers, services: Authority) -> None:
    proof = long_term()
    assert proof is not None
    with services.answering("/tsa/", lambda: ("503 Busy", "text/plain", b"")):
        with pytest.raises(ServiceDown):
            sign.seal(
                papers.prepared, key=services.key(names.SEAL), reason="Forsegla", long_term=proof
            )
        with pytest.raises(ServiceDown):
            sign.renew(papers.sealed, long_term=proof)
