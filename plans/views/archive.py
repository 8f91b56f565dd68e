"""The plan's archive package: taken, and delivered to the archive."""

import tempfile

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plans import rules
from plans.enums import ArchiveVariant
from plans.exports.archive import BadWords, DamagedFile
from plans.models import ArchiveDelivery, PartnerPlan
from plans.services.archive_jobs import IN_MEMORY, AskedAlready, NoTarget, ask_for_delivery
from plans.services.archiving import archive_name, write_archive
from plans.urls_for import archive_url
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, bench_crumbs

MOST_SHOWN = 50  # deliveries
# A variant's place in the address.
SLUGS = {"full": ArchiveVariant.FULL, "skjerma": ArchiveVariant.SCREENED}


@require_safe
def archive(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """What the package holds, and what was delivered to the archive."""
    return _page(request, get_plan(request, county, year, rules.can_see_archive))


@require_safe
def package(request: WorkRequest, county: str, year: int, variant: str) -> HttpResponseBase:
    """Hand out the plan's package: ``variant`` is full or skjerma. 409 where it can't be made."""
    wanted = SLUGS.get(variant)
    if wanted is None:
        raise Http404
    rule = rules.can_archive if wanted == ArchiveVariant.FULL else rules.can_see_archive
    plan = get_plan(request, county, year, rule)
    # The response closes it when it has been sent.
    content = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    try:
        write_archive(plan, wanted, content)
    except (DamagedFile, FileNotFoundError, BadWords) as error:
        content.close()
        messages.error(request, _why(error))
        return _page(request, plan, status=409)
    content.seek(0)
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"{archive_name(plan, wanted)}.zip",
        content_type="application/zip",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def deliver(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Have the package delivered; ``variant`` is full or skjerma."""
    plan = get_plan(request, county, year, rules.can_archive)
    variant = SLUGS.get(request.POST.get("variant", ""))
    if variant is None:
        messages.error(request, _("Choose which package to deliver."))
        return HttpResponseRedirect(archive_url(plan))
    try:
        ask_for_delivery(plan=plan, variant=variant, by=request.user)
    except NoTarget:
        messages.error(request, _("No archive is set up here to deliver to."))
    except AskedAlready:
        messages.info(request, _("It is on its way already."))
    else:
        messages.success(request, _("It is being delivered. How it went is shown below."))
    return HttpResponseRedirect(archive_url(plan))


def _page(request: WorkRequest, plan: PartnerPlan, status: int = 200) -> HttpResponse:
    deliveries = (
        ArchiveDelivery.objects.filter(plan=plan)
        .select_related("by", "version")
        .defer("version__content")
    )
    can_archive = rules.can_archive(request.user, plan)
    response = render(
        request,
        "plans/work/archive.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "deliveries": deliveries[:MOST_SHOWN],
            "can_archive": can_archive,
            "can_deliver": can_archive and bool(settings.ARCHIVE_TARGET),
            "crumbs": bench_crumbs(plan, _("Archive")),
        },
        status=status,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _why(error: Exception) -> str:
    if isinstance(error, DamagedFile):
        return _("The package can't be made: %(name)s is not as it was.") % {"name": error}
    if isinstance(error, FileNotFoundError):
        return _("The package can't be made: an attachment of the input isn't there.")
    return _("The package can't be made: the archive's words can't be read.")
