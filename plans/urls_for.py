"""Addresses of a plan's pages, for views and mails."""

from django.urls import reverse

from plans.models import FocusArea, Measure, PartnerPlan


def _where(plan: PartnerPlan) -> dict[str, object]:
    return {"county": plan.agreement.county.slug, "year": plan.year}


def plan_url(plan: PartnerPlan) -> str:
    """Return the address where the plan is read."""
    return reverse("plans:plan", kwargs=_where(plan))


def own_url(plan: PartnerPlan) -> str:
    """Return the address where one's own measures of an unsigned plan are read."""
    return reverse("plans:own", kwargs=_where(plan))


def bench_url(plan: PartnerPlan, measure: Measure | None = None) -> str:
    """Return the address of the plan's workbench, at a measure if one is given."""
    url = reverse("plans:bench", kwargs=_where(plan))
    return f"{url}#measure-{measure.key}" if measure is not None else url


def area_url(plan: PartnerPlan, area: FocusArea) -> str:
    """Return the address of the plan's workbench, at a focus area."""
    return f"{bench_url(plan)}#area-{area.key}"


def rollover_url(plan: PartnerPlan) -> str:
    """Return the address where the plan is carried on into the next year."""
    return reverse("plans:rollover", kwargs=_where(plan))
