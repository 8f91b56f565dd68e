"""The versions of a plan: the list, and each one's own page, with what it says word for word."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import overview, rules
from plans.document import PlanDocument, from_json
from plans.drawings import timeline, year_wheel
from plans.enums import AIMS
from plans.models import PartnerPlan, PlanVersion
from plans.urls_for import plan_url, versions_url
from plans.versions_shown import ShownVersion, shown_versions
from plans.views.access import get_plan
from plans.views.caching import edition_of, kept_as, kept_html
from plans.views.downloads import version_filename, version_json_answer, version_pdf_answer

Crumb = tuple[str, str]


@require_safe
@login_not_required
def versions(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """Every version that the visitor may read, the newest first."""
    plan = get_plan(request, county, year)
    found = readable_versions(request, plan)
    context = version_context(request, plan)
    response = render(request, "plans/versions/list.html", {**context, "versions": found})
    return kept_as(response, plan, personal=request.user.is_authenticated)


@require_safe
@login_not_required
def version(request: HttpRequest, county: str, year: int, number: int) -> HttpResponse:
    """A version's own page. The code and the address on the signed page lead here."""
    plan = get_plan(request, county, year)
    found = readable_versions(request, plan)
    shown = of_number(found, number)
    frozen = shown.version
    content = kept_html(edition_of(frozen.fingerprint), partial(_content, frozen))
    response = render(
        request,
        "plans/versions/version.html",
        {
            **version_context(request, plan, (_version_name(number), "")),
            "shown": shown,
            "content": content,
            "others": len(found) > 1,
        },
    )
    return kept_as(response, plan, personal=request.user.is_authenticated)


@require_safe
@login_not_required
def version_pdf(request: HttpRequest, county: str, year: int, number: int) -> HttpResponse:
    """A version's PDF: its newest file, signed as far as it is."""
    plan = get_plan(request, county, year)
    shown = of_number(readable_versions(request, plan), number)
    name = version_filename(plan, shown.version)
    return version_pdf_answer(request, plan, shown.version, name, personal=not shown.is_signed)


@require_safe
@login_not_required
def version_json(request: HttpRequest, county: str, year: int, number: int) -> HttpResponse:
    """A version as data: the JSON whose SHA-256 is its fingerprint."""
    plan = get_plan(request, county, year)
    shown = of_number(readable_versions(request, plan), number)
    return version_json_answer(request, plan, shown.version, personal=not shown.is_signed)


def readable_versions(request: HttpRequest, plan: PartnerPlan) -> list[ShownVersion]:
    """Return the plan's versions that the visitor may read, the newest first."""
    return shown_versions(plan, every=rules.can_read_all_versions(request.user, plan))


def of_number(found: list[ShownVersion], number: int) -> ShownVersion:
    """Return the version with that number; ``Http404`` where the visitor reads none such."""
    shown = next((shown for shown in found if shown.number == number), None)
    if shown is None:
        raise Http404
    return shown


def version_context(request: HttpRequest, plan: PartnerPlan, *below: Crumb) -> dict[str, object]:
    """Return what every page about versions needs; ``below`` lead from the list to the page."""
    return {
        "plan": plan,
        "is_example": plan.is_example,
        # Who froze a version, as a person, is for those who work with the plan.
        "sees_names": rules.can_work(request.user, plan),
        "crumbs": [
            (_("Plans"), reverse("plans:index")),
            (f"{plan.agreement.county.name} {plan.year}", plan_url(plan)),
            (_("Versions"), versions_url(plan) if below else ""),
            *below,
        ],
    }


def _version_name(number: int) -> str:
    return _("Version %(number)s") % {"number": number}


def _content(version: PlanVersion) -> str:
    """Return all that a version says; how its measures go is no part of it."""
    document = from_json(version.content.encode())
    rows = overview.by_municipality(document)
    return render_to_string(
        "plans/versions/_content.html",
        {
            **split_texts(document),
            "frozen": True,
            "full": True,
            "figures": overview.figures(document, rows),
            "rows": rows,
            "duties": overview.by_responsible(document),
            "year_wheel": year_wheel(document, "#tiltak-"),
            "timeline": timeline(document, "#tiltak-"),
        },
    )


def split_texts(document: PlanDocument) -> dict[str, object]:
    """Return the texts that the plan opens with apart from the three aims."""
    return {
        "document": document,
        "opening": [text for text in document.texts if text.kind not in AIMS],
        "aims": [text for text in document.texts if text.kind in AIMS],
    }
