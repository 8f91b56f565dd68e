"""Where somebody is logged in: noted, and ended."""

from typing import Any

from django.contrib.auth import update_session_auth_hash, user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User, UserSession
from audit.services import record


@receiver(user_logged_in, dispatch_uid="accounts.sessions.began")
def note_session(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note a log-in for its user to see, and forget those of theirs that are over."""
    if request.session.session_key is None:
        request.session.save()
    key = request.session.session_key
    standing = UserSession.objects.standing().filter(user=user).values_list("pk", flat=True)
    UserSession.objects.filter(user=user).exclude(pk__in=list(standing)).delete()
    UserSession.objects.update_or_create(
        session_key=key,
        defaults={
            "user": user,
            "epoch": user.session_epoch,
            "browser": request.headers.get("User-Agent", "").replace("\0", "")[:200],
        },
    )


def end_session(*, session: UserSession, by: User) -> None:
    """End one of a user's sessions."""
    with transaction.atomic():
        Session.objects.filter(session_key=session.session_key).delete()
        session.delete()
        record(by=by, verb="session.ended", target=by)


def end_all_sessions(*, user: User, by: User) -> None:
    """End every session of ``user``, wherever it is kept."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
        Session.objects.filter(session_key__in=list(keys)).delete()
        UserSession.objects.filter(user=user).delete()
        record(by=by, verb="sessions.ended", target=user)


def end_other_sessions(*, request: HttpRequest, user: User) -> None:
    """End every session of ``user`` but the one that asks for it."""
    with transaction.atomic():
        end_all_sessions(user=user, by=user)
        user.refresh_from_db(fields=["session_epoch"])
        request.session.cycle_key()
        update_session_auth_hash(request, user)
        note_session(request, user)
