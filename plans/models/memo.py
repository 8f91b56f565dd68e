"""The memo to the county's politicians: what the county has written in place of what follows from
the plan, and the case that it belongs to.

The memo itself is made from the plan each time (plans/memo). A row here is there only where
somebody has written something, and what is empty in it follows the plan.
"""

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import MemoKind
from plans.models.fields import MAX_TEXT, Edited, known, text_language
from plans.models.plan import PartnerPlan

_SECTION_FIELDS = ("id", "heading", "body", "language", "left_out", "based_on", "version")


class Memo(Edited):
    """The case that a memo belongs to, and what stands in it outside its sections."""

    plan = models.ForeignKey(
        PartnerPlan, on_delete=models.PROTECT, related_name="memos", verbose_name=_("plan")
    )
    kind = models.CharField(_("kind of memo"), max_length=10, choices=MemoKind, editable=False)
    title = models.CharField(
        _("title"),
        max_length=250,
        blank=True,
        help_text=_("Leave it empty for the title that follows from the plan."),
    )
    case_number = models.CharField(_("case number"), max_length=40, blank=True)
    committee = models.CharField(
        _("committee"), max_length=150, blank=True, help_text=_("Whom the memo is for.")
    )
    meets_on = models.DateField(_("date of the meeting"), null=True, blank=True)
    attachments = models.TextField(
        _("further attachments"),
        max_length=5_000,
        blank=True,
        help_text=_("One on each line. The plan itself is the first."),
    )
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("memo")
        verbose_name_plural = _("memos")
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="plans_memo_one_of_a_kind"),
            known("kind", MemoKind, "plans_memo_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class MemoSection(Edited):
    """What the county has written in a section of a memo.

    ``key`` is one of the memo's places (plans/memo/recipes.py). An empty heading or text follows
    the plan. ``based_on`` is the text that followed from the plan when ``body`` was written.
    """

    plan = models.ForeignKey(
        PartnerPlan, on_delete=models.PROTECT, related_name="memo_sections", verbose_name=_("plan")
    )
    kind = models.CharField(_("kind of memo"), max_length=10, choices=MemoKind, editable=False)
    key = models.SlugField(_("which section"), max_length=20, editable=False)
    heading = models.CharField(
        _("heading"),
        max_length=200,
        blank=True,
        help_text=_("Empty it to take the heading from the plan again."),
    )
    body = models.TextField(
        _("text"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_(
            "Leave an empty line between paragraphs. Lines that begin with “- ” become a list, and "
            "lines that begin with “1. ”, “2. ” … a numbered one."
        ),
    )
    language = text_language()
    left_out = models.BooleanField(_("leave this section out of the memo"), default=False)
    based_on = models.TextField(_("what it was written from"), blank=True, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("section of a memo")
        verbose_name_plural = _("sections of memos")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "key"], name="plans_memosection_one_of_a_key"
            ),
            known("kind", MemoKind, "plans_memosection_kind"),
        ]

    def __str__(self) -> str:
        return self.heading or self.key


def with_section(
    plans: "models.QuerySet[PartnerPlan]", kind: str, key: str
) -> "models.QuerySet[PartnerPlan]":
    """Let each plan come with what is written in a section of its memo, for ``section_of``."""
    own = FilteredRelation(
        "memo_sections", condition=Q(memo_sections__kind=kind, memo_sections__key=key)
    )
    return plans.annotate(own=own).annotate(
        **{f"section_{name}": F(f"own__{name}") for name in _SECTION_FIELDS}
    )


def section_of(plan: PartnerPlan, kind: str, key: str) -> MemoSection | None:
    """Return what is written in the section that the plan was read with, None where nothing is."""
    values = {name: getattr(plan, f"section_{name}") for name in _SECTION_FIELDS}
    if values["id"] is None:
        return None
    return MemoSection(plan=plan, kind=kind, key=key, **values)
