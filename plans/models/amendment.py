"""Why each of the changes of an amendment is made."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.enums import AmendedKind
from plans.models.fields import Edited, known, text_language
from plans.models.version import PlanVersion

if TYPE_CHECKING:
    from plans.models.plan import PartnerPlan

MOST_REASON = 4000  # characters


class AmendmentReasonQuerySet(models.QuerySet["AmendmentReason"]):
    """Reads of reasons."""

    def of_plan(self, plan: "PartnerPlan") -> "AmendmentReasonQuerySet":
        """Return the reasons of the amendment that is made of a plan now, in no order."""
        return self.filter(amends=plan.in_force_id)


class AmendmentReason(Edited):
    """Why something of the version ``amends`` is changed, as both parties sign it.

    ``kind`` and ``key`` name what is changed, as plans.document.difference does. The next amendment
    amends another version, so it starts without reasons; one that was dropped leaves them empty.
    """

    amends = models.ForeignKey(
        PlanVersion,
        on_delete=models.PROTECT,
        related_name="amendment_reasons",
        verbose_name=_("version that is amended"),
        editable=False,
    )
    kind = models.CharField(
        _("what is changed"), max_length=10, choices=AmendedKind, editable=False
    )
    key = models.CharField(_("its key"), max_length=40, blank=True, editable=False)
    title = models.CharField(_("what it is called"), max_length=200, editable=False)
    text = models.TextField(
        _("reason"),
        max_length=MOST_REASON,
        help_text=_("Why it is changed. It stands in the amendment that both parties sign."),
    )
    language = text_language()

    objects = AmendmentReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for a change")
        verbose_name_plural = _("reasons for changes")
        constraints = [
            models.UniqueConstraint(fields=["amends", "kind", "key"], name="plans_reason_one_each"),
            known("kind", AmendedKind, "plans_reason_kind"),
        ]

    def __str__(self) -> str:
        return self.title
