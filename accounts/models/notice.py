"""What somebody is told of: one row for each receiver, from which mails and lists are made."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices."""

    def waiting(self) -> "NoticeQuerySet":
        """Return those that no mail has taken along yet, oldest first."""
        return self.filter(mailed_at__isnull=True).order_by("pk")


class Notice(models.Model):
    """``user`` is told that something happened.

    ``kind`` is the code of a registered ``accounts.notices.NoticeKind``, which says it in the
    receiver's language with ``params``; ``path`` leads to the thing, on this site.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("receiver"),
    )
    kind = models.CharField(_("kind"), max_length=40)
    params = models.JSONField(_("what it says"), default=dict, blank=True)
    path = models.CharField(_("where it leads"), max_length=300)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    # When a mail took it along, or it was decided that none shall.
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    # The same thing is told of once: a reminder of a day, an invitation to a round.
    once_key = models.CharField(_("told once"), max_length=120, null=True, blank=True)  # noqa: DJ001 - unique

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "once_key"], name="accounts_notice_told_once"),
        ]
        indexes = [models.Index(fields=["user", "mailed_at"], name="accounts_notice_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"
