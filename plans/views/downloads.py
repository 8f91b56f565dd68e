"""The plan, or a municipality's extract of it, as a file."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from plans.document import PlanDocument, fingerprint, read_plan, to_json
from plans.exports.pdf import PdfError, TooLong
from plans.models import PartnerPlan
from plans.services.pdf_store import pdf_key, stored_pdf
from plans.views.access import get_plan, get_reading
from plans.views.caching import kept_as, quoted

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
def pdf(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The plan as PDF."""
    plan = get_plan(request, county, year)
    return _pdf_answer(request, plan, read_plan(plan).document)


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
    plan = get_plan(request, county, year)
    document = read_plan(plan).document
    etag = quoted(fingerprint(document))
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        to_json(document), content_type="application/json"
    )
    return kept_as(response, plan, etag=etag)


def _pdf_answer(request: HttpRequest, plan: PartnerPlan, document: PlanDocument) -> HttpResponse:
    etag = quoted(pdf_key(document))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            content = stored_pdf(document)
        except (PdfError, TooLong):
            logger.exception("No PDF of %s", plan)
            return _no_pdf(request, plan, document)
        response = HttpResponse(content, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'inline; filename="{_filename(document)}"'
    return kept_as(response, plan, etag=etag)


def _filename(document: PlanDocument) -> str:
    """Return a name that says what the file is once it lies among others."""
    name = f"partnarplan-{document.county.slug}-{document.year}"
    if document.extract_of:
        municipality = document.municipality_by_number[document.extract_of]
        name += f"-{municipality.number}-{slugify(municipality.name)}"
    return f"{name}.pdf"


def _no_pdf(request: HttpRequest, plan: PartnerPlan, document: PlanDocument) -> HttpResponse:
    """Say that the PDF could not be made, and what to do meanwhile."""
    response = render(
        request,
        "plans/no_pdf.html",
        {"document": document, "plan": plan, "is_example": document.is_example},
        status=503,
    )
    response.headers["Retry-After"] = "60"
    response.headers["Cache-Control"] = "no-store"
    return response
