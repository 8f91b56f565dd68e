"""Writing comments, and resolving the threads that they stand in."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reselect, reswap, retarget

from plans import rules
from plans.forms.base import VersionedForm
from plans.forms.comments import CommentEditForm, CommentForm
from plans.models import Comment, Thread
from plans.services import comments as service
from plans.services.mentions import circle_of, mention_pattern
from plans.services.saving import Conflict, PlanIsFrozen
from plans.urls_for import thread_url
from plans.views.access import get_plan
from plans.views.editing import CONFLICT, UNPROCESSABLE, WorkRequest
from plans.views.threads import Talk, crumbs_of, get_talk, get_thread, may_write, name_of


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
    talk = get_talk(request, county, year, key)
    assert talk.measure is not None
    return _open(request, talk, _("Comment on %(about)s") % {"about": name_of(talk.measure)})


def thread_answer(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Say something in a thread: on a page of its own, or in its place in the list."""
    talk, found = get_thread(request, county, year, pk, writing=True)
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
            "crumbs": crumbs_of(request, talk, _("Take away")),
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


def _resolvable(request: WorkRequest, county: str, year: int, pk: int) -> tuple[Talk, Thread]:
    talk, found = get_thread(request, county, year, pk, writing=True)
    if not rules.can_resolve(request.user, talk.plan, found):
        raise PermissionDenied
    return talk, found


def _own_comment(
    request: WorkRequest, county: str, year: int, pk: int
) -> tuple[Talk, Thread, Comment]:
    plan = get_plan(request, county, year, rules.can_talk)
    comment = get_object_or_404(Comment.objects.select_related("thread"), thread__plan=plan, pk=pk)
    talk, found = get_thread(request, county, year, comment.thread_id, writing=True)
    if not rules.can_change_comment(request.user, found, comment):
        raise PermissionDenied
    comment.thread = found
    return talk, found, comment


def _open(request: WorkRequest, talk: Talk, heading: str) -> HttpResponse:
    may_write(request, talk)
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
    status, gone_to = _sent(request, form, save)
    if gone_to:
        return HttpResponseRedirect(gone_to)
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
            "crumbs": crumbs_of(request, talk, heading),
        },
        status=status,
    )
    if request.htmx and request.method == "POST":
        # Not saved: the form gets itself back, where it stands.
        response = reswap(reselect(retarget(response, f"#{place}"), f"#{place}"), "outerHTML")
    return response


def _sent(request: WorkRequest, form: VersionedForm, save: Callable[[], str]) -> tuple[int, str]:
    """Save a form that was sent; return the status and where to go on to, or nowhere if the form is
    to be shown, with what is wrong in it."""
    if isinstance(form, CommentForm) and (choose := request.POST.get("choose")):
        form.ticked(choose)
        return 200, ""
    if request.method != "POST":
        return 200, ""
    if form.is_valid():
        try:
            return 302, save()
        except PlanIsFrozen:
            form.add_error(None, _closed())
        except service.ThreadIsResolved:
            form.add_error(None, _("Somebody resolved it meanwhile. Open it again first."))
        except service.CommentIsGone:
            form.add_error(None, _("You took this comment away meanwhile."))
        except Conflict as conflict:
            form.meet(conflict)
            return CONFLICT, ""
    return UNPROCESSABLE, ""


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
