"""What goes to the worker and what comes back, and how it is framed on the pipe."""

import json
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, kw_only=True)
class Job:
    """One document to set.

    ``fonts`` are the paths of WOFF2 files by name, in the order in which a letter is looked for.
    ``modified`` (UTC, ISO 8601) is the attachment's date.
    """

    html: str
    css: str
    fonts: dict[str, str]
    attachment: bytes
    attachment_name: str
    attachment_description: str
    modified: str


class BrokenPipe(Exception):
    """The other end went away before or in the middle of a message."""


def send_job(pipe: BinaryIO, job: Job) -> None:
    """Write the job: one line of JSON, then the attachment's bytes."""
    head = {name: value for name, value in vars(job).items() if name != "attachment"}
    _send(pipe, head, job.attachment)


def receive_job(pipe: BinaryIO) -> Job | None:
    """Read a job; None when there are no more."""
    line = pipe.readline()
    if not line:
        return None
    head, attachment = _receive(line, pipe)
    return Job(**head, attachment=attachment)


def send_pdf(pipe: BinaryIO, pdf: bytes) -> None:
    """Write the answer to a job."""
    _send(pipe, {}, pdf)


def receive_pdf(pipe: BinaryIO) -> bytes:
    """Read the answer to a job. Raises ``BrokenPipe`` when the worker ended instead."""
    return _receive(pipe.readline(), pipe)[1]


def _send(pipe: BinaryIO, head: dict[str, object], data: bytes) -> None:
    pipe.write(json.dumps({"head": head, "bytes": len(data)}).encode() + b"\n" + data)
    pipe.flush()


def _receive(line: bytes, pipe: BinaryIO) -> tuple[dict[str, object], bytes]:
    if not line.endswith(b"\n"):
        raise BrokenPipe
    message = json.loads(line)
    data = pipe.read(message["bytes"])
    if len(data) < message["bytes"]:
        raise BrokenPipe
    return message["head"], data
