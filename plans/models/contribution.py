"""The contribution: what a cooperation, working group or municipality asked for, and the answer."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from plans.enums import ANSWERED_STATES, ContributionState, UseExtent
from plans.models.fields import MAX_TEXT, Edited, known, text_language
from plans.models.round import OfParty, one_party

if TYPE_CHECKING:
    from django.core.files.base import File

    from plans.models.plan import PartnerPlan

MAX_NAME = 150  # characters of an attachment's name


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Reads of contributions."""

    def with_sender(self) -> "ContributionQuerySet":
        """Return the contributions together with who sent them."""
        return self.select_related("municipality", "cooperation", "working_group")

    def with_plan(self) -> "ContributionQuerySet":
        """Return the contributions together with their plan and its county."""
        return self.select_related("plan__agreement__county", "plan__agreement__programme")

    def with_results(self) -> "ContributionQuerySet":
        """Fetch the measures and focus areas that they led to; two queries more."""
        return self.prefetch_related(
            models.Prefetch(
                "uses",
                ContributionUse.objects.select_related("measure__part").order_by(
                    "measure__part__kind", "measure__position"
                ),
            ),
            models.Prefetch("areas", ContributionArea.objects.select_related("focus_area__part")),
        )

    def sent(self) -> "ContributionQuerySet":
        """Return those that were sent and not withdrawn."""
        return self.exclude(state=ContributionState.DRAFT)

    def unanswered(self, plan: "PartnerPlan | None" = None) -> "ContributionQuerySet":
        """Return a plan's sent contributions, or those of all plans, without an answer that stands:
        none was given, or all that they led to was deleted since."""
        uses = ContributionUse.objects.filter(
            contribution=OuterRef("pk"), measure__position__isnull=False
        )
        areas = ContributionArea.objects.filter(
            contribution=OuterRef("pk"), focus_area__position__isnull=False
        )
        lost = Q(state=ContributionState.ACCEPTED) & ~Exists(uses) & ~Exists(areas)
        waiting = (ContributionState.RECEIVED, ContributionState.UNDER_CONSIDERATION)
        found = self if plan is None else self.filter(plan=plan)
        return found.filter(Q(state__in=waiting) | lost)

    def of_senders_of(self, user: User) -> "ContributionQuerySet":
        """Return the contributions, sent or not, of all for whom ``user`` speaks today."""
        roles = user.roles
        return self.filter(
            Q(cooperation__in=[role.cooperation_id for role in roles if role.cooperation_id])
            | Q(working_group__in=[r.working_group_id for r in roles if r.working_group_id])
            | Q(municipality__in=user.contact_for)
        )


class Contribution(OfParty, Edited):
    """What its sender asks for, and what the county's editor answered.

    Its text is the sender's own and is not public; what it led to shows with the sender's name and
    the title. ``times_sent`` grows when it is sent anew.
    """

    key = models.UUIDField(_("lasting key"), default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(
        "plans.PartnerPlan",
        on_delete=models.PROTECT,
        related_name="contributions",
        verbose_name=_("plan"),
        editable=False,
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
        editable=False,
    )
    on_behalf = models.BooleanField(
        _("written by the county on behalf of the sender"), default=False, editable=False
    )

    title = models.CharField(
        _("title"), max_length=120, help_text=_("Say in a few words what you want.")
    )
    area = models.CharField(
        _("area"),
        max_length=150,
        blank=True,
        help_text=_("What it is about, such as health and care, waste water, school transport."),
    )
    need = models.TextField(
        _("need"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("What you lack or want to solve. Leave an empty line between paragraphs."),
    )
    benefit = models.TextField(
        _("what it would give"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("What would be better, and for whom."),
    )
    participants = models.TextField(
        _("who takes part"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("Municipalities, services and others that would join in. Name no persons."),
    )
    language = text_language()

    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ContributionState,
        default=ContributionState.DRAFT,
        editable=False,
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    times_sent = models.PositiveSmallIntegerField(_("times sent"), default=0, editable=False)
    answer = models.TextField(
        _("answer"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("The sender reads this. Leave an empty line between paragraphs."),
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
        editable=False,
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["plan", "pk"]
        constraints = [
            one_party("plans_contribution_one_sender"),
            known("state", ContributionState, "plans_contribution_state"),
            models.CheckConstraint(
                condition=Q(state=ContributionState.DRAFT, sent_at__isnull=True)
                | (~Q(state=ContributionState.DRAFT) & Q(sent_at__isnull=False)),
                name="plans_contribution_sent_unless_draft",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=ANSWERED_STATES, answered_by__isnull=False, answered_at__isnull=False
                )
                | (
                    ~Q(state__in=ANSWERED_STATES)
                    & Q(answered_by__isnull=True, answered_at__isnull=True)
                ),
                name="plans_contribution_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state=ContributionState.DECLINED) | ~Q(answer=""),
                name="plans_contribution_declined_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        """Whether it is still its writer's own."""
        return self.state == ContributionState.DRAFT

    @property
    def is_answered(self) -> bool:
        """Whether the editor has said what came of it; ``lost_answer`` says if that still holds."""
        return self.state in ANSWERED_STATES

    @property
    def standing_uses(self) -> "list[ContributionUse]":
        """What it led to of measures that are in the plan. Reads ``uses``."""
        return [use for use in self.uses.all() if not use.measure.is_deleted]

    @property
    def lost_uses(self) -> "list[ContributionUse]":
        """What it led to of measures that were deleted since. Reads ``uses``."""
        return [use for use in self.uses.all() if use.measure.is_deleted]

    @property
    def standing_areas(self) -> "list[ContributionArea]":
        """The focus areas in the plan that rest on it. Reads ``areas``."""
        return [link for link in self.areas.all() if not link.focus_area.is_deleted]

    @property
    def lost_answer(self) -> bool:
        """Whether it was taken into the plan by what was deleted since, all of it."""
        return (
            self.state == ContributionState.ACCEPTED
            and not self.standing_uses
            and not self.standing_areas
        )

    @property
    def needs_answer(self) -> bool:
        """Whether the editor owes it an answer, as ``unanswered`` says of many."""
        return not self.is_draft and (not self.is_answered or self.lost_answer)


class ContributionUse(models.Model):
    """``measure`` takes up a contribution, all or part of it."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="uses", verbose_name=_("contribution")
    )
    measure = models.ForeignKey(
        "plans.Measure",
        on_delete=models.PROTECT,
        related_name="contribution_uses",
        verbose_name=_("measure"),
    )
    extent = models.CharField(
        _("how much"), max_length=5, choices=UseExtent, default=UseExtent.WHOLE
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("measure that a contribution led to")
        verbose_name_plural = _("measures that contributions led to")
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "measure"], name="plans_contributionuse_once"
            ),
            known("extent", UseExtent, "plans_contributionuse_extent"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} → {self.measure_id}"


class ContributionArea(models.Model):
    """``focus_area`` rests on a contribution."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="areas", verbose_name=_("contribution")
    )
    focus_area = models.ForeignKey(
        "plans.FocusArea",
        on_delete=models.PROTECT,
        related_name="contribution_areas",
        verbose_name=_("focus area"),
    )

    class Meta:
        verbose_name = _("focus area that rests on a contribution")
        verbose_name_plural = _("focus areas that rest on contributions")
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "focus_area"], name="plans_contributionarea_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} → {self.focus_area_id}"


class ContributionFile(models.Model):
    """A file that came with a contribution.

    It lies in the default storage under ``path``, a name of our own; ``name`` is what its sender
    called it, for people to read and never part of a path.
    """

    key = models.UUIDField(_("lasting key"), default=uuid.uuid4, unique=True, editable=False)
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="files", verbose_name=_("contribution")
    )
    path = models.CharField(_("where it lies"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=MAX_NAME)
    media_type = models.CharField(_("kind of file"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("attachment of a contribution")
        verbose_name_plural = _("attachments of contributions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def open(self) -> "File[bytes]":
        """Return the file, opened to be read. Raises ``FileNotFoundError``."""
        return default_storage.open(self.path)
