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
from plans.document import PlanDocument, to_json
from plans.enums import JobKind, JobState
from plans.exports.pdf import PdfError, TooLong
from plans.models import PartnerPlan, PlanVersion, VersionFile
from plans.services.pdf_store import pdf_key, stored_pdf
from plans.views.access import get_published, get_reading
from plans.views.caching import kept_as, kept_by_all, quoted

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
def pdf(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The plan as PDF: of a plan that has a version the very file, signed as far as it is."""
    name = _filename(county, year)
    signed = VersionFile.objects.newest_in_force_at(county, year)
    if signed is not None:  # everybody's: nothing else of the plan is asked for
        return kept_by_all(_file_answer(request, signed, name), quoted(signed.sha256))
    published = get_published(request, county, year)
    if published.version is None:
        return _pdf_answer(request, published.plan, published.document)
    return version_pdf_answer(request, published.plan, published.version, name, personal=True)


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
    signed = PlanVersion.objects.in_force_at(county, year).only("fingerprint").first()
    if signed is not None:
        return kept_by_all(_version_json(request, signed), quoted(signed.fingerprint))
    published = get_published(request, county, year)
    plan, etag = published.plan, quoted(published.fingerprint)
    if published.version is not None:
        response = _version_json(request, published.version)
        return kept_as(response, plan, personal=True, etag=etag)
    unchanged = get_conditional_response(request, etag=etag)
    return kept_as(unchanged or _json(to_json(published.document)), plan, etag=etag)


def version_json_answer(
    request: HttpRequest, plan: PartnerPlan, version: PlanVersion, *, personal: bool
) -> HttpResponse:
    """Return a version's JSON, byte for byte. ``personal`` where not everybody may read it."""
    response = _version_json(request, version)
    return kept_as(response, plan, personal=personal, etag=quoted(version.fingerprint))


def version_pdf_answer(
    request: HttpRequest,
    plan: PartnerPlan,
    version: PlanVersion,
    filename: str,
    *,
    personal: bool,
) -> HttpResponse:
    """Return the newest file of a version: nothing is rendered, and nothing but the file's hash is
    read where the visitor has it already. While it isn't made, a page that says how far it is.
    ``personal`` where not everybody may read it."""
    file = VersionFile.objects.newest_of(version)
    if file is None:
        return _not_made_yet(request, plan, version)
    response = _file_answer(request, file, filename)
    return kept_as(response, plan, personal=personal, etag=quoted(file.sha256))


def _version_json(request: HttpRequest, version: PlanVersion) -> HttpResponse:
    """Return a version's document, which is fetched only if the visitor lacks it."""
    unchanged = get_conditional_response(request, etag=quoted(version.fingerprint))
    return unchanged or _json(version.content.encode())


def _json(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/json")


def _file_answer(request: HttpRequest, file: VersionFile, filename: str) -> HttpResponse:
    """Return a version's file, or that the visitor has it already."""
    unchanged = get_conditional_response(request, etag=quoted(file.sha256))
    if unchanged is not None:
        return unchanged
    response = HttpResponse(VersionFile.objects.content_of(file), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def version_filename(plan: PartnerPlan, version: PlanVersion) -> str:
    """Return a name for a version's PDF."""
    return _filename(plan.agreement.county.slug, plan.year, f"versjon-{version.number}")


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
        name = _filename(document.county.slug, document.year, *_extract_words(document))
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return kept_as(response, plan, etag=etag)


def _extract_words(document: PlanDocument) -> list[str]:
    if not document.extract_of:
        return []
    municipality = document.municipality_by_number[document.extract_of]
    return [municipality.number, slugify(municipality.name)]


def _filename(county: str, year: int, *words: str) -> str:
    """Return a name that says what the file is once it lies among others."""
    return "-".join(("partnarplan", county, str(year), *words)) + ".pdf"


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
