"""Files that say something of a signature, and that Lupplan can't check itself."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import SigningParty
from plans.models.fields import known
from plans.models.version import PlanVersion


class ExternalEvidence(models.Model):
    """A file that a signatory wanted kept with a version: what a signing service gave back that is
    no PDF with a signature in it, or a re-wrapped one. Never the signed original.

    Rows are only ever added: triggers refuse to change or delete them.
    """

    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("version")
    )
    party = models.CharField(_("party"), max_length=10, choices=SigningParty)
    file_name = models.CharField(_("file name"), max_length=150)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    note = models.CharField(_("what it is"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("external evidence")
        verbose_name_plural = _("external evidence")
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "party", "sha256"], name="plans_externalevidence_once"
            ),
            known("party", SigningParty, "plans_externalevidence_party"),
        ]

    def __str__(self) -> str:
        return self.file_name
