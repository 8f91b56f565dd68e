"""That the archive package of a plan is, was or couldn't be delivered to an archive."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import ArchiveVariant, JobState
from plans.models.fields import known
from plans.models.plan import PartnerPlan
from plans.models.version import PlanVersion


class ArchiveDeliveryQuerySet(models.QuerySet["ArchiveDelivery"]):
    """Reads of deliveries."""

    def due(self, now: datetime) -> "ArchiveDeliveryQuerySet":
        """Return those whose turn has come."""
        return self.filter(state=JobState.WAITING, next_at__lte=now)

    def open(self) -> "ArchiveDeliveryQuerySet":
        """Return those that are neither done nor given up."""
        return self.filter(state__in=(JobState.WAITING, JobState.RUNNING))


class ArchiveDelivery(models.Model):
    """A delivery of a plan's package to ``target``, which was the installation's when it was asked.

    It is tried again when it fails. Once it is done, ``name``, ``size`` and ``sha256`` tell what
    lies there. ``error`` says why the last attempt failed, in the language of the plan. ``version``
    was in force when the delivery was asked for.
    """

    plan = models.ForeignKey(
        PartnerPlan, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("plan")
    )
    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("version")
    )
    variant = models.CharField(_("variant"), max_length=10, choices=ArchiveVariant)
    target = models.CharField(_("where to"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(_("taken"), null=True)
    error = models.TextField(_("why it failed"), blank=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True)

    objects = ArchiveDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery to an archive")
        verbose_name_plural = _("deliveries to archives")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "variant", "target"],
                condition=Q(state__in=["WAITING", "RUNNING"]),
                name="plans_archivedelivery_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="DONE")
                | (~Q(sha256="") & ~Q(name="") & Q(size__isnull=False, done_at__isnull=False)),
                name="plans_archivedelivery_done_says_what",
            ),
            known("variant", ArchiveVariant, "plans_archivedelivery_variant"),
            known("state", JobState, "plans_archivedelivery_state"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.plan_id} {self.variant}"
