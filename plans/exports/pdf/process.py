"""The typesetter's process: started, fed, limited, killed."""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from plans.exports import pdf_worker
from plans.exports.pdf_worker.jobs import Job, WorkerGone, receive_pdf, send_job

logger = logging.getLogger(__name__)

WORKER = "plans.exports.pdf_worker"
_ROOT = Path(__file__).resolve().parents[3]
# Where a system keeps Pango apart, the worker must find it as the parent did. No PATH: with one,
# each library that isn't there is looked for by starting a compiler.
_PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


class PdfError(Exception):
    """A PDF couldn't be made; the message is for the log, not for people."""


def typeset(
    jobs: Iterable[Job],
    *,
    wall_seconds: float = 240,
    cpu_seconds: int = 120,
    memory_mib: int = 2560,
) -> Iterator[bytes]:
    """Give the PDF of each job, all set by one worker.

    The seconds are for each job. A plan of 60 measures takes some 4 s and 180 MiB, one of 960 some
    50 s and 1.5 GiB; the limits leave room for both. Raises ``PdfError`` when a job fails or breaks
    a limit; the worker is then gone, and the jobs after it aren't done.
    """
    with tempfile.TemporaryDirectory(prefix="lupplan-pdf-") as folder:
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
            for job in jobs:
                yield _answer(worker, job, wall_seconds, notes)
        finally:
            _end(worker)


def _environment(folder: str, cpu_seconds: int, memory_mib: int) -> dict[str, str]:
    """Return the worker's whole environment: nothing of the machine's reaches the PDF."""
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "HOME": folder,
        "TMPDIR": folder,
        "FONTCONFIG_FILE": str(Path(pdf_worker.__file__).with_name("fonts.conf")),
        "PDF_CPU_SECONDS": str(cpu_seconds),
        "PDF_MEMORY_MIB": str(memory_mib),
    }


def _answer(worker: "subprocess.Popen[bytes]", job: Job, wall_seconds: float, notes: Path) -> bytes:
    assert worker.stdin is not None
    assert worker.stdout is not None
    timer = threading.Timer(wall_seconds, _kill, [worker])
    timer.start()
    try:
        send_job(worker.stdin, job)
        pdf = receive_pdf(worker.stdout)
    except (WorkerGone, BrokenPipeError) as error:
        worker.wait()
        raise PdfError(_what_happened(worker.returncode, notes)) from error
    finally:
        timer.cancel()
    for note in notes.read_text(errors="replace").splitlines():
        logger.warning("The PDF was made, but: %s", note)
    return pdf


def _what_happened(status: int, notes: Path) -> str:
    if status < 0:
        return f"The PDF worker was ended by {signal.Signals(-status).name} (time or memory)."
    last = notes.read_text(errors="replace").strip().rpartition("\n")[2]
    return f"The PDF worker ended with status {status}: {last[:500]}"


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)


def _end(worker: "subprocess.Popen[bytes]") -> None:
    """Kill the worker, which has nothing to finish, and wait for its end."""
    _kill(worker)
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            pipe.close()
