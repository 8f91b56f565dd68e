"""Adding, writing, moving, deleting and bringing back focus areas."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plans import rules
from plans.forms.texts import FocusAreaForm
from plans.models import FocusArea, PartnerPlan
from plans.services import focus_areas as service
from plans.services.saving import PlanIsFrozen
from plans.urls_for import area_url, bench_url
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, answer_form, bench_crumbs, frozen
from plans.views.texts import get_part


def get_area(plan: PartnerPlan, key: UUID) -> FocusArea:
    """Return a focus area of the plan, deleted or not. Raises ``Http404``."""
    return get_object_or_404(
        FocusArea.objects.select_related("part__plan"), part__plan=plan, key=key
    )


def area_new(request: WorkRequest, county: str, year: int, number: int) -> HttpResponse:
    """Add a focus area at the end of a part."""
    plan = get_plan(request, county, year, rules.can_edit, to_write=True)
    part = get_part(plan.pk, number)
    back = f"{bench_url(plan)}#del-{number}"
    form = FocusAreaForm(request.POST or None, instance=FocusArea(part=part), cancel_url=back)

    def save() -> str:
        area = service.add_focus_area(part=part, values=form.values(), by=request.user)
        return area_url(plan, area)

    title = _("New focus area in part %(number)s") % {"number": number}
    return answer_form(request, plan=plan, form=form, save=save, heading=title, crumb=title)


def area_edit(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """A focus area's title and description."""
    plan = get_plan(request, county, year, rules.can_edit, to_write=True)
    area = get_area(plan, key)
    back = area_url(plan, area)
    form = FocusAreaForm(request.POST or None, instance=area, cancel_url=back)
    title = area.title

    def save() -> str:
        saved = service.change_focus_area(
            area=area,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        if saved.is_deleted:
            messages.warning(
                request,
                _(
                    "What you wrote is saved, but the focus area is deleted. It can be brought "
                    "back under “Deleted” on the workbench."
                ),
            )
            return bench_url(plan)
        return back

    return answer_form(
        request, plan=plan, form=form, save=save, heading=_("Focus area"), crumb=title
    )


@require_POST
def area_move(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Move a focus area one place up or down (``move``)."""
    plan = get_plan(request, county, year, rules.can_edit)
    area = get_area(plan, key)
    try:
        service.step_focus_area(area=area, direction=request.POST.get("move", ""), by=request.user)
    except PlanIsFrozen:
        return frozen(request, plan)
    return HttpResponseRedirect(area_url(plan, area))


def area_delete(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Ask, then delete an empty focus area."""
    plan = get_plan(request, county, year, rules.can_edit)
    area = get_area(plan, key)
    if request.method == "POST":
        try:
            service.delete_focus_area(area=area, by=request.user)
        except service.FocusAreaHasMeasures:
            messages.error(
                request,
                _("Not deleted: move or delete the measures of the focus area first."),
            )
            return HttpResponseRedirect(area_url(plan, area))
        except PlanIsFrozen:
            return frozen(request, plan)
        messages.success(request, _("The focus area “%(title)s” is deleted.") % {"title": area})
        return HttpResponseRedirect(bench_url(plan))
    return render(
        request,
        "plans/work/delete.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "title": _("Delete the focus area “%(title)s”?") % {"title": area},
            "text": _("It can be brought back afterwards, under “Deleted” on the workbench."),
            "label": _("Delete the focus area"),
            "cancel_url": area_url(plan, area),
            "crumbs": bench_crumbs(plan, area.title),
        },
    )


@require_POST
def area_restore(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Bring a deleted focus area back, at the end of its part."""
    plan = get_plan(request, county, year, rules.can_edit)
    area = get_area(plan, key)
    try:
        service.restore_focus_area(area=area, by=request.user)
    except PlanIsFrozen:
        return frozen(request, plan)
    return HttpResponseRedirect(area_url(plan, area))
