"""A view of the table of measures that somebody wants to come back to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

MOST_QUERY = 2000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Reads of saved views."""

    def offered_to(self, user: User, county_id: int) -> "SavedViewQuerySet":
        """Return the county's views that ``user`` may use: their own, then those that are shared.

        The caller has seen to it that the user works with a plan of the county.
        """
        mine = models.Case(models.When(owner=user, then=0), default=1)
        return (
            self.filter(Q(owner=user) | Q(shared=True), county=county_id)
            .select_related("owner")
            .order_by(mine, "name", "pk")
        )


class SavedView(models.Model):
    """Filters, sorting and columns under a name, for the plans of a county through the years.

    ``query`` is the address's query string, made of known parameters alone
    (``plans.table.normal_query``). What a year's plan doesn't have, such as a focus area, is left
    out when the view is used there.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
        editable=False,
    )
    county = models.ForeignKey(
        "municipalities.County",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("county"),
        editable=False,
    )
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("query"), max_length=MOST_QUERY, blank=True, editable=False)
    shared = models.BooleanField(
        _("share it"),
        default=False,
        help_text=_("Everybody who works with the county's plans can then use it."),
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "county", "name"],
                name="plans_savedview_one_of_a_name",
                violation_error_message=_("You have a view of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
