"""A file that somebody has changed: each case of the table in the specification, and many more."""

import io
import random
from dataclasses import replace

import pytest
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter

from plans.signing.check import MOST_REVISIONS, check
from plans.signing.verdict import Change, Fault
from tests.factories.pki import Authority
from tests.factories.signed import COUNTY, LUP, NAMES, SignedFiles, signed, stamped
from tests.plans.signing.checking.conftest import verdict_on
from tests.plans.signing.checking.tampering import (
    EDITS,
    Writer,
    contents,
    language,
    note,
    repaint,
    rewritten,
    title,
    updated,
)

FLIPS = 110
_NUMBER = NumberObject(1)


def test_a_flipped_byte_in_a_signature_is_found(files: SignedFiles) -> None:
    flipped = _flip(files.both, files.both.rindex(b"/ByteRange") + 14, 1)
    assert verdict_on(flipped, files).tampered


def test_no_flipped_bit_after_the_seal_is_accepted(files: SignedFiles) -> None:
    chance = random.Random(1)
    for _ in range(FLIPS):
        at = chance.randrange(len(files.sealed), len(files.both))
        flipped = _flip(files.both, at, 1 << chance.randrange(8))
        assert verdict_on(flipped, files).tampered, at


def test_no_flipped_bit_before_the_seal_is_accepted(files: SignedFiles) -> None:
    chance = random.Random(3)
    for _ in range(FLIPS):
        at = chance.randrange(len(files.sealed))
        flipped = _flip(files.both, at, 1 << chance.randrange(8))
        faults = verdict_on(flipped, files).faults
        assert faults in ((Fault.NOT_SEALED,), (Fault.NOT_A_PDF,)), at


def test_no_flipped_bit_below_a_time_stamp_is_accepted(
    files: SignedFiles, lasting: tuple[bytes, bytes]
) -> None:
    """What follows the last time stamp proves that stamp and signs itself; nothing covers it."""
    chance = random.Random(4)
    pdf = lasting[1]
    end = pdf.rindex(b"/DocTimeStamp")
    for _ in range(FLIPS // 6):
        at = chance.randrange(len(files.sealed), end)
        assert verdict_on(_flip(pdf, at, 1 << chance.randrange(8)), files).tampered, at


@pytest.mark.parametrize(
    ("name", "fault", "change"),
    [
        ("contents", Fault.CHANGED_AFTERWARDS, Change.PAGES),
        ("note", Fault.CHANGED_AFTERWARDS, Change.ANNOTATIONS),
        ("language", Fault.CHANGED_AFTERWARDS, Change.LANGUAGE),
        ("title", Fault.CHANGED_AFTERWARDS, Change.METADATA),
        ("title in XMP", Fault.CHANGED_AFTERWARDS, Change.METADATA),
        ("attachment", Fault.CHANGED_AFTERWARDS, Change.ATTACHMENTS),
        ("data", Fault.CHANGED_AFTERWARDS, Change.ATTACHMENTS),
        ("text field", Fault.UNKNOWN_FIELD, None),
        ("empty signature field", Fault.UNKNOWN_FIELD, None),
    ],
)
def test_an_edit_after_the_signatures_is_named(
    files: SignedFiles, name: str, fault: Fault, change: Change | None
) -> None:
    verdict = verdict_on(updated(files.both, EDITS[name]), files)
    assert verdict.faults == (fault,)
    assert verdict.changes == ((change,) if change else ())


@pytest.mark.parametrize("step", ["sealed", "one", "both"])
def test_no_update_of_another_tool_is_accepted(files: SignedFiles, step: str) -> None:
    """On each step of the file; that makes more than a hundred."""
    pdf = getattr(files, step)
    for name, edit in EDITS.items():
        assert verdict_on(updated(pdf, edit), files).tampered, name


@pytest.mark.parametrize("edit", [contents, note, language, title, repaint(2)])
def test_an_edit_between_the_signatures_is_found(files: SignedFiles, edit: object) -> None:
    pdf = files.sign(updated(files.one, edit), LUP)  # type: ignore[arg-type]
    verdict = verdict_on(pdf, files)
    assert verdict.faults == (Fault.CHANGED_AFTERWARDS,)


def test_an_edit_before_the_first_signature_is_found(files: SignedFiles) -> None:
    """After the seal, or before it: others' tools say that both signatures are valid."""
    pdf = files.sign(files.sign(updated(files.sealed, contents), COUNTY), LUP)
    assert verdict_on(pdf, files).faults == (Fault.CHANGED_AFTERWARDS,)
    unsealed = files.sign(files.sign(updated(files.prepared, contents), COUNTY), LUP)
    assert verdict_on(unsealed, files).faults == (Fault.NOT_SEALED,)


@pytest.mark.parametrize(
    "more",
    [
        b"\n",
        b"x",
        b" ",
        b"%%EOF",
        b"% seen\n%%EOF",
        b"\nstartxref\n0\n%%EOF\n",
        b"PK\x05\x06" + bytes(18),
        b"\0" * 1000,
        b"1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n1\n%%EOF",
    ],
)
def test_bytes_at_the_end_are_found(files: SignedFiles, more: bytes) -> None:
    assert verdict_on(files.both + more, files).tampered


def test_bytes_hung_on_a_whole_file_are_called_so(files: SignedFiles) -> None:
    again = b"startxref" + files.both.rpartition(b"startxref")[2]
    for more in (b"x", b"% seen\n%%EOF\n", b"% seen\n" + again):
        assert verdict_on(files.both + more, files).faults == (Fault.BYTES_APPENDED,)


def test_without_the_second_signature_it_is_signed_by_one(files: SignedFiles) -> None:
    verdict = verdict_on(files.both[: len(files.one)], files)
    assert verdict.faults == ()
    assert [found.field for found in verdict.signed] == [COUNTY]
    assert not verdict.complete


def test_a_cut_file_is_found(files: SignedFiles) -> None:
    for kept in (len(files.both) - 1, len(files.both) - 7, len(files.one) + 500):
        verdict = verdict_on(files.both[:kept], files)
        assert not verdict.complete or verdict.tampered


def test_a_signer_who_vouches_for_himself(files: SignedFiles) -> None:
    stranger = Authority(NAMES[COUNTY])
    pdf = signed(files.sealed, COUNTY, stranger, stranger.holder)
    assert Fault.UNTRUSTED in verdict_on(pdf, files).faults
    likeness = Authority("Prøverot")  # by the name of the one that is believed
    pdf = signed(files.sealed, COUNTY, likeness, likeness.issue(NAMES[COUNTY]))
    assert verdict_on(pdf, files).tampered


def test_a_signer_who_is_no_party(files: SignedFiles) -> None:
    pdf = signed(files.sealed, COUNTY, files.authority, files.authority.issue("Ein annan"))
    verdict = verdict_on(pdf, files)
    assert verdict.faults == (Fault.WRONG_SIGNER,)
    assert [found.organisation for found in verdict.signed] == ["Ein annan"]


def test_a_party_in_the_other_ones_place(files: SignedFiles) -> None:
    pdf = signed(files.sealed, COUNTY, files.authority, files.holders[LUP])
    assert verdict_on(pdf, files).faults == (Fault.WRONG_PLACE,)


def test_a_third_signature(files: SignedFiles) -> None:
    for pdf in (files.sealed, files.one, files.both):
        more = signed(pdf, "tredje", files.authority, files.holders[LUP], new_field=True)
        assert verdict_on(more, files).faults == (Fault.UNKNOWN_FIELD,)


def test_a_seal_of_somebody_else(files: SignedFiles) -> None:
    own = signed(files.prepared, "segl", files.authority, files.holders[LUP], certify=True)
    pdf = files.sign(own, COUNTY)
    assert verdict_on(pdf, files).faults == (Fault.NOT_SEALED,)
    # Even where it were ours, its certificate must be.
    assert check(pdf, sealed=own, trust=files.trust).faults == (Fault.WRONG_PLACE,)


def test_the_second_signer_may_not_paint_over_the_first(files: SignedFiles) -> None:
    """Held against the sealed file alone, in which both fields are empty, it would pass."""
    pdf = files.sign(updated(files.one, repaint(1)), LUP)
    assert verdict_on(pdf, files).tampered
    # While it signs, in one revision.
    verdict = verdict_on(_sign_and_paint(files), files)
    assert verdict.faults == (Fault.CHANGED_AFTERWARDS,)
    assert verdict.changes == (Change.STAMP,)


def test_a_time_stamp_of_somebody_unknown(files: SignedFiles) -> None:
    stranger = Authority("Framand")
    clock = stranger.issue("Tidsstempel", stamps=True)
    pdf = stamped(files.both, replace(files, authority=stranger, stamper=clock))
    assert verdict_on(pdf, files).faults == (Fault.BAD_TIME_STAMP,)


def test_letters_of_another_case_are_found(files: SignedFiles) -> None:
    """The digits of a signature mean the same in either case; nobody signs them."""
    at = files.both.rindex(b"/Contents <") + 11
    letter = next(i for i in range(at, at + 200) if files.both[i : i + 1] in b"ABCDEF")
    assert verdict_on(_flip(files.both, letter, 0x20), files).faults == (Fault.SIGNATURE_BROKEN,)


def test_a_file_saved_anew_is_another(files: SignedFiles) -> None:
    for name, pdf in rewritten(files.both):
        assert verdict_on(pdf, files).faults == (Fault.NOT_SEALED,), name


def test_an_update_that_brings_nothing_is_found(files: SignedFiles) -> None:
    pdf = updated(files.both, lambda writer: writer.update_root())
    assert verdict_on(pdf, files).faults == (Fault.CHANGED_AFTERWARDS,)
    hidden = updated(files.both, _add_unused)
    assert verdict_on(hidden, files).faults == (Fault.CHANGED_AFTERWARDS,)


def test_many_revisions_are_not_read(files: SignedFiles) -> None:
    pdf = files.both
    for _ in range(MOST_REVISIONS):
        pdf = updated(pdf, lambda writer: writer.update_root())
    assert verdict_on(pdf, files).faults == (Fault.TOO_HEAVY,)


def _add_unused(writer: Writer) -> None:
    writer.add_object(_NUMBER)


def _flip(pdf: bytes, at: int, bit: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ bit]) + pdf[at + 1 :]


def _sign_and_paint(files: SignedFiles) -> bytes:
    writer = Writer(io.BytesIO(files.one))
    repaint(1)(writer)
    target = io.BytesIO()
    metadata = PdfSignatureMetadata(
        field_name=LUP, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    PdfSigner(metadata, files.authority.signer(files.holders[LUP])).sign_pdf(
        writer, existing_fields_only=True, output=target
    )
    return target.getvalue()
