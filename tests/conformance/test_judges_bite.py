"""Each judge says no to what is wrong."""

from tests.conformance.judges import Verdict
from tests.conformance.test_pdf import FIELDS, unexpected


def test_a_flipped_digit_breaks_the_signatures(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts["flipped"]
    assert verdict.signatures
    assert [(found.field, found.intact) for found in verdict.signatures] == [
        (field, False) for field in FIELDS
    ]
    assert {found.verdict for found in verdict.poppler} == {"Digest Mismatch."}
    assert verdict.broken
    assert verdict.broken["3a"]


def test_appended_bytes_are_signed_by_nobody(verdicts: dict[str, Verdict]) -> None:
    assert [found.total for found in verdicts["appended"].poppler] == [False, False, False]


def test_an_edit_between_the_signatures_is_seen(verdicts: dict[str, Verdict]) -> None:
    signatures = verdicts["edited_between"].signatures
    assert signatures
    assert [(bool(found.looks_changed), bool(unexpected(found))) for found in signatures] == [
        (True, True),
        (True, True),
        (False, False),
    ]


def test_a_note_after_the_signatures_is_seen(verdicts: dict[str, Verdict]) -> None:
    signatures = verdicts["annotated"].signatures
    assert signatures
    assert [bool(unexpected(found)) for found in signatures] == [True, True, True]
    assert [bool(found.looks_changed) for found in signatures] == [True, True, True]


def test_a_stranger_s_certificate_isn_t_trusted(verdicts: dict[str, Verdict]) -> None:
    signatures = verdicts["strangers"].signatures
    assert signatures
    assert [found.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND" for found in signatures] == [
        False,
        False,
        True,
    ]


def test_a_field_of_a_signing_tool_breaks_pdf_ua(verdicts: dict[str, Verdict]) -> None:
    broken = verdicts["foreign_field"].broken
    assert broken
    assert {rule.split("-")[0] for rule in broken["ua1"]} >= {"7.18.1", "7.18.4"}


def test_a_pdf_without_tags_breaks_both(verdicts: dict[str, Verdict]) -> None:
    broken = verdicts["untagged"].broken
    assert broken
    assert broken["3a"]
    assert broken["ua1"]


def test_a_file_that_is_cut_off_isn_t_sound(verdicts: dict[str, Verdict]) -> None:
    assert verdicts["cut_off"].qpdf != ""
