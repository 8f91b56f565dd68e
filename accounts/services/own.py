"""What people do with their own data: correct it, and take it with them."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Invitation, Mail, MailStop, Membership, Notice, User, UserSession
from audit.models import Event
from audit.services import record


def change_own(*, user: User, name: str, language: str) -> None:
    """Correct one's name and language. A save that changes nothing writes nothing."""
    with transaction.atomic():
        row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        new = {"name": name, "language": language}
        old = {field: getattr(row, field) for field in new}
        changed = [field for field in new if old[field] != new[field]]
        if not changed:
            return
        User.objects.filter(pk=user.pk).update(**{field: new[field] for field in changed})
        record(
            by=user,
            verb="user.changed",
            target=row,
            # The words themselves stay out of a log that nobody can correct.
            old={"language": old["language"]} if "language" in changed else {},
            new={"fields": changed, **({"language": language} if "language" in changed else {})},
        )


MORE: dict[str, Callable[[User], Any]] = {}
"""What other apps keep about a user, by its name in the copy of their data; each adds its own."""


def own_data(*, user: User) -> dict[str, Any]:
    """Return all that is kept about ``user``, for themselves; that they took it is an event."""
    with transaction.atomic():
        record(by=user, verb="user.exported", target=user)
        return {
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "can_log_in": user.is_active,
            "registered": user.date_joined,
            "last_log_in": user.last_login,
            "roles": [
                {
                    "role": row.role,
                    "organisation": str(row.organisation or ""),
                    "from": row.valid_from,
                    "to": row.valid_to,
                }
                for row in Membership.objects.filter(user=user).select_related(
                    "county", "municipality", "cooperation", "working_group"
                )
            ],
            "invitations": [
                {
                    "role": row.role,
                    "organisation": str(row.organisation or ""),
                    "invited": row.invited_at,
                    "accepted": row.accepted_at,
                }
                for row in Invitation.objects.filter(email__iexact=user.email).with_organisations()
            ],
            "sessions": [
                {"logged_in": row.began_at, "browser": row.browser}
                for row in UserSession.objects.standing().filter(user=user)
            ],
            "notices": [
                {"told": row.made_at, "what": row.kind, "values": row.params, "address": row.path}
                for row in Notice.objects.filter(user=user).order_by("pk")
            ],
            "mails": [
                {
                    "to": row.receiver,
                    "subject": row.subject,
                    "made": row.made_at,
                    "sent": row.sent_at,
                }
                for row in Mail.objects.filter(
                    Q(user=user) | Q(receiver__iexact=user.email)
                ).order_by("pk")
            ],
            "no_mail_about": [row.topic for row in MailStop.objects.filter(user=user)],
            "events": [
                {"at": row.at, "what": row.verb, "about": row.target_label}
                for row in Event.objects.filter(actor=user).order_by("pk")
            ],
            **{name: read(user) for name, read in MORE.items()},
        }
