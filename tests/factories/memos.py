"""Memos of made-up plans, without a database."""

from datetime import date

from plans.document import PlanDocument
from plans.enums import MemoKind
from plans.memo import ReadMemo, Source, compose
from plans.models import Memo, MemoSection
from tests.factories.documents import make_document


def make_memo(
    document: PlanDocument | None = None,
    *,
    signed_on: date | None = None,
    case: Memo | None = None,
    **written: MemoSection,
) -> ReadMemo:
    """Return the memo of a plan, of 12 measures unless another is given; signed by both parties if
    there is a date. ``written`` are sections that the county wrote, by key."""
    document = document or make_document(measures=12)
    source = Source(document, is_signed=signed_on is not None, signed_on=signed_on)
    return compose(MemoKind.PLAN, source, case, written)


def a_case(**values: object) -> Memo:
    """Return the case of a memo, with all of it filled in."""
    defaults: dict[str, object] = {
        "case_number": "2020/1234",
        "committee": "Kultur- og næringsutvalet",
        "meets_on": date(2020, 3, 3),
        "attachments": "Partnaravtale 2020–2024\n\nReferat",
    }
    return Memo(**{**defaults, **values})
