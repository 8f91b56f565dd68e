"""The plan, one of its versions, or a municipality's extract of it, as a file."""

import logging
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from plans import rules
from plans.document import PlanDocument, Published, fingerprint, to_json
from plans.enums import JobKind, JobState
from plans.exports.pdf import PdfError, TooLong
from plans.models import PartnerPlan, PlanVersion, VersionFile
from plans.services.pdf_store import pdf_key, stored_pdf
from plans.views.access import get_published, get_reading
from plans.views.caching import kept_as, quoted

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
def pdf(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The plan as PDF: of a plan that has a version the very file, signed as far as it is."""
    published = get_published(request, county, year)
    if published.version is None:
        return _pdf_answer(request, published.plan, published.document)
    return version_pdf_answer(request, published.plan, published.version, _filename(published.plan))


@require_safe
@login_not_required
def municipality_pdf(request: HttpRequest, county: str, year: int, number: str) -> HttpResponse:
    """What concerns a municipality, as PDF."""
    reading = get_reading(request, county, year)
    return _pdf_answer(request, reading.plan, reading.extract(number))


@require_safe
@login_not_required
def json(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The plan as data: the JSON whose SHA-256 is the plan's fingerprint."""
    return json_answer(request, get_published(request, county, year))


def json_answer(
    request: HttpRequest, published: Published, *, personal: bool = False
) -> HttpResponse:
    """Return the canonical JSON of what is published; of a version the very bytes. ``personal``
    where not everybody may read it."""
    version = published.version
    etag = quoted(version.fingerprint if version else fingerprint(published.document))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = version.content.encode() if version else to_json(published.document)
        response = HttpResponse(content, content_type="application/json")
    return kept_as(response, published.plan, personal=personal, etag=etag)


def version_pdf_answer(
    request: HttpRequest,
    plan: PartnerPlan,
    version: PlanVersion,
    filename: str,
    *,
    personal: bool = False,
) -> HttpResponse:
    """Return the newest file of a version: nothing is rendered, and nothing but the file's hash is
    read where the visitor has it already. While it isn't made, a page that says how far it is.
    ``personal`` where not everybody may read it."""
    file = (
        VersionFile.objects.filter(version=version).order_by("-sequence").defer("content").first()
    )
    if file is None:
        return _not_made_yet(request, plan, version)
    etag = quoted(file.sha256)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(bytes(file.content), content_type="application/pdf")
        response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return kept_as(response, plan, personal=personal, etag=etag)


def version_filename(plan: PartnerPlan, version: PlanVersion) -> str:
    """Return a name for a version's PDF."""
    return _filename(plan, f"versjon-{version.number}")


def _pdf_answer(request: HttpRequest, plan: PartnerPlan, document: PlanDocument) -> HttpResponse:
    etag = quoted(pdf_key(document))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            content = stored_pdf(document)
        except (PdfError, TooLong):
            logger.exception("No PDF of %s", plan)
            return _no_pdf(request, plan)
        response = HttpResponse(content, content_type="application/pdf")
        name = _filename(plan, *_extract_words(document))
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return kept_as(response, plan, etag=etag)


def _extract_words(document: PlanDocument) -> list[str]:
    if not document.extract_of:
        return []
    municipality = document.municipality_by_number[document.extract_of]
    return [municipality.number, slugify(municipality.name)]


def _filename(plan: PartnerPlan, *words: str) -> str:
    """Return a name that says what the file is once it lies among others."""
    return "-".join(("partnarplan", plan.agreement.county.slug, str(plan.year), *words)) + ".pdf"


def _no_pdf(request: HttpRequest, plan: PartnerPlan) -> HttpResponse:
    """Say that the PDF could not be made, and what to do meanwhile."""
    context = {"plan": plan, "is_example": plan.is_example}
    return _unavailable(render(request, "plans/no_pdf.html", context), seconds=60)


def _not_made_yet(request: HttpRequest, plan: PartnerPlan, version: PlanVersion) -> HttpResponse:
    """Say that the PDF is being made in the background, or why it couldn't be."""
    job = version.jobs.filter(kind=JobKind.RENDER).order_by("-pk").first()
    response = render(
        request,
        "plans/versions/not_made.html",
        {
            "plan": plan,
            "version": version,
            "is_example": plan.is_example,
            "failed": job is not None and job.state == JobState.FAILED,
            # Told in the plan's language by what failed; of no use to others than those who work.
            "error": job.error if job and rules.can_work(request.user, plan) else "",
        },
    )
    return _unavailable(response, seconds=5)


def _unavailable(response: HttpResponse, *, seconds: int) -> HttpResponse:
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
