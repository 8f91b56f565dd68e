"""Giving somebody a role, and ending it."""

from django.db import models, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.services.sessions import end_all_sessions
from audit.services import record


def give_role(
    *, user: User, role: Role, organisation: dict[str, models.Model | None], by: User
) -> Membership:
    """Give ``user`` a role from today; one that they hold already is returned as it is.

    ``organisation`` holds the field of the one that the role is for.
    """
    today = timezone.localdate()
    with transaction.atomic():
        held = Membership.objects.valid_on(today).filter(user=user, role=role, **organisation)
        # Without an end: one that ends soon doesn't stand for the new one.
        membership = held.filter(valid_to__isnull=True).first()
        if membership is not None:
            return membership
        membership = Membership.objects.create(
            user=user, role=role, valid_from=today, **organisation
        )
        record(by=by, verb="role.given", target=membership, new=_what(membership))
    return membership


def end_role(*, membership: Membership, by: User) -> None:
    """End a role today, and with it its user's sessions; one that has ended is left alone.

    A role that began today or hasn't begun was never held for a day: its row goes, and the audit
    log keeps that it was.
    """
    today = timezone.localdate()
    with transaction.atomic():
        membership = Membership.objects.select_for_update().get(pk=membership.pk)
        if membership.valid_to is not None and membership.valid_to <= today:
            return
        record(
            by=by,
            verb="role.ended",
            target=membership,
            old=_what(membership),
            new={"valid_to": today},
        )
        end_all_sessions(user=membership.user, by=by)
        if membership.valid_from >= today:
            membership.delete()
        else:
            membership.valid_to = today
            membership.save(update_fields=["valid_to"])


def note_roles(*, user: User, before: dict[int, Membership], by: User) -> None:
    """Record what became of a user's roles where they were written otherwise, in the admin site.

    ``before`` are the roles by key as they were. Whoever lost something of a role is logged out.
    """
    with transaction.atomic():
        after = {row.pk: row for row in Membership.objects.filter(user=user)}
        lost = False
        for pk, row in after.items():
            old, new = (_what(before[pk]) if pk in before else {}), _what(row)
            if not old:
                record(by=by, verb="role.given", target=row, new=new)
            elif old != new:
                lost = True
                record(by=by, verb="role.changed", target=row, old=old, new=new)
        for row in (row for pk, row in before.items() if pk not in after):
            lost = True
            record(by=by, verb="role.ended", target=user, old=_what(row))
        if lost:
            end_all_sessions(user=user, by=by)


def _what(membership: Membership) -> dict[str, object]:
    return {
        "user": membership.user_id,
        "role": membership.role,
        "organisation": str(membership.organisation or ""),
        "valid_from": membership.valid_from,
        "valid_to": membership.valid_to,
    }
