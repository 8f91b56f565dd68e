"""The county: a number in Statistics Norway's list, with the period in which it was in use."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from municipalities.dated import DatedQuerySet, OpenDated
from municipalities.enums import LanguageForm
from municipalities.fields import (
    COUNTY_NUMBER,
    choice_constraint,
    language_form_field,
    number_constraint,
    organisation_number_constraint,
    organisation_number_field,
)

# Oslo is a municipality that also does a county's work; it has no fylkeskommune.
OSLO = "03"


class CountyQuerySet(DatedQuerySet["County"]):
    """Reads of counties."""


class County(OpenDated):
    """One county number. A county that is split, merged or renumbered becomes another row."""

    number = models.CharField(
        _("number"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(COUNTY_NUMBER, _("Write two digits."))],
        help_text=_("Two digits, as in Statistics Norway's list."),
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("name in addresses"),
        unique=True,
        help_text=_(
            "The newest county of a name has the plain one (ostfold); an older county of the same "
            "name has its number added (ostfold-01)."
        ),
    )
    name_parallel = models.CharField(
        _("parallel names"), max_length=100, blank=True, help_text=_("Sámi and Kven names.")
    )
    language_form = language_form_field()
    organisation_number = organisation_number_field()
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successors"),
        help_text=_("The counties that took over its area."),
    )

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = _("county")
        verbose_name_plural = _("counties")
        ordering = ["number"]
        constraints = [
            OpenDated.range_constraint("county_range"),
            number_constraint(COUNTY_NUMBER, "county_number_two_digits"),
            organisation_number_constraint("county_organisation_number_nine_digits"),
            choice_constraint("language_form", LanguageForm, "county_language_form_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def full_name(self) -> str:
        """The body's own name: "Møre og Romsdal fylkeskommune". A name, never translated."""
        return f"{self.name} {'kommune' if self.number == OSLO else 'fylkeskommune'}"
