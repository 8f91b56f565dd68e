"""The plan, or one of its measures, at two points in time: what differs."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.comparison import Difference, compare
from plans.forms.points import PointsForm
from plans.models import Measure, PartnerPlan
from plans.past import MEASURE
from plans.points import NOW, UnknownPoint, landmarks, two_points
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, bench_crumbs
from plans.views.measures import get_measure


@require_safe
def plan_compare(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """What differs in the plan from the point ``fra`` to the point ``til``, in its order."""
    plan = get_plan(request, county, year, rules.can_work)
    return _page(request, plan, None)


@require_safe
def measure_compare(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """What differs in one measure, deleted or not, from ``fra`` to ``til``."""
    plan = get_plan(request, county, year, rules.can_work)
    return _page(request, plan, get_measure(plan, key))


def _page(request: WorkRequest, plan: PartnerPlan, measure: Measure | None) -> HttpResponse:
    first, second = request.GET.get("fra", ""), request.GET.get("til", "")
    try:
        found = _compared(plan, measure, first, second) if first and second else _asked(plan)
    except UnknownPoint:
        raise Http404 from None
    name = f"{measure.number} {measure.title}".strip() if measure else plan.title
    response = render(
        request,
        "plans/work/compare.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "measure": measure,
            "name": name,
            "crumbs": bench_crumbs(plan, _("Compare")),
            **found,
        },
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _asked(plan: PartnerPlan) -> dict[str, Any]:
    """Return what the page needs when no points are chosen yet."""
    named = landmarks(plan)
    earlier = named[1][0] if len(named) > 1 else NOW
    return {"form": PointsForm(named=named, earlier=earlier, later=NOW)}


def _compared(
    plan: PartnerPlan, measure: Measure | None, first: str, second: str
) -> dict[str, Any]:
    points = two_points(plan, first, second)
    words = dict(points.named)
    found: dict[str, Any] = {
        "form": PointsForm(
            named=points.named, earlier=points.earlier.value, later=points.later.value
        ),
        "earlier": words[points.earlier.value],
        "later": words[points.later.value],
    }
    comparison = compare(points.before, points.after)
    if measure is None:
        return {**found, "comparison": comparison, "nothing": not comparison.all}
    own: list[Difference] = [
        difference
        for difference in comparison.all
        if (difference.kind, difference.pk) == (MEASURE, measure.pk)
    ]
    return {**found, "own": own, "nothing": not own}
