"""What the account pages' tests share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

PASSWORD = "ei lita due paa taket"


@pytest.fixture(autouse=True)
def no_attempts_yet() -> Iterator[None]:
    """Let no test run into the limits that an earlier one has used up."""
    cache.clear()
    yield
    cache.clear()
