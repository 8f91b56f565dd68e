"""The ZIP itself: the same content gives the same bytes, on every machine.

Nothing is compressed: deflate's output differs between versions of zlib, and the largest files are
PDFs, which are compressed already.
"""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterable
from typing import IO

from django.template.loader import render_to_string
from django.utils import translation

from plans.exports.archive.arkivmelding import arkivmelding
from plans.exports.archive.content import ArchiveContent, DamagedFile, PackageFile
from plans.exports.archive.names import one_line
from plans.exports.archive.words import ArchiveWords

MESSAGE = "arkivmelding.xml"
MANIFEST = "manifest-sha256.txt"
README = "README.txt"
# The language of what a package says by itself.
LANGUAGE = "nn"
# The earliest that ZIP knows: files in it have no time of their own.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3
_PIECE = 1024 * 1024  # bytes


def archive_package(content: ArchiveContent, words: ArchiveWords | None = None) -> bytes:
    """Return a package as bytes; ``write_package`` for one that may be large."""
    out = io.BytesIO()
    write_package(content, out, words or ArchiveWords())
    return out.getvalue()


def write_package(content: ArchiveContent, out: IO[bytes], words: ArchiveWords) -> None:
    """Write a package to ``out``, which can be sought in. Only a piece of one file is in memory at
    a time. Raises ``DamagedFile`` and what opening a file raises."""
    files = _files(content, words)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for file in files:
            _pack(package, content.folder, file)


def _files(content: ArchiveContent, words: ArchiveWords) -> list[PackageFile]:
    """Return all files in the order in which they lie in the package: by path."""
    documents = [document.file for document in content.documents]
    files = [
        *documents,
        PackageFile.of(MESSAGE, arkivmelding(content, words)),
        PackageFile.of(README, _readme(content)),
    ]
    files.append(PackageFile.of(MANIFEST, manifest(files)))
    return sorted(files, key=lambda file: file.path)


def manifest(files: Iterable[PackageFile]) -> bytes:
    """Return the checksums of the files, as ``sha256sum --check`` reads them."""
    ordered = sorted(files, key=lambda file: file.path)
    return "".join(f"{file.sha256}  {file.path}\n" for file in ordered).encode()


def _readme(content: ArchiveContent) -> bytes:
    with translation.override(LANGUAGE):
        text = render_to_string(
            "plans/archive/README.txt", {"content": content, "title": one_line(content.title)}
        )
    return text.encode()


def _pack(package: zipfile.ZipFile, folder: str, file: PackageFile) -> None:
    entry = zipfile.ZipInfo(f"{folder}/{file.path}", _LONG_AGO)
    entry.compress_type = zipfile.ZIP_STORED
    entry.external_attr = _READABLE
    entry.create_system = _UNIX
    entry.file_size = file.size
    with file.open() as source, package.open(entry, "w") as place:
        checked = _Summed(source)
        shutil.copyfileobj(checked, place, _PIECE)
    if checked.sha256 != file.sha256:
        raise DamagedFile(file.path)


class _Summed:
    """Reads from a file and keeps the checksum of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._sum.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()
