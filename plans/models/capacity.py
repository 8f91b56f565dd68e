"""LUP's capacity: how many days it has for a county in a year."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.db.models import Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from plans.models.fields import Edited
from plans.models.measure import Measure
from plans.models.plan import PartnerPlan

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Days = tuple[Decimal, Decimal, Decimal, Decimal]
# Days in a quarter of one person's whole time, for a handful of advisers.
MOST_DAYS = 500
QUARTERS = (1, 2, 3, 4)


def _days(name: "StrPromise") -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(
        name,
        max_digits=4,
        decimal_places=1,
        validators=[
            MinValueValidator(0),
            MaxValueValidator(MOST_DAYS),
            StepValueValidator(
                Decimal("0.5"), message=_("Give whole or half days, such as 2 or 2.5.")
            ),
        ],
    )


class LupCapacityQuerySet(models.QuerySet["LupCapacity"]):
    """Reads of capacity."""

    def of_plan(self, plan: PartnerPlan) -> "LupCapacityQuerySet":
        """Return the capacity that the plan's measures book, if LUP has said it.

        ``plan`` comes with its parties.
        """
        return self.filter(
            programme=plan.agreement.programme_id,
            county=plan.agreement.county_id,
            year=plan.year,
        )

    def with_booked(self, plan: PartnerPlan) -> "LupCapacityQuerySet":
        """Give each ``booked_q1`` to ``booked_q4``: the days of the plan's standing measures."""
        measures = Measure.objects.standing().filter(part__plan=plan).order_by()
        booked: dict[str, Any] = {
            f"booked_q{quarter}": Subquery(
                measures.values("part__plan")
                .annotate(days=Sum(f"lup_days_q{quarter}"))
                .values("days")
            )
            for quarter in QUARTERS
        }
        found: LupCapacityQuerySet = self.annotate(**booked)
        return found


class LupCapacity(Edited):
    """The days that the programme has for a county in each quarter of a year, in half days.

    Without a row LUP has not said it yet: that isn't the same as none.
    """

    programme = models.ForeignKey(
        "plans.Programme",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("programme"),
        editable=False,
    )
    county = models.ForeignKey(
        "municipalities.County",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("county"),
        editable=False,
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    days_q1 = _days(_("days in the 1st quarter"))
    days_q2 = _days(_("days in the 2nd quarter"))
    days_q3 = _days(_("days in the 3rd quarter"))
    days_q4 = _days(_("days in the 4th quarter"))

    objects = LupCapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("LUP's capacity")
        verbose_name_plural = _("LUP's capacities")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "county", "year"], name="plans_lupcapacity_once"
            ),
            models.CheckConstraint(
                condition=Q(days_q1__gte=0, days_q2__gte=0, days_q3__gte=0, days_q4__gte=0),
                name="plans_lupcapacity_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"

    @property
    def days(self) -> Days:
        """The days in the four quarters."""
        return self.days_q1, self.days_q2, self.days_q3, self.days_q4
