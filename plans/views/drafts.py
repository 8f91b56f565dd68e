"""One's own drafts, and who is writing in a plan just now."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from plans import rules
from plans.models import Draft
from plans.services.drafts import KEPT_DAYS, throw_draft
from plans.views.access import get_plan
from plans.views.company import company_at
from plans.views.editing import WorkRequest


@require_safe
@never_cache
def drafts(request: WorkRequest) -> HttpResponse:
    """The drafts of the one who looks, newest first."""
    return render(
        request,
        "plans/work/drafts.html",
        {
            "drafts": Draft.objects.of(request.user).select_related("plan__agreement__county"),
            "days": KEPT_DAYS,
            "crumbs": [(_("My work"), reverse("plans:work")), (_("My drafts"), "")],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft(request: WorkRequest, pk: int) -> HttpResponse:
    """Read one of one's own drafts, also where its form is closed by now; a POST throws it away."""
    mine = Draft.objects.of(request.user).select_related("plan__agreement__county")
    found = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        throw_draft(draft=found)
        messages.success(request, _("The draft is thrown away."))
        return HttpResponseRedirect(reverse("plans:drafts"))
    return render(
        request,
        "plans/work/draft.html",
        {
            "draft": found,
            "is_example": found.plan is not None and found.plan.is_example,
            "crumbs": [
                (_("My work"), reverse("plans:work")),
                (_("My drafts"), reverse("plans:drafts")),
                (found.label, ""),
            ],
        },
    )


@require_safe
@never_cache
def presence(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Who else is writing in the plan just now: the part of the workbench that asks again."""
    plan = get_plan(request, county, year, rules.can_work)
    context = {"plan": plan, "company": company_at(request.user, plan)}
    return render(request, "plans/work/_presence.html", context)
