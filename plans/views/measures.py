"""Adding, writing, moving, deleting and bringing back measures."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plans import rules
from plans.document.words import shown_days
from plans.forms.measure import MeasureForm
from plans.forms.parties import parties_of
from plans.models import FocusArea, Measure, PartnerPlan
from plans.models.capacity import Days
from plans.services import measures as service
from plans.services.capacity import newly_over_booked
from plans.services.saving import PlanIsFrozen
from plans.urls_for import area_url, bench_url
from plans.views.access import came_too_late, get_plan
from plans.views.editing import NotSaved, WorkRequest, answer_form, bench_crumbs, frozen
from plans.views.focus_areas import get_area


def get_measure(plan: PartnerPlan, key: UUID) -> Measure:
    """Return a measure of the plan, deleted or not. Raises ``Http404``."""
    return get_object_or_404(
        Measure.objects.select_related(
            "part__plan",
            "focus_area__part",
            "responsible_municipality",
            "responsible_cooperation",
            "responsible_working_group",
        ),
        part__plan=plan,
        key=key,
    )


def measure_new(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Add a measure at the end of a focus area."""
    plan = get_plan(request, county, year, rules.can_edit, to_write=True)
    area = get_area(plan, key)
    form = MeasureForm(
        request.POST or None,
        instance=Measure(part=area.part, focus_area=area),
        part=area.part,
        parties=parties_of(plan),
        cancel_url=area_url(plan, area),
    )
    if choose := request.POST.get("choose"):
        form.ticked(choose)

    def save() -> str:
        try:
            measure = service.add_measure(focus_area=area, values=form.values(), by=request.user)
        except service.FocusAreaIsGone:
            raise NotSaved(
                _("The focus area “%(title)s” was deleted meanwhile. Bring it back first.")
                % {"title": area.title}
            ) from None
        messages.success(
            request,
            _("Measure %(number)s is added.") % {"number": measure.number},
        )
        _warn_of_over_booking(request, plan, Measure().lup_days, measure.lup_days)
        return bench_url(plan, measure)

    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=_("New measure in “%(area)s”") % {"area": area.title},
        crumb=_("New measure"),
        context={"part": area.part},
    )


def measure_edit(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Write a measure: on a page of its own, or in its place on the workbench."""
    plan = get_plan(request, county, year)
    measure = get_measure(plan, key)

    def may_write(user: rules.Visitor, then: PartnerPlan) -> bool:
        return rules.can_edit_measure(user, then, measure)

    if not may_write(request.user, plan) and not came_too_late(request, plan, may_write):
        raise PermissionDenied
    # Before the form brings what was typed to the row.
    number, title, lup_days = measure.number, measure.title, measure.lup_days
    edit_id = f"edit-{measure.key}"
    form = MeasureForm(
        request.POST or None,
        instance=measure,
        part=measure.part,
        parties=parties_of(plan, measure),
        cancel_url=bench_url(plan, measure),
        # Several may be open on the workbench at once: no two fields share an id.
        auto_id=f"{edit_id}_%s" if request.htmx else "id_%s",
    )
    if choose := request.POST.get("choose"):
        form.ticked(choose)

    def save() -> str:
        saved = service.change_measure(
            measure=measure,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        if saved.is_deleted:
            messages.warning(
                request,
                _(
                    "What you wrote is saved, but the measure is deleted. It can be brought back "
                    "under “Deleted” on the workbench."
                ),
            )
            return bench_url(plan)
        messages.success(request, _("Measure %(number)s is saved.") % {"number": number})
        _warn_of_over_booking(request, plan, lup_days, saved.lup_days)
        return bench_url(plan, measure)

    can_edit = rules.can_edit(request.user, plan)
    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=f"{number} {title}",
        crumb=number or title,
        edit_id=edit_id,
        context={
            "part": measure.part,
            "measure": measure,
            "areas": _other_areas(plan, measure) if can_edit and not request.htmx else [],
        },
    )


@require_POST
def measure_move(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Move a measure: one step (``move`` is up or down), or to a place in a focus area.

    ``position`` counts from 1, without it the end; ``focus_area`` is a key, without it its own.
    """
    plan = get_plan(request, county, year, rules.can_edit)
    measure = get_measure(plan, key)
    if measure.is_deleted:
        raise Http404
    position, area_key = request.POST.get("position", ""), request.POST.get("focus_area", "")
    try:
        if position.isdecimal() or area_key:
            service.place_measure(
                measure=measure,
                focus_area=_area(plan, area_key) if area_key else measure.focus_area,
                index=max(_number(position) - 1, 0) if position else service.LAST,
                by=request.user,
            )
        else:
            service.step_measure(
                measure=measure, direction=request.POST.get("move", ""), by=request.user
            )
    except (PlanIsFrozen, service.FocusAreaIsGone):
        return frozen(request, plan)
    return HttpResponseRedirect(bench_url(plan, measure))


def measure_delete(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Ask, then delete a measure; the workbench then offers to undo it."""
    plan = get_plan(request, county, year, rules.can_edit)
    measure = get_measure(plan, key)
    number = measure.number
    if request.method == "POST":
        try:
            place = service.delete_measure(measure=measure, by=request.user)
        except PlanIsFrozen:
            return frozen(request, plan)
        query = urlencode({"sletta": measure.key, "plass": place})
        return HttpResponseRedirect(f"{bench_url(plan)}?{query}")
    return render(
        request,
        "plans/work/delete.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "title": _("Delete measure %(number)s, “%(title)s”?")
            % {"number": number, "title": measure.title},
            "text": _("The measures after it get new numbers. It can be brought back afterwards."),
            "label": _("Delete the measure"),
            "cancel_url": bench_url(plan, measure),
            "crumbs": bench_crumbs(plan, number),
        },
    )


@require_POST
def measure_restore(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Bring a deleted measure back: where it stood (``place``, from 0), or at its area's end."""
    plan = get_plan(request, county, year, rules.can_edit)
    measure = get_measure(plan, key)
    place = request.POST.get("place", "")
    try:
        service.restore_measure(
            measure=measure,
            index=_number(place) if place.isdecimal() else service.LAST,
            by=request.user,
        )
    except PlanIsFrozen:
        return frozen(request, plan)
    return HttpResponseRedirect(bench_url(plan, measure))


def _warn_of_over_booking(
    request: WorkRequest, plan: PartnerPlan, before: Days, after: Days
) -> None:
    """Say at once which quarters a saved measure over-booked; its own days before and after."""
    for quarter, booked, available in newly_over_booked(plan, before, after):
        messages.warning(
            request,
            _(
                "Quarter %(quarter)s is over-booked: the measures take %(booked)s of LUP's "
                "%(available)s days."
            )
            % {
                "quarter": quarter,
                "booked": shown_days(booked),
                "available": shown_days(available),
            },
        )


def _area(plan: PartnerPlan, key: str) -> FocusArea:
    """Return a standing focus area of the plan by its key. Raises ``Http404``."""
    areas = FocusArea.objects.filter(part__plan=plan, position__isnull=False)
    area = next((area for area in areas.select_related("part") if str(area.key) == key), None)
    if area is None:
        raise Http404
    return area


def _other_areas(plan: PartnerPlan, measure: Measure) -> list[FocusArea]:
    """Return the focus areas that the measure could go to, in the order of the plan."""
    return list(
        FocusArea.objects.filter(part__plan=plan, position__isnull=False)
        .exclude(pk=measure.focus_area_id)
        .select_related("part")
        .order_by("part__kind", "position")
    )


def _number(text: str) -> int:
    """Return a number from a browser, small enough for any database; 0 for what is none."""
    if not text.isdecimal():
        return 0
    # Python refuses to read a number of thousands of digits.
    return min(int(text), service.LAST) if len(text) <= len(str(service.LAST)) else service.LAST
