"""Keeping what people have typed and not saved, apart from the plan and its history.

A draft is kept through its own form's address, so only of what its writer may change at that
moment; it stays theirs, to be read, when they no longer may.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from plans.models import Draft, PartnerPlan
from plans.services.presence import prune_presences

MAX_CHARACTERS = 300_000  # the longest forms hold some 80,000
MAX_DRAFTS = 100
"""How many drafts one person may have. At more, the next is refused: none is thrown away."""
KEPT_DAYS = 90
_DEFAULTS = ("plan_id", "address", "label", "data", "texts", "version", "sitting", "saved_at")


class NotKept(Exception):
    """The draft was not kept. ``why`` is one of the codes below."""

    LONG, FULL, ELSEWHERE, SAVED = "long", "full", "elsewhere", "saved"

    def __init__(self, why: str) -> None:
        super().__init__(f"The draft was not kept: {why}.")
        self.why = why


@dataclass(frozen=True)
class Typed:
    """What a form holds: ``data`` as the browser sent it, ``texts`` as (label, text) to be read,
    ``version`` that it was opened on, ``sitting`` which opened form it is, ``loaded`` the sitting
    whose draft that form was opened with."""

    data: dict[str, list[str]]
    texts: list[tuple[str, str]] = field(default_factory=list)
    version: int | None = None
    sitting: str = ""
    loaded: str = ""


def keep_draft(
    *,
    by: User,
    place: str,
    address: str,
    label: str,
    plan: PartnerPlan | None,
    typed: Typed,
    force: bool = False,
) -> Draft:
    """Keep what was typed as the user's draft of ``place`` and return it.

    Raises ``NotKept``: too long; too many drafts; another opened form, such as a second window, has
    a draft there that this form has not seen (``force`` replaces it); this opened form was saved in
    the plan already.
    """
    if sum(len(name) + len(value) for name, value in _values(typed.data)) > MAX_CHARACTERS:
        raise NotKept(NotKept.LONG)
    new = Draft(
        user=by,
        place=place,
        plan=plan,
        address=address[:300],
        label=_without_nul(label)[:300],
        data={
            _without_nul(name): [_without_nul(value) for value in values]
            for name, values in typed.data.items()
        },
        texts=[[name, _without_nul(text)] for name, text in typed.texts],
        version=typed.version,
        sitting=_without_nul(typed.sitting)[:40],
        saved_at=timezone.now(),
    )
    with transaction.atomic():
        _hold(by)
        old = Draft.objects.filter(user=by, place=place).first()
        if old is None or old.data is None:
            if old is not None and old.sitting and old.sitting == new.sitting:
                raise NotKept(NotKept.SAVED)
            if Draft.objects.of(by).count() >= MAX_DRAFTS:
                raise NotKept(NotKept.FULL)
        elif not force and old.sitting not in (typed.sitting, typed.loaded):
            raise NotKept(NotKept.ELSEWHERE)
        values = {name: getattr(new, name) for name in _DEFAULTS}
        return Draft.objects.update_or_create(user=by, place=place, defaults=values)[0]


def finish_draft(*, by: User, place: str, sitting: str, loaded: str) -> None:
    """Take away the draft of a form that is being saved.

    Call it first in the transaction that saves it: everybody locks the user before the plan. The
    draft of another opened form, which holds other words, stays.
    """
    _hold(by)
    sitting = _without_nul(sitting)[:40]
    mine = Draft.objects.filter(user=by, place=place)
    old = mine.first()
    if old is not None and old.data is not None and old.sitting not in (sitting, loaded):
        return
    if not sitting:
        mine.delete()
        return
    saved: dict[str, Any] = {"data": None, "texts": [], "label": "", "sitting": sitting}
    Draft.objects.update_or_create(
        user=by, place=place, defaults={**saved, "address": "", "saved_at": timezone.now()}
    )


def throw_draft(*, draft: Draft) -> None:
    """Throw a draft away, for good."""
    draft.delete()


def prune_drafts(before: datetime | None = None) -> int:
    """Delete drafts last kept before a moment, by default ``KEPT_DAYS`` ago; return how many.

    Takes away the marks of saved forms and of presence that are a day old, too.
    """
    now = timezone.now()
    before = before or now - timedelta(days=KEPT_DAYS)
    day_ago = now - timedelta(days=1)
    Draft.objects.filter(data__isnull=True, saved_at__lt=day_ago).delete()
    prune_presences(day_ago)
    return Draft.objects.filter(data__isnull=False, saved_at__lt=before).delete()[0]


def own_drafts(user: User) -> list[dict[str, Any]]:
    """Return a user's drafts for the copy of their own data."""
    return [
        {"what": draft.label, "kept": draft.saved_at, "fields": draft.data}
        for draft in Draft.objects.of(user)
    ]


def _hold(user: User) -> None:
    """Let one draft of a user be written at a time. It is the user's row that is locked, not the
    draft's: it is there before the first draft is."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)


def _values(data: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in data.items() for value in values]


def _without_nul(text: str) -> str:
    """Return text as PostgreSQL can hold it."""
    return text.replace("\x00", "")
