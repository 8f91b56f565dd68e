"""The real reference data, for the tests that are about it."""

import pytest

from municipalities.services import load_reference_data


@pytest.fixture
def reference_data(db):
    load_reference_data()
