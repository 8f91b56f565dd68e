"""Comments on a plan, its parts and its measures: reading, writing, resolving."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reselect, reswap, retarget

from plans import rules
from plans.forms.base import VersionedForm
from plans.forms.comments import CommentEditForm, CommentForm
from plans.models import Comment, Measure, PartnerPlan, PlanPart, Thread
from plans.models.comment import ThreadQuerySet
from plans.services import comments as service
from plans.services.mentions import Circle, circle_of, mention_pattern
from plans.services.proposals import open_proposals
from plans.services.saving import Conflict, PlanIsFrozen
from plans.urls_for import bench_url, comments_url, own_url, thread_url
from plans.views.access import get_plan
from plans.views.editing import CONFLICT, UNPROCESSABLE, WorkRequest
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
    talk = _about(request, county, year, key)
    assert talk.measure is not None
    found = Thread.objects.in_plan(talk.plan).filter(measure=talk.measure)
    reads_all = rules.can_work(request.user, talk.plan)
    return _list(
        request,
        talk,
        found.for_audiences(talk.circle.audiences),
        {
            "heading": _("Comments on measure %(measure)s") % {"measure": _name(talk.measure)},
            "proposals": open_proposals(talk.plan).filter(measure=talk.measure).with_people()
            if reads_all
            else [],
            "can_propose": rules.can_propose(request.user, talk.plan, talk.measure),
        },
    )


@require_safe
def thread(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """One thread: where messages and answers lead."""
    talk, found = _thread(request, county, year, pk)
    return _list(
        request,
        talk,
        Thread.objects.in_plan(talk.plan).filter(pk=found.pk),
        {"heading": _("Comments on “%(about)s”") % {"about": found}, "alone": True},
    )


def thread_new(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Open a thread about the plan, or about the part that ``?del=`` names."""
    plan = get_plan(request, county, year, rules.can_work)
    number = request.GET.get("del", "")
    part = next((part for part in plan.parts.all() if str(part.number) == number), None)
    if number and part is None:
        raise Http404
    talk = Talk(plan, circle_of(request.user, plan), part=part)
    about = _("part %(number)s") % {"number": number} if part else plan.title
    return _open(request, talk, _("Comment on %(about)s") % {"about": about})


def measure_thread_new(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Open a thread about a measure."""
    talk = _about(request, county, year, key)
    assert talk.measure is not None
    return _open(request, talk, _("Comment on %(about)s") % {"about": _name(talk.measure)})


def thread_answer(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Say something in a thread: on a page of its own, or in its place in the list."""
    talk, found = _thread(request, county, year, pk, writing=True)
    form = CommentForm(
        request.POST or None,
        instance=Comment(language=request.user.language),
        circle=talk.circle,
        thread=found,
        cancel_url=thread_url(talk.plan, found),
        auto_id=f"answer-{pk}_%s",
    )

    def save() -> str:
        service.answer_thread(thread=found, by=request.user, **form.said())
        return thread_url(talk.plan, found)

    heading = _("Answer about “%(about)s”") % {"about": found}
    return _answer(request, talk, form, save, heading, thread=found)


def comment_edit(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Change what one said."""
    talk, found, comment = _own_comment(request, county, year, pk)
    form = CommentEditForm(
        request.POST or None,
        instance=comment,
        cancel_url=thread_url(talk.plan, found),
        auto_id=f"comment-{pk}_%s",
    )

    def save() -> str:
        service.edit_comment(
            comment=comment,
            expected_version=form.expected_version,
            by=request.user,
            **form.values(),
        )
        return thread_url(talk.plan, found)

    return _answer(request, talk, form, save, _("Change your comment"), thread=found)


def comment_delete(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Ask, then take away what one said."""
    talk, found, comment = _own_comment(request, county, year, pk)
    if request.method == "POST":

        def take_away() -> None:
            service.take_away_comment(comment=comment, by=request.user)

        return _act(request, talk, found, take_away)
    return render(
        request,
        "plans/work/delete.html",
        {
            "plan": talk.plan,
            "is_example": talk.plan.is_example,
            "title": _("Take away your comment?"),
            "text": _("Others see that there was one. Its words can't be brought back."),
            "label": _("Take it away"),
            "cancel_url": thread_url(talk.plan, found),
            "crumbs": _crumbs(request, talk, _("Take away")),
        },
    )


@require_POST
def thread_resolve(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Say that a thread is done with."""
    talk, found = _resolvable(request, county, year, pk)
    return _act(request, talk, found, lambda: service.resolve_thread(thread=found, by=request.user))


@require_POST
def thread_reopen(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Open a thread again."""
    talk, found = _resolvable(request, county, year, pk)
    return _act(request, talk, found, lambda: service.reopen_thread(thread=found, by=request.user))


def _about(request: WorkRequest, county: str, year: int, key: UUID) -> Talk:
    """Return the talk about a measure. Raises ``Http404`` for one that isn't the visitor's to know
    of, and ``PermissionDenied``."""
    plan = get_plan(request, county, year, rules.can_talk)
    measure = get_measure(plan, key)
    talk = Talk(plan, circle_of(request.user, plan, measure), measure=measure)
    if not talk.circle.audiences or (measure.is_deleted and not rules.can_work(request.user, plan)):
        raise Http404
    return talk


def _thread(
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
    if writing and not talk.is_open:
        raise PermissionDenied
    return talk, found


def _resolvable(request: WorkRequest, county: str, year: int, pk: int) -> tuple[Talk, Thread]:
    talk, found = _thread(request, county, year, pk, writing=True)
    if not rules.can_resolve(request.user, talk.plan, found):
        raise PermissionDenied
    return talk, found


def _own_comment(
    request: WorkRequest, county: str, year: int, pk: int
) -> tuple[Talk, Thread, Comment]:
    plan = get_plan(request, county, year, rules.can_talk)
    comment = get_object_or_404(Comment.objects.select_related("thread"), thread__plan=plan, pk=pk)
    talk, found = _thread(request, county, year, comment.thread_id, writing=True)
    if not rules.can_change_comment(request.user, found, comment):
        raise PermissionDenied
    comment.thread = found
    return talk, found, comment


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
            "crumbs": _crumbs(request, talk, crumb),
            **context,
        },
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _open(request: WorkRequest, talk: Talk, heading: str) -> HttpResponse:
    if not talk.is_open:
        raise PermissionDenied
    form = CommentForm(
        request.POST or None,
        instance=Comment(language=request.user.language),
        circle=talk.circle,
        cancel_url=talk.url,
    )

    def save() -> str:
        opened = service.open_thread(
            plan=talk.plan,
            part=talk.part,
            measure=talk.measure,
            audience=form.cleaned_data["audience"],
            by=request.user,
            **form.said(),
        )
        messages.success(request, _("The comment is sent."))
        return thread_url(talk.plan, opened)

    return _answer(request, talk, form, save, heading)


def _answer(
    request: WorkRequest,
    talk: Talk,
    form: VersionedForm,
    save: Callable[[], str],
    heading: str,
    *,
    thread: Thread | None = None,
) -> HttpResponse:
    """Show a form, or save it and go on to where ``save`` says; what can't be saved is kept in the
    form. In a list htmx puts the form, and then the thread, in its place."""
    status = 200
    if isinstance(form, CommentForm) and (choose := request.POST.get("choose")):
        form.ticked(choose)
    elif request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return HttpResponseRedirect(save())
            except PlanIsFrozen:
                form.add_error(None, _closed())
            except service.ThreadIsResolved:
                form.add_error(None, _("Somebody resolved it meanwhile. Open it again first."))
            except service.CommentIsGone:
                form.add_error(None, _("You took this comment away meanwhile."))
            except Conflict as conflict:
                form.meet(conflict)
                status = CONFLICT
    place = f"answer-{thread.pk}" if thread else "edit"
    if request.htmx and thread:
        if request.method == "GET":
            form.fields["body"].widget.attrs["autofocus"] = True
        whole = f"#thread-{thread.pk}"
        form.helper.attrs.update(
            {
                "hx-post": request.path,
                "hx-target": whole,
                "hx-select": whole,
                "hx-swap": "outerHTML show:none",
                "hx-select-oob": "#messages",
            }
        )
    response = render(
        request,
        "plans/work/comment.html",
        {
            "plan": talk.plan,
            "is_example": talk.plan.is_example,
            "thread": thread,
            "form": form,
            "edit_id": place,
            # What one answers to stands above the form; in a list it does already.
            "said": thread.comments.select_related("author")
            if thread and isinstance(form, CommentForm) and not request.htmx
            else [],
            "pattern": mention_pattern(talk.circle.names),
            "heading": heading,
            "crumbs": _crumbs(request, talk, heading),
        },
        status=status,
    )
    if request.htmx and request.method == "POST":
        # Not saved: the form gets itself back, where it stands.
        response = reswap(reselect(retarget(response, f"#{place}"), f"#{place}"), "outerHTML")
    return response


def _act(
    request: WorkRequest, talk: Talk, found: Thread, act: Callable[[], object]
) -> HttpResponse:
    """Do something to a thread and show it as it is then."""
    try:
        act()
    except PlanIsFrozen:
        messages.error(request, _closed())
    except service.ThreadIsResolved:
        messages.error(request, _("Somebody resolved it meanwhile. Open it again first."))
    return HttpResponseRedirect(thread_url(talk.plan, found))


def _closed() -> str:
    return _("Not saved: the plan has gone on, and nothing more can be said about it here.")


def _name(measure: Measure) -> str:
    return f"{measure.number} {measure.title}".strip()


def _crumbs(request: WorkRequest, talk: Talk, last: str = "") -> list[tuple[str, str]]:
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
