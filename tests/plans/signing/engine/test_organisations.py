"""Whose a certificate is."""

import pytest

from plans.signing.organisations import certifies, organisation_name, organisation_number
from tests.plans.signing.engine import authority as names
from tests.plans.signing.engine.authority import Authority


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [
        ("Fylke fylkeskommune", True),
        ("FYLKE  FYLKESKOMMUNE ", True),
        ("Fylke", False),
        ("Fylke fylkeskommune AS", False),
        ("", False),
        ("123456789", False),
    ],
)
def test_a_name_is_compared_without_case_and_spaces(
    authority: Authority, organisation: str, expected: bool
) -> None:
    assert certifies(authority.certificate(names.COUNTY), organisation) is expected


def test_a_number_is_what_counts_where_it_is_asked_for(authority: Authority) -> None:
    certificate = authority.certificate(names.NUMBERED)
    assert organisation_name(certificate) == "Testmynde"
    assert organisation_number(certificate) == "123456789"
    assert certifies(certificate, "123456789")
    assert not certifies(certificate, "987654321")
    assert organisation_number(authority.certificate(names.COUNTY)) == ""
