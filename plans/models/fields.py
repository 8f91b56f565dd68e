"""What the plan's models share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.enums import TextLanguage

MAX_TEXT = 20_000
"""Characters in one text: longer ones make the layout of the PDF too slow (docs/pdf.md)."""


def text_language() -> "models.CharField[str, str]":
    """Return the field that says which language a row's texts are written in."""
    return models.CharField(
        _("language of the text"), max_length=2, choices=TextLanguage, default=TextLanguage.NYNORSK
    )


def known(
    field: str, choices: type[models.TextChoices], name: str, *, blank: bool = False
) -> models.CheckConstraint:
    """Return a constraint that ``field`` holds one of ``choices`` (or, with ``blank``, nothing)."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


class Edited(models.Model):
    """A row that two people may want to change at once.

    ``version`` grows by one with each change; a save that names an older one is refused.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
