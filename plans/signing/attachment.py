"""The data of a plan in a PDF that may be anything."""

import io

import pikepdf

NAME = "plan.json"
MOST_BYTES = 4 * 1024 * 1024  # a plan has at most 1 MB of text


def embedded(pdf: bytes) -> bytes:
    """Return what is attached to a PDF as ``plan.json``; nothing where nothing is, where it is too
    long for a plan, or where the file can't be read.

    It may take long, and much memory: for a file from outside there is
    ``guarded.embedded_guarded``.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if NAME not in document.attachments:
                return b""
            found = document.attachments[NAME].get_file().read_bytes()
    except (pikepdf.PdfError, pikepdf.PasswordError, KeyError, TypeError, ValueError):
        return b""
    return found if len(found) <= MOST_BYTES else b""
