"""Fields and checks that counties and municipalities have in common."""

from typing import TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.enums import LanguageForm

C = TypeVar("C", bound=models.TextChoices)

# \Z and [0-9]: `$` lets a trailing line break through and \d other scripts' digits, and both mean
# the same to SQLite's REGEXP (Python) and to PostgreSQL.
COUNTY_NUMBER = r"^[0-9]{2}\Z"
MUNICIPALITY_NUMBER = r"^[0-9]{4}\Z"
ORGANISATION_NUMBER = r"^[0-9]{9}\Z"


def organisation_number_field() -> "models.CharField[str, str]":
    """Return the field for the number in the Register of Legal Entities; empty if not known."""
    return models.CharField(
        _("organisation number"),
        max_length=9,
        blank=True,
        validators=[RegexValidator(ORGANISATION_NUMBER, _("Write nine digits."))],
        help_text=_("Nine digits. Empty: not known."),
    )


def language_form_field() -> "models.CharField[str, str]":
    """Return the field for the form of Norwegian that the body has chosen."""
    return models.CharField(
        _("language form"),
        max_length=10,
        choices=LanguageForm,
        default=LanguageForm.UNKNOWN,
    )


def number_constraint(pattern: str, name: str) -> models.CheckConstraint:
    """Return the check that ``number`` has the ``pattern``."""
    return models.CheckConstraint(condition=Q(number__regex=pattern), name=name)


def organisation_number_constraint(name: str) -> models.CheckConstraint:
    """Return the check that ``organisation_number`` is nine digits, or empty."""
    return models.CheckConstraint(
        condition=Q(organisation_number="") | Q(organisation_number__regex=ORGANISATION_NUMBER),
        name=name,
    )


def choice_constraint(field: str, choices: type[C], name: str) -> models.CheckConstraint:
    """Return the check that ``field`` is one of the ``choices``."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)
