"""Made-up contents of archive packages, without a database: records of each kind."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from plans.enums import ArchiveVariant
from plans.exports.archive import (
    ArchiveContent,
    ArchivedDocument,
    Note,
    PackageFile,
    Record,
    RecordKind,
)

AT = datetime(2021, 3, 3, 23, 30, tzinfo=UTC)  # in Norway it is the fourth already
# All that XML can't hold, or treats as its own.
HOSTILE = "Ord\x00\x0b\x1f\ufffe\ud800 <b>&amp;]]> \u202e\tå\r\n"


def make_document(path: str, content: bytes = b"Ord", **changes: object) -> ArchivedDocument:
    """Return a document at a path."""
    values: dict[str, object] = {
        "file": PackageFile.of(path, content),
        "title": path,
        "type": "data",
        "format": path.rpartition(".")[2],
        **changes,
    }
    return ArchivedDocument(**values)  # type: ignore[arg-type]


def make_record(place: int, kind: RecordKind, **changes: object) -> Record:
    """Return a record with two documents."""
    documents = (
        make_document(f"{place}/hovud.pdf", b"%PDF-", type="plan", is_lasting=True),
        make_document(f"{place}/data.json", b"{}", is_screened=kind == RecordKind.IN),
    )
    record = Record(
        key=UUID(int=place), kind=kind, title=f"Post {place}", at=AT, documents=documents
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def make_content(**changes: object) -> ArchiveContent:
    """Return a content with a record of each kind, and hostile texts wherever people write."""
    content = ArchiveContent(
        key=UUID(int=7),
        variant=ArchiveVariant.FULL,
        folder="partnarplan-fylke-2021",
        title=f"Partnarplan 2021 {HOSTILE}",
        year=2021,
        county="Fylke fylkeskommune",
        county_number="60",
        programme="Leverandørutviklingsprogrammet",
        state="Gjeldande",
        is_closed=True,
        is_example=True,
        version=1,
        created_at=AT,
        moment=AT,
        records=(
            make_record(
                1,
                RecordKind.OUT,
                sender="Fylke fylkeskommune",
                receiver="Leverandørutviklingsprogrammet",
                notes=(Note(text=HOSTILE, at=AT, by="Lupplan"),),
            ),
            make_record(2, RecordKind.IN, title=HOSTILE, sender=HOSTILE, receiver="Fylket"),
            make_record(3, RecordKind.INTERNAL),
        ),
    )
    return replace(content, **changes)  # type: ignore[arg-type]
