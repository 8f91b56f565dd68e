"""What goes to the worker and what comes back: a message is its length and its bytes."""

from dataclasses import dataclass, field
from typing import IO

import msgspec

from plans.signing.verdict import Verdict

_LENGTH_BYTES = 8
# In bytes: the worker may be in the hands of the file that it reads.
_MOST_VERDICT = 2**20
_MOST_DATA = 2**23


class WorkerGone(Exception):
    """The pipe ended before a whole message came, or what came was no answer."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything of a check but the PDF; ``trust`` is that of plans.signing.check.Trust, with
    certificates as DER. The PDF's first ``sealed`` bytes are what was sealed; where that is None,
    nothing is checked, and the data of a plan in it are asked for."""

    sealed: int | None
    roots: list[bytes] = field(default_factory=list)
    others: list[bytes] = field(default_factory=list)
    demo_roots: list[bytes] = field(default_factory=list)
    organisations: dict[str, str] = field(default_factory=dict)
    allow_fetching: bool = False


def send_question(pipe: IO[bytes], question: Question, pdf: bytes) -> None:
    """Write a question."""
    _send(pipe, msgspec.json.encode(question))
    _send(pipe, pdf)


def receive_question(pipe: IO[bytes]) -> tuple[Question, bytes]:
    """Read a question, and the PDF that it is about."""
    question = msgspec.json.decode(_receive(pipe), type=Question)
    return question, _receive(pipe)


def send_verdict(pipe: IO[bytes], verdict: Verdict) -> None:
    """Write the answer."""
    _send(pipe, msgspec.json.encode(verdict))


def receive_verdict(pipe: IO[bytes]) -> Verdict:
    """Read the answer. Raises ``WorkerGone`` where there is none."""
    try:
        return msgspec.json.decode(_receive(pipe, most=_MOST_VERDICT), type=Verdict)
    except msgspec.DecodeError as error:
        raise WorkerGone from error


def send_data(pipe: IO[bytes], data: bytes) -> None:
    """Write the data of a plan as the answer."""
    _send(pipe, data)


def receive_data(pipe: IO[bytes]) -> bytes:
    """Read them. Raises ``WorkerGone`` where there is no answer."""
    return _receive(pipe, most=_MOST_DATA)


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes], most: int | None = None) -> bytes:
    length = int.from_bytes(_exactly(pipe, _LENGTH_BYTES), "big")
    if most is not None and length > most:
        raise WorkerGone
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise WorkerGone
    return data
