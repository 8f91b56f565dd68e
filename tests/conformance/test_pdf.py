"""Our PDFs before judges who don't know us."""

import re

import pytest

from tests.conformance.judges import Poppler, Signature, Verdict
from tests.conformance.papers import BOTH, KINDS, SIGNED, STAGES, UNSEALED

ALL = [
    f"{name}-{stage}"
    for name, kind in KINDS.items()
    for stage in (STAGES if kind.signed else [UNSEALED])
]
FIELDS = ["segl", "underskrift-1", "underskrift-2"]
# DSS counts these as changes of no known kind, though they are what a signature writes into its own
# field: the size and coding of its appearance, and its value, which DSS comes upon a second time by
# way of the field's tag.
_OF_A_SIGNATURE = re.compile(
    r"/(?:Fields|Annots) \d+ 0 R /AP /N \d+ 0 R /(?:BBox|Filter)$"
    r"|^/Catalog /StructTreeRoot (?:\d+ 0 R /K )+\d+ 0 R /Obj \d+ 0 R /V \d+ 0 R$"
)


def unexpected(signature: Signature) -> list[str]:
    """Return what changed after a signature, but for what another signature had to write."""
    return [path for path in signature.changed if not _OF_A_SIGNATURE.search(path)]


@pytest.mark.parametrize("name", ALL)
def test_it_meets_pdf_a_3a_and_pdf_ua_1(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].broken == {"3a": [], "ua1": []}


@pytest.mark.parametrize("name", ALL)
def test_it_is_sound(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].qpdf == ""


@pytest.mark.parametrize("name", SIGNED)
def test_its_signatures_are_pades_and_nothing_else_was_changed(
    verdicts: dict[str, Verdict], name: str
) -> None:
    verdict = verdicts[f"{name}-{BOTH}"]
    assert verdict.error == ""
    assert verdict.signatures
    assert [
        (found.field, found.format, found.intact, found.looks_changed, unexpected(found))
        for found in verdict.signatures
    ] == [(name, "PAdES-BASELINE-B", True, [], []) for name in FIELDS]
    assert [found.permits for found in verdict.signatures] == [
        "MINIMAL_CHANGES_PERMITTED",  # DocMDP P=2: the seal lets signatures be added
        "null",
        "null",
    ]


@pytest.mark.parametrize("name", SIGNED)
def test_all_that_a_signature_without_long_term_data_lacks_is_revocation(
    verdicts: dict[str, Verdict], name: str
) -> None:
    signatures = verdicts[f"{name}-{BOTH}"].signatures
    assert signatures
    assert {error for found in signatures for error in found.errors} == {
        "The certificate validation is not conclusive!",
        "No revocation data found for the certificate!",
    }


@pytest.mark.parametrize("name", SIGNED)
def test_poppler_agrees(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[f"{name}-{BOTH}"].poppler == [
        Poppler(field, total=field == FIELDS[-1], verdict="Signature is Valid.") for field in FIELDS
    ]
