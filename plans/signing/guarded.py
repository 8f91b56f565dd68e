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
from pathlib import Path

from plans.signing import check
from plans.signing.check_worker.messages import (
    Question,
    WorkerGone,
    receive_verdict,
    send_question,
)
from plans.signing.verdict import Fault, Verdict

logger = logging.getLogger(__name__)

WORKER = "plans.signing.check_worker"
_ROOT = Path(__file__).resolve().parents[2]
# Where a system keeps libraries apart, the worker must find them as the parent did.
_PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")


def check_guarded(
    pdf: bytes,
    *,
    sealed: bytes,
    trust: check.Trust,
    wall_seconds: float = 60,
    cpu_seconds: int = 30,
    memory_mib: int = 1024,
) -> Verdict:
    """Return the verdict on ``pdf``, as ``check.check`` does.

    A plan of 60 measures takes some 2 s and 150 MiB, one of 960 some 10 s and 500 MiB; the limits
    leave room for both. A file that breaks a limit is ``TOO_HEAVY``; nothing is raised.
    """
    refused = check.refused(pdf, sealed)
    if refused is not None:
        return Verdict(faults=(refused,))
    with tempfile.TemporaryDirectory(prefix="lupplan-check-") as folder:
        notes = Path(folder, "stderr")
        with notes.open("wb") as stderr:
            worker = subprocess.Popen(  # noqa: S603 - a fixed command
                [sys.executable, "-s", "-m", WORKER],
                cwd=_ROOT,
                env=_environment(folder, cpu_seconds, memory_mib),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        try:
            return _answer(worker, check.question(len(sealed), trust), pdf, wall_seconds, notes)
        finally:
            _end(worker)


def _environment(folder: str, cpu_seconds: int, memory_mib: int) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": folder,
        "TMPDIR": folder,
        "CHECK_CPU_SECONDS": str(cpu_seconds),
        "CHECK_MEMORY_MIB": str(memory_mib),
    }


def _answer(
    worker: "subprocess.Popen[bytes]",
    question: Question,
    pdf: bytes,
    wall_seconds: float,
    notes: Path,
) -> Verdict:
    assert worker.stdin is not None
    assert worker.stdout is not None
    timer = threading.Timer(wall_seconds, _kill, [worker])
    timer.start()
    try:
        send_question(worker.stdin, question, pdf)
        return receive_verdict(worker.stdout)
    except (WorkerGone, BrokenPipeError):
        worker.wait()
        return Verdict(faults=(_why_gone(worker.returncode, notes),))
    finally:
        timer.cancel()


def _why_gone(status: int, notes: Path) -> Fault:
    if status < 0:
        logger.warning("A check was ended by %s.", signal.Signals(-status).name)
        return Fault.TOO_HEAVY
    last = notes.read_text(errors="replace").strip().rpartition("\n")[2]
    logger.error("A check ended with status %s: %s", status, last[:500])
    return Fault.TOO_HEAVY if "MemoryError" in last else Fault.UNREADABLE


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
