from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let the pictures say what stands in the code, whatever the translations are."""
    with translation.override("en"):
        yield
