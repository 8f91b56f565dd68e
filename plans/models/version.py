"""The frozen edition of a plan: what was sent to signing, its PDF, its signatures.

Rows of these tables are only ever added: triggers refuse to change or delete them
(plans/triggers.py). What has yet to be done with a version is a job (plans/models/version_job.py).
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Length, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import FileKind, SignatureLevel, SigningParty, SigningWay
from plans.models.fields import known
from plans.models.plan import PartnerPlan


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Reads of versions."""

    def standing(self) -> "PlanVersionQuerySet":
        """Return those that weren't returned to negotiation."""
        return self.filter(void__isnull=True)

    def signed(self) -> "PlanVersionQuerySet":
        """Return those that both parties have signed."""
        found = self.standing()
        for party in SigningParty:
            found = found.filter(
                Exists(Signature.objects.filter(version=OuterRef("pk"), party=party))
            )
        return found

    def in_force_at(self, county: str, year: int) -> "PlanVersionQuerySet":
        """Return the version in force of the plan of a county (its slug) and a year, if there is
        one; in no order."""
        return self.order_by().filter(
            plan__in_force=F("pk"), plan__agreement__county__slug=county, plan__year=year
        )

    def without_content(self) -> "PlanVersionQuerySet":
        """Return them without their documents, which are long."""
        return self.defer("content")

    def with_measure_count(self) -> "PlanVersionQuerySet":
        """Give each ``measure_count``, how many measures its document has, without reading it.

        Canonical JSON writes the name of this field once for each measure, and nowhere else: in a
        text the quotes would be escaped.
        """
        name = '"lup_days":'
        without = Length(Replace("content", Value(name)))
        found: PlanVersionQuerySet = self.annotate(
            measure_count=(Length("content") - without) / len(name)
        )
        return found

    def with_file(self) -> "PlanVersionQuerySet":
        """Give each ``file_sha256``, ``file_size`` and ``file_made_at`` of its newest file, None
        while there is none."""
        newest = VersionFile.objects.filter(version=OuterRef("pk")).order_by("-sequence")
        found: PlanVersionQuerySet = self.annotate(
            **{
                f"file_{name}": Subquery(newest.values(name)[:1])
                for name in ("sha256", "size", "made_at")
            }
        )
        return found


class PlanVersion(models.Model):
    """What was sent to signing, word for word.

    ``content`` is the document's canonical JSON (plans.document), ``fingerprint`` its SHA-256.
    """

    plan = models.ForeignKey(
        PartnerPlan, on_delete=models.PROTECT, related_name="versions", verbose_name=_("plan")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.TextField(_("document"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    frozen_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = PlanVersionQuerySet.as_manager()

    measure_count: int  # of rows that were read by with_measure_count()
    file_sha256: str | None  # of rows that were read by with_file()
    file_size: int | None
    file_made_at: datetime | None

    class Meta:
        verbose_name = _("version of a plan")
        verbose_name_plural = _("versions of plans")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plans_version_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="plans_version_number_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"


class VersionFileQuerySet(models.QuerySet["VersionFile"]):
    """Reads of files."""

    def newest_in_force_at(self, county: str, year: int) -> "VersionFile | None":
        """Return, without its content, the file that is given out of the plan of a county (its
        slug) and a year; None where none is in force. One light query."""
        versions = PlanVersion.objects.in_force_at(county, year)
        return self._newest(self.filter(version__in=versions.values("pk")))

    def newest_of(self, version: PlanVersion) -> "VersionFile | None":
        """Return, without its content, the file of a version that is given out; None while it is
        being made. One light query."""
        return self._newest(self.filter(version=version))

    def content_of(self, file: "VersionFile") -> bytes:
        """Return the bytes of a file. One query."""
        rows = self.order_by().filter(pk=file.pk).values_list("content", flat=True)
        return bytes(rows.get())

    def _newest(self, files: "VersionFileQuerySet") -> "VersionFile | None":
        return files.only("sha256").order_by("-sequence").first()


class VersionFile(models.Model):
    """The bytes of a version's PDF: sealed (``sequence`` 0), then once more with each signature and
    each renewal of its long-term proof. The newest is the one that is given out."""

    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="files", verbose_name=_("version")
    )
    sequence = models.PositiveSmallIntegerField(_("sequence"))
    kind = models.CharField(_("kind"), max_length=15, choices=FileKind)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = VersionFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a version")
        verbose_name_plural = _("files of versions")
        ordering = ["version", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["version", "sequence"], name="plans_versionfile_place"),
            known("kind", FileKind, "plans_versionfile_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}.{self.sequence}"


class Signature(models.Model):
    """A party's signature on a version, which ``file`` is the first to hold.

    ``name`` and ``organisation`` are as in the signature, ``role`` as on its stamp; ``signer`` is
    who was logged in, also where a file that was signed elsewhere was uploaded. Nobody signs a
    version for both parties.
    """

    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("version")
    )
    party = models.CharField(_("party"), max_length=10, choices=SigningParty)
    file = models.OneToOneField(
        VersionFile, on_delete=models.PROTECT, related_name="signature", verbose_name=_("file")
    )
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=100, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200)
    way = models.CharField(_("way"), max_length=10, choices=SigningWay)
    level = models.CharField(_("level"), max_length=5, choices=SignatureLevel)
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["version", "file"]
        constraints = [
            models.UniqueConstraint(fields=["version", "party"], name="plans_signature_one_each"),
            models.UniqueConstraint(fields=["version", "signer"], name="plans_signature_by_two"),
            known("party", SigningParty, "plans_signature_party"),
            known("way", SigningWay, "plans_signature_way"),
            known("level", SignatureLevel, "plans_signature_level"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"


class VersionVoid(models.Model):
    """That a version was returned: it and every signature on it are void, kept, and shown so."""

    version = models.OneToOneField(
        PlanVersion, on_delete=models.PROTECT, related_name="void", verbose_name=_("version")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("void version")
        verbose_name_plural = _("void versions")

    def __str__(self) -> str:
        return str(self.version)
