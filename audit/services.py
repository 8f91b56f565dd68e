"""The one way to write to the audit log, and the walk that checks it."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from audit.models import ChainHead, Event

FIRST_DIGEST = "0" * 64


class BrokenChain(Exception):
    """An event does not fit the one before it; ``event_id`` is the first such row."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"The audit log is broken at event {event_id}.")
        self.event_id = event_id


def record(
    *,
    by: Any,
    verb: str,
    target: models.Model,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> Event:
    """Add an event to the log, in the caller's transaction.

    ``by`` is the user who acts, or None for the system itself. ``old`` and ``new`` hold the values
    that changed, field by field. The event stands or falls with the write that it tells of.
    """
    with transaction.atomic():
        ChainHead.objects.get_or_create(pk=1, defaults={"digest": FIRST_DIGEST})
        head = ChainHead.objects.select_for_update().get(pk=1)
        event = Event(
            at=timezone.now(),
            actor_id=None if by is None else by.pk,
            verb=verb,
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            target_label=str(target)[:200],
            old=_plain(old or {}),
            new=_plain(new or {}),
            previous_digest=head.digest,
        )
        event.digest = _digest(event)
        event.save(force_insert=True)
        ChainHead.objects.filter(pk=1).update(digest=event.digest)
    return event


def verify() -> int:
    """Walk the whole log and return how many events it holds.

    Raises ``BrokenChain`` at the first event that was changed, put in or follows one taken out, and
    when the newest events are gone.
    """
    previous = FIRST_DIGEST
    last_id = 0
    count = 0
    for event in Event.objects.order_by("pk").iterator():
        if event.previous_digest != previous or event.digest != _digest(event):
            raise BrokenChain(event.pk)
        previous, last_id = event.digest, event.pk
        count += 1
    head = ChainHead.objects.filter(pk=1).first()
    if (head.digest if head else FIRST_DIGEST) != previous:
        raise BrokenChain(last_id + 1)
    return count


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return ``values`` as they will come back out of the database's JSON."""
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain


def _digest(event: Event) -> str:
    content = [
        event.previous_digest,
        event.at.isoformat(timespec="microseconds"),
        event.actor_id,
        event.verb,
        event.target_type,
        event.target_id,
        event.target_label,
        event.old,
        event.new,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
