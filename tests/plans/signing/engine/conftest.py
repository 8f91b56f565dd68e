"""One rendered PDF, one seal and one authority for all tests of the engine."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from plans.exports.pdf import Edition, plan_pdf
from plans.signing import sign
from plans.signing.fields import PARTIES, with_signature_fields
from plans.signing.keys import Key
from tests.factories.documents import make_document
from tests.plans.signing.engine import authority as authorities
from tests.plans.signing.engine.authority import Authority

DOCUMENT = make_document(measures=2, version=1, state="FOR_SIGNATURE")
EDITION = Edition(address="https://testserver/planar/fylke/2020/versjonar/1/", is_demo=True)


@dataclass(frozen=True)
class Papers:
    """A version's PDF as it is set, with places for signatures, and sealed."""

    printed: bytes
    prepared: bytes
    sealed: bytes


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authorities.started(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="session")
def papers(authority: Authority) -> Papers:
    printed = plan_pdf(DOCUMENT, edition=EDITION)
    prepared = with_signature_fields(printed)
    sealed = sign.seal(prepared, key=authority.key(authorities.SEAL), reason="Forsegla")
    return Papers(printed, prepared, sealed)


@pytest.fixture
def services(authority: Authority, settings: Any) -> Authority:
    """The settings name the authority's time stamps and believe it."""
    settings.SIGNING_TIMESTAMP_URL = authority.timestamp_url
    settings.SIGNING_TRUST_ROOTS = str(authority.root)
    settings.SIGNING_REVOCATION = True
    return authority


def signed(
    pdf: bytes, key: Key, *, place: int = 0, long_term: sign.LongTerm | None = None
) -> bytes:
    """Return the PDF signed at a party's place, counted from 0."""
    return sign.sign(
        pdf,
        field=PARTIES[place],
        key=key,
        name="Signatar",
        reason="Signerer partnarplanen",
        stamp="Signatar",
        long_term=long_term,
    )
