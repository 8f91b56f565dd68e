"""Two versions of a plan side by side: what differs, word by word."""

from collections import Counter
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans.document import from_json
from plans.document.difference import MEASURE, Difference, difference
from plans.models import PlanVersion
from plans.urls_for import version_url
from plans.versions_shown import ShownVersion
from plans.views.access import get_plan
from plans.views.caching import edition_of, kept_as, kept_html
from plans.views.versions import of_number, readable_versions, version_context


@require_safe
@login_not_required
def version_compare(request: HttpRequest, county: str, year: int, number: int) -> HttpResponse:
    """A version beside the one with the number ``med``, or beside the one before it: the older to
    the left, whichever the address names first."""
    plan = get_plan(request, county, year)
    versions = readable_versions(request, plan)
    here = of_number(versions, number)
    other = _other(versions, here, request.GET.get("med", ""))
    content = ""
    before, after = here, here
    if other is not None:
        before, after = sorted((here, other), key=lambda shown: shown.number)
        key = edition_of(before.version.fingerprint, after.version.fingerprint)
        content = kept_html(key, partial(_content, before.version, after.version))
    name = _("Version %(number)s") % {"number": number}
    response = render(
        request,
        "plans/versions/compare.html",
        {
            **version_context(request, plan, (name, version_url(plan, number)), (_("Compare"), "")),
            "here": here,
            "other": other,
            "before": before,
            "after": after,
            "choices": [shown for shown in versions if shown.number != number],
            "content": content,
        },
    )
    return kept_as(response, plan, personal=request.user.is_authenticated)


def _other(versions: list[ShownVersion], here: ShownVersion, wanted: str) -> ShownVersion | None:
    """Return the version to compare with: the one that is asked for, else the newest of those
    before ``here``, else the oldest after it. None where there is no other.

    Raises ``Http404`` for one that isn't there, or isn't the visitor's to read.
    """
    if wanted:
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 6):
            raise Http404
        return of_number(versions, int(wanted)) if int(wanted) != here.number else None
    earlier = [shown for shown in versions if shown.number < here.number]
    later = [shown for shown in versions if shown.number > here.number]
    return next(iter(earlier), None) or next(reversed(later), None)


def _content(before: PlanVersion, after: PlanVersion) -> str:
    """Return what differs between two versions; their documents are fetched here."""
    documents = [from_json(version.content.encode()) for version in (before, after)]
    found = difference(*documents)
    return render_to_string(
        "plans/versions/_difference.html",
        {
            "difference": found,
            "counts": _counts(found),
            "before_name": _("Version %(number)s") % {"number": before.number},
            "after_name": _("Version %(number)s") % {"number": after.number},
        },
    )


def _counts(found: Difference) -> dict[str, int]:
    """Return how many measures are changed, added and removed, and how much else differs."""
    counts = Counter(item.sort.lower() if item.kind == MEASURE else "other" for item in found.items)
    return {name: counts[name] for name in ("changed", "added", "removed", "other")}
