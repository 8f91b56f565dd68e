"""The steps of one signed file, for all tests of the check."""

import pytest

from plans.signing.check import check
from plans.signing.verdict import Verdict
from tests.factories.signed import SignedFiles, lasting_files, signed_files


@pytest.fixture(scope="session")
def files() -> SignedFiles:
    """A small plan's PDF: exported, sealed, signed by one, by both."""
    return signed_files()


@pytest.fixture(scope="session")
def lasting() -> tuple[bytes, bytes]:
    """The same signed as B-LT, and as B-LTA."""
    return lasting_files()


def verdict_on(pdf: bytes, files: SignedFiles) -> Verdict:
    """Return what the check, in this process, says of a file."""
    return check(pdf, sealed=files.sealed, trust=files.trust)
