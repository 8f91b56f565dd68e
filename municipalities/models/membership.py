"""What a procurement cooperation and a working group have in common: dated members."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.dated import DatedQuerySet, OpenDated, valid_on
from municipalities.enums import Certainty
from municipalities.fields import choice_constraint
from municipalities.models.county import County
from municipalities.models.municipality import Municipality

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

B = TypeVar("B", bound="Body")
M = TypeVar("M", bound="BodyMembership")

# From the surest to the least sure.
_CERTAINTIES = [Certainty.STATED, Certainty.DERIVED, Certainty.NOT_CONFIRMED]


class BodyQuerySet(models.QuerySet[B]):
    """Reads of cooperations and of working groups."""

    def with_members(self) -> Self:
        """Fetch members and their former names too: three queries, for one body or many."""
        return self.prefetch_related("memberships__municipality__former_names")

    def having_member(self, municipality: Municipality, *, on: date) -> Self:
        """Return those that ``municipality`` is known to be a member of on the day ``on``."""
        return self.filter(
            valid_on(on, prefix="memberships__"), memberships__municipality=municipality
        ).distinct()


class MembershipManager(models.Manager[M]):
    """Reads the municipality in the same query: a membership is never shown without it."""

    def get_queryset(self) -> DatedQuerySet[M]:
        """Return the memberships with their municipality."""
        return DatedQuerySet[M](self.model, using=self._db).select_related("municipality")

    def valid_on(self, day: date) -> DatedQuerySet[M]:
        """Return the memberships that hold on ``day``."""
        return self.get_queryset().valid_on(day)

    def valid_in_year(self, year: int) -> DatedQuerySet[M]:
        """Return the memberships that hold on at least one day of ``year``."""
        return self.get_queryset().valid_in_year(year)


class Body(models.Model):
    """Something that municipalities are members of, with what is certain about who they are."""

    memberships: "RelatedManager[BodyMembership]"  # from the membership's foreign key

    key = models.SlugField(_("key"), unique=True, help_text=_("Short and stable; in addresses."))
    name = models.CharField(_("name"), max_length=150)
    county = models.ForeignKey(
        County,
        on_delete=models.PROTECT,
        verbose_name=_("home county"),
        help_text=_("Members may come from other counties too."),
    )
    certainty = models.CharField(
        _("certainty of the members"),
        max_length=15,
        choices=Certainty,
        default=Certainty.NOT_CONFIRMED,
        help_text=_("How sure we are that the list of members is right and complete."),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def members_on(self, day: date) -> list[Municipality]:
        """Return the known members on ``day``, by number. One query; none after ``with_members()``.

        An empty list means that none is known, not that there was none: see ``certainty_on``.
        """
        return [row.municipality for row in self.memberships.all() if row.is_valid_on(day)]

    def members_in_year(self, year: int) -> list[Municipality]:
        """Return those that were members on at least one day of ``year``, by number."""
        rows = [row for row in self.memberships.all() if row.is_valid_in_year(year)]
        return list(dict.fromkeys(row.municipality for row in rows))

    def certainty_on(self, day: date) -> Certainty:
        """Return how sure ``members_on(day)`` is: the least sure of its memberships.

        NOT_CONFIRMED if no member is known on that day, or if the list as a whole isn't.
        """
        return self.certainty_among(self.memberships.all(), day)

    def certainty_among(self, memberships: "Iterable[BodyMembership]", day: date) -> Certainty:
        """Return what ``certainty_on`` says, of ``memberships`` that were read already."""
        found = [Certainty(row.certainty) for row in memberships if row.is_valid_on(day)]
        if not found or self.certainty == Certainty.NOT_CONFIRMED:
            return Certainty.NOT_CONFIRMED
        return max(found, key=_CERTAINTIES.index)


class BodyMembership(OpenDated):
    """``municipality`` is a member from one day to another, as far as a source goes."""

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        verbose_name=_("municipality"),
    )
    certainty = models.CharField(_("certainty"), max_length=15, choices=Certainty)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    # The foreign key to the body, which the subclass adds.
    body_field: ClassVar[str]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.municipality}, {self.valid_from or ''} – {self.last_day or ''}"

    def clean(self) -> None:
        """Refuse days of another membership of the same municipality."""
        super().clean()
        self.refuse_overlap(f"{self.body_field}_id", "municipality_id")

    def check_period(self) -> None:
        """Refuse days outside the municipality's own too.

        A number that has ended can't be a member later: its successor is.
        """
        super().check_period()
        if not self.municipality_id:
            return
        own = self.municipality
        starts_early = self.valid_from is not None and self.valid_from < own.valid_from
        ends_late = own.valid_to is not None and (
            self.valid_to is None or self.valid_to > own.valid_to
        )
        if starts_early or ends_late:
            raise ValidationError(
                _("The membership goes beyond the days on which %(municipality)s was in use."),
                code="outside_municipality",
                params={"municipality": own},
            )


def body_constraints(body: str) -> list[models.BaseConstraint]:
    """Return the checks of a body's own row; ``body`` begins their names."""
    return [choice_constraint("certainty", Certainty, f"{body}_certainty_known")]


def membership_constraints(body: str) -> list[models.BaseConstraint]:
    """Return the checks of the memberships of ``body``, which is also the foreign key's name."""
    return [
        OpenDated.range_constraint(f"{body}_membership_range"),
        choice_constraint("certainty", Certainty, f"{body}_membership_certainty_known"),
        models.UniqueConstraint(
            fields=[body, "municipality", "valid_from"], name=f"{body}_membership_unique_start"
        ),
        # A unique constraint takes two unknown starts for different.
        models.UniqueConstraint(
            fields=[body, "municipality"],
            condition=Q(valid_from__isnull=True),
            name=f"{body}_membership_unique_open_start",
        ),
    ]
