"""Which files may come with a contribution: told by what they hold, not by their name alone."""

import io
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from plans.models.contribution import MAX_NAME

MOST_BYTES = 5 * 1024 * 1024  # in one file
MOST_FILES = 5  # of one contribution

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain; charset=utf-8",
}
KINDS = "PDF, DOCX, XLSX, ODT, PNG, JPG, TXT"
_BEGINNINGS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
# The part that makes a zip archive a document of that kind.
_MAIN_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".odt": "content.xml"}

# What reading an archive raises that is damaged, or made to hurt.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class FileRefused(ValueError):
    """The file can't be taken; the message says why, to whoever sent it."""


def checked_kind(name: str, data: bytes) -> str:
    """Return the extension, such as ``.pdf``, of a file that may be taken.

    Raises ``FileRefused`` with a message for people: a name that hides what it is, a file that is
    empty or too large, of a kind that isn't taken, or that holds something else than it says.
    """
    _check_name(name)
    extension = PurePosixPath(name).suffix.lower()
    if extension not in MEDIA_TYPES:
        raise FileRefused(
            _("“%(name)s” is of a kind that can't be attached. These can: %(kinds)s.")
            % {"name": name, "kinds": KINDS}
        )
    if not data:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    if len(data) > MOST_BYTES:
        raise FileRefused(
            _("“%(name)s” is too large: a file can have %(limit)s MB at most.")
            % {"name": name, "limit": MOST_BYTES // 1024 // 1024}
        )
    if not _is(extension, data):
        raise FileRefused(
            _("“%(name)s” does not hold what its name says. Save it anew as %(kind)s.")
            % {"name": name, "kind": extension[1:].upper()}
        )
    return extension


def _check_name(name: str) -> None:
    strange = any(unicodedata.category(sign)[0] == "C" for sign in name)
    if strange or "/" in name or "\\" in name or not PurePosixPath(name).stem.strip(". "):
        raise FileRefused(_("The file's name has signs in it that can't be used. Rename the file."))
    if len(name) > MAX_NAME:
        raise FileRefused(
            _("The file's name is too long: %(limit)s characters at most. Rename the file.")
            % {"limit": MAX_NAME}
        )


def _is(extension: str, data: bytes) -> bool:
    if extension in _BEGINNINGS:
        return data.startswith(_BEGINNINGS[extension])
    if extension in _MAIN_PARTS:
        return _is_document(extension, data)
    return _is_text(data)


def _is_document(extension: str, data: bytes) -> bool:
    """Say whether a zip archive is the document that it should be, without macros."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if extension == ".odt":
                mimetype = archive.getinfo("mimetype")
                # The others unpack all that they are given at once, however large it becomes.
                if mimetype.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    return False
                with archive.open(mimetype) as part:
                    if part.read(200).decode("ascii", "replace") != MEDIA_TYPES[".odt"]:
                        return False
    except _BROKEN:
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return _MAIN_PARTS[extension] in names and not macros


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r\f" for sign in text)
