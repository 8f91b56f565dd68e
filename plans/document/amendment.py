"""The amendment as a part of the document that is signed: what it changes, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plans.document.canonical import fingerprint
from plans.document.difference import (
    AREA,
    MEASURE,
    PART,
    PLAN,
    TEXT,
    Difference,
    ItemDifference,
    difference,
)
from plans.document.model import (
    AmendedField,
    AmendedItem,
    Amendment,
    PlanDocument,
    Renumbered,
)

Named = tuple[str, str]
"""What is changed: its kind and its key, as plans.document.difference names them."""

# The fields that somebody wrote, in the language of what they belong to.
WRITTEN = frozenset(("title", "description", "purpose", "expected_result", "body", "introduction"))
# All else that is told of a plan itself are names and members of the registers, which nobody
# commits to: they are as they are, in every plan.
_COMMITTED = frozenset(("title",))


@dataclass(frozen=True)
class Reason:
    """Why something is changed, and the language that it is written in."""

    text: str
    language: str


def amended(before: PlanDocument, after: PlanDocument) -> Difference:
    """Return which commitments differ from the signed ``before`` to ``after``; names and members in
    the registers, which change without an amendment, are left out."""
    found = difference(before, after)
    return Difference(
        items=tuple(item for item in found.items if _is_commitment(item)),
        renumbered=found.renumbered,
    )


def committed_fields(item: ItemDifference) -> tuple[str, ...]:
    """Return the names of the fields of an item that are commitments."""
    return tuple(f.name for f in item.fields if item.kind != PLAN or f.name in _COMMITTED)


def amendment_of(
    before: PlanDocument,
    after: PlanDocument,
    *,
    number: int,
    signed_on: date,
    reasons: Mapping[Named, Reason],
) -> Amendment:
    """Return amendment ``number``, which makes the signed ``before`` into ``after``.

    Its words are in the language that is active. What has no reason among ``reasons`` gets an empty
    one.
    """
    found = amended(before, after)
    languages = _languages(before), _languages(after)
    return Amendment(
        number=number,
        amends=before.version or 0,
        amends_fingerprint=fingerprint(before),
        signed_on=signed_on,
        items=tuple(
            _item(item, reasons.get((item.kind, item.key), Reason("", "nn")), languages)
            for item in found.items
        ),
        renumbered=tuple(
            Renumbered(
                key=item.key,
                number_before=item.number_before,
                number_after=item.number_after,
                title=item.title,
                language=item.language,
            )
            for item in found.renumbered
        ),
    )


def _is_commitment(item: ItemDifference) -> bool:
    return item.kind != PLAN or bool(committed_fields(item))


def _item(
    item: ItemDifference, reason: Reason, languages: tuple[dict[Named, str], dict[Named, str]]
) -> AmendedItem:
    committed = committed_fields(item)
    was, now = (known.get((item.kind, item.key), item.language) for known in languages)
    return AmendedItem(
        kind=item.kind,
        key=item.key,
        sort=item.sort,
        number_before=item.number_before,
        number_after=item.number_after,
        title=item.title,
        language=item.language,
        reason=reason.text,
        reason_language=reason.language,
        fields=tuple(
            AmendedField(
                name=field.name,
                label=field.label,
                before=field.before,
                after=field.after,
                language_before=was if field.name in WRITTEN else "",
                language_after=now if field.name in WRITTEN else "",
            )
            for field in item.fields
            if field.name in committed
        ),
    )


def _languages(document: PlanDocument) -> dict[Named, str]:
    """Return the language of each thing of a document that has one of its own."""
    found = {(TEXT, text.kind): text.language for text in document.texts}
    for part in document.parts:
        found[PART, part.kind] = part.language
        found |= {(AREA, str(area.key)): area.language for area in part.focus_areas}
        found |= {(MEASURE, str(measure.key)): measure.language for measure in part.measures}
    return found
