"""What somebody had typed when their session ended: kept while they log in, then sent again.

It lies in the browser's own, still anonymous session: nobody else can ask for it, and logging in
takes it along. The first request had passed the CSRF check; sending again asks for a fresh token.
"""

import secrets
import time
from typing import TypedDict

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SESSION_KEY = "typed"
MAX_CHARACTERS = 300_000  # the longest forms hold some 20,000
MAX_KEPT = 3
KEPT_SECONDS = 60 * 60
_NOT_KEPT = ("csrfmiddlewaretoken",)


class Typed(TypedDict):
    """A form that was sent too late."""

    address: str
    fields: list[tuple[str, str]]
    at: float


def keep(request: HttpRequest) -> str | None:
    """Keep the form that ``request`` sent and return the address that sends it again.

    None where there is nothing to keep, or too much: files, or more than ``MAX_CHARACTERS``.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
        for value in values
    ]
    size = sum(len(name) + len(str(value)) for name, value in fields)
    if not fields or request.FILES or size > MAX_CHARACTERS:
        return None
    if not ratelimit.consume(request, action="keep_typed"):
        return None
    key = secrets.token_urlsafe(16)
    kept = _kept(request)
    while len(kept) >= MAX_KEPT:
        kept.pop(min(kept, key=lambda each: kept[each]["at"]))
    kept[key] = {"address": request.get_full_path(), "fields": fields, "at": time.time()}
    request.session[SESSION_KEY] = kept
    return reverse("accounts:typed", kwargs={"key": key})


@require_safe
@never_cache
def send_again(request: HttpRequest, key: str) -> HttpResponse:
    """Show a button that sends what was kept to where it was going.

    It works until the page is left: sent once, the form's own page takes over.
    """
    typed = _kept(request).get(key)
    if typed is None:
        raise Http404
    return render(request, "accounts/typed.html", {"typed": typed})


def _kept(request: HttpRequest) -> dict[str, Typed]:
    kept: dict[str, Typed] = request.session.get(SESSION_KEY, {})
    return {key: typed for key, typed in kept.items() if time.time() - typed["at"] < KEPT_SECONDS}
