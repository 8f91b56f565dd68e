"""Saving, renaming, sharing and deleting one's views of the table of measures."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.forms.table import SavedViewForm
from plans.models import PartnerPlan, SavedView
from plans.models.saved_view import MOST_QUERY
from plans.services import saved_views as service
from plans.table import normal_query
from plans.views.access import get_plan
from plans.views.editing import UNPROCESSABLE, WorkRequest
from plans.views.table import table_crumbs, table_url


@require_safe
def view_list(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The views that one may use; one's own can be changed."""
    plan = get_plan(request, county, year, rules.can_work)
    return render(
        request,
        "plans/work/table/views.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "views": SavedView.objects.offered_to(request.user, plan.agreement.county_id),
            "crumbs": table_crumbs(plan, _("Saved views")),
        },
    )


def view_new(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Save the view that the address's own query string shows, under a name."""
    plan = get_plan(request, county, year, rules.can_work)
    query = normal_query(request.GET)
    view = SavedView(owner=request.user, county=plan.agreement.county)

    def save(form: SavedViewForm) -> SavedView:
        return service.save_view(
            county=plan.agreement.county, query=query, by=request.user, **form.cleaned_data
        )

    if len(query) > MOST_QUERY:
        messages.error(request, _("The view is too long to be saved. Use fewer filters."))
        return HttpResponseRedirect(table_url(plan))
    return _answer(request, plan, view, query, save, _("Save the view"))


def view_edit(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Rename a view of one's own, share it, or keep it to oneself."""
    plan = get_plan(request, county, year, rules.can_work)
    view = _own(request, plan, pk)

    def save(form: SavedViewForm) -> SavedView:
        return service.change_view(view=view, **form.cleaned_data)

    return _answer(request, plan, view, view.query, save, _("Change the view"))


def view_delete(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Ask, then delete a view of one's own."""
    plan = get_plan(request, county, year, rules.can_work)
    view = _own(request, plan, pk)
    if request.method == "POST":
        service.delete_view(view=view)
        messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
        return HttpResponseRedirect(_list_url(plan))
    return render(
        request,
        "plans/work/delete.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "title": _("Delete the view “%(name)s”?") % {"name": view.name},
            "text": _("It is deleted for those whom you shared it with too. No measure changes."),
            "label": _("Delete the view"),
            "cancel_url": _list_url(plan),
            "crumbs": table_crumbs(plan, view.name),
        },
    )


def _answer(
    request: WorkRequest,
    plan: PartnerPlan,
    view: SavedView,
    query: str,
    save: Callable[[SavedViewForm], SavedView],
    heading: str,
) -> HttpResponse:
    cancel_url = table_url(plan, query)
    data = request.POST if request.method == "POST" else None
    form = SavedViewForm(data, instance=view, cancel_url=cancel_url)
    status = 200
    if data is not None:
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                saved = save(form)
            except service.NameIsTaken:  # by another window, between the form's check and here
                form.add_error("name", _("You have a view of that name already."))
            except service.TooManyViews:
                form.add_error(None, _("You have many views already. Delete one first."))
            else:
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": saved.name})
                return HttpResponseRedirect(table_url(plan, query))
    return render(
        request,
        "plans/work/form.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "form": form,
            "edit_id": "edit",
            "heading": heading,
            "crumbs": table_crumbs(plan, heading, query),
        },
        status=status,
    )


def _own(request: WorkRequest, plan: PartnerPlan, pk: int) -> SavedView:
    """Return a view of the user's own in the plan's county. Raises ``Http404``."""
    found = SavedView.objects.filter(owner=request.user, county=plan.agreement.county_id)
    return get_object_or_404(found, pk=min(pk, 2**63 - 1))


def _list_url(plan: PartnerPlan) -> str:
    return reverse("plans:view_list", args=(plan.agreement.county.slug, plan.year))
