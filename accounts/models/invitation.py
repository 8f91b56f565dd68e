"""An invitation to hold a role: a link that works once, and not for ever."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.membership import ForOrganisation, right_organisation

VALID_FOR = timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def open(self) -> "InvitationQuerySet":
        """Return those whose link still works."""
        return self.filter(
            accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
        )

    def with_organisations(self) -> "InvitationQuerySet":
        """Return them with all that a list of them shows."""
        return self.select_related(
            "county", "municipality", "cooperation", "working_group", "invited_by"
        )


class Invitation(ForOrganisation):
    """Somebody was asked, at an address, to hold a role.

    The link in the mail holds a secret of which only the SHA-256 is kept here. One that is sent
    again is a new invitation, and the old one is withdrawn.
    """

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language of the mail"), max_length=2, choices=settings.LANGUAGES, default="nn"
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("works until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        indexes = [models.Index(fields=["invited_by", "invited_at"], name="accounts_invitation_by")]
        constraints = [
            right_organisation("accounts_invitation_right_organisation"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, revoked_at__isnull=True),
                name="accounts_invitation_accepted_once",
            ),
        ]

    def __str__(self) -> str:
        # In the audit log, which nobody can correct: so without the address.
        return f"{self.get_role_display()}, {self.organisation or ''}".rstrip(", ")

    @property
    def state(self) -> str:
        """Where it is: ``accepted``, ``revoked``, ``expired`` or ``open``."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= timezone.now() else "open"
