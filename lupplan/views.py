"""The site's own pages: help, privacy, accessibility, sources; and two for machines."""

import logging
from collections.abc import Callable
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from municipalities.credits import CREDITS, GAPS

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
def site_page(request: HttpRequest, page: str) -> HttpResponse:
    """A page of prose, written in each of the screen's languages."""
    return render(request, f"site/{get_language()}/{page}.html")


@require_safe
@login_not_required
def data(request: HttpRequest) -> HttpResponse:
    """Where the reference data comes from, what it lacks, and how to fetch the plans as data."""
    return render(request, f"site/{get_language()}/data.html", {"credits": CREDITS, "gaps": GAPS})


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether database and storage answer: 200 if both do, 503 if one doesn't."""
    answers = {"database": _answers(_ask_database), "storage": _answers(_ask_storage)}
    return JsonResponse(
        {part: "ok" if answer else "no answer" for part, answer in answers.items()},
        status=200 if all(answers.values()) else 503,
    )


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # whatever goes wrong: it isn't ready, and the log says why
        logger.exception("Not ready")
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _ask_storage() -> None:
    """Write a small file and take it away again: reading alone wouldn't show a full disk."""
    name = default_storage.save(f"readyz/{uuid4()}", ContentFile(b"ok"))
    default_storage.delete(name)


def too_many(request: HttpRequest) -> HttpResponse:
    """Refuse somebody who has tried too often; when they may try again isn't told."""
    return render(request, "429.html", status=429)
