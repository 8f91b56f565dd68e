"""Files that come with a contribution: sent up, handed out, taken away."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plans import rules
from plans.models import Contribution, ContributionFile
from plans.services import attachments as service
from plans.services.contributions import IsAnswered, RoundIsClosed
from plans.services.filekinds import FileRefused
from plans.services.saving import PlanIsFrozen
from plans.urls_for import contribution_url
from plans.views.access import get_plan
from plans.views.contributions import (
    frozen_text,
    get_contribution,
    late_text,
    writable,
    writing,
)
from plans.views.editing import WorkRequest


@require_POST
def file_add(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Attach the files in ``file`` to a contribution, each by itself."""
    contribution = writable(request, county, year, key)
    uploads = request.FILES.getlist("file")
    if not uploads:
        messages.error(request, _("Choose a file first."))
    for upload in uploads[: service.MOST_FILES + 1]:
        _attach(request, contribution, upload)
    return _back(contribution)


@require_safe
def file_get(request: WorkRequest, county: str, year: int, key: UUID, file: UUID) -> HttpResponse:
    """Hand out a file to those who read the contribution; a browser only saves it."""
    plan = get_plan(request, county, year, rules.can_read_in_part)
    contribution = get_contribution(request, plan, key)
    row = get_object_or_404(ContributionFile, contribution=contribution, key=file)
    try:
        with row.open() as kept:
            response = HttpResponse(kept.read(), content_type=row.media_type)
    except FileNotFoundError:
        raise Http404 from None
    disposition = content_disposition_header(as_attachment=True, filename=row.name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def file_remove(
    request: WorkRequest, county: str, year: int, key: UUID, file: UUID
) -> HttpResponse:
    """Take a file away from a contribution."""
    contribution = writable(request, county, year, key)
    row = get_object_or_404(
        ContributionFile.objects.select_related("contribution"),
        contribution=contribution,
        key=file,
    )
    now = writing(request, contribution.plan)
    try:
        service.detach(file=row, by=request.user, late=now.late)
    except (IsAnswered, RoundIsClosed, PlanIsFrozen) as refusal:
        messages.error(request, _why(refusal))
    else:
        messages.success(request, _("“%(name)s” is removed.") % {"name": row.name})
    return _back(contribution)


def _attach(request: WorkRequest, contribution: Contribution, upload: UploadedFile) -> None:
    now = writing(request, contribution.plan)
    try:
        row = service.attach(
            contribution=contribution, upload=upload, by=request.user, late=now.late
        )
    except FileRefused as refusal:
        messages.error(request, str(refusal))
    except (IsAnswered, RoundIsClosed, PlanIsFrozen) as refusal:
        messages.error(request, _why(refusal))
    else:
        messages.success(request, _("“%(name)s” is attached.") % {"name": row.name})


def _why(refusal: Exception) -> str:
    if isinstance(refusal, IsAnswered):
        return _("The input has been answered, and can't be changed.")
    return late_text() if isinstance(refusal, RoundIsClosed) else frozen_text()


def _back(contribution: Contribution) -> HttpResponse:
    return HttpResponseRedirect(f"{contribution_url(contribution.plan, contribution)}#vedlegg")
