"""What plans keep about somebody, for the copy of their own data: what they wrote and did, and of
what others wrote the names of the things that it is about, no more."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q

from accounts.models import User
from audit.models import Event
from plans import rules
from plans.document import from_json
from plans.models import (
    BulkChange,
    Comment,
    Contribution,
    ContributionFile,
    ExternalEvidence,
    Measure,
    PartnerPlan,
    PlanVersion,
    Proposal,
    Rollover,
    SavedView,
    Signature,
)

Rows = list[dict[str, Any]]


class _Names:
    """What plans and measures are called to a user: as was signed, where the rows are the working
    copy of an amendment and the user doesn't see it. One query, none where that isn't so."""

    def __init__(self, user: User, plans: Iterable[PartnerPlan]) -> None:
        closed = {
            plan for plan in plans if plan.is_being_amended and not rules.can_work(user, plan)
        }
        versions = PlanVersion.objects.filter(pk__in={plan.in_force_id for plan in closed})
        self._signed = (
            {row.plan_id: from_json(row.content.encode()) for row in versions} if closed else {}
        )

    def plan(self, plan: PartnerPlan) -> str:
        """Return the plan's title."""
        signed = self._signed.get(plan.pk)
        return signed.title if signed else plan.title

    def of(self, plan: PartnerPlan, measure: Measure | None, name: str) -> str:
        """Return the ``name`` of something in the plan, a measure's as it is told to the user;
        nothing of one that isn't signed."""
        signed = self._signed.get(plan.pk)
        if signed is None:
            return name
        if measure is None:
            return self.plan(plan) if name == str(plan) else name
        found = (f"{it.number} {it.title}" for it in signed.measures if it.key == measure.key)
        return next(found, "")


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
    rows = list(
        Comment.objects.filter(author=user)
        .select_related("thread__plan__agreement__county", "thread__part", "thread__measure__part")
        .order_by("pk")
    )
    names = _Names(user, (comment.thread.plan for comment in rows))
    return [
        {
            "plan": names.plan(comment.thread.plan),
            "about": names.of(comment.thread.plan, comment.thread.measure, str(comment.thread)),
            "written": comment.written_at,
            "changed": comment.edited_at,
            "taken_away": comment.taken_away_at,
            "text": comment.body,
        }
        for comment in rows
    ]


def own_contributions(user: User) -> Rows:
    """Return the input that a user wrote, drafts too."""
    rows = list(
        Contribution.objects.filter(written_by=user).with_sender().with_plan().order_by("pk")
    )
    names = _Names(user, (row.plan for row in rows))
    return [
        {
            "plan": names.plan(row.plan),
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
        for row in rows
    ]


def own_answers(user: User) -> Rows:
    """Return the answers that a user gave to input and to proposed changes."""
    input_ = Contribution.objects.filter(answered_by=user).select_related("plan").order_by("pk")
    proposals = list(
        Proposal.objects.filter(answered_by=user)
        .select_related("measure__part__plan__agreement__county")
        .order_by("pk")
    )
    names = _Names(user, (row.measure.part.plan for row in proposals))
    return [
        *(
            {"to": row.title, "answered": row.answered_at, "what": row.state, "text": row.answer}
            for row in input_
        ),
        *(
            {
                "to": names.of(row.measure.part.plan, row.measure, str(row)),
                "answered": row.answered_at,
                "what": row.state,
                "text": row.answer,
            }
            for row in proposals
        ),
    ]


def own_proposals(user: User) -> Rows:
    """Return the changes of measures that a user proposed."""
    rows = list(
        Proposal.objects.filter(made_by=user)
        .select_related("measure__part__plan__agreement__county")
        .order_by("pk")
    )
    names = _Names(user, (row.measure.part.plan for row in rows))
    return [
        {
            "plan": names.plan(row.measure.part.plan),
            "measure": names.of(row.measure.part.plan, row.measure, str(row)),
            "proposed": row.made_at,
            "state": row.state,
            "values": row.values,
            "reason": row.reason,
        }
        for row in rows
    ]


def own_bulk_changes(user: User) -> Rows:
    """Return the changes of many measures at once that a user made or undid."""
    rows = list(
        BulkChange.objects.filter(Q(by=user) | Q(undone_by=user))
        .select_related("plan__agreement__county")
        .order_by("pk")
    )
    names = _Names(user, (row.plan for row in rows))
    return [
        {
            "plan": names.plan(row.plan),
            "what": row.what,
            "made": row.at if row.by_id == user.pk else None,
            "undone": row.undone_at if row.undone_by_id == user.pk else None,
            "measures": [f"{each['number']} {each['title']}".strip() for each in row.rows],
        }
        for row in rows
    ]


def own_rollovers(user: User) -> Rows:
    """Return the work on carrying plans on that a user began, ended or decided in. Who decided
    about which measure, the log alone knows."""
    did = {"started": "started_by", "confirmed": "confirmed_by", "cancelled": "cancelled_by"}
    mine = Q()
    for field in did.values():
        mine |= Q(**{field: user})
    rows = list(
        Rollover.objects.filter(mine).select_related("source__agreement__county").order_by("pk")
    )
    names = _Names(user, (row.source for row in rows))
    decided = Event.objects.filter(actor=user, verb="rollover.decided").order_by("pk")
    return [
        *(
            {
                "from": names.plan(row.source),
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


def own_signatures(user: User) -> Rows:
    """Return the signatures that a user gave, also on versions that became void."""
    rows = list(
        Signature.objects.filter(signer=user)
        .select_related("version__plan__agreement__county")
        .defer("version__content")
        .order_by("pk")
    )
    names = _Names(user, (row.version.plan for row in rows))
    return [
        {
            "plan": names.plan(row.version.plan),
            "version": row.version.number,
            "party": row.party,
            "name": row.name,
            "role": row.role,
            "organisation": row.organisation,
            "way": row.way,
            "signed": row.signed_at,
        }
        for row in rows
    ]


def own_evidence(user: User) -> Rows:
    """Return what a user said of the files that they kept with versions, without the files."""
    rows = list(
        ExternalEvidence.objects.filter(by=user)
        .select_related("version__plan__agreement__county")
        .defer("content", "version__content")
        .order_by("pk")
    )
    names = _Names(user, (row.version.plan for row in rows))
    return [
        {
            "plan": names.plan(row.version.plan),
            "version": row.version.number,
            "name": row.file_name,
            "note": row.note,
            "kept": row.at,
            "bytes": row.size,
        }
        for row in rows
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
    "signatures": own_signatures,
    "evidence": own_evidence,
}
"""What each adds to the copy, by its name there (``accounts.services.own.MORE``)."""
