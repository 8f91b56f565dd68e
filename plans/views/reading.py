"""The pages where plans are read: by everybody when signed, by the parties before."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import overview, rules
from plans.document import Measure, PlanDocument, Published, concern, facts_of_signed
from plans.drawings import timeline, year_wheel
from plans.enums import MeasureStatus, PlanState
from plans.models import Measure as MeasureRow
from plans.models import PartnerPlan, PlanVersion
from plans.urls_for import own_url, plan_url
from plans.views.access import Reading, get_published, get_reading
from plans.views.caching import (
    edition,
    holds_token,
    keep_page,
    kept_as,
    kept_by_all,
    kept_html,
    kept_page,
    page_etag,
)
from plans.views.versions import split_texts
from plans.views.years import chain_of

NEWEST = 12  # plans on the front page
Crumb = tuple[str, str]  # what a breadcrumb says, and where it leads
# The plan's page is kept whole for visitors who ask for it like this.
_KEPT_QUERIES = ("", "tekst=alt")

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
    return render(request, "plans/front.html", {"plans": _counted(plans)})


@require_safe
@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """Every plan that the visitor may read, by county and year."""
    plans = (
        PartnerPlan.objects.visible_to(request.user)
        .with_parties()
        .with_measure_count()
        .annotate(read_at=Coalesce("in_force__frozen_at", "changed_at"))
        .order_by("agreement__county__name", "-year")
    )
    return render(request, "plans/index.html", {"plans": _counted(plans)})


def _counted(plans: Iterable[PartnerPlan]) -> list[PartnerPlan]:
    """Return the plans, those under amendment with the number of measures that were signed. One
    query more where there are any."""
    found = list(plans)
    copies = [plan for plan in found if plan.is_being_amended]
    if copies:
        wanted = [plan.in_force_id for plan in copies if plan.in_force_id is not None]
        versions = PlanVersion.objects.filter(pk__in=wanted).with_measure_count()
        counts = {version.plan_id: version.measure_count for version in versions.only("plan")}
        for plan in copies:
            plan.measure_count = counts[plan.pk]
    return found


@require_safe
@login_not_required
def plan(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The whole plan. ``?tekst=alt`` writes out the measures' descriptions too."""
    query = request.META.get("QUERY_STRING", "")
    kept = _kept_plan(request, county, year, query)
    if kept is not None:
        return kept
    published = get_published(request, county, year)
    this = edition(published.facts)
    etag = page_etag(request, this)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = _plan_page(request, published, this)
        # Asked again: showing the page may have given the visitor a token.
        etag = None if holds_token(request) else etag
        if etag and query in _KEPT_QUERIES and published.plan.is_signed:
            keep_page(f"{this}:{query}", response)
    return kept_as(response, published.plan, personal=request.user.is_authenticated, etag=etag)


def _kept_plan(request: HttpRequest, county: str, year: int, query: str) -> HttpResponse | None:
    """Return the page of a signed plan to a visitor, where it is kept, here or in their browser:
    the document isn't even fetched."""
    if query not in _KEPT_QUERIES or page_etag(request, "any") is None:
        return None
    facts = facts_of_signed(county, year)
    if facts is None:
        return None
    this = edition(facts)
    etag = page_etag(request, this)
    assert etag is not None
    response = get_conditional_response(request, etag=etag) or kept_page(f"{this}:{query}")
    return kept_by_all(response, etag) if response else None


def _plan_page(request: HttpRequest, published: Published, this: str) -> HttpResponse:
    reading = _reading(request, published)
    full = request.GET.get("tekst") == "alt"
    key = f"{this}:{'full' if full else 'short'}:{'work' if reading['can_work'] else 'read'}"
    context = {**reading, "full": full}
    content = kept_html(key, partial(_plan_content, context, published))
    contents = kept_html(f"{this}:contents", partial(_plan_contents, published))
    return render(request, "plans/plan.html", {**reading, "content": content, "contents": contents})


@require_safe
@login_not_required
def measure(request: HttpRequest, county: str, year: int, number: str) -> HttpResponse:
    """Everything about a measure."""
    reading = get_reading(request, county, year)
    plan, document = reading.plan, reading.document
    measures = document.measures
    place = next((i for i, found in enumerate(measures) if found.number == number), None)
    if place is None:
        raise Http404
    found = measures[place]
    part = document.parts[int(number[0]) - 1]
    concerned = overview.concerned_by_reasons(document, found)
    here = _Here(request, reading, found)
    response = render(
        request,
        "plans/measure.html",
        {
            **_reading(
                request,
                reading.published,
                (_("Measure %(number)s") % {"number": number}, ""),
                own=reading.own,
            ),
            "document": document,
            "measure": found,
            "part": part,
            "area": next(area for area in part.focus_areas if found in area.measures),
            "concerned": concerned,
            "concerned_count": sum(len(found) for _why, found in concerned),
            "previous": measures[place - 1] if place else None,
            "next": measures[place + 1] if place + 1 < len(measures) else None,
            "can_edit_measure": here.can_edit,
            "open_threads": here.open_threads,
            "chain": chain_of(here.years, plan, found),
        },
    )
    return kept_as(response, plan, personal=request.user.is_authenticated)


@require_safe
@login_not_required
def municipalities(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """The plan's municipalities, as they were called then, each with what concerns it."""
    published = get_published(request, county, year)
    rows = overview.by_municipality(published.document)
    response = render(
        request,
        "plans/municipalities.html",
        {
            **_reading(request, published, (_("Municipalities"), "")),
            "document": published.document,
            "rows": rows,
        },
    )
    return kept_as(response, published.plan, personal=request.user.is_authenticated)


@require_safe
@login_not_required
def municipality(request: HttpRequest, county: str, year: int, number: str) -> HttpResponse:
    """What concerns a municipality, why, and when."""
    reading = get_reading(request, county, year)
    plan, document = reading.plan, reading.document
    extract = reading.extract(number)
    found = document.municipality_by_number[number]
    response = render(
        request,
        "plans/municipality.html",
        {
            **_reading(
                request,
                reading.published,
                *([] if reading.own else [_municipalities_crumb(plan)]),
                (found.name, ""),
                own=reading.own,
            ),
            "document": document,
            "municipality": found,
            "cooperations": [c for c in document.cooperations if number in c.members],
            "groups": overview.by_reason(document, number),
            "total": len(extract.measures),
            "next": _next(extract, reading.published, timezone.localdate()),
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
    response = render(
        request,
        "plans/own.html",
        {
            **_reading(request, reading.published, own=reading.own),
            "document": reading.document,
            "municipalities": [
                municipality
                for municipality in reading.document.municipalities
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
    published: Published,
    *below: Crumb,
    own: rules.Interests | None = None,
) -> dict[str, object]:
    """Return what every page of a plan needs; ``below`` lead from the plan to the page.

    ``own`` where the page is shown to somebody who may read only that of the plan.
    """
    plan = published.plan
    name = f"{plan.agreement.county.name} {plan.year}"
    whole = own is None
    top = (_("Plans"), reverse("plans:index")) if whole else (_("My work"), reverse("plans:work"))
    plan_page = plan_url(plan) if whole else own_url(plan)
    return {
        "plan": plan,
        "published": published,
        "progress": published.progress,
        "is_example": plan.is_example,
        "can_work": rules.can_work(request.user, plan),
        "shows_status": plan.is_signed,
        "whole": whole,
        "crumbs": [
            top,
            (name, plan_page if below else ""),
            *below,
        ],
    }


class _Here:
    """What the rows know of a measure that is read: its years, the talk about it, who may write it.

    A measure that was signed may be deleted in the working copy of an amendment. One query.
    """

    def __init__(self, request: HttpRequest, reading: Reading, measure: Measure) -> None:
        plan, document = reading.plan, reading.document
        concerned = {found.number for found in concern.concerned(document, measure)}
        may_comment = rules.can_comment(request.user, plan, concerned)
        audiences = rules.audiences(request.user, plan, concerned) if may_comment else ()
        readable = PartnerPlan.objects.visible_to(request.user).values("pk")
        self.years: list[MeasureRow] = list(
            MeasureRow.objects.in_chain_of(measure.key)
            .filter(Q(part__plan__in=readable) | Q(part__plan=plan))
            .with_open_threads(audiences)
        )
        row = next((row for row in self.years if row.key == measure.key), None)
        stands = row is not None and not row.is_deleted
        self.can_edit = bool(row and stands and rules.can_edit_measure(request.user, plan, row))
        self.open_threads = row.open_threads if row and stands and may_comment else None


def _plan_content(reading: dict[str, object], published: Published) -> str:
    """Return the content of the plan's page: the plan from its title to its downloads."""
    document, version = published.document, published.version
    rows = overview.by_municipality(document)
    return render_to_string(
        "plans/_content.html",
        {
            **reading,
            **split_texts(document),
            "version": version,
            "signatures": version.signatures.all() if version else [],
            "figures": overview.figures(document, rows),
            "rows": rows,
            "duties": overview.by_responsible(document),
            "year_wheel": year_wheel(document, "#tiltak-"),
            "timeline": timeline(document, "#tiltak-"),
        },
    )


def _plan_contents(published: Published) -> str:
    """Return the plan's table of contents."""
    return render_to_string("plans/_contents.html", split_texts(published.document))


def _next(document: PlanDocument, published: Published, today: date) -> list[Measure]:
    """Return the measures that go on or come next: up to three that aren't over, by their start."""
    if published.plan.state == PlanState.CLOSED:
        return []
    status = published.progress.status
    ahead = [
        (measure.starts_on, place, measure)
        for place, measure in enumerate(document.measures)
        if measure.starts_on
        and measure.ends_on
        and measure.ends_on >= today
        and status.get(measure.key) not in OVER
    ]
    return [measure for _start, _place, measure in sorted(ahead)[:3]]
