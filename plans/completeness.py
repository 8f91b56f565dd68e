"""What a plan still lacks before it can be signed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.document import Measure, PlanDocument, concerned
from plans.enums import PartKind, TextKind


@dataclass(frozen=True)
class Lack:
    """Something that isn't there yet: of the text of that kind, or of that measure."""

    what: str | Promise
    text_kind: str = ""
    measure: Measure | None = None


def missing(document: PlanDocument, *, to_rewrite: Collection[UUID] = ()) -> tuple[Lack, ...]:
    """Return what the plan lacks: texts first, then measures in the order of their numbers.

    ``to_rewrite`` are the keys of measures that were carried on to be changed and haven't been.
    """
    texts = [Lack(kind.label, text_kind=kind) for kind in TextKind if document.text(kind) is None]
    measures = [
        Lack(what, measure=measure)
        for part in document.parts
        for measure in part.measures
        for what in (
            *([_("to be rewritten: carried on with changes")] if measure.key in to_rewrite else []),
            *_lacks_of(document, part.kind, measure),
        )
    ]
    return (*texts, *measures)


def _lacks_of(document: PlanDocument, part: str, measure: Measure) -> list[Promise]:
    checks = (
        (measure.description, _("description")),
        (measure.purpose, _("purpose")),
        (measure.expected_result, _("expected result")),
        (measure.responsible, _("who is responsible")),
        (measure.starts_on, _("period")),
        (measure.target_groups, _("target groups")),
        (
            part == PartKind.COUNTY or concerned(document, measure),
            _("which municipalities it is for"),
        ),
    )
    return [what for given, what in checks if not given]
