"""The worker's only round, and the limits that it sets on itself before it reads anything."""

import gc
import logging
import os
import resource
import sys
from typing import IO

CPU_SECONDS = int(os.environ["CHECK_CPU_SECONDS"])
MEMORY_BYTES = int(os.environ["CHECK_MEMORY_MIB"]) * 2**20
FILE_BYTES = 2**20  # nothing but what libraries say to standard error is written


def main() -> None:
    """Answer one question."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    # The answer has a pipe of its own; what a library prints goes to standard error.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # A file that is wrong in a thousand places is no news.
    logging.disable(logging.CRITICAL)
    # The process is gone before there would be garbage worth looking for.
    gc.disable()
    _answer(answers)


def _answer(answers: IO[bytes]) -> None:
    # Not before the limits are set.
    from plans.signing.attachment import embedded
    from plans.signing.check import check, trust_in
    from plans.signing.check_worker import messages

    question, pdf = messages.receive_question(sys.stdin.buffer)
    if question.sealed is None:
        messages.send_data(answers, embedded(pdf))
        return
    verdict = check(pdf, sealed=pdf[: question.sealed], trust=trust_in(question))
    messages.send_verdict(answers, verdict)


if __name__ == "__main__":
    main()
