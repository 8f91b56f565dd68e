"""Telling people of what happened."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import Notice, User
from accounts.notices import NoticeKind


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
    site that the notice leads to. With ``once_key`` nobody is told the same twice.
    """
    receivers = {user.pk: user for user in users if user.is_active and user != by}
    with transaction.atomic():
        if once_key is not None:
            told = Notice.objects.filter(user__in=receivers, once_key=once_key)
            for pk in told.values_list("user_id", flat=True):
                del receivers[pk]
        return Notice.objects.bulk_create(
            Notice(user=user, kind=kind.code, params=params or {}, path=path, once_key=once_key)
            for user in receivers.values()
        )
