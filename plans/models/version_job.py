"""What has yet to be done with a version: setting and sealing its PDF, a signature."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import JobKind, JobState, SigningParty
from plans.models.fields import known
from plans.models.version import PlanVersion


class VersionJobQuerySet(models.QuerySet["VersionJob"]):
    """Reads of jobs."""

    def newest_first(self) -> "VersionJobQuerySet":
        """Return them with who asked for each, the newest first."""
        return self.select_related("by").order_by("-pk")

    def due(self, now: datetime) -> "VersionJobQuerySet":
        """Return those whose turn has come."""
        return self.filter(state=JobState.WAITING, next_at__lte=now)

    def open(self) -> "VersionJobQuerySet":
        """Return those that are neither done nor given up."""
        return self.filter(state__in=(JobState.WAITING, JobState.RUNNING))


class VersionJob(models.Model):
    """A piece of work on a version that takes seconds, or waits for others' services.

    It is done in the background, tried again when it fails, and found again when the worker that
    did it was killed. What it makes is written in one transaction with its end, so it is made once.
    ``error`` says why the last attempt failed, in the language of the plan.
    """

    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("version")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=JobKind)
    party = models.CharField(_("party"), max_length=10, choices=SigningParty, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    asked = models.JSONField(_("what was asked for"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(_("taken"), null=True)
    error = models.TextField(_("why it failed"), blank=True)
    made_at = models.DateTimeField(_("asked for"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True)

    objects = VersionJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("work on a version")
        verbose_name_plural = _("work on versions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "party"],
                condition=Q(state__in=["WAITING", "RUNNING"]),
                name="plans_versionjob_one_open",
            ),
            # Each piece of work starts from the newest file: two at once would end in one place.
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state="RUNNING"),
                name="plans_versionjob_one_running",
            ),
            known("kind", JobKind, "plans_versionjob_kind"),
            known("state", JobState, "plans_versionjob_state"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind}"
