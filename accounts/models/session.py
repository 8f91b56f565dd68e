"""Where somebody is logged in, as they see it themselves."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserSessionQuerySet(models.QuerySet["UserSession"]):
    """Reads of sessions."""

    def standing(self) -> "UserSessionQuerySet":
        """Return those that neither ended nor expired."""
        standing = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
        return self.filter(session_key__in=standing, epoch=models.F("user__session_epoch"))


class UserSession(models.Model):
    """A log-in of a user: since when, and with what kind of browser. Django keeps the session.

    ``epoch`` is the user's when it began; it ended if theirs is another one now.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions"
    )
    session_key = models.CharField(max_length=40, unique=True)
    epoch = models.PositiveIntegerField()
    began_at = models.DateTimeField(_("logged in"), default=timezone.now)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"
