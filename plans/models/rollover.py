"""The roll-over: from a plan to the next year's draft, as a decision per measure."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import Decision, PartKind, PeriodUnit, TextKind
from plans.models.fields import Edited, known
from plans.models.measure import Measure
from plans.models.plan import PartnerPlan

MAX_REASON = 2000  # characters
NOBODY = "-"  # the answer "none of them", to which municipality takes over


class RolloverQuerySet(models.QuerySet["Rollover"]):
    """Reads of roll-overs."""

    def open(self) -> "RolloverQuerySet":
        """Return those that are neither confirmed nor cancelled."""
        return self.filter(confirmed_at__isnull=True, cancelled_at__isnull=True)

    def with_parties(self) -> "RolloverQuerySet":
        """Return them with their source and its parties, the agreement of the year to come, and the
        county."""
        return self.select_related(
            "source__agreement__county",
            "source__agreement__programme",
            "agreement__county",
            "agreement__programme",
            "result",
        )


def all_texts() -> list[str]:
    """Return the codes of all texts: carried on unless somebody says otherwise."""
    return [*TextKind.values, *(f"PART_{kind}" for kind in PartKind.values)]


class Rollover(Edited):
    """The work on next year's plan until it is confirmed: nothing of it is in any plan before.

    ``texts`` are the codes of the texts that are carried on (``TextKind``, and ``PART_`` with the
    kind of a part for its introduction), ``focus_areas`` the keys of the focus areas that are,
    beside those of the measures.
    """

    source = models.ForeignKey(
        PartnerPlan, on_delete=models.PROTECT, related_name="rollovers", verbose_name=_("from")
    )
    target_year = models.PositiveSmallIntegerField(_("into the year"))
    agreement = models.ForeignKey(
        "plans.PartnershipAgreement",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("partnership agreement"),
    )
    title = models.CharField(_("title of the new plan"), max_length=200)
    texts = models.JSONField(_("texts to carry on"), default=all_texts, blank=True)
    focus_areas = models.JSONField(_("focus areas to carry on"), default=list, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    result = models.OneToOneField(
        PartnerPlan,
        on_delete=models.PROTECT,
        null=True,
        related_name="made_by_rollover",
        verbose_name=_("the plan that it made"),
    )

    objects = RolloverQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll-over")
        verbose_name_plural = _("roll-overs")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target_year"],
                condition=Q(confirmed_at__isnull=True, cancelled_at__isnull=True),
                name="plans_rollover_one_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    confirmed_at__isnull=True, confirmed_by__isnull=True, result__isnull=True
                )
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    result__isnull=False,
                    cancelled_at__isnull=True,
                ),
                name="plans_rollover_confirmed_has_plan",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="plans_rollover_cancelled_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target_year}"

    @property
    def is_open(self) -> bool:
        """Whether it still is being worked on."""
        return self.confirmed_at is None and self.cancelled_at is None


class RolloverDecision(Edited):
    """What becomes of one measure, and how it looks in the new year if it is carried on.

    ``successors`` answers where a municipality was split: ``"1507:1508"`` for each that takes its
    place, ``"1507:-"`` where none does, nothing while it isn't answered.
    ``responsible_successor`` does so for the responsible municipality. ``seen_version`` is the
    measure's when it was decided about: a newer one means that it was changed since.
    """

    rollover = models.ForeignKey(Rollover, on_delete=models.PROTECT, related_name="decisions")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    reason = models.TextField(
        _("reason"),
        max_length=MAX_REASON,
        blank=True,
        help_text=_("Needed for all but “continue”. The county's own people read it."),
    )
    period_unit = models.CharField(
        _("period given as"), max_length=10, choices=PeriodUnit, default=PeriodUnit.QUARTERS
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("The last day counts.")
    )
    carry_lup_days = models.BooleanField(_("carry the days from LUP on"), default=True)
    successors = models.JSONField(_("municipalities that take over"), default=list, blank=True)
    responsible_successor = models.CharField(
        _("who takes over as responsible"), max_length=4, blank=True
    )
    postponed_to = models.PositiveSmallIntegerField(
        _("offered again for the year"), null=True, blank=True
    )
    seen_version = models.PositiveIntegerField(_("decided on version"), default=1, editable=False)

    class Meta:
        verbose_name = _("decision about a measure")
        verbose_name_plural = _("decisions about measures")
        constraints = [
            models.UniqueConstraint(
                fields=["rollover", "measure"], name="plans_rolloverdecision_one_a_measure"
            ),
            known("decision", Decision, "plans_rolloverdecision_decision"),
            known("period_unit", PeriodUnit, "plans_rolloverdecision_period_unit"),
            models.CheckConstraint(
                condition=Q(decision=Decision.CONTINUE) | ~Q(reason=""),
                name="plans_rolloverdecision_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.POSTPONE, postponed_to__isnull=False)
                | (~Q(decision=Decision.POSTPONE) & Q(postponed_to__isnull=True)),
                name="plans_rolloverdecision_postponed",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="plans_rolloverdecision_period",
            ),
        ]

    def __str__(self) -> str:
        return self.measure.title
