"""Our PDFs before judges who don't know us."""

import re

import pytest

from tests.conformance.judges import Poppler, Signature, Verdict
from tests.conformance.papers import ARCHIVAL, BOTH, KINDS, LONG, RENEWED, SIGNED

ALL = [f"{name}-{stage}" for name, kind in KINDS.items() for stage in kind.stages]
FIELDS = ["segl", "underskrift-1", "underskrift-2"]
# The proof of the seal comes with that of the signatures.
LEVELS = {
    BOTH: ["B", "B", "B"],
    LONG: ["LT", "LT", "LT"],
    ARCHIVAL: ["LTA", "LTA", "LTA"],
    RENEWED: ["LTA", "LTA", "LTA"],
}
WITH_SIGNATURES = pytest.mark.parametrize("stage", LEVELS)
# What DSS says of a signature without long-term data: the file can't prove more.
NO_PROOF = [
    "The certificate validation is not conclusive!",
    "No revocation data found for the certificate!",
]
# DSS counts these as changes of no known kind, though they are what a signature writes into its own
# field: the size and coding of its appearance, and its value, which DSS comes upon a second time by
# way of the field's tag.
_OF_A_SIGNATURE = re.compile(
    r"/(?:Fields|Annots) \d+ 0 R /AP /N \d+ 0 R /(?:BBox|Filter)$"
    r"|^/Catalog /StructTreeRoot (?:\d+ 0 R /K )+\d+ 0 R /Obj \d+ 0 R /V \d+ 0 R$"
)
# A time stamp on the document has a field, too, which nobody sees: the first page's list grows.
_OF_A_TIME_STAMP = re.compile(r"/(?:Kids|Dest|Pg) \d+ 0 R /Annots$")


def unexpected(signature: Signature, *, stamped: bool = False) -> list[str]:
    """Return what changed after a signature, but for what another signature had to write, or a
    time stamp where the document is ``stamped``."""
    return [
        path
        for path in signature.changed
        if not _OF_A_SIGNATURE.search(path) and not (stamped and _OF_A_TIME_STAMP.search(path))
    ]


@pytest.mark.parametrize("name", ALL)
def test_it_meets_pdf_a_3a_and_pdf_ua_1(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].broken == {"3a": [], "ua1": []}


@pytest.mark.parametrize("name", ALL)
def test_it_is_sound(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].qpdf == ""


@WITH_SIGNATURES
@pytest.mark.parametrize("name", SIGNED)
def test_its_signatures_are_pades_and_nothing_else_was_changed(
    verdicts: dict[str, Verdict], name: str, stage: str
) -> None:
    verdict = verdicts[f"{name}-{stage}"]
    assert verdict.error == ""
    assert verdict.signatures
    stamped = stage in (ARCHIVAL, RENEWED)
    assert [
        (found.field, found.format, found.intact, found.looks_changed)
        for found in verdict.signatures
    ] == [
        (field, f"PAdES-BASELINE-{level}", True, [])
        for field, level in zip(FIELDS, LEVELS[stage], strict=True)
    ]
    assert [unexpected(found, stamped=stamped) for found in verdict.signatures] == [[], [], []]
    assert [found.permits for found in verdict.signatures] == [
        "MINIMAL_CHANGES_PERMITTED",  # DocMDP P=2: the seal lets signatures be added
        "null",
        "null",
    ]


@WITH_SIGNATURES
@pytest.mark.parametrize("name", SIGNED)
def test_its_signatures_are_proven_as_far_as_their_level_goes(
    verdicts: dict[str, Verdict], name: str, stage: str
) -> None:
    signatures = verdicts[f"{name}-{stage}"].signatures
    assert signatures
    assert [(found.indication, found.errors) for found in signatures] == [
        ("INDETERMINATE", NO_PROOF) if level == "B" else ("TOTAL_PASSED", [])
        for level in LEVELS[stage]
    ]


@WITH_SIGNATURES
@pytest.mark.parametrize("name", SIGNED)
def test_poppler_agrees(verdicts: dict[str, Verdict], name: str, stage: str) -> None:
    # It knows no time stamps, and so no proof either: the last word is then not a signature's.
    said = verdicts[f"{name}-{stage}"].poppler[: len(FIELDS)]
    assert said == [
        Poppler(
            field,
            total=stage == BOTH and field == FIELDS[-1],
            verdict="Signature is Valid.",
        )
        for field in FIELDS
    ]
