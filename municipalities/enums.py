"""The choices that reference data is described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LanguageForm(models.TextChoices):
    """The form of Norwegian that a body wants from the state and the county (målform).

    UNKNOWN says that we haven't found it; NEUTRAL that the body has chosen not to choose.
    """

    NYNORSK = "NYNORSK", _("Nynorsk")
    BOKMAL = "BOKMAL", _("Bokmål")
    NEUTRAL = "NEUTRAL", _("neutral")
    UNKNOWN = "UNKNOWN", _("not known")


class Certainty(models.TextChoices):
    """How sure we are of a membership: a source says it, it follows from one, or none was found."""

    STATED = "STATED", _("stated by a source")
    DERIVED = "DERIVED", _("derived")
    NOT_CONFIRMED = "NOT_CONFIRMED", _("not confirmed")


class GroupKind(models.TextChoices):
    """What a working group is for."""

    WORKING_GROUP = "WORKING_GROUP", _("working group")
    LEARNING_ARENA = "LEARNING_ARENA", _("learning arena")
