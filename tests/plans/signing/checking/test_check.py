"""What is found in a file that is as it should be, and who signed it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plans.signing.check import Trust, check
from plans.signing.fields import PARTIES, SEAL
from plans.signing.guarded import check_guarded
from plans.signing.verdict import Belief, Fault
from tests.factories.pki import Authority
from tests.factories.signed import COUNTY, LUP, NAMES, SignedFiles, signed, stamped
from tests.plans.signing.checking.conftest import verdict_on


def test_each_step_of_a_file_is_untouched(files: SignedFiles) -> None:
    for pdf, fields in ((files.sealed, []), (files.one, [COUNTY]), (files.both, list(PARTIES))):
        verdict = verdict_on(pdf, files)
        assert (verdict.faults, verdict.changes) == ((), ())
        assert verdict.untouched
        assert not verdict.tampered
        assert [found.field for found in verdict.signed] == fields
        assert verdict.complete == (len(fields) == 2)
        assert verdict.seal is not None
        assert verdict.seal.organisation == "Lupplan"


def test_the_signatures_say_who_signed_and_when(files: SignedFiles) -> None:
    named = files.sign(files.sealed, COUNTY, name="Kari\nSignatar")
    (found,) = verdict_on(named, files).signed
    assert (found.signer, found.organisation) == ("KariSignatar", NAMES[COUNTY])
    assert (found.issuer, found.level, found.belief) == ("Prøverot", "B-B", Belief.TRUSTED)
    assert found.signed_at is not None
    assert datetime.now(UTC) - found.signed_at < timedelta(hours=1)
    assert found.stamped_at is None


def test_the_other_order_is_as_good(files: SignedFiles) -> None:
    pdf = files.sign(files.sign(files.sealed, LUP), COUNTY)
    verdict = verdict_on(pdf, files)
    assert verdict.faults == ()
    assert [found.field for found in verdict.signed] == [LUP, COUNTY]
    assert verdict.complete


def test_levels_are_told_apart(files: SignedFiles, lasting: tuple[bytes, bytes]) -> None:
    with_time = files.sign(files.sealed, COUNTY, stamper=files.stamper)
    cases = (("B-T", with_time), ("B-LT", lasting[0]), ("B-LTA", lasting[1]))
    for level, pdf in cases:
        verdict = verdict_on(pdf, files)
        assert verdict.faults == ()
        for found in verdict.signed:
            assert (found.level, found.stamped_by) == (level, "Tidsstempel")
            assert found.stamped_at is not None


def test_a_proof_is_renewed_again_and_again(
    files: SignedFiles, lasting: tuple[bytes, bytes]
) -> None:
    pdf = lasting[1]
    for number in range(2, 5):
        pdf = stamped(pdf, files, field=f"tidsstempel-{number}")
    verdict = verdict_on(pdf, files)
    assert verdict.faults == ()
    assert verdict.complete


def test_keys_of_the_demo_are_called_so(files: SignedFiles) -> None:
    demo = replace(files.trust, demo_roots=files.trust.roots)
    verdict = check(files.both, sealed=files.sealed, trust=demo)
    assert verdict.faults == ()
    assert {found.belief for found in verdict.signed} == {Belief.DEMO}


def test_a_signer_whose_certificate_was_withdrawn(files: SignedFiles) -> None:
    """Before the signature it is a fault; after one that is proved by a time stamp it isn't."""
    now = datetime.now(UTC)
    for when, faults in ((-2, (Fault.REVOKED,)), (2, ())):
        authority = Authority("Ein annan rot")
        holder, stamper = (
            authority.issue(NAMES[COUNTY]),
            authority.issue("Tidsstempel", stamps=True),
        )
        pdf = signed(files.sealed, COUNTY, authority, holder, stamper=stamper, lasting=True)
        authority.revoke(holder, now + timedelta(days=when))
        # What the file holds said that it was good; what proves the opposite comes later.
        other = replace(files, authority=authority, stamper=stamper)
        pdf = stamped(pdf, other)
        trust = replace(files.trust, roots=(*files.trust.roots, authority.root))
        assert check(pdf, sealed=files.sealed, trust=trust).faults == faults


def test_a_certificate_that_has_run_out(files: SignedFiles) -> None:
    holder = files.authority.issue(NAMES[COUNTY], ends=timedelta(days=-1))
    pdf = signed(files.sealed, COUNTY, files.authority, holder)
    assert verdict_on(pdf, files).faults == (Fault.EXPIRED,)


def test_an_issuer_that_does_not_answer_is_no_tampering(files: SignedFiles) -> None:
    asking = replace(files.trust, allow_fetching=True)
    verdict = check(files.one, sealed=files.sealed, trust=asking)
    assert verdict.faults == (Fault.REVOCATION_UNKNOWN,)
    assert not verdict.untouched
    assert not verdict.tampered


def test_only_issuers_that_are_believed_are_asked(
    files: SignedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The addresses to ask stand in the certificate: a stranger's could be any."""
    stranger = Authority("Framand")
    pdf = signed(files.sealed, COUNTY, stranger, stranger.issue(NAMES[COUNTY]))

    def refuse(*_args: object) -> None:
        raise AssertionError

    monkeypatch.setattr("plans.signing.proof.Proofs.asking", refuse)
    trust = replace(files.trust, allow_fetching=True, organisations={**NAMES, SEAL: "Lupplan"})
    seal_alone = replace(trust, roots=files.trust.roots)
    monkeypatch.setattr("plans.signing.proof._revocation", _never_for_the_seal)
    assert check(pdf, sealed=files.sealed, trust=seal_alone).faults == (Fault.UNTRUSTED,)


async def _never_for_the_seal(signature: object, _proofs: object) -> None:
    assert getattr(signature, "field_name", "") == SEAL


def test_an_organisation_is_known_by_its_number(files: SignedFiles) -> None:
    holder = files.authority.issue("FYLKE  FK", number="987654321")
    pdf = signed(files.sealed, COUNTY, files.authority, holder)
    for wanted, faults in (
        ("987654321", ()),
        ("fylke fk", ()),
        ("987654322", (Fault.WRONG_SIGNER,)),
        ("", (Fault.WRONG_SIGNER,)),
    ):
        trust = replace(files.trust, organisations={**NAMES, COUNTY: wanted})
        assert check(pdf, sealed=files.sealed, trust=trust).faults == faults


def test_the_worker_says_the_same(files: SignedFiles, lasting: tuple[bytes, bytes]) -> None:
    demo = replace(files.trust, demo_roots=files.trust.roots)
    for pdf in (lasting[1], files.both + b"x", files.prepared):
        said = check_guarded(pdf, sealed=files.sealed, trust=demo)
        assert said == check(pdf, sealed=files.sealed, trust=demo)


def test_without_roots_nobody_is_believed(files: SignedFiles) -> None:
    nobody = Trust(roots=(), organisations={})
    verdict = check(files.both, sealed=files.sealed, trust=nobody)
    assert verdict.faults == (Fault.UNTRUSTED, Fault.WRONG_SIGNER)
    assert not verdict.untouched
