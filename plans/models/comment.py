"""Comments on a plan, a part or a measure, in threads that are resolved."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from plans.enums import Audience
from plans.models.fields import Edited, known, text_language
from plans.models.plan import PartnerPlan

MAX_COMMENT = 5_000
"""Characters in one comment."""

_LAST = 1_000_000  # after every place that a measure can have


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Reads of threads."""

    def in_plan(self, plan: PartnerPlan) -> "ThreadQuerySet":
        """Return the plan's threads as they are read: the plan's own, then part by part, measure by
        measure, those of deleted measures last."""
        return (
            self.filter(plan=plan)
            .annotate(in_part=Coalesce("measure__part__kind", "part__kind"))
            .order_by(
                F("in_part").asc(nulls_first=True),
                Case(
                    When(measure__isnull=True, then=Value(0)),
                    default=Coalesce("measure__position", Value(_LAST)),
                    output_field=models.IntegerField(),
                ),
                "measure",
                "pk",
            )
        )

    def for_audiences(self, audiences: Collection[str]) -> "ThreadQuerySet":
        """Return those that somebody reads who reads ``audiences`` (``plans.rules.audiences``)."""
        return self.filter(audience__in=audiences)

    def open(self) -> "ThreadQuerySet":
        """Return those that nobody has resolved, leaving out what is about a deleted measure."""
        return self.filter(resolved_at__isnull=True).exclude(
            measure__isnull=False, measure__position__isnull=True
        )

    def of(self, user: User) -> "ThreadQuerySet":
        """Return those that ``user`` opened, wrote in or is mentioned in."""
        comments = Comment.objects.filter(Q(author=user) | Q(mentioned=user))
        return self.filter(Q(opened_by=user) | Q(pk__in=comments.values("thread")))

    def with_comments(self) -> "ThreadQuerySet":
        """Fetch what a page of threads shows: two queries besides the threads' own."""
        comments = Comment.objects.select_related("author").prefetch_related("mentioned")
        return self.select_related(
            "part", "measure__part", "opened_by", "resolved_by"
        ).prefetch_related(models.Prefetch("comments", comments.order_by("pk")))


class Thread(models.Model):
    """What is said about one thing: a measure, a part, or the plan if neither is named.

    ``audience`` says who reads it; the municipalities only where a measure concerns them.
    """

    plan = models.ForeignKey(
        "plans.PartnerPlan",
        on_delete=models.PROTECT,
        related_name="threads",
        verbose_name=_("plan"),
    )
    part = models.ForeignKey(
        "plans.PlanPart",
        on_delete=models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        verbose_name=_("part"),
    )
    measure = models.ForeignKey(
        "plans.Measure",
        on_delete=models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        verbose_name=_("measure"),
    )
    audience = models.CharField(
        _("who reads it"), max_length=10, choices=Audience, default=Audience.PARTIES
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("resolved by"),
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread of comments")
        verbose_name_plural = _("threads of comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(part__isnull=True) | Q(measure__isnull=True),
                name="plans_thread_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(audience=Audience.CONCERNED) | Q(measure__isnull=False),
                name="plans_thread_concerned_by_measure",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="plans_thread_resolved_by_somebody",
            ),
            known("audience", Audience, "plans_thread_audience"),
        ]

    def __str__(self) -> str:
        """What it is about, and nothing of what is said."""
        if self.measure is not None:
            return f"{self.measure.number} {self.measure.title}".strip()
        return str(self.part or self.plan)

    @property
    def is_resolved(self) -> bool:
        """Whether it is done with, until somebody opens it again."""
        return self.resolved_at is not None


class Comment(Edited):
    """What somebody says in a thread. One that its author took away keeps its place, not its
    words."""

    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, related_name="comments", verbose_name=_("thread")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    body = models.TextField(_("comment"), max_length=MAX_COMMENT, blank=True)
    language = text_language()
    mentioned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("told of it")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    taken_away_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_away_at__isnull=True) & ~Q(body="")
                | Q(taken_away_at__isnull=False, body=""),
                name="plans_comment_words_or_none",
            ),
        ]

    def __str__(self) -> str:
        return str(self.thread)

    @property
    def is_taken_away(self) -> bool:
        """Whether its author took it away."""
        return self.taken_away_at is not None
