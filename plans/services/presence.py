"""Who writes what just now. Nobody's work depends on it: a failure here never stops a page."""

import logging
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from accounts.models import User
from plans.models import PartnerPlan, Presence

logger = logging.getLogger(__name__)


def come(*, user: User, plan: PartnerPlan, place: str, label: str) -> None:
    """Note that ``user`` has the form at ``place`` open. One statement, no event."""
    row = Presence(user=user, plan=plan, place=place, label=label[:300], seen_at=timezone.now())
    try:
        Presence.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["user", "place"],
            update_fields=["plan", "label", "seen_at"],
        )
    except DatabaseError:
        logger.warning("Somebody's presence was not noted.", exc_info=True)


def leave(*, user: User, place: str) -> None:
    """Note that ``user`` has left the form, by saving it or by closing the page."""
    Presence.objects.filter(user=user, place=place).delete()


def prune_presences(before: datetime) -> int:
    """Delete the traces of those last seen before a moment, and return how many."""
    return Presence.objects.filter(seen_at__lt=before).delete()[0]
