"""What plans keep about somebody, for the copy of their own data: what they wrote and did, and of
what others wrote the names of the things that it is about, no more."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from accounts.models import User
from audit.models import Event
from plans.models import (
    BulkChange,
    Comment,
    Contribution,
    ContributionFile,
    Proposal,
    Rollover,
    SavedView,
)

Rows = list[dict[str, Any]]


def own_views(user: User) -> Rows:
    """Return a user's saved views."""
    return [
        {
            "name": view.name,
            "county": view.county.name,
            "query": view.query,
            "shared": view.shared,
        }
        for view in SavedView.objects.filter(owner=user).select_related("county").order_by("pk")
    ]


def own_comments(user: User) -> Rows:
    """Return the comments that a user wrote; of those that they took away, that there was one."""
    rows = Comment.objects.filter(author=user).order_by("pk")
    return [
        {
            "plan": comment.thread.plan.title,
            "about": str(comment.thread),
            "written": comment.written_at,
            "changed": comment.edited_at,
            "taken_away": comment.taken_away_at,
            "text": comment.body,
        }
        for comment in rows.select_related("thread__plan", "thread__part", "thread__measure__part")
    ]


def own_contributions(user: User) -> Rows:
    """Return the input that a user wrote, drafts too."""
    rows = Contribution.objects.filter(written_by=user).with_sender().select_related("plan")
    return [
        {
            "plan": row.plan.title,
            "sender": row.party_name,
            "on_behalf": row.on_behalf,
            "state": row.state,
            "written": row.created_at,
            "sent": row.sent_at,
            "title": row.title,
            "area": row.area,
            "need": row.need,
            "benefit": row.benefit,
            "participants": row.participants,
        }
        for row in rows.order_by("pk")
    ]


def own_answers(user: User) -> Rows:
    """Return the answers that a user gave to input and to proposed changes."""
    input_ = Contribution.objects.filter(answered_by=user).select_related("plan").order_by("pk")
    proposals = Proposal.objects.filter(answered_by=user).with_people().order_by("pk")
    return [
        *(
            {"to": row.title, "answered": row.answered_at, "what": row.state, "text": row.answer}
            for row in input_
        ),
        *(
            {"to": str(row), "answered": row.answered_at, "what": row.state, "text": row.answer}
            for row in proposals
        ),
    ]


def own_proposals(user: User) -> Rows:
    """Return the changes of measures that a user proposed."""
    rows = Proposal.objects.filter(made_by=user).select_related("measure__part__plan")
    return [
        {
            "plan": row.measure.part.plan.title,
            "measure": str(row),
            "proposed": row.made_at,
            "state": row.state,
            "values": row.values,
            "reason": row.reason,
        }
        for row in rows.order_by("pk")
    ]


def own_bulk_changes(user: User) -> Rows:
    """Return the changes of many measures at once that a user made or undid."""
    rows = BulkChange.objects.filter(Q(by=user) | Q(undone_by=user)).select_related("plan")
    return [
        {
            "plan": row.plan.title,
            "what": row.what,
            "made": row.at if row.by_id == user.pk else None,
            "undone": row.undone_at if row.undone_by_id == user.pk else None,
            "measures": [f"{each['number']} {each['title']}".strip() for each in row.rows],
        }
        for row in rows.order_by("pk")
    ]


def own_rollovers(user: User) -> Rows:
    """Return the work on carrying plans on that a user began, ended or decided in. Who decided
    about which measure, the log alone knows."""
    did = {"started": "started_by", "confirmed": "confirmed_by", "cancelled": "cancelled_by"}
    mine = Q()
    for field in did.values():
        mine |= Q(**{field: user})
    rows = Rollover.objects.filter(mine).select_related("source").order_by("pk")
    decided = Event.objects.filter(actor=user, verb="rollover.decided").order_by("pk")
    return [
        *(
            {
                "from": row.source.title,
                "into": row.target_year,
                **{
                    name: getattr(row, f"{name}_at")
                    for name, field in did.items()
                    if getattr(row, f"{field}_id") == user.pk
                },
            }
            for row in rows
        ),
        *(
            {"decided": event.at, "about": event.target_label, "values": event.new}
            for event in decided
        ),
    ]


def own_files(user: User) -> Rows:
    """Return the names of the files that a user attached to input; each is fetched there."""
    rows = ContributionFile.objects.filter(added_by=user).select_related("contribution")
    return [
        {
            "name": row.name,
            "input": row.contribution.title,
            "added": row.added_at,
            "bytes": row.size,
        }
        for row in rows.order_by("pk")
    ]


OWN: dict[str, Callable[[User], Rows]] = {
    "saved_views": own_views,
    "comments": own_comments,
    "input": own_contributions,
    "answers": own_answers,
    "proposals": own_proposals,
    "bulk_changes": own_bulk_changes,
    "rollovers": own_rollovers,
    "files": own_files,
}
"""What each adds to the copy, by its name there (``accounts.services.own.MORE``)."""
