"""Threads of comments: opening, answering, changing, taking away, resolving.

A comment is no commitment, but it is written only while the commitments may be: what a plan was
signed after stays as it was said. Who may do what, ``plans.rules`` says; the services hold what two
at once could break. The audit log tells that something was said, not what: what a county says
among its own isn't everybody's who reads the log.
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.services import record
from plans.enums import Audience
from plans.models import Comment, Measure, PartnerPlan, PlanPart, Thread
from plans.models.comment import ThreadQuerySet
from plans.notices import COMMENTED, MENTIONED
from plans.services.mentions import Circle, circle_of
from plans.services.saving import Conflict, lock_plan
from plans.services.telling import about_thread, tell_of_plan
from plans.urls_for import thread_url


class ThreadIsResolved(Exception):
    """The thread is done with: it has to be opened again before anything is said in it."""


class CommentIsGone(Exception):
    """The comment was taken away."""


def open_threads(plan: PartnerPlan) -> ThreadQuerySet:
    """Return the plan's threads that nobody has resolved, whoever reads them; none about deleted
    measures."""
    return Thread.objects.in_plan(plan).open()


def open_thread(
    *,
    plan: PartnerPlan,
    body: str,
    by: User,
    part: PlanPart | None = None,
    measure: Measure | None = None,
    audience: str = Audience.PARTIES,
    language: str = "nn",
    tell_codes: Collection[str] = (),
) -> Thread:
    """Open a thread about a measure, a part or the plan with its first comment; return it.

    ``tell_codes`` are codes of ``Addressee``; those whom the text names are told too. The county's
    editors hear of every thread that they read. Raises ``PlanIsFrozen``.
    """
    with transaction.atomic():
        lock_plan(plan.pk)
        thread = Thread.objects.create(
            plan=plan, part=part, measure=measure, audience=audience, opened_by=by
        )
        record(by=by, verb="thread.opened", target=thread, new={"audience": audience})
        circle = circle_of(by, plan, measure)
        editors = User.objects.holding(Role.COUNTY_EDITOR, county=plan.agreement.county_id)
        _write(circle, thread, body, language, tell_codes, by=by, others=editors)
    return thread


def answer_thread(
    *, thread: Thread, body: str, by: User, language: str = "nn", tell_codes: Collection[str] = ()
) -> Comment:
    """Say something in a thread; return the comment. Those who take part in it are told. Raises
    ``PlanIsFrozen`` and ``ThreadIsResolved``."""
    with transaction.atomic():
        plan, thread = _locked(thread)
        if thread.is_resolved:
            raise ThreadIsResolved
        circle = circle_of(by, plan, thread.measure)
        return _write(circle, thread, body, language, tell_codes, by=by, others=_talking(thread))


def edit_comment(
    *, comment: Comment, body: str, language: str, expected_version: int, by: User
) -> Comment:
    """Change what one said; return it. Those whom it names now and didn't before are told.

    Raises ``PlanIsFrozen``, ``ThreadIsResolved``, ``CommentIsGone``, and ``Conflict`` if it was
    changed in another window meanwhile.
    """
    with transaction.atomic():
        plan, thread = _locked(comment.thread)
        current = Comment.objects.get(pk=comment.pk)
        if thread.is_resolved:
            raise ThreadIsResolved
        if current.is_taken_away:
            raise CommentIsGone
        wanted = {"body": body, "language": language}
        differing = [name for name, value in wanted.items() if getattr(current, name) != value]
        if not differing:
            return current
        if current.version != expected_version:
            raise Conflict(current, differing)
        current.body, current.language = body, language
        current.version += 1
        current.edited_at = timezone.now()
        current.save()
        circle = circle_of(by, plan, thread.measure)
        before = set(current.mentioned.values_list("pk", flat=True))
        named = [u for u in circle.meant((), body, thread.audience) if u.pk not in before]
        current.mentioned.add(*named)
        record(by=by, verb="comment.changed", target=thread)
        _tell(circle, thread, current, asked=named, others=(), by=by)
        return current


def take_away_comment(*, comment: Comment, by: User) -> None:
    """Take away what one said: its place stays, its words are gone. Twice does nothing more. Raises
    ``PlanIsFrozen`` and ``ThreadIsResolved``."""
    with transaction.atomic():
        _plan, thread = _locked(comment.thread)
        if thread.is_resolved:
            raise ThreadIsResolved
        current = Comment.objects.get(pk=comment.pk)
        if current.is_taken_away:
            return
        current.body, current.taken_away_at = "", timezone.now()
        current.version += 1
        current.save()
        current.mentioned.clear()
        record(by=by, verb="comment.taken_away", target=thread)


def resolve_thread(*, thread: Thread, by: User) -> bool:
    """Say that a thread is done with; return whether it was this that did it. Raises
    ``PlanIsFrozen``."""
    with transaction.atomic():
        _plan, thread = _locked(thread)
        if thread.is_resolved:
            return False
        thread.resolved_by, thread.resolved_at = by, timezone.now()
        thread.save(update_fields=["resolved_by", "resolved_at"])
        record(by=by, verb="thread.resolved", target=thread)
        return True


def reopen_thread(*, thread: Thread, by: User) -> bool:
    """Open a resolved thread again; return whether it was this that did it. Raises
    ``PlanIsFrozen``."""
    with transaction.atomic():
        _plan, thread = _locked(thread)
        if not thread.is_resolved:
            return False
        thread.resolved_by = thread.resolved_at = None
        thread.save(update_fields=["resolved_by", "resolved_at"])
        record(by=by, verb="thread.reopened", target=thread)
        return True


def _locked(thread: Thread) -> tuple[PartnerPlan, Thread]:
    """Return the plan, held against other writers, and the thread as it is then."""
    lock_plan(thread.plan_id)
    plan = PartnerPlan.objects.with_parties().get(pk=thread.plan_id)
    return plan, Thread.objects.select_related("part", "measure__part").get(pk=thread.pk)


def _talking(thread: Thread) -> list[User]:
    """Return who opened the thread, wrote in it or was told of it."""
    people = {thread.opened_by_id}
    for author, mentioned in thread.comments.values_list("author", "mentioned"):
        people |= {author, mentioned}
    return list(User.objects.filter(pk__in=people - {None}))


def _write(
    circle: Circle,
    thread: Thread,
    body: str,
    language: str,
    codes: Collection[str],
    *,
    by: User,
    others: Iterable[User],
) -> Comment:
    comment = Comment.objects.create(thread=thread, author=by, body=body, language=language)
    meant = circle.meant(codes, body, thread.audience)
    comment.mentioned.set(meant)
    record(by=by, verb="comment.written", target=thread)
    _tell(circle, thread, comment, asked=meant, others=others, by=by)
    return comment


def _tell(
    circle: Circle,
    thread: Thread,
    comment: Comment,
    *,
    asked: list[User],
    others: Iterable[User],
    by: User,
) -> None:
    """Ask those whom the comment means to read it, and tell the others of whom the thread is."""
    path = f"{thread_url(circle.plan, thread)}#comment-{comment.pk}"
    params = {"who": str(by), **about_thread(thread)}
    tell_of_plan(circle.plan, asked, MENTIONED, path=path, params=params, by=by)
    keys = {user.pk for user in asked}
    rest = [user for user in circle.reading(others, thread.audience) if user.pk not in keys]
    tell_of_plan(circle.plan, rest, COMMENTED, path=path, params=params, by=by)
