"""The measure: what somebody does."""

import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from plans.enums import (
    MeasureKind,
    MeasureStatus,
    MunicipalityScope,
    PeriodUnit,
    ResponsibleKind,
)
from plans.models.fields import MAX_TEXT, Edited, known, text_language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

# Days in the longest quarter.
MOST_LUP_DAYS = 92


def _lup_days(name: "StrPromise") -> "models.DecimalField[Decimal, Decimal]":
    """Return the field for the days that LUP gives in a quarter, in steps of half a day."""
    return models.DecimalField(
        name,
        max_digits=4,
        decimal_places=1,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(MOST_LUP_DAYS)],
    )


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Reads of measures."""

    def standing(self) -> "MeasureQuerySet":
        """Return the measures that have not been deleted."""
        return self.filter(position__isnull=False)

    def in_plan(self, plan_id: int) -> "MeasureQuerySet":
        """Return the standing measures of a plan, in the order of their numbers."""
        return self.standing().filter(part__plan=plan_id).order_by("part__kind", "position")

    def in_chain_of(self, key: uuid.UUID) -> "MeasureQuerySet":
        """Return what is one measure with that of the key through the years, the earliest first,
        each with its plan and the version in force, without its document. Also those that are
        deleted in the working copy of a signed plan: what was signed stands."""
        chain = self.model._default_manager.filter(key=key).values("chain")
        return (
            self.filter(Q(position__isnull=False) | Q(part__plan__in_force__isnull=False))
            .filter(chain__in=chain)
            .select_related("part__plan__agreement__county")
            .order_by("part__plan__year", "pk")
        )

    def with_open_threads(self, audiences: Collection[str]) -> "MeasureQuerySet":
        """Give each ``open_threads``: how many threads of comments on it, for one of ``audiences``,
        are open."""
        mine = Q(threads__resolved_at__isnull=True, threads__audience__in=list(audiences))
        found: MeasureQuerySet = self.annotate(open_threads=models.Count("threads", filter=mine))
        return found


class Measure(Edited):
    """What somebody does within a focus area, for whom, when, and what LUP gives to it.

    Its number, such as 2.3, is that of its part and ``position``, which counts through the part
    without a gap. A deleted one has no position and keeps its row, so that it can be brought back.
    ``status`` is progress: it moves without touching what was signed.
    """

    key = models.UUIDField(_("lasting key"), default=uuid.uuid4, unique=True, editable=False)
    part = models.ForeignKey(
        "plans.PlanPart",
        on_delete=models.PROTECT,
        related_name="measures",
        verbose_name=_("part"),
        editable=False,
    )
    focus_area = models.ForeignKey(
        "plans.FocusArea",
        on_delete=models.PROTECT,
        related_name="measures",
        verbose_name=_("focus area"),
    )
    position = models.PositiveSmallIntegerField(_("place in the part"), null=True, editable=False)

    title = models.CharField(
        _("title"), max_length=120, help_text=_("Say in a few words what is to be done.")
    )
    kind = models.CharField(_("kind of measure"), max_length=20, choices=MeasureKind)
    description = models.TextField(
        _("description"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("What is to be done, and how. Leave an empty line between paragraphs."),
    )
    purpose = models.TextField(
        _("purpose"), max_length=MAX_TEXT, blank=True, help_text=_("Why it is done.")
    )
    expected_result = models.TextField(
        _("expected result"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("What is there afterwards that was not there before."),
    )
    language = text_language()
    target_groups = models.JSONField(_("target groups"), default=list, blank=True)

    responsible_kind = models.CharField(
        _("responsible"), max_length=15, choices=ResponsibleKind, blank=True
    )
    responsible_municipality = models.ForeignKey(
        "municipalities.Municipality",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible municipality"),
    )
    responsible_cooperation = models.ForeignKey(
        "municipalities.ProcurementCooperation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible cooperation"),
    )
    responsible_working_group = models.ForeignKey(
        "municipalities.WorkingGroup",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible working group"),
    )
    responsible_role = models.CharField(
        _("contact, by role"),
        max_length=100,
        blank=True,
        help_text=_("A role such as “head of procurement”, not a person's name."),
    )

    municipality_scope = models.CharField(
        _("municipalities"),
        max_length=10,
        choices=MunicipalityScope,
        default=MunicipalityScope.CHOSEN,
    )
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="+", verbose_name=_("chosen municipalities")
    )
    cooperations = models.ManyToManyField(
        "municipalities.ProcurementCooperation",
        blank=True,
        related_name="+",
        verbose_name=_("procurement cooperations"),
        help_text=_("The measure concerns the members that each of them has in the plan's year."),
    )
    county_takes_part = models.BooleanField(_("the county takes part"), default=False)

    period_unit = models.CharField(
        _("period given as"), max_length=10, choices=PeriodUnit, default=PeriodUnit.QUARTERS
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("The last day counts.")
    )

    lup_days_q1 = _lup_days(_("LUP days, 1st quarter"))
    lup_days_q2 = _lup_days(_("LUP days, 2nd quarter"))
    lup_days_q3 = _lup_days(_("LUP days, 3rd quarter"))
    lup_days_q4 = _lup_days(_("LUP days, 4th quarter"))
    cost_nok = models.PositiveIntegerField(
        _("cost in whole kroner"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(2_000_000_000)],
    )
    status = models.CharField(
        _("status"), max_length=10, choices=MeasureStatus, default=MeasureStatus.PLANNED
    )

    chain = models.UUIDField(
        _("chain through the years"), default=uuid.uuid4, editable=False, db_index=True
    )
    continues = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="continued_by",
        verbose_name=_("continues"),
        help_text=_("The measure of an earlier year that this one carries on."),
    )
    rewrite_note = models.TextField(
        _("to be rewritten because"),
        max_length=MAX_TEXT,
        blank=True,
        editable=False,
        help_text=_("Why it was carried on with changes; empty once somebody has rewritten it."),
    )

    objects = MeasureQuerySet.as_manager()

    open_threads: int  # of rows that were read by with_open_threads()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["part", "position"]
        constraints = [
            models.UniqueConstraint(fields=["part", "position"], name="plans_measure_place"),
            models.CheckConstraint(
                condition=Q(position__isnull=True) | Q(position__gte=1),
                name="plans_measure_position_from_one",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="plans_measure_period",
                violation_error_message=_("The last day is before the first one."),
            ),
            models.CheckConstraint(
                condition=Q(lup_days_q1__gte=0, lup_days_q2__gte=0)
                & Q(lup_days_q3__gte=0, lup_days_q4__gte=0),
                name="plans_measure_lup_days",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        responsible_kind=ResponsibleKind.MUNICIPALITY,
                        responsible_municipality__isnull=False,
                        responsible_cooperation__isnull=True,
                        responsible_working_group__isnull=True,
                    )
                    | Q(
                        responsible_kind=ResponsibleKind.COOPERATION,
                        responsible_municipality__isnull=True,
                        responsible_cooperation__isnull=False,
                        responsible_working_group__isnull=True,
                    )
                    | Q(
                        responsible_kind=ResponsibleKind.WORKING_GROUP,
                        responsible_municipality__isnull=True,
                        responsible_cooperation__isnull=True,
                        responsible_working_group__isnull=False,
                    )
                    | Q(
                        responsible_kind__in=["", ResponsibleKind.LUP, ResponsibleKind.COUNTY],
                        responsible_municipality__isnull=True,
                        responsible_cooperation__isnull=True,
                        responsible_working_group__isnull=True,
                    )
                ),
                name="plans_measure_responsible",
                violation_error_message=_("Choose who is responsible."),
            ),
            known("kind", MeasureKind, "plans_measure_kind"),
            known("municipality_scope", MunicipalityScope, "plans_measure_scope"),
            known("period_unit", PeriodUnit, "plans_measure_period_unit"),
            known("status", MeasureStatus, "plans_measure_status"),
            models.UniqueConstraint(fields=["continues"], name="plans_measure_continued_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """The number that people know it by, such as 2.3; empty when deleted. Reads ``part``."""
        return "" if self.position is None else f"{self.part.number}.{self.position}"

    @property
    def is_deleted(self) -> bool:
        """Whether it was deleted: it then has no place in its part."""
        return self.position is None

    @property
    def lup_days(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """The days that LUP gives in the four quarters."""
        return self.lup_days_q1, self.lup_days_q2, self.lup_days_q3, self.lup_days_q4
