"""A change of a measure that LUP's adviser proposes and the county's editor answers."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import ProposalState
from plans.models.fields import known
from plans.models.plan import PartnerPlan

MAX_REASON = 2_000
"""Characters in the reason for a proposal and in the answer to it."""


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Reads of proposals."""

    def in_plan(self, plan: PartnerPlan) -> "ProposalQuerySet":
        """Return the plan's proposals in the order of its measures, those of deleted ones last."""
        return self.filter(measure__part__plan=plan).order_by(
            "measure__part__kind", models.F("measure__position").asc(nulls_last=True), "pk"
        )

    def open(self) -> "ProposalQuerySet":
        """Return those that wait for an answer, leaving out those about a deleted measure."""
        return self.filter(state=ProposalState.OPEN, measure__position__isnull=False)

    def with_people(self) -> "ProposalQuerySet":
        """Return the proposals together with their measure and who made and answered them."""
        return self.select_related("measure__part", "made_by", "answered_by")


class Proposal(models.Model):
    """``values`` in place of what ``measure`` said at ``base_version``, which is kept in ``base``.

    Both hold the same fields, those that differ, as JSON: rows by their keys
    (``plans.services.proposed``). ``taken`` names the fields that the editor accepted.
    """

    measure = models.ForeignKey(
        "plans.Measure",
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("measure"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    made_at = models.DateTimeField(_("proposed"), default=timezone.now)
    base_version = models.PositiveIntegerField(_("version of the measure"))
    base = models.JSONField(_("what it said"), encoder=DjangoJSONEncoder)
    values = models.JSONField(_("what it shall say"), encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), max_length=MAX_REASON)
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    taken = models.JSONField(_("accepted fields"), default=list, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=MAX_REASON, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "made_by"],
                condition=Q(state=ProposalState.OPEN),
                name="plans_proposal_one_open_of_each",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ProposalState.OPEN, answered_at__isnull=True, answered_by__isnull=True
                )
                | (
                    ~Q(state=ProposalState.OPEN)
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
                name="plans_proposal_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.DECLINED) | ~Q(answer=""),
                name="plans_proposal_declined_with_reason",
            ),
            known("state", ProposalState, "plans_proposal_state"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.number} {self.measure.title}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == ProposalState.OPEN
