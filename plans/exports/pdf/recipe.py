"""What a PDF is made of beside the document: a key for caches."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from plans.exports.pdf.assets import FONTS

_LIBRARIES = (
    "Django",
    "brotli",
    "cssselect2",
    "fonttools",
    "pillow",
    "pydyf",
    "pyphen",
    "segno",
    "tinycss2",
    "tinyhtml5",
    "weasyprint",
)
_SOURCES = (
    "lupplan/formats",
    "locale/nn",
    "plans/document",
    "plans/drawings",
    "plans/enums.py",
    "plans/exports/pdf",
    "plans/exports/pdf_worker",
    "plans/templatetags",
    "templates/plans/drawings",
    "templates/plans/print",
)
_KINDS = {".conf", ".css", ".html", ".mo", ".po", ".py", ".svg"}


def recipe() -> str:
    """Return a hash of templates, CSS, code, translations, fonts, library versions and the site's
    address.

    A document's fingerprint and this name its PDF. Pango's version isn't part of it: a PDF that an
    older one set is as true.
    """
    if settings.DEBUG:
        return _recipe.__wrapped__()
    return _recipe()


@lru_cache(maxsize=1)
def _recipe() -> str:
    digest = hashlib.sha256(f"{settings.SITE_URL}\n".encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in (*_sources(), *FONTS.values()):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in _SOURCES:
        place = settings.BASE_DIR / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (path for path in files if path.suffix in _KINDS)
