"""Who changed what: of a plan, and of one of its measures."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import EventQuerySet
from plans import rules
from plans.history import entries, events_of_measure, events_of_plan
from plans.models import PartnerPlan
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, bench_crumbs
from plans.views.measures import get_measure

ON_A_PAGE = 30


@require_safe
def plan_history(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """What happened to the plan and all that is in it, newest first."""
    plan = get_plan(request, county, year, rules.can_work)
    return _page(request, plan, events_of_plan(plan), _("The history of the plan"), plan.title)


@require_safe
def measure_history(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """What happened to a measure, deleted or not, newest first."""
    plan = get_plan(request, county, year, rules.can_work)
    measure = get_measure(plan, key)
    name = f"{measure.number} {measure.title}".strip()
    return _page(request, plan, events_of_measure(measure), _("The history of the measure"), name)


def _page(
    request: WorkRequest, plan: PartnerPlan, events: EventQuerySet, heading: str, name: str
) -> HttpResponse:
    page = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    response = render(
        request,
        "plans/work/history.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "heading": heading,
            "name": name,
            "page": page,
            "entries": entries(page),
            "crumbs": bench_crumbs(plan, _("History")),
        },
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response
