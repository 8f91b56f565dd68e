"""The page where anybody finds out whether a PDF is a plan as it was signed."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from plans.services.verification import Report, verify
from plans.services.verification_words import BELIEFS, CHANGES, FAULTS, headline
from plans.signing.check import MOST_BYTES
from plans.urls_for import plan_url, version_url

MOST_AT_ONCE = 3
# Longer than a check may take (plans.signing.guarded).
_PLACE_SECONDS = 120
_FORM_BYTES = 10_000  # what a form has around its file


# It changes nothing, so it needs no token, and those who only ask get no cookie.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a PDF, and tell what it is. The file isn't kept."""
    if request.method != "POST":
        return render(request, "plans/check.html")
    # Before anything of it is read.
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and (len(length) > 12 or int(length) > MOST_BYTES + _FORM_BYTES):
        return _refuse(request, _("The file is larger than any plan. It was not read."), 413)
    refused: HttpResponse | None = ratelimit.consume_or_429(request, action="check_pdf")
    if refused is not None:
        return refused
    upload = request.FILES.get("file")
    if upload is None:
        return _refuse(request, _("Choose a file first."), 422)
    with _place() as place:
        if place is None:
            busy = _("Others are having files checked right now. Try again in a minute.")
            return _refuse(request, busy, 503)
        report = verify(upload.read(), user=request.user)
    return render(request, "plans/check.html", _context(report, upload.name or ""))


def _refuse(request: HttpRequest, error: str, status: int) -> HttpResponse:
    return render(request, "plans/check.html", {"error": error}, status=status)


@contextmanager
def _place() -> Iterator[int | None]:
    """Take one of the places for checks that go on at the same time, in whatever process; None
    where all are taken."""
    for number in range(MOST_AT_ONCE):
        key = f"check_pdf:{number}"
        if cache.add(key, True, _PLACE_SECONDS):
            try:
                yield number
            finally:
                cache.delete(key)
            return
    yield None


def _context(report: Report, name: str) -> dict[str, object]:
    verdict, version = report.verdict, report.version
    context: dict[str, object] = {
        "report": report,
        "name": name,
        "headline": headline(report),
        "faults": [FAULTS[fault] for fault in verdict.faults],
        "changes": [CHANGES[change] for change in verdict.changes],
        "signed": [(signed, BELIEFS[signed.belief]) for signed in verdict.signed],
        "seal": verdict.seal and (verdict.seal, BELIEFS[verdict.seal.belief]),
    }
    if version is not None:
        context |= {
            "plan": version.plan,
            "is_example": version.plan.is_example,
            "plan_url": plan_url(version.plan),
            "version_url": version_url(version.plan, version.number),
        }
    return context
