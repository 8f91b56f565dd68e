"""The pages where plans are read: by everybody when signed, by the parties before."""

from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import overview, rules
from plans.document import Measure, PlanDocument, PlanProgress, ReadPlan, concern, read_plan
from plans.drawings import timeline, year_wheel
from plans.enums import AIMS, MeasureStatus, PlanState
from plans.models import Measure as MeasureRow
from plans.models import PartnerPlan
from plans.urls_for import own_url, plan_url
from plans.views.access import Reading, get_plan, get_reading
from plans.views.caching import edition, kept_as, kept_html, page_etag

NEWEST = 12  # plans on the front page
Crumb = tuple[str, str]  # what a breadcrumb says, and where it leads

OVER = (MeasureStatus.DONE, MeasureStatus.STOPPED)


@require_safe
@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    """What this is, and the newest of the signed plans."""
    signed = PartnerPlan.objects.filter(in_force__isnull=False).order_by("-year", "pk")
    newest = list(signed.values_list("pk", flat=True)[:NEWEST])
    plans = (
        PartnerPlan.objects.filter(pk__in=newest)
        .with_parties()
        .with_measure_count()
        .order_by("-year", "agreement__county__name")
    )
    return render(request, "plans/front.html", {"plans": plans})


@require_safe
@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """Every plan that the visitor may read, by county and year."""
    plans = (
        PartnerPlan.objects.visible_to(request.user)
        .with_parties()
        .with_measure_count()
        .order_by("agreement__county__name", "-year")
    )
    return render(request, "plans/index.html", {"plans": plans})


@require_safe
@login_not_required
def plan(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The whole plan. ``?tekst=alt`` writes out the measures' descriptions too."""
    plan = get_plan(request, county, year)
    read = read_plan(plan)
    this = edition(read)
    etag = page_etag(request, this)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return kept_as(unchanged, plan, etag=etag)
    reading = _reading(request, plan, read)
    full = request.GET.get("tekst") == "alt"
    key = f"{this}:{'full' if full else 'short'}:{'work' if reading['can_work'] else 'read'}"
    content = kept_html(key, partial(_plan_content, {**reading, "full": full}, read.document))
    response = render(
        request,
        "plans/plan.html",
        {
            **reading,
            "content": content,
            "contents": render_to_string("plans/_contents.html", _split(read.document)),
        },
    )
    # Asked again: showing the page may have given the visitor a cookie.
    return kept_as(
        response,
        plan,
        personal=request.user.is_authenticated,
        etag=page_etag(request, this),
    )


@require_safe
@login_not_required
def measure(request: HttpRequest, county: str, year: int, number: str) -> HttpResponse:
    """Everything about a measure."""
    reading = get_reading(request, county, year)
    plan, read = reading.plan, reading.read
    document = read.document
    measures = document.measures
    place = next((i for i, found in enumerate(measures) if found.number == number), None)
    if place is None:
        raise Http404
    found = measures[place]
    part = document.parts[int(number[0]) - 1]
    concerned = overview.concerned_by_reasons(document, found)
    response = render(
        request,
        "plans/measure.html",
        {
            **_reading(
                request,
                plan,
                read,
                (_("Measure %(number)s") % {"number": number}, ""),
                reading=reading,
            ),
            "measure": found,
            "part": part,
            "area": next(area for area in part.focus_areas if found in area.measures),
            "concerned": concerned,
            "concerned_count": sum(len(found) for _why, found in concerned),
            "previous": measures[place - 1] if place else None,
            "next": measures[place + 1] if place + 1 < len(measures) else None,
            "can_edit_measure": rules.can_edit_measure(request.user, plan, read.rows[found.key]),
            **_years(request, reading, found),
        },
    )
    return kept_as(response, plan, personal=request.user.is_authenticated)


@require_safe
@login_not_required
def municipalities(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The plan's municipalities, as they were called then, each with what concerns it."""
    plan = get_plan(request, county, year)
    read = read_plan(plan)
    rows = overview.by_municipality(read.document)
    response = render(
        request,
        "plans/municipalities.html",
        {**_reading(request, plan, read, (_("Municipalities"), "")), "rows": rows},
    )
    return kept_as(response, plan, personal=request.user.is_authenticated)


@require_safe
@login_not_required
def municipality(request: HttpRequest, county: str, year: int, number: str) -> HttpResponse:
    """What concerns a municipality, why, and when."""
    reading = get_reading(request, county, year)
    plan, read = reading.plan, reading.read
    extract = reading.extract(number)
    found = read.document.municipality_by_number[number]
    response = render(
        request,
        "plans/municipality.html",
        {
            **_reading(
                request,
                plan,
                read,
                *([] if reading.own else [_municipalities_crumb(plan)]),
                (found.name, ""),
                reading=reading,
            ),
            "municipality": found,
            "cooperations": [c for c in read.document.cooperations if number in c.members],
            "groups": overview.by_reason(read.document, number),
            "total": len(extract.measures),
            "next": _next(extract, read.progress, timezone.localdate()),
            "timeline": timeline(extract, "#tiltak-") if extract.measures else "",
        },
    )
    return kept_as(response, plan, personal=request.user.is_authenticated)


@require_safe
@login_not_required
def own(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """Of an unsigned plan, the measures of those whom the visitor speaks for."""
    reading = get_reading(request, county, year)
    if reading.own is None:
        return HttpResponseRedirect(plan_url(reading.plan))
    document = reading.read.document
    response = render(
        request,
        "plans/own.html",
        {
            **_reading(request, reading.plan, reading.read, reading=reading),
            "municipalities": [
                municipality
                for municipality in document.municipalities
                if municipality.number in reading.own.municipalities
            ],
        },
    )
    return kept_as(response, reading.plan, personal=True)


def _municipalities_crumb(plan: PartnerPlan) -> Crumb:
    where = [plan.agreement.county.slug, plan.year]
    return _("Municipalities"), reverse("plans:municipalities", args=where)


def _reading(
    request: HttpRequest,
    plan: PartnerPlan,
    read: ReadPlan,
    *below: Crumb,
    reading: Reading | None = None,
) -> dict[str, object]:
    """Return what every page of a plan needs; ``below`` lead from the plan to the page.

    ``reading`` where the page is also shown to those who may read only a part of the plan.
    """
    name = f"{plan.agreement.county.name} {plan.year}"
    whole = reading is None or reading.own is None
    top = (_("Plans"), reverse("plans:index")) if whole else (_("My work"), reverse("plans:work"))
    plan_page = plan_url(plan) if whole else own_url(plan)
    return {
        "plan": plan,
        "document": read.document,
        "progress": read.progress,
        "is_example": read.document.is_example,
        "can_work": rules.can_work(request.user, plan),
        "whole": whole,
        "crumbs": [
            top,
            (name, plan_page if below else ""),
            *below,
        ],
    }


def _years(request: HttpRequest, reading: Reading, measure: Measure) -> dict[str, object]:
    """Return the measure through the years, as far as the visitor may read them, empty where it is
    of one year alone; and how many open threads of comments on it they read, None for those who may
    not comment on it. One query for both."""
    plan, row = reading.plan, reading.read.rows[measure.key]
    document = reading.read.document
    concerned = {municipality.number for municipality in concern.concerned(document, measure)}
    may_comment = rules.can_comment(request.user, plan, concerned)
    audiences = rules.audiences(request.user, plan, concerned) if may_comment else ()
    readable = PartnerPlan.objects.visible_to(request.user).values("pk")
    years = list(
        MeasureRow.objects.in_chain(row.chain)
        .filter(Q(part__plan__in=readable) | Q(part__plan=plan))
        .with_open_threads(audiences)
    )
    open_threads = next(year.open_threads for year in years if year.pk == row.pk)
    return {
        "chain": years if len(years) > 1 else [],
        "open_threads": open_threads if may_comment else None,
    }


def _plan_content(reading: dict[str, object], document: PlanDocument) -> str:
    """Return the content of the plan's page: the plan from its title to its downloads."""
    rows = overview.by_municipality(document)
    return render_to_string(
        "plans/_content.html",
        {
            **reading,
            **_split(document),
            "figures": overview.figures(document, rows),
            "rows": rows,
            "duties": overview.by_responsible(document),
            "year_wheel": year_wheel(document, "#tiltak-"),
            "timeline": timeline(document, "#tiltak-"),
        },
    )


def _split(document: PlanDocument) -> dict[str, object]:
    """Return the texts that the plan opens with apart from the three aims."""
    return {
        "document": document,
        "opening": [text for text in document.texts if text.kind not in AIMS],
        "aims": [text for text in document.texts if text.kind in AIMS],
    }


def _next(document: PlanDocument, progress: PlanProgress, today: date) -> list[Measure]:
    """Return the measures that go on or come next: up to three that aren't over, by their start."""
    if document.state == PlanState.CLOSED:
        return []
    ahead = [
        (measure.starts_on, place, measure)
        for place, measure in enumerate(document.measures)
        if measure.starts_on
        and measure.ends_on
        and measure.ends_on >= today
        and progress.status.get(measure.key) not in OVER
    ]
    return [measure for _start, _place, measure in sorted(ahead)[:3]]
