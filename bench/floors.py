"""The floors: the least that Django itself asks for a page of the kind.

``small`` is a page behind log-in with one query of its own and 2 kB of HTML; ``rows`` one of 60
rows of 6 fields with 5 related rows each, in 3 queries of its own.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from municipalities.models import County
from plans.models import Measure, PartnerPlan

# What `django-admin startproject` gives.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@login_required
def small(request: HttpRequest) -> HttpResponse:
    """One row and some text."""
    return render(request, "bench/small.html", {"county": County.objects.get(number="15")})


@login_required
def rows(request: HttpRequest, plan: int) -> HttpResponse:
    """A plan's measures, plainly."""
    row = PartnerPlan.objects.get(pk=plan)
    measures = (
        Measure.objects.filter(part__plan=row)
        .prefetch_related("municipalities")
        .order_by("part__kind", "position")
    )
    return render(request, "bench/rows.html", {"plan": row, "measures": measures})


urlpatterns = [path("small/", small), path("rows/<int:plan>/", rows)]
