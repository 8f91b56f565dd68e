"""Telling people of what happened."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import Notice, User
from accounts.notices import NoticeKind
from accounts.services.digests import mail_asked


def tell(
    users: Iterable[User],
    kind: NoticeKind,
    *,
    path: str,
    params: dict[str, Any] | None = None,
    by: User | None = None,
    once_key: str | None = None,
) -> list[Notice]:
    """Tell ``users`` of something, in the caller's transaction; return the notices made.

    ``by``, who did it, isn't told, nor is anybody who can't log in. ``path`` is the address on this
    site that the notice leads to. With ``once_key`` nobody is told the same twice, not by two at
    once either. What is asked of them is mailed after the commit, all that one deed tells in one
    mail; the rest waits for the day's digest.
    """
    receivers = {user.pk: user for user in users if user.is_active and user != by}
    with transaction.atomic():
        if once_key is not None:
            told = Notice.objects.filter(user__in=receivers, once_key=once_key)
            for pk in told.values_list("user_id", flat=True):
                del receivers[pk]
        made = Notice.objects.bulk_create(
            (
                Notice(user=user, kind=kind.code, params=params or {}, path=path, once_key=once_key)
                for user in receivers.values()
            ),
            ignore_conflicts=once_key is not None,
        )
        if kind.asked and made:
            _mail_after_commit(list(receivers))
        if once_key is None:
            return made
        return list(Notice.objects.filter(user__in=receivers, once_key=once_key))


class Telling(NamedTuple):
    """What one person is told, where it leads, and the key under which they are told it once."""

    user: User
    path: str
    params: dict[str, Any]
    once_key: str


def tell_each(kind: NoticeKind, tellings: Iterable[Telling]) -> None:
    """Tell each their own, as ``tell`` does of one thing; the same few queries for any number."""
    wanted: dict[tuple[int, str | None], Telling] = {
        (each.user.pk, each.once_key): each for each in tellings if each.user.is_active
    }
    with transaction.atomic():
        told = Notice.objects.filter(once_key__in={key for _user, key in wanted})
        for known in told.values_list("user_id", "once_key"):
            wanted.pop(known, None)
        # In one order for all: two at once then wait for each other and don't deadlock.
        new = sorted(wanted.values(), key=lambda each: (each.user.pk, each.once_key))
        Notice.objects.bulk_create(
            (
                Notice(
                    user=each.user,
                    kind=kind.code,
                    params=each.params,
                    path=each.path,
                    once_key=each.once_key,
                )
                for each in new
            ),
            ignore_conflicts=True,
        )
        if kind.asked and new:
            _mail_after_commit(sorted({each.user.pk for each in new}))


def _mail_after_commit(user_ids: list[int]) -> None:
    # No lambda or partial: Django wants a name for what fails. The digest then takes them along.
    def enqueue() -> None:
        mail_asked.enqueue(user_ids)

    transaction.on_commit(enqueue, robust=True)
