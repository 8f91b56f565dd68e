"""The municipality: a number in Statistics Norway's list, and the names that it has had."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from municipalities.dated import Dated, DatedQuerySet, OpenDated
from municipalities.enums import LanguageForm
from municipalities.fields import (
    MUNICIPALITY_NUMBER,
    choice_constraint,
    language_form_field,
    number_constraint,
    organisation_number_constraint,
    organisation_number_field,
)
from municipalities.models.county import County

# Degrees; the Norwegian mainland with room to spare.
LATITUDES = (57, 72)
LONGITUDES = (4, 32)


# Those with the given keys, and all that came after them: 1504, 1507, then 1508 and 1580.
_FOLLOWED = """
    WITH RECURSIVE followed(id) AS (
        SELECT id FROM municipalities_municipality WHERE id IN ({})
        UNION
        SELECT link.to_municipality_id FROM municipalities_municipality_successors link
        JOIN followed ON followed.id = link.from_municipality_id
    )
    SELECT id FROM followed
"""
# The other way: 1508, then 1507 and 1504.
_LEADING = """
    WITH RECURSIVE origin(id) AS (
        SELECT id FROM municipalities_municipality WHERE id IN ({})
        UNION
        SELECT link.from_municipality_id FROM municipalities_municipality_successors link
        JOIN origin ON origin.id = link.to_municipality_id
    )
    SELECT id FROM origin
"""


class MunicipalityQuerySet(DatedQuerySet["Municipality"]):
    """Reads of municipalities."""

    def followed_from(self, keys: Iterable[int]) -> Self:
        """Return those with the primary ``keys`` and all their successors, however many mergers
        lie between; one query."""
        given = sorted(set(keys))
        if not given:
            return self.none()
        places = ", ".join(["%s"] * len(given))
        return self.filter(pk__in=RawSQL(_FOLLOWED.format(places), given))  # noqa: S611 - keys are parameters

    def leading_to(self, keys: Iterable[int]) -> Self:
        """Return those with the primary ``keys`` and all that they took over from; one query."""
        given = sorted(set(keys))
        if not given:
            return self.none()
        places = ", ".join(["%s"] * len(given))
        return self.filter(pk__in=RawSQL(_LEADING.format(places), given))  # noqa: S611 - keys are parameters

    def in_county(self, number: str) -> Self:
        """Return those that belong to the county with ``number``, e.g. "15"."""
        return self.filter(county__number=number)

    def with_names(self) -> Self:
        """Fetch the former names too, so that ``name_on`` asks the database nothing more."""
        return self.prefetch_related("former_names")

    def called_on(self, day: date) -> Self:
        """Give each row ``name_then``: what ``name_on(day)`` says, without a query more."""
        former = FormerName.objects.valid_on(day).filter(municipality=OuterRef("pk"))
        return self.annotate(
            name_then=Coalesce(Subquery(former.values("name")[:1]), F("name_official"))
        )


class Municipality(Dated):
    """One municipality number.

    A municipality that is merged, split or moved to another county gets another number, and so
    another row: 1507 Ålesund until 2023, 1508 Ålesund and 1580 Haram from 2024. Starts before 2018
    are known to the year only and stand as 1 January.
    """

    number = models.CharField(
        _("number"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(MUNICIPALITY_NUMBER, _("Write four digits."))],
        help_text=_("Four digits, as in Statistics Norway's list."),
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("The Norwegian name alone."))
    name_official = models.CharField(
        _("official name"),
        max_length=100,
        help_text=_("The newest official form, with parallel names in their official order."),
    )
    name_parallel = models.CharField(
        _("parallel names"),
        max_length=100,
        blank=True,
        help_text=_("Sámi and Kven names in their newest form."),
    )
    county = models.ForeignKey(
        County,
        on_delete=models.PROTECT,
        related_name="municipalities",
        verbose_name=_("county"),
    )
    language_form = language_form_field()
    language_note = models.CharField(
        _("about the language form"),
        max_length=300,
        blank=True,
        help_text=_("What is uncertain about it, or when it held."),
    )
    organisation_number = organisation_number_field()
    latitude = models.DecimalField(
        _("latitude of the centre"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(LATITUDES[0]), MaxValueValidator(LATITUDES[1])],
        help_text=_("Degrees north, WGS84."),
    )
    longitude = models.DecimalField(
        _("longitude of the centre"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(LONGITUDES[0]), MaxValueValidator(LONGITUDES[1])],
        help_text=_("Degrees east, WGS84."),
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_date = models.DateField(_("population on"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successors"),
        help_text=_("The municipalities that took over its area."),
    )

    objects = MunicipalityQuerySet.as_manager()

    name_then: str  # of rows that were read by called_on()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["number"]
        constraints = [
            Dated.range_constraint("municipality_range"),
            number_constraint(MUNICIPALITY_NUMBER, "municipality_number_four_digits"),
            organisation_number_constraint("municipality_organisation_number_nine_digits"),
            choice_constraint("language_form", LanguageForm, "municipality_language_form_known"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # Said outright: a check that comes to NULL lets the row through.
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=LATITUDES, longitude__range=LONGITUDES),
                name="municipality_centre_in_norway",
                violation_error_message=_("Give both coordinates of a place in Norway, or none."),
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True, population_date__isnull=True)
                | Q(population__isnull=False, population_date__isnull=False),
                name="municipality_population_dated",
                violation_error_message=_("Give the population and its date, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def name_on(self, day: date) -> str:
        """Return the official name as it was on ``day``, e.g. "Trondheim" before 2023.

        Before the first known change it is the first known name, and after the last one the newest.
        Costs a query unless it was read by ``with_names()``.
        """
        former = (row.name for row in self.former_names.all() if row.is_valid_on(day))
        return next(former, self.name_official)


class FormerNameQuerySet(DatedQuerySet["FormerName"]):
    """Reads of former names."""


class FormerName(OpenDated):
    """An official name that a municipality had before today's, without a change of number."""

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="former_names",
        verbose_name=_("municipality"),
    )
    name = models.CharField(_("official name"), max_length=100)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["municipality", "valid_to"]
        constraints = [
            OpenDated.range_constraint("former_name_range"),
            models.UniqueConstraint(
                fields=["municipality", "valid_to"], name="former_name_unique_end"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=False),
                name="former_name_has_ended",
                violation_error_message=_("A former name has an end."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a name for days that have one already."""
        super().clean()
        self.refuse_overlap("municipality_id")
