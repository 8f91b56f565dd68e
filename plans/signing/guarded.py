"""The check of a PDF that came from outside: in a process that is limited, and killed.

A file can be made so that reading it takes days or all memory; what reads it must not be what
serves everybody else.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from plans.signing import check
from plans.signing.check_worker.messages import (
    Question,
    WorkerGone,
    receive_data,
    receive_verdict,
    send_question,
)
from plans.signing.verdict import Fault, Verdict

logger = logging.getLogger(__name__)

WORKER = "plans.signing.check_worker"
_ROOT = Path(__file__).resolve().parents[2]
# Where a system keeps libraries apart, the worker must find them as the parent did.
_PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """What a check may use. A plan of 60 measures takes some 2 s and 150 MiB, most of it to start;
    these leave room for one of 960."""

    wall_seconds: float = 60
    cpu_seconds: int = 30
    memory_mib: int = 1024


USUAL = Limits()


class _Ended(Exception):
    """The worker ended without an answer."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_guarded(
    pdf: bytes, *, sealed: bytes, trust: check.Trust, limits: Limits = USUAL
) -> Verdict:
    """Return the verdict on ``pdf``, as ``check.check`` does.

    A file that breaks a limit is ``TOO_HEAVY``; nothing is raised.
    """
    refused = check.refused(pdf, sealed)
    if refused is not None:
        return Verdict(faults=(refused,))
    try:
        return _ask(check.question(len(sealed), trust), pdf, receive_verdict, limits)
    except _Ended as error:
        return Verdict(faults=(error.fault,))


def embedded_guarded(pdf: bytes, *, limits: Limits = USUAL) -> bytes:
    """Return the data of a plan in a PDF that isn't one of ours, as ``attachment.embedded`` does;
    nothing for a file that breaks a limit."""
    try:
        return _ask(Question(sealed=None), pdf, receive_data, limits)
    except _Ended:
        return b""


def _ask(question: Question, pdf: bytes, receive: Callable[[IO[bytes]], T], limits: Limits) -> T:
    with tempfile.TemporaryDirectory(prefix="lupplan-check-") as folder:
        notes = Path(folder, "stderr")
        with notes.open("wb") as stderr:
            worker = subprocess.Popen(  # noqa: S603 - a fixed command
                [sys.executable, "-s", "-m", WORKER],
                cwd=_ROOT,
                env=_environment(folder, limits),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        assert worker.stdin is not None
        assert worker.stdout is not None
        timer = threading.Timer(limits.wall_seconds, _kill, [worker])
        timer.start()
        try:
            send_question(worker.stdin, question, pdf)
            return receive(worker.stdout)
        except (WorkerGone, BrokenPipeError) as error:
            worker.wait()
            raise _Ended(_why_gone(worker.returncode, notes)) from error
        finally:
            timer.cancel()
            _end(worker)


def _environment(folder: str, limits: Limits) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": folder,
        "TMPDIR": folder,
        "CHECK_CPU_SECONDS": str(limits.cpu_seconds),
        "CHECK_MEMORY_MIB": str(limits.memory_mib),
    }


def _why_gone(status: int, notes: Path) -> Fault:
    if status < 0:
        logger.warning("A check was ended by %s.", signal.Signals(-status).name)
        return Fault.TOO_HEAVY
    last = notes.read_text(errors="replace").strip().rpartition("\n")[2]
    if "MemoryError" in last:
        logger.warning("A check took too much memory.")
        return Fault.TOO_HEAVY
    logger.error("A check ended with status %s: %s", status, last[:500])
    return Fault.UNREADABLE


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)


def _end(worker: "subprocess.Popen[bytes]") -> None:
    """Kill the worker, which has nothing to finish, and wait for its end."""
    _kill(worker)
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            # What it hadn't read of its question.
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
