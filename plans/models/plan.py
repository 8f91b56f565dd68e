"""The partner plan of a county and a year, its texts and its two parts."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES
from accounts.models import User
from plans.enums import PROGRESS_STATES, SIGNED_STATES, PartKind, PlanState, TextKind
from plans.models.fields import MAX_TEXT, Edited, known, text_language

REASON_FIELDS = ("pk", "title", "text", "language", "version")


class PartnerPlanQuerySet(models.QuerySet["PartnerPlan"]):
    """Reads of plans."""

    def visible_to(self, user: "User | AnonymousUser") -> "PartnerPlanQuerySet":
        """Return the plans that ``user`` may know of.

        Everybody: the signed ones. The county's editor and signatory: also the unsigned ones of
        their own county. LUP's people: also every unsigned one that has left the draft state.
        ``plans.rules.can_read`` says the same of one plan.
        """
        visible = Q(in_force__isnull=False)
        if isinstance(user, User):
            visible |= Q(agreement__county__in=user.counties_as(*COUNTY_ROLES))
            if user.has_role(*PROGRAMME_ROLES):
                visible |= ~Q(state=PlanState.DRAFT)
        return self.filter(visible)

    def partly_visible_to(self, user: "User | AnonymousUser") -> "PartnerPlanQuerySet":
        """Return the plans, unsigned and past the draft state, of which ``user`` may read what
        concerns their own municipality, cooperation or working group, and no more.

        ``plans.rules.can_read_in_part`` says the same of one plan.
        """
        if not isinstance(user, User):
            return self.none()
        own = Q(pk__in=())
        for municipality in user.contact_for:
            there = Q(agreement__county=municipality.county_id)
            there &= Q(year__gte=municipality.valid_from.year)
            if municipality.last_day is not None:
                there &= Q(year__lte=municipality.last_day.year)
            own |= there
        bodies = (body for role in user.roles if (body := role.body) is not None)
        own |= Q(agreement__county__in={body.county_id for body in bodies})
        closed = Q(in_force__isnull=False) | Q(state=PlanState.DRAFT)
        return self.filter(own).exclude(closed | Q(pk__in=self.visible_to(user).values("pk")))

    def with_parties(self) -> "PartnerPlanQuerySet":
        """Return the plans together with their agreement, county and programme."""
        return self.select_related("agreement__county", "agreement__programme")

    def with_version(self) -> "PartnerPlanQuerySet":
        """Return the plans together with the version in force, without its document."""
        return self.select_related("in_force").defer("in_force__content")

    def with_reason(self, kind: str, key: str) -> "PartnerPlanQuerySet":
        """Give each plan ``reason_pk`` and other ``reason_…``: why its amendment changes something
        (plans.models.amendment); None where nobody has said it."""
        there = "in_force__amendment_reasons"
        mine = models.FilteredRelation(
            there, condition=Q(**{f"{there}__kind": kind, f"{there}__key": key})
        )
        found: PartnerPlanQuerySet = self.annotate(
            reason=mine,
            **{f"reason_{name}": models.F(f"reason__{name}") for name in REASON_FIELDS},
        )
        return found

    def with_measure_count(self) -> "PartnerPlanQuerySet":
        """Give each plan ``measure_count``, how many standing measures it has."""
        return self.annotate(
            measure_count=models.Count(
                "parts__measures", filter=Q(parts__measures__position__isnull=False)
            )
        )


class PartnerPlan(Edited):
    """What a county and the programme will do in one year, within their agreement's period."""

    agreement = models.ForeignKey(
        "plans.PartnershipAgreement",
        on_delete=models.PROTECT,
        related_name="plans",
        verbose_name=_("partnership agreement"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(
        _("state"), max_length=15, choices=PlanState, default=PlanState.DRAFT, editable=False
    )
    in_force = models.ForeignKey(
        "plans.PlanVersion",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("version in force"),
    )
    is_example = models.BooleanField(
        _("example"),
        default=False,
        help_text=_("Its measures are made up; every page, PDF and export says so."),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects = PartnerPlanQuerySet.as_manager()

    measure_count: int  # of rows that were read by with_measure_count()

    class Meta:
        verbose_name = _("partner plan")
        verbose_name_plural = _("partner plans")
        ordering = ["-year", "agreement"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "year"],
                name="plans_plan_one_a_year",
                violation_error_message=_("The county has a plan for that year already."),
            ),
            known("state", PlanState, "plans_plan_state"),
            models.CheckConstraint(
                condition=Q(in_force__isnull=False) | ~Q(state__in=SIGNED_STATES),
                name="plans_plan_signed_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_signed(self) -> bool:
        """Whether both parties have signed some version of the plan: everybody reads that one,
        also while an amendment is written or signed."""
        return self.in_force_id is not None

    @property
    def takes_progress(self) -> bool:
        """Whether it may be noted how the measures go: also while an amendment waits for
        signatures, for what is in force goes on."""
        return self.state in PROGRESS_STATES or self.is_being_amended

    @property
    def state_to_readers(self) -> str:
        """The state as it is told to those who read the plan. While an amendment waits for
        signatures, what was signed is in force still: «for signature» would say otherwise."""
        if self.is_signed and self.state == PlanState.FOR_SIGNATURE:
            return PlanState.AMENDING.value
        return self.state

    @property
    def is_being_amended(self) -> bool:
        """Whether the rows are the working copy of an amendment: what is in force is the signed
        version, and the rows are for those alone who work with the plan."""
        return self.is_signed and self.state in (PlanState.AMENDING, PlanState.FOR_SIGNATURE)


class PlanText(Edited):
    """One of the texts that a plan opens with, written once, in one language."""

    plan = models.ForeignKey(
        PartnerPlan, on_delete=models.PROTECT, related_name="texts", verbose_name=_("plan")
    )
    kind = models.CharField(_("which text"), max_length=15, choices=TextKind, editable=False)
    body = models.TextField(
        _("text"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("Leave an empty line between paragraphs."),
    )
    language = text_language()

    class Meta:
        verbose_name = _("text of a plan")
        verbose_name_plural = _("texts of plans")
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="plans_plantext_one_of_a_kind"),
            known("kind", TextKind, "plans_plantext_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class PlanPart(Edited):
    """Part one (the county) or part two (the municipalities).

    A plan gets both when it is made. A third is refused by the constraints here, and taking one
    away by a trigger (plans/triggers.py).
    """

    plan = models.ForeignKey(
        PartnerPlan, on_delete=models.PROTECT, related_name="parts", verbose_name=_("plan")
    )
    kind = models.CharField(_("part"), max_length=15, choices=PartKind, editable=False)
    introduction = models.TextField(
        _("introduction"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("Leave an empty line between paragraphs."),
    )
    language = text_language()

    class Meta:
        verbose_name = _("part of a plan")
        verbose_name_plural = _("parts of plans")
        ordering = ["plan", "kind"]  # COUNTY sorts before MUNICIPALITIES
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="plans_part_one_of_a_kind"),
            known("kind", PartKind, "plans_part_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def number(self) -> int:
        """1 or 2, the first figure of its measures' numbers."""
        return PartKind(self.kind).number


class FocusArea(Edited):
    """What a part concentrates on. A deleted one keeps its row, so that it can be brought back."""

    key = models.UUIDField(_("lasting key"), default=uuid.uuid4, unique=True, editable=False)
    part = models.ForeignKey(
        PlanPart, on_delete=models.PROTECT, related_name="focus_areas", verbose_name=_("part")
    )
    position = models.PositiveSmallIntegerField(_("place in the part"), null=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(
        _("description"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("Leave an empty line between paragraphs."),
    )
    language = text_language()

    class Meta:
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")
        ordering = ["part", "position"]
        constraints = [
            models.UniqueConstraint(fields=["part", "position"], name="plans_focusarea_place"),
            models.CheckConstraint(
                condition=Q(position__isnull=True) | Q(position__gte=1),
                name="plans_focusarea_position_from_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_deleted(self) -> bool:
        """Whether it was deleted: it then has no place in its part."""
        return self.position is None
