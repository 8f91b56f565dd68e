"""What is being written: drafts that only their writer sees, and who writes what just now.

Both belong to a *place*: the address of a form, below /arbeid/, or another key that the form's view
chooses. Neither is part of a plan, and neither is logged.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

HERE_SECONDS = 60
"""How long somebody counts as writing after their page was last heard from."""


class DraftQuerySet(models.QuerySet["Draft"]):
    """Reads of drafts."""

    def of(self, user: "User") -> "DraftQuerySet":
        """Return a user's own drafts, newest first."""
        return self.filter(user=user, data__isnull=False).order_by("-saved_at")


class Draft(models.Model):
    """What one person has typed into one form and not saved in the plan.

    ``data`` are the form's fields as the browser sends them, each with a list of values, among them
    the version that was changed; ``texts`` are the typed texts with their labels, to be read where
    the form can't be opened any more. ``sitting`` is the opened form that wrote it last. A draft
    without data is no draft: it remembers that this sitting was saved, so that what it sent a
    moment earlier and that arrives late is not taken for a new draft.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="drafts",
        verbose_name=_("who"),
    )
    place = models.CharField(_("place"), max_length=300)
    plan = models.ForeignKey(
        "plans.PartnerPlan",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("plan"),
    )
    address = models.CharField(_("address of the form"), max_length=300)
    label = models.CharField(_("what is written"), max_length=300)
    data = models.JSONField(_("fields"), null=True)
    texts = models.JSONField(_("texts"), default=list, blank=True)
    version = models.PositiveIntegerField(_("version that was changed"), null=True)
    sitting = models.CharField(_("opened form"), max_length=40, blank=True)
    saved_at = models.DateTimeField(_("kept"), default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["user", "place"], name="plans_draft_one_a_place")
        ]

    def __str__(self) -> str:
        return self.label


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Reads of who writes what."""

    def now(self) -> "PresenceQuerySet":
        """Return those who were heard from within the last minute, with their people."""
        since = timezone.now() - timedelta(seconds=HERE_SECONDS)
        return self.filter(seen_at__gte=since).select_related("user").order_by("place", "user")

    def with_draft_of(self, user: "User", place: str) -> "PresenceQuerySet":
        """Return everybody at a place with, in ``user``'s own row, the draft that they have there:
        ``draft_key``, ``draft_data``, ``draft_version``, ``draft_sitting``, ``draft_saved_at``."""
        mine = FilteredRelation(
            "user__drafts",
            condition=Q(user__drafts__place=place, user__drafts__user=user.pk),
        )
        return (
            self.filter(place=place)
            .select_related("user")
            .annotate(
                mine=mine,
                draft_key=F("mine__pk"),
                draft_data=F("mine__data"),
                draft_version=F("mine__version"),
                draft_sitting=F("mine__sitting"),
                draft_saved_at=F("mine__saved_at"),
            )
            .order_by("user__name", "pk")
        )


class Presence(models.Model):
    """That somebody has a form open: seen by those who might open the same one."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("who"),
    )
    plan = models.ForeignKey(
        "plans.PartnerPlan", on_delete=models.CASCADE, related_name="+", verbose_name=_("plan")
    )
    place = models.CharField(_("place"), max_length=300)
    label = models.CharField(_("what is written"), max_length=300)
    seen_at = models.DateTimeField(_("last heard from"), default=timezone.now, db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(fields=["user", "place"], name="plans_presence_one_a_place")
        ]

    def __str__(self) -> str:
        return self.label
