"""The archive package of a plan: a ZIP that another system, or a person in fifty years, can read.

Pure: what is gathered (``ArchiveContent``) in, bytes out (docs/arkiv.md, docs/adr/0011).
"""

from plans.exports.archive.content import (
    ArchiveContent,
    ArchivedDocument,
    DamagedFile,
    Note,
    PackageFile,
    Record,
    RecordKind,
)
from plans.exports.archive.package import archive_package, write_package
from plans.exports.archive.words import ArchiveWords, BadWords, read_words

__all__ = [
    "ArchiveContent",
    "ArchiveWords",
    "ArchivedDocument",
    "BadWords",
    "DamagedFile",
    "Note",
    "PackageFile",
    "Record",
    "RecordKind",
    "archive_package",
    "read_words",
    "write_package",
]
