"""How every form of the workbench is answered, so that nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import reselect, reswap, retarget
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from plans.forms.base import VersionedForm
from plans.models import PartnerPlan
from plans.services.saving import Conflict, PlanIsFrozen
from plans.urls_for import bench_url

UNPROCESSABLE, CONFLICT = 422, 409


class WorkRequest(HttpRequest):
    """A request to the workbench: of somebody who is logged in, and as django-htmx completes it."""

    htmx: HtmxDetails
    user: User  # LoginRequiredMiddleware lets nobody else come here


class NotSaved(Exception):
    """What was sent can't be saved, for a reason that the message tells whoever sent it."""


def frozen(request: HttpRequest, plan: PartnerPlan) -> HttpResponse:
    """Answer a write that came after the plan went on to a state that allows none."""
    messages.error(
        request,
        _("Not saved: the plan is no longer open for changes. What it says now is shown here."),
    )
    return HttpResponseRedirect(bench_url(plan))


def answer_form(
    request: WorkRequest,
    *,
    plan: PartnerPlan,
    form: VersionedForm,
    save: Callable[[], str],
    heading: str,
    crumb: str,
    edit_id: str = "edit",
    context: dict[str, Any] | None = None,
    template: str = "plans/work/form.html",
) -> HttpResponse:
    """Show a form, or save it and go on to the address that ``save`` returns.

    Faults are shown in the form; a conflict shows both versions beside what was typed, and the
    form can be sent again. On the workbench htmx fetches the same page and takes the element
    ``edit_id`` out of it.
    """
    status = 200
    if request.method == "POST" and "choose" not in request.POST:
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return HttpResponseRedirect(save())
            except PlanIsFrozen:
                return frozen(request, plan)
            except NotSaved as refusal:
                form.add_error(None, str(refusal))
            except Conflict as conflict:
                form.meet(conflict)
                status = CONFLICT
    if request.htmx:
        # In its place on the workbench: the whole workbench comes back when it is saved.
        form.helper.attrs.update(
            {
                "hx-post": request.path,
                "hx-target": "#bench",
                "hx-select": "#bench",
                "hx-swap": "outerHTML show:none",
                "hx-select-oob": "#messages",
            }
        )
    response = render(
        request,
        template,
        {
            "plan": plan,
            "is_example": plan.is_example,
            "form": form,
            "edit_id": edit_id,
            "heading": heading,
            "crumbs": bench_crumbs(plan, crumb),
            **(context or {}),
        },
        status=status,
    )
    if request.htmx and request.method == "POST":
        # Not saved: the form gets itself back, where it stands.
        place = f"#{edit_id}"
        response = reswap(reselect(retarget(response, place), place), "outerHTML")
    return response


def bench_crumbs(plan: PartnerPlan, last: str = "") -> list[tuple[str, str]]:
    """Return the way from the list of one's plans to a page of the workbench."""
    crumbs = [(_("My work"), reverse("plans:work"))]
    name = f"{plan.agreement.county.name} {plan.year}"
    return [*crumbs, (name, bench_url(plan)), (last, "")] if last else [*crumbs, (name, "")]
