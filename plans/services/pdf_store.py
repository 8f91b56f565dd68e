"""PDFs that have been made are kept: a document is set once for as long as its recipe stands.

What is kept can be thrown away at any time; it is made again when somebody asks for it.
"""

import hashlib
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from plans.document import PlanDocument, fingerprint
from plans.exports.pdf import plan_pdf, recipe

FOLDER = "pdf"

# Within a process, those who ask for the same PDF at once wait for the first. (Two processes may
# set it twice; the file is put in its place whole, so nobody reads half of one.)
_LOCKS = tuple(threading.Lock() for _ in range(32))


def pdf_key(document: PlanDocument) -> str:
    """Return the identity of the document's PDF: what it says, and how it is set."""
    return hashlib.sha256(f"{fingerprint(document)} {recipe()}".encode()).hexdigest()


def stored_pdf(document: PlanDocument) -> bytes:
    """Return the document's PDF from the store, made and put there first if it isn't.

    Making it takes seconds. Raises ``PdfError`` and ``TooLong`` (plans.exports.pdf).
    """
    return kept_pdf(pdf_key(document), lambda: plan_pdf(document))


def kept_pdf(key: str, make: Callable[[], bytes]) -> bytes:
    """Return the PDF with a key, 64 hexadecimal figures, from the store; made and put there first
    if it isn't. Raises what ``make`` does."""
    name = f"{FOLDER}/{key}.pdf"
    kept = _read(name)
    if kept is not None:
        return kept
    with _LOCKS[int(key[:8], 16) % len(_LOCKS)]:
        kept = _read(name)
        if kept is None:
            kept = make()
            _write(name, kept)
    return kept


def _read(name: str) -> bytes | None:
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


def _write(name: str, content: bytes) -> None:
    """Put a file in its place whole or not at all."""
    try:
        place = Path(default_storage.path(name))
    except NotImplementedError:
        # Not on this machine: an object store takes a whole object or none.
        default_storage.save(name, ContentFile(content))
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as file:
        file.write(content)
    Path(file.name).replace(place)
