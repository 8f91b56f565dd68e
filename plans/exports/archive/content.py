"""What an archive package is made of: records, as an archive knows them, with their files."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO
from uuid import UUID, uuid5

from plans.enums import ArchiveVariant

# What everything in a package gets its key from, so that the same thing has the same key each time.
_KEYS = UUID("6f1f6c0b-6d5e-5d0c-9d0f-0c7a1a2f4b11")


class DamagedFile(Exception):
    """A file isn't the one that it was when it came; the message names it, for people."""


def key_of(*names: object) -> UUID:
    """Return the lasting key of what the names name: the same each time, in every installation."""
    return uuid5(_KEYS, "/".join(str(name) for name in names))


@dataclass(frozen=True, kw_only=True)
class PackageFile:
    """A file of the package. ``open`` gives its bytes, which are read only when it is packed, so
    that a package may hold more than fits into memory."""

    path: str
    size: int
    sha256: str
    open: Callable[[], IO[bytes]]

    @classmethod
    def of(cls, path: str, content: bytes) -> "PackageFile":
        """Return the file at a path with that content."""
        return cls(
            path=path,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            open=lambda: io.BytesIO(content),
        )


@dataclass(frozen=True, kw_only=True)
class ArchivedDocument:
    """A file and what the archive is told of it.

    ``type`` is a key of the archive's words (plans.exports.archive.words), ``format`` an extension.
    ``is_lasting`` says that it is in a format that archives take for keeps, ``is_screened`` that
    something is left out of it.
    """

    file: PackageFile
    title: str
    type: str
    format: str
    is_lasting: bool = False
    is_screened: bool = False


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that happened to a record, in a sentence."""

    text: str
    at: datetime
    by: str


class RecordKind(StrEnum):
    """Which way a record went."""

    OUT = "OUT"
    IN = "IN"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the archive makes one entry of: its first document is the main one."""

    key: UUID
    kind: RecordKind
    title: str
    at: datetime
    documents: tuple[ArchivedDocument, ...]
    sender: str = ""
    receiver: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ArchiveContent:
    """A plan as it is archived.

    ``folder`` is the one folder in the package. ``moment`` is when the newest of what it holds
    happened: a package carries no time of its own making, so that the same content gives the same
    bytes. ``left_out`` says, line by line, what the screened variant leaves out.
    """

    key: UUID
    variant: ArchiveVariant
    folder: str
    title: str
    year: int
    county: str
    county_number: str
    programme: str
    state: str
    is_closed: bool
    is_example: bool
    version: int
    created_at: datetime
    moment: datetime
    records: tuple[Record, ...]
    left_out: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[ArchivedDocument, ...]:
        """All documents of all records."""
        return tuple(document for record in self.records for document in record.documents)

    @property
    def is_screened(self) -> bool:
        """Whether personal data is left out."""
        return self.variant == ArchiveVariant.SCREENED
