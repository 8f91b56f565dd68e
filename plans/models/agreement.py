"""The programme, who owns it, and its agreements with counties."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from municipalities.dated import Dated, DatedQuerySet
from plans.enums import SigningParty


class Programme(models.Model):
    """The national supplier-development programme, LUP."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    short_name = models.CharField(_("short name"), max_length=20, unique=True)
    founded = models.PositiveSmallIntegerField(_("founded in the year"))

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name


class ProgrammeOwner(Dated):
    """An organisation on the owner side of the programme, for a time."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="owners", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=150)
    founder = models.BooleanField(_("took the initiative to the programme"), default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("owner of the programme")
        verbose_name_plural = _("owners of the programme")
        ordering = ["-founder", "valid_from", "name"]
        constraints = [
            Dated.range_constraint("plans_programmeowner_range"),
            models.UniqueConstraint(
                fields=["programme", "name", "valid_from"], name="plans_programmeowner_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnershipAgreement(Dated):
    """What makes a county a partner of the programme for a programme period, such as 2020-2024.

    A county has at most one at a time: the database refuses two that overlap.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("programme")
    )
    county = models.ForeignKey(
        "municipalities.County",
        on_delete=models.PROTECT,
        related_name="agreements",
        verbose_name=_("county"),
    )
    partner_since = models.PositiveSmallIntegerField(_("partner since the year"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signs_first = models.CharField(
        _("who signs a plan first"),
        max_length=10,
        choices=SigningParty,
        blank=True,
        help_text=_("Leave it empty if either party may."),
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership agreement")
        verbose_name_plural = _("partnership agreements")
        ordering = ["county", "valid_from"]
        constraints = [
            Dated.range_constraint("plans_agreement_range"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=False), name="plans_agreement_has_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county.name} {self.first_year}–{self.last_year}"

    @property
    def first_year(self) -> int:
        """The first year in which a plan can be made under the agreement."""
        return self.valid_from.year

    @property
    def last_year(self) -> int:
        """The last year, inclusive, in which a plan can be made under the agreement."""
        assert self.valid_to is not None  # the database says so
        return (
            self.valid_to.year - 1
            if self.valid_to.timetuple().tm_yday == 1
            else (self.valid_to.year)
        )

    @property
    def years(self) -> range:
        """The years of the programme period."""
        return range(self.first_year, self.last_year + 1)

    def clean(self) -> None:
        """Refuse a period that overlaps another agreement of the same county."""
        super().clean()
        if self.county_id is not None and self.valid_from is not None:
            self.refuse_overlap("county_id")
