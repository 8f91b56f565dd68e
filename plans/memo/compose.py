"""The memo as it stands: what follows from the plan, with what the county wrote in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from plans.memo.figures import figures_of
from plans.memo.generate import LANGUAGE, generated_sections, generated_title
from plans.memo.model import MemoDocument, Section
from plans.memo.recipes import RECIPES, Place
from plans.memo.source import Source, read_source
from plans.models import Memo, MemoSection, PartnerPlan


@dataclass(frozen=True)
class Standing:
    """How a section stands: ``section`` is as it would be shown, ``generated`` what follows from
    the plan now, ``row`` what the county has written, if anything."""

    place: Place
    section: Section
    generated: Section
    row: MemoSection | None

    @property
    def is_own(self) -> bool:
        """Whether its text is the county's own."""
        return self.row is not None and bool(self.row.body)

    @property
    def is_stale(self) -> bool:
        """Whether its text was written from what the plan no longer says."""
        return self.row is not None and is_stale(self.row, self.generated)

    @property
    def is_left_out(self) -> bool:
        """Whether the county has left it out."""
        return self.row is not None and self.row.left_out

    @property
    def is_shown(self) -> bool:
        """Whether it stands in the memo: it isn't left out, and there is a text."""
        return not self.is_left_out and bool(self.section.body)


@dataclass(frozen=True)
class ReadMemo:
    """A memo: the document that is set, the case that it belongs to if anybody has named it, how
    each section stands, and what it was made from."""

    document: MemoDocument
    memo: Memo | None
    standings: tuple[Standing, ...]
    source: Source


def is_stale(row: MemoSection, generated: Section) -> bool:
    """Whether a section's own text was written from another text than what the plan gives now."""
    return bool(row.body) and row.based_on != generated.body


def read_memo(plan: PartnerPlan, kind: str) -> ReadMemo:
    """Return a plan's memo of a kind. ``plan`` comes with its parties; eight queries at most."""
    return compose(
        kind,
        read_source(plan),
        Memo.objects.filter(plan=plan, kind=kind).first(),
        {row.key: row for row in MemoSection.objects.filter(plan=plan, kind=kind)},
    )


def compose(
    kind: str, source: Source, memo: Memo | None, rows: Mapping[str, MemoSection]
) -> ReadMemo:
    """Return the memo of a kind that follows from ``source``, with what the county has written of
    its case and, by key, in its sections."""
    standings = tuple(
        _standing(place, generated, rows.get(place.key))
        for place, generated in zip(
            RECIPES[kind].places, generated_sections(kind, source), strict=True
        )
    )
    changed = [row.changed_at for row in (memo, *rows.values()) if row is not None]
    document = _document(kind, source, memo, standings, changed)
    return ReadMemo(document, memo, standings, source)


def _standing(place: Place, generated: Section, row: MemoSection | None) -> Standing:
    section = generated
    if row is not None:
        section = Section(
            key=place.key,
            heading=row.heading or generated.heading,
            body=row.body or generated.body,
            language=row.language if row.body else generated.language,
        )
    return Standing(place, section, generated, row)


def _document(
    kind: str,
    source: Source,
    memo: Memo | None,
    standings: tuple[Standing, ...],
    changed: list[datetime],
) -> MemoDocument:
    plan = source.document
    own = memo or Memo()
    with translation.override(LANGUAGE):
        figures = figures_of(plan)
        attachment = plan.title
        if not source.is_signed:
            attachment = _("%(title)s (not signed)") % {"title": plan.title}
    further = (line.strip() for line in own.attachments.splitlines())
    return MemoDocument(
        title=own.title or generated_title(kind, source),
        county=plan.county.full_name,
        programme=plan.programme.name,
        year=plan.year,
        is_example=plan.is_example,
        changed_at=max([plan.changed_at, *changed]).astimezone(UTC).replace(microsecond=0),
        case_number=own.case_number,
        committee=own.committee,
        meets_on=own.meets_on,
        sections=tuple(standing.section for standing in standings if standing.is_shown),
        figures=figures,
        attachments=(attachment, *(line for line in further if line)),
    )
