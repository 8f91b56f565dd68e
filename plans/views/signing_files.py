"""The files of signing: the PDF that is signed, one that was signed elsewhere, evidence."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plans import rules
from plans.enums import SigningParty
from plans.forms.signing import UploadForm
from plans.models import ExternalEvidence, PlanVersion, VersionFile
from plans.services.signed_uploads import UploadRefused, keep_evidence, upload_signed
from plans.services.signing import NotToSign
from plans.services.versions import waiting
from plans.urls_for import signing_url
from plans.views.access import get_plan
from plans.views.editing import UNPROCESSABLE, WorkRequest
from plans.views.signing import refused, signed_for, signing_page


@require_safe
def file(request: WorkRequest, county: str, year: int, sha256: str) -> HttpResponse:
    """The very file that the page showed, by its SHA-256; also of a version that was returned."""
    plan = get_plan(request, county, year, rules.can_work)
    files = VersionFile.objects.filter(version__plan=plan, sha256=sha256)
    row = get_object_or_404(files.select_related("version").defer("version__content"))
    name = f"partnarplan-{county}-{year}-versjon-{row.version.number}-{row.sequence}.pdf"
    return _given(bytes(row.content), "application/pdf", name, attached=False)


@require_safe
def evidence(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """A file that was kept as external evidence; a browser only saves it."""
    plan = get_plan(request, county, year, rules.can_work)
    row = get_object_or_404(ExternalEvidence, version__plan=plan, pk=pk)
    return _given(bytes(row.content), "application/octet-stream", row.file_name, attached=True)


@require_POST
def upload(request: WorkRequest, county: str, year: int, party: str) -> HttpResponse:
    """Take a PDF that was signed elsewhere for a party, or keep a file as external evidence."""
    plan, side = signed_for(request, county, year, party)
    version = waiting(plan) if rules.can_sign(request.user, plan, side) else None
    if version is None:
        return refused(request, plan, _("Not taken: the plan isn't for signature any more."))
    form = UploadForm(
        request.POST, request.FILES, action=request.path, auto_id=f"id_{party}_%s_upload"
    )
    if not form.is_valid():
        return signing_page(request, plan, form=form, party=side, status=UNPROCESSABLE)
    try:
        messages.success(request, _taken(request, version, side, form))
    except UploadRefused as error:
        form.add_error("file", str(error))
        return signing_page(request, plan, form=form, party=side, status=UNPROCESSABLE)
    except NotToSign as error:
        return refused(request, plan, str(error))
    return HttpResponseRedirect(signing_url(plan))


def _taken(
    request: WorkRequest, version: PlanVersion, party: SigningParty, form: UploadForm
) -> str:
    """Do with the file what was asked for, and return what to say of it."""
    if form.keeping:
        keep_evidence(
            version=version,
            party=party,
            by=request.user,
            upload=form.upload,
            note=form.cleaned_data["note"],
        )
        return _("The file is kept as external evidence. The plan isn't signed by it.")
    signature = upload_signed(version=version, party=party, by=request.user, upload=form.upload)
    return _("Taken: the plan is signed by %(name)s, %(organisation)s.") % {
        "name": signature.name,
        "organisation": signature.organisation,
    }


def _given(content: bytes, media_type: str, name: str, *, attached: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(as_attachment=attached, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
