"""What browsers and proxies may keep: unsigned plans are kept from strangers and from robots."""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from plans.document import Facts
from plans.models import PartnerPlan

KEPT_SECONDS = 60 * 60
_PRIVATE = "private, no-cache"
_INDENTS = re.compile(r"\s*\n\s*")


def edition(facts: Facts) -> str:
    """Return what tells one edition of a plan's pages from another: what the plan says, its state
    and how it goes, the language on screen, and the release of Lupplan."""
    return _digest(repr(facts))


def edition_of(*fingerprints: str) -> str:
    """Return what tells apart pages that are made of frozen documents alone: which, the language on
    screen, and the release."""
    return _digest(*fingerprints)


def _digest(*parts: str) -> str:
    whole = (*parts, str(get_language()), release())
    return hashlib.sha256(" ".join(whole).encode()).hexdigest()


def kept_html(key: str, make: Callable[[], str]) -> SafeString:
    """Return HTML that was made for ``key`` before, or make and keep it.

    It is kept small: without the templates' indents, and compressed.
    """
    if settings.DEBUG:
        return SafeString(make())
    kept = cache.get(f"html:{key}")
    if kept is None:
        kept = zlib.compress(_INDENTS.sub("\n", make()).encode(), level=1)
        cache.set(f"html:{key}", kept, KEPT_SECONDS)
    return SafeString(zlib.decompress(kept).decode())


def kept_page(key: str) -> HttpResponse | None:
    """Return a whole page that was kept for ``key``."""
    kept = cache.get(f"page:{key}")
    return None if kept is None else HttpResponse(zlib.decompress(kept))


def keep_page(key: str, response: HttpResponse) -> None:
    """Keep a whole page, which must be the same for every visitor."""
    cache.set(f"page:{key}", zlib.compress(response.content, level=1), KEPT_SECONDS)


def page_etag(request: HttpRequest, edition: str) -> str | None:
    """Return the entity tag of a plan's page; None where it has none.

    Visitors who are logged in see buttons by their rights, so they always get a fresh page, and so
    does somebody whom a message waits for.
    """
    if request.user.is_authenticated or len(get_messages(request)) or settings.DEBUG:
        return None
    return quoted(edition[:32])


def holds_token(request: HttpRequest) -> bool:
    """Whether a page that was just rendered holds the visitor's own token against forged forms:
    nobody else may get it, nor the visitor once their cookie is another."""
    return bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))


def quoted(value: str) -> str:
    """Return an entity tag as the header writes it."""
    return f'"{value}"'


def kept_as(
    response: HttpResponse, plan: PartnerPlan, *, personal: bool = False, etag: str | None = None
) -> HttpResponse:
    """Say in the headers who may keep the answer: nobody without asking, and others than the
    visitor's own browser only what a signed plan says to everybody."""
    if not plan.is_signed:
        response.headers["X-Robots-Tag"] = "none"
    return _kept(response, "no-cache" if plan.is_signed and not personal else _PRIVATE, etag)


def kept_by_all(response: HttpResponse, etag: str) -> HttpResponse:
    """Say in the headers that what a signed plan says to everybody may be kept by all."""
    return _kept(response, "no-cache", etag)


def _kept(response: HttpResponse, control: str, etag: str | None) -> HttpResponse:
    response.headers["Cache-Control"] = control
    if etag:
        response.headers["ETag"] = etag
    return response


@lru_cache(maxsize=1)
def release() -> str:
    """Return a hash of all that pages are made from but their data: it changes with a new release.

    Read once in a process's life.
    """
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    base = Path(settings.BASE_DIR)
    patterns = ("templates/**/*.*", "locale/**/*.mo", "lupplan/**/*.py", "plans/**/*.py")
    for pattern in patterns:
        yield from sorted(base.glob(pattern))
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    if manifest.is_file():
        yield manifest
