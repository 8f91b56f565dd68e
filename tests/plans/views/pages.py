"""A plan's pages, asked for and taken apart."""

import re
from html import unescape

from django.http import HttpResponse
from django.urls import reverse

from plans.models import Measure, PartnerPlan


def address(plan: PartnerPlan, name: str = "plan", **more: object) -> str:
    """Return the address of a page of the plan."""
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    return reverse(f"plans:{name}", kwargs={**where, **more})


def html(response: HttpResponse) -> str:
    """Return the page."""
    return response.content.decode()


def found(pattern: str, response: HttpResponse) -> list[str]:
    """Return what the pattern's group holds, wherever it matches the page."""
    return [unescape(match) for match in re.findall(pattern, html(response), re.DOTALL)]


def measure_of(plan: PartnerPlan, number: str) -> Measure:
    """Return the row of the measure with that number."""
    rows = Measure.objects.in_plan(plan.pk).select_related("part")
    return next(row for row in rows if row.number == number)
