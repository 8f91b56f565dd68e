"""Telling people of something in a plan: what every such notice holds, beside its own."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Notice, User
from accounts.notices import NoticeKind
from accounts.services.notices import tell
from plans.models import Contribution, PartnerPlan, Thread


def tell_of_plan(
    plan: PartnerPlan,
    users: Iterable[User],
    kind: NoticeKind,
    *,
    path: str,
    params: dict[str, Any] | None = None,
    by: User | None = None,
    once_key: str | None = None,
) -> list[Notice]:
    """Tell ``users`` of something in a plan, as ``accounts.services.notices.tell`` does."""
    told = {**params_of_plan(plan), **(params or {})}
    return tell(users, kind, path=path, params=told, by=by, once_key=once_key)


def params_of_plan(plan: PartnerPlan) -> dict[str, Any]:
    """Return what every notice of a plan holds: its title to be read, and its key, by which it is
    found out later who may still know of it."""
    return {"plan": plan.title, "plan_id": plan.pk}


def params_of(contribution: Contribution) -> dict[str, Any]:
    """Return what a notice of input holds of it."""
    return {
        "sender": contribution.party_name,
        "title": contribution.title,
        "contribution": str(contribution.key),
    }


def about_thread(thread: Thread) -> dict[str, Any]:
    """Return what a notice of a comment holds of its thread. What has no name of its own, the plan
    as such or a part, is a code: each reads it in their own language."""
    if thread.measure is not None:
        return {"about": str(thread), "thread": thread.pk}
    return {"about_code": thread.part.kind if thread.part else "PLAN", "thread": thread.pk}
