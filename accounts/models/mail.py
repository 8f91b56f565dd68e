"""The queue of mails, and who wants none about what."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import MailState


class MailQuerySet(models.QuerySet["Mail"]):
    """Reads of the queue."""

    def due(self, at: datetime) -> "MailQuerySet":
        """Return those whose turn to be sent has come, the oldest first."""
        return self.filter(state=MailState.WAITING, next_attempt_at__lte=at).order_by("pk")

    def stuck(self, since: datetime) -> "MailQuerySet":
        """Return those that some worker began to send before ``since``, and never ended."""
        return self.filter(state=MailState.SENDING, claimed_at__lt=since).order_by("pk")


class Mail(models.Model):
    """One mail to one address: what it says, and how far it has come.

    A row is written with the deed that causes it; a worker sends it afterwards. Whoever moves a
    row from WAITING to SENDING is the one who sends it. ``attempts`` counts these moves.
    """

    receiver = models.CharField(_("receiver"), max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("user"),
    )
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("as plain text"), blank=True)
    html = models.TextField(_("as HTML"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    # It holds a link that lets one in: emptied when sent, and shown to nobody.
    secret = models.BooleanField(_("holds a secret link"), default=False)
    dedupe_key = models.CharField(
        _("sent once"), max_length=120, null=True, blank=True, unique=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MailState, default=MailState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="accounts_mail_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="accounts_mail_state"
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | Q(~Q(state=MailState.SENT), sent_at__isnull=True),
                name="accounts_mail_sent_at",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.SENT, secret=True) | Q(text="", html=""),
                name="accounts_mail_secret_emptied",
            ),
        ]

    def __str__(self) -> str:
        # In the audit log, which nobody can correct: so without the address.
        return f"{self.pk}: {self.subject}"


class MailStop(models.Model):
    """``user`` wants no mail about a topic of ``accounts.notices.TOPICS``."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_stops"
    )
    topic = models.CharField(max_length=40)
    stopped_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("topic without mail")
        verbose_name_plural = _("topics without mail")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="accounts_mailstop_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic}"
