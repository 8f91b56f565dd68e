"""Rows that hold for a period, half-open: ``valid_to`` is the first day that no longer counts.

One rule for every app: counties and municipalities, memberships, roles, agreements.
"""

from datetime import date, timedelta
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

P = TypeVar("P", bound="Period")


def year_bounds(year: int) -> tuple[date, date]:
    """Return the first day of ``year`` and the first day of the next."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def overlaps(start: date | None, end: date | None, *, prefix: str = "") -> Q:
    """Return the condition that a row shares a day with [``start``, ``end``); None is open.

    ``prefix`` leads to the dated row from another one: ``"memberships__"``. Conditions on the same
    membership must then stand in the same ``filter()`` call.
    """
    condition = Q()
    if end is not None:
        condition &= Q(**{f"{prefix}valid_from__lt": end}) | Q(
            **{f"{prefix}valid_from__isnull": True}
        )
    if start is not None:
        condition &= Q(**{f"{prefix}valid_to__gt": start}) | Q(
            **{f"{prefix}valid_to__isnull": True}
        )
    return condition


def valid_on(day: date, *, prefix: str = "") -> Q:
    """Return the condition that a row holds on ``day``; ``prefix`` as for ``overlaps``."""
    return overlaps(day, day + timedelta(days=1), prefix=prefix)


class DatedQuerySet(models.QuerySet[P]):
    """Reads by date, for every dated model."""

    def valid_on(self, day: date) -> Self:
        """Return the rows that hold on ``day``."""
        return self.filter(valid_on(day))

    def valid_in_year(self, year: int) -> Self:
        """Return the rows that hold on at least one day of ``year``."""
        return self.filter(overlaps(*year_bounds(year)))


class Period(models.Model):
    """The end of a period and what follows from it; ``Dated`` and ``OpenDated`` add the start."""

    # A DateField of the subclass: one that may be empty, or one that may not.
    valid_from: "models.DateField[str | date, date | None]"
    valid_to = models.DateField(
        _("valid to"),
        null=True,
        blank=True,
        help_text=_("The first day on which it no longer holds. Empty: it still holds."),
    )

    class Meta:
        abstract = True

    @staticmethod
    def range_constraint(name: str) -> models.CheckConstraint:
        """Return the database's own check that a period has at least one day, called ``name``."""
        return models.CheckConstraint(
            condition=Q(valid_from__isnull=True)
            | Q(valid_to__isnull=True)
            | Q(valid_to__gt=F("valid_from")),
            name=name,
            violation_error_message=_("The end must come after the start."),
        )

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds, as people write it; None while it still holds."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None

    def overlaps(self, start: date | None, end: date | None) -> bool:
        """Say whether this shares a day with [``start``, ``end``); None is open."""
        began = end is None or self.valid_from is None or self.valid_from < end
        return began and (start is None or self.valid_to is None or self.valid_to > start)

    def is_valid_on(self, day: date) -> bool:
        """Say whether this holds on ``day``."""
        return self.overlaps(day, day + timedelta(days=1))

    def is_valid_in_year(self, year: int) -> bool:
        """Say whether this holds on at least one day of ``year``."""
        return self.overlaps(*year_bounds(year))

    def clean(self) -> None:
        """Refuse a period that ``check_period`` refuses."""
        super().clean()
        self.check_period()

    def check_period(self) -> None:
        """Raise ValidationError for a period without a day. Asks the database nothing."""
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValidationError({"valid_to": _("The end must come after the start.")})

    def refuse_overlap(self, *same: str) -> None:
        """Raise ValidationError if another row with the ``same`` fields shares a day with this one.

        For ``clean()``: SQLite has no constraint that could keep it.
        """
        others = type(self)._default_manager.exclude(pk=self.pk)
        others = others.filter(**{field: getattr(self, field) for field in same})
        other = others.filter(overlaps(self.valid_from, self.valid_to)).first()
        if other is not None:
            raise ValidationError(
                _("This period overlaps one that is already there: %(other)s."),
                code="overlap",
                params={"other": other},
            )


class Dated(Period):
    """A row that holds from a known day."""

    valid_from = models.DateField(_("valid from"), help_text=_("The first day on which it holds."))

    class Meta:
        abstract = True


class OpenDated(Period):
    """A row whose start may be unknown: it then holds as far back as anybody asks."""

    valid_from = models.DateField(
        _("valid from"),
        null=True,
        blank=True,
        help_text=_("The first day on which it holds. Empty: from before our data begin."),
    )

    class Meta:
        abstract = True
