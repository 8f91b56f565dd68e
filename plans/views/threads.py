"""Threads of comments on a plan, its parts and its measures: who comes to them, and reading."""

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.models import Measure, PartnerPlan, PlanPart, Thread
from plans.models.comment import ThreadQuerySet
from plans.services.mentions import Circle, circle_of, mention_pattern
from plans.services.proposals import open_proposals
from plans.urls_for import bench_url, comments_url, own_url
from plans.views.access import came_too_late, get_plan
from plans.views.editing import WorkRequest
from plans.views.measures import get_measure

ON_A_PAGE = 20
# What ``vis`` in the address shows.
OPEN, RESOLVED, MINE, ALL = "opne", "avslutta", "mine", "alle"


@dataclass(frozen=True)
class Talk:
    """Where somebody reads or writes comments: about a measure, a part, or the plan."""

    plan: PartnerPlan
    circle: Circle
    measure: Measure | None = None
    part: PlanPart | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be said now, by whoever this is for."""
        return rules.can_comment_in(self.plan, self.circle.audiences)

    @property
    def url(self) -> str:
        """The address of the list that this belongs to."""
        return comments_url(self.plan, self.measure)


@require_safe
def comments(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Every thread of the plan that one reads, by what it is about; ``?vis=`` says which."""
    plan = get_plan(request, county, year, rules.can_work)
    talk = Talk(plan, circle_of(request.user, plan))
    found = Thread.objects.in_plan(plan).for_audiences(talk.circle.audiences)
    shown = request.GET.get("vis", OPEN)
    return _list(
        request,
        talk,
        _chosen(found, shown, request),
        {
            "heading": _("Comments"),
            "tabs": _tabs(shown),
            "shown": shown,
            "proposals": open_proposals(plan).with_people(),
            "parts": plan.parts.all() if talk.is_open else [],
        },
    )


@require_safe
def measure_comments(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Every thread about one measure that one reads, open or resolved."""
    talk = get_talk(request, county, year, key)
    assert talk.measure is not None
    found = Thread.objects.in_plan(talk.plan).filter(measure=talk.measure)
    reads_all = rules.can_work(request.user, talk.plan)
    return _list(
        request,
        talk,
        found.for_audiences(talk.circle.audiences),
        {
            "heading": _("Comments on measure %(measure)s") % {"measure": name_of(talk.measure)},
            "proposals": open_proposals(talk.plan).filter(measure=talk.measure).with_people()
            if reads_all
            else [],
            "can_propose": rules.can_propose(request.user, talk.plan, talk.measure),
        },
    )


@require_safe
def thread(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """One thread: where messages and answers lead."""
    talk, found = get_thread(request, county, year, pk)
    return _list(
        request,
        talk,
        Thread.objects.in_plan(talk.plan).filter(pk=found.pk),
        {"heading": _("Comments on “%(about)s”") % {"about": found}, "alone": True},
    )


def get_talk(request: WorkRequest, county: str, year: int, key: UUID) -> Talk:
    """Return the talk about a measure. Raises ``Http404`` for one that isn't the visitor's to know
    of, and ``PermissionDenied``."""
    plan = get_plan(request, county, year, rules.can_talk)
    measure = get_measure(plan, key)
    talk = Talk(plan, circle_of(request.user, plan, measure), measure=measure)
    if not talk.circle.audiences or (measure.is_deleted and not rules.can_work(request.user, plan)):
        raise Http404
    return talk


def get_thread(
    request: WorkRequest, county: str, year: int, pk: int, *, writing: bool = False
) -> tuple[Talk, Thread]:
    """Return a thread and where it belongs. ``Http404`` for one that the visitor doesn't read;
    ``PermissionDenied`` where nothing may be said (``writing``)."""
    plan = get_plan(request, county, year, rules.can_talk)
    threads = Thread.objects.select_related("part", "measure__part")
    found = get_object_or_404(threads, plan=plan, pk=pk)
    talk = Talk(plan, circle_of(request.user, plan, found.measure), found.measure, found.part)
    gone = found.measure is not None and found.measure.is_deleted
    if found.audience not in talk.circle.audiences or (
        gone and not rules.can_work(request.user, plan)
    ):
        raise Http404
    if writing:
        may_write(request, talk)
    return talk, found


def may_write(request: WorkRequest, talk: Talk) -> None:
    """Raise ``PermissionDenied`` where nothing may be said; what was typed before the plan went to
    signature comes through, to be refused by the service and kept in its form."""

    def rule(_user: rules.Visitor, then: PartnerPlan) -> bool:
        return rules.can_comment_in(then, talk.circle.audiences)

    if not talk.is_open and not came_too_late(request, talk.plan, rule):
        raise PermissionDenied


def name_of(measure: Measure) -> str:
    """Return what a measure is known by: its number and title."""
    return f"{measure.number} {measure.title}".strip()


def crumbs_of(request: WorkRequest, talk: Talk, last: str = "") -> list[tuple[str, str]]:
    """Return the way from one's plans to a page of comments; a contact has no workbench."""
    plan = talk.plan
    works = rules.can_work(request.user, plan)
    home = bench_url(plan) if works else own_url(plan)
    above = [
        (_("My work"), reverse("plans:work")),
        (f"{plan.agreement.county.name} {plan.year}", home),
    ]
    if works:
        above.append((_("Comments"), comments_url(plan) if last else ""))
    return [*above, (last, "")] if last else above


def _chosen(found: ThreadQuerySet, shown: str, request: WorkRequest) -> ThreadQuerySet:
    if shown == RESOLVED:
        return found.filter(resolved_at__isnull=False)
    if shown == MINE:
        return found.of(request.user)
    return found if shown == ALL else found.open()


def _tabs(shown: str) -> list[tuple[str, str, bool]]:
    names = {OPEN: _("Open"), RESOLVED: _("Resolved"), MINE: _("Mine"), ALL: _("All")}
    now = shown if shown in names else OPEN
    return [(code, name, code == now) for code, name in names.items()]


def _list(
    request: WorkRequest, talk: Talk, threads: ThreadQuerySet, context: dict[str, object]
) -> HttpResponse:
    page: Page[Thread] = Paginator(threads.with_comments(), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    crumb = "" if "tabs" in context else str(context["heading"])
    response = render(
        request,
        "plans/work/comments.html",
        {
            "plan": talk.plan,
            "is_example": talk.plan.is_example,
            "talk": talk,
            "can_work": rules.can_work(request.user, talk.plan),
            "roles": talk.circle.roles,
            "pattern": mention_pattern(talk.circle.names),
            "page": page,
            "groups": [
                (about, list(found))
                for about, found in groupby(page, lambda t: (t.part_id, t.measure_id, str(t)))
            ],
            "changeable": {
                comment.pk
                for found in page
                for comment in found.comments.all()
                if talk.is_open and rules.can_change_comment(request.user, found, comment)
            },
            "resolvable": {
                found.pk
                for found in page
                if talk.is_open and rules.can_resolve(request.user, talk.plan, found)
            },
            "crumbs": crumbs_of(request, talk, crumb),
            **context,
        },
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response
