"""What goes to the worker and what comes back: each message is its length and its bytes."""

from dataclasses import dataclass
from typing import IO

import msgspec

_LENGTH_BYTES = 8


@dataclass(frozen=True, kw_only=True)
class Job:
    """One document to set.

    ``html`` is UTF-8 and has its own style sheet. ``fonts`` are the paths of WOFF2 files by name,
    in the order in which a letter is looked for. ``modified`` (UTC, ISO 8601) is the attachment's
    date.
    """

    html: bytes
    fonts: dict[str, str]
    attachment: bytes
    attachment_name: str
    attachment_description: str
    modified: str


class WorkerGone(Exception):
    """The pipe ended before a whole message came."""


def send_job(pipe: IO[bytes], job: Job) -> None:
    """Write the job."""
    _send(pipe, msgspec.json.encode(job))


def receive_job(pipe: IO[bytes]) -> Job | None:
    """Read a job; None when there are no more."""
    try:
        return msgspec.json.decode(_receive(pipe), type=Job)
    except WorkerGone:
        return None


def send_pdf(pipe: IO[bytes], pdf: bytes) -> None:
    """Write the answer to a job."""
    _send(pipe, pdf)


def receive_pdf(pipe: IO[bytes]) -> bytes:
    """Read the answer to a job. Raises ``WorkerGone`` when the worker ended instead."""
    return _receive(pipe)


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    return _exactly(pipe, int.from_bytes(_exactly(pipe, _LENGTH_BYTES), "big"))


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise WorkerGone
    return data
