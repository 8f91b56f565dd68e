"""The event: who did what to what, when, from what to what."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of the log."""

    def about(self, target: models.Model) -> "EventQuerySet":
        """Return the events about ``target``, newest first."""
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk)).order_by(
            "-pk"
        )


class Event(models.Model):
    """One thing that happened. Rows are only ever added: the database refuses anything else.

    ``digest`` is the SHA-256 of the row's content and the digest before it, so that a row that
    somebody changed or took out behind the application's back shows in ``manage.py verify_audit``.
    """

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    verb = models.CharField(_("what"), max_length=60)
    target_type = models.CharField(_("kind of thing"), max_length=60)
    target_id = models.CharField(_("the thing's key"), max_length=60)
    target_label = models.CharField(_("the thing"), max_length=200)
    old = models.JSONField(_("from"), default=dict, blank=True)
    new = models.JSONField(_("to"), default=dict, blank=True)
    previous_digest = models.CharField(_("digest before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_event_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_label}"


class ChainHead(models.Model):
    """The digest of the newest event; one row. Locking it puts concurrent writers in a queue."""

    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("end of the chain")
        verbose_name_plural = _("ends of the chain")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_one_head")]

    def __str__(self) -> str:
        return self.digest
