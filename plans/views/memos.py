"""The memo to the county's politicians: read, written, taken out as PDF and as a Word file.

Each view takes the ``kind`` of memo from its address (plans/urls_work.py).
"""

import logging

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.exports.docx import memo_docx
from plans.exports.pdf import PdfError, TooLong
from plans.forms.memo import MemoForm, MemoSectionForm
from plans.memo import Place, generated_section, is_stale, place_at, read_memo, read_source
from plans.models import Memo, MemoSection, PartnerPlan
from plans.models.memo import section_of, with_section
from plans.services.memo_files import stored_memo_pdf
from plans.services.memos import reset_section, save_memo, save_section
from plans.services.saving import Conflict, PlanIsFrozen
from plans.urls_for import bench_url, memo_url
from plans.views.access import Rule, checked, get_plan
from plans.views.caching import kept_as
from plans.views.editing import WorkRequest, answer_form, frozen

logger = logging.getLogger(__name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def memo(request: WorkRequest, county: str, year: int, kind: str) -> HttpResponse:
    """The memo as it stands, section by section: which follow the plan, which are the county's
    own, and which were written from what the plan no longer says."""
    plan = get_plan(request, county, year, rules.can_read_memo)
    read = read_memo(plan, kind)
    response = render(
        request,
        "plans/memo/memo.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "read": read,
            "document": read.document,
            "can_edit": rules.can_edit_memo(request.user, plan),
            "stale": [standing for standing in read.standings if standing.is_stale],
            "crumbs": _crumbs(plan),
        },
    )
    return kept_as(response, plan, personal=True)


def case_edit(request: WorkRequest, county: str, year: int, kind: str) -> HttpResponse:
    """The case that the memo belongs to."""
    plan = get_plan(request, county, year, rules.can_edit_memo)
    row = Memo.objects.filter(plan=plan, kind=kind).first()
    form = MemoForm(request.POST or None, instance=row, cancel_url=memo_url(plan))

    def save() -> str:
        save_memo(
            plan=plan,
            kind=kind,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        return memo_url(plan)

    title = _("The case that the memo belongs to")
    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=title,
        crumb=title,
        listed=False,
        context={"crumbs": _crumbs(plan, title)},
    )


def section_edit(
    request: WorkRequest, county: str, year: int, kind: str, slug: str
) -> HttpResponse:
    """One section of the memo."""
    plan, place, row = _get_section(request, county, year, kind, slug, rules.can_edit_memo)
    generated = generated_section(kind, read_source(plan), place)
    back = f"{memo_url(plan)}#{place.slug}"
    form = MemoSectionForm(request.POST or None, instance=row, generated=generated, cancel_url=back)

    def save() -> str:
        save_section(
            plan=plan,
            kind=kind,
            key=place.key,
            values=form.values(),
            based_on=form.based_on,
            expected_version=form.expected_version,
            by=request.user,
        )
        return back

    title = (row and row.heading) or generated.heading
    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=title,
        crumb=title,
        listed=False,
        context={
            "crumbs": _crumbs(plan, title),
            "above": "plans/memo/_above.html",
            "row": row,
            "generated": generated,
            "place": place,
            "is_stale": row is not None and is_stale(row, generated),
        },
    )


def section_reset(
    request: WorkRequest, county: str, year: int, kind: str, slug: str
) -> HttpResponse:
    """Let a section follow the plan again, after a look at what goes and what comes."""
    plan, place, row = _get_section(request, county, year, kind, slug, rules.can_edit_memo)
    back = f"{memo_url(plan)}#{place.slug}"
    if row is None or not (row.body or row.heading):
        messages.info(request, _("The section follows the plan already."))
        return HttpResponseRedirect(back)
    if request.method == "POST":
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isdecimal() and len(sent) < 9 else 0
        try:
            reset_section(
                plan=plan, kind=kind, key=place.key, expected_version=version, by=request.user
            )
        except PlanIsFrozen:
            return frozen(request, plan)
        except Conflict:
            messages.error(
                request,
                _("Not done: somebody else saved the section meanwhile. Look at it again first."),
            )
            return HttpResponseRedirect(request.path)
        messages.success(request, _("The section follows the plan again."))
        return HttpResponseRedirect(back)
    generated = generated_section(kind, read_source(plan), place)
    return render(
        request,
        "plans/memo/reset.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "row": row,
            "heading": row.heading or generated.heading,
            "generated": generated,
            "back": back,
            "crumbs": _crumbs(plan, row.heading or generated.heading),
        },
    )


@require_safe
def pdf(request: WorkRequest, county: str, year: int, kind: str) -> HttpResponse:
    """The memo as PDF."""
    plan = get_plan(request, county, year, rules.can_read_memo)
    read = read_memo(plan, kind)
    try:
        content = stored_memo_pdf(read)
    except (PdfError, TooLong):
        logger.exception("No PDF of the memo of %s", plan)
        response = render(
            request,
            "plans/no_pdf.html",
            {"document": read.source.document, "plan": plan},
            status=503,
        )
        response.headers["Retry-After"] = "60"
        response.headers["Cache-Control"] = "no-store"
        return response
    return _file(plan, content, "application/pdf", "inline", "pdf")


@require_safe
def docx(request: WorkRequest, county: str, year: int, kind: str) -> HttpResponse:
    """The memo as a Word file."""
    plan = get_plan(request, county, year, rules.can_read_memo)
    content = memo_docx(read_memo(plan, kind).document)
    return _file(plan, content, WORD, "attachment", "docx")


def _file(
    plan: PartnerPlan, content: bytes, content_type: str, how: str, ending: str
) -> HttpResponse:
    name = f"orientering-partnarplan-{plan.agreement.county.slug}-{plan.year}.{ending}"
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return kept_as(response, plan, personal=True)


def _get_section(
    request: WorkRequest, county: str, year: int, kind: str, slug: str, rule: Rule
) -> tuple[PartnerPlan, Place, MemoSection | None]:
    """Return the plan at an address, a section's place in its memo, and what is written there; one
    query. Raises as ``get_plan``, and ``Http404`` for a section that there isn't."""
    place = place_at(kind, slug)
    plans = PartnerPlan.objects.with_parties().filter(agreement__county__slug=county, year=year)
    plan = checked(request, with_section(plans, kind, place.key if place else "").first(), rule)
    if place is None:
        raise Http404
    return plan, place, section_of(plan, kind, place.key)


def _crumbs(plan: PartnerPlan, last: str = "") -> list[tuple[str, str]]:
    name = f"{plan.agreement.county.name} {plan.year}"
    crumbs = [(_("My work"), reverse("plans:work")), (name, bench_url(plan))]
    here = _("Memo to the politicians")
    return (
        [*crumbs, (here, memo_url(plan)), (capfirst(last), "")] if last else [*crumbs, (here, "")]
    )
