"""LUP's days: how many there are in each quarter, and what books them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.capacity import quarters, total
from plans.document import read_plan
from plans.forms.capacity import CapacityForm
from plans.models import LupCapacity
from plans.services.capacity import set_capacity
from plans.urls_for import capacity_url
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, answer_form, bench_crumbs


@require_safe
def lup_days(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The days that LUP has, those that are booked and by which measures, quarter by quarter."""
    plan = get_plan(request, county, year, rules.can_work)
    read = read_plan(plan)
    capacity = LupCapacity.objects.of_plan(plan).first()
    found = quarters(read.document, capacity)
    return render(
        request,
        "plans/work/lup_days.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "capacity": capacity,
            "quarters": found,
            "booked": total(quarter.booked for quarter in found),
            "available": total(capacity.days) if capacity else None,
            "can_set": rules.can_set_capacity(request.user, plan),
            "crumbs": bench_crumbs(plan, _("LUP days")),
        },
    )


def lup_days_edit(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Say how many days LUP has in each quarter."""
    plan = get_plan(request, county, year, rules.can_set_capacity)
    capacity = LupCapacity.objects.of_plan(plan).first()
    form = CapacityForm(request.POST or None, instance=capacity, cancel_url=capacity_url(plan))

    def save() -> str:
        set_capacity(
            plan=plan,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        messages.success(request, _("LUP's days are saved."))
        return capacity_url(plan)

    title = _("LUP's days in %(year)s") % {"year": plan.year}
    return answer_form(request, plan=plan, form=form, save=save, heading=title, crumb=title)
