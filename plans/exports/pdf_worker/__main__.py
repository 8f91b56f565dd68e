"""The worker's loop, and the limits that it sets on itself before it reads anything."""

import gc
import logging
import os
import resource
import sys
import time
import warnings
from typing import IO

CPU_SECONDS = int(os.environ["PDF_CPU_SECONDS"])  # for each job
MEMORY_BYTES = int(os.environ["PDF_MEMORY_MIB"]) * 2**20
FILE_BYTES = 32 * 2**20  # an unpacked font is the largest file that is written


def main() -> None:
    """Answer jobs until there are no more. An error ends the process; its last line says which."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    _limit_cpu()
    # The answers have a pipe of their own; what a library prints goes to standard error.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.basicConfig(format="%(name)s: %(message)s")
    # fontTools writes the time of day into a font unless it is told which time it is.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    # That Fontconfig knows no fonts is as it should be.
    warnings.filterwarnings("ignore", message="No fonts configured")
    _answer_all(sys.stdin.buffer, answers)


def _answer_all(questions: IO[bytes], answers: IO[bytes]) -> None:
    # Not before the limits and the warnings are set.
    from plans.exports.pdf_worker import glyphs, jobs, render, speed

    speed.share_work()
    # A seventh of the time goes to looking for garbage; a job leaves little, and what it leaves is
    # taken away when it is done.
    gc.disable()
    fonts: tuple[glyphs.Font, ...] = ()
    while job := jobs.receive_job(questions):
        _limit_cpu()
        fonts = fonts or glyphs.load(job.fonts)
        jobs.send_pdf(answers, render.render(job, fonts))
        gc.collect()


def _limit_cpu() -> None:
    """Let the process use so many seconds more; beyond them the kernel ends it."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + CPU_SECONDS, hard))


if __name__ == "__main__":
    main()
