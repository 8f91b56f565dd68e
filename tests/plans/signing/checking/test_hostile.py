"""Files that aren't plans, and files that are made to do harm: told from plans, in bounds."""

import resource

import pytest

from plans.signing.attachment import embedded
from plans.signing.check import MOST_BYTES
from plans.signing.guarded import Limits, check_guarded, embedded_guarded
from plans.signing.verdict import Fault
from tests.factories.signed import SignedFiles
from tests.plans.signing.checking import hostile
from tests.plans.signing.checking.conftest import verdict_on

SHORT = Limits(wall_seconds=30, cpu_seconds=2, memory_mib=600)


def test_no_other_kind_of_file_is_accepted(files: SignedFiles) -> None:
    for name, content in hostile.wrong_kinds(files.both).items():
        verdict = verdict_on(content, files)
        assert verdict.faults[0] in (Fault.NOT_A_PDF, Fault.NOT_SEALED), name
        assert not verdict.signed


def test_a_file_is_not_read_that_is_too_large(files: SignedFiles) -> None:
    verdict = check_guarded(
        files.both + bytes(MOST_BYTES), sealed=files.sealed, trust=files.trust, limits=SHORT
    )
    assert verdict.faults == (Fault.TOO_LARGE,)


def test_cheap_questions_start_no_process(
    files: SignedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plans.signing.guarded.subprocess", None)
    for pdf in (b"", b"text", files.prepared, files.both + b"x"):
        assert check_guarded(pdf, sealed=files.sealed, trust=files.trust).tampered


def test_a_bomb_costs_others_nothing(files: SignedFiles) -> None:
    """Sealed as it is: the check must read it then."""
    for name, bomb in hostile.bombs().items():
        assert len(bomb) < 2_000_000
        before = _peak()
        verdict = check_guarded(bomb, sealed=b"%PDF-", trust=files.trust, limits=SHORT)
        assert verdict.faults[0] in (
            Fault.TOO_HEAVY,
            Fault.UNREADABLE,
            Fault.UNKNOWN_FIELD,
            Fault.SEAL_BROKEN,
        ), name
        assert _peak() - before < 20_000, name  # KiB, in this process


def test_a_bomb_holds_no_data(files: SignedFiles) -> None:
    bombs = hostile.bombs()
    for name in ("deep arrays", "stream of a table, packed", "pages that hold themselves"):
        assert embedded_guarded(bombs[name], limits=SHORT) == b"", name


def test_a_bomb_in_an_update_is_not_accepted(files: SignedFiles) -> None:
    for body in (b"[" * 100_000 + b"]" * 100_000, hostile.packed(b"\0" * 50_000_000)):
        pdf = hostile.after(files.both, body)
        verdict = check_guarded(pdf, sealed=files.sealed, trust=files.trust, limits=SHORT)
        assert verdict.faults == (Fault.CHANGED_AFTERWARDS,)


def test_time_has_a_limit(files: SignedFiles) -> None:
    none = Limits(wall_seconds=0.01, cpu_seconds=4, memory_mib=600)
    verdict = check_guarded(files.both, sealed=files.sealed, trust=files.trust, limits=none)
    assert verdict.faults == (Fault.TOO_HEAVY,)
    assert not verdict.tampered


def test_memory_has_a_limit(files: SignedFiles) -> None:
    little = Limits(wall_seconds=20, cpu_seconds=10, memory_mib=60)
    verdict = check_guarded(files.both, sealed=files.sealed, trust=files.trust, limits=little)
    assert verdict.faults[0] in (Fault.TOO_HEAVY, Fault.UNREADABLE)


def test_the_data_of_a_plan_are_found_in_a_file(files: SignedFiles) -> None:
    for pdf in (files.export, files.both):
        assert embedded_guarded(pdf) == embedded(pdf)
        assert embedded(pdf).startswith(b'{"agreement"')
    for name, content in hostile.wrong_kinds(files.both).items():
        if name not in ("cut", "PDF after something else", "ZIP"):
            assert embedded(content) == b"", name


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
