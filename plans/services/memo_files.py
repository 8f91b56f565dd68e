"""The memo as files, to be sent on with the county's case."""

import hashlib

from plans.document import to_json
from plans.exports.docx import memo_docx
from plans.exports.pdf import memo_html, memo_pdf, recipe
from plans.memo import ReadMemo, read_memo
from plans.models import PartnerPlan
from plans.services.pdf_store import kept_pdf


def memo_pdf_of(plan: PartnerPlan, kind: str) -> bytes:
    """Return a plan's memo as PDF; it takes seconds where it isn't kept. Raises ``PdfError`` and
    ``TooLong``."""
    return stored_memo_pdf(read_memo(plan, kind))


def memo_docx_of(plan: PartnerPlan, kind: str) -> bytes:
    """Return a plan's memo as a Word file."""
    return memo_docx(read_memo(plan, kind).document)


def stored_memo_pdf(read: ReadMemo) -> bytes:
    """Return a memo's PDF from the store, made and put there first if it isn't. Raises as
    ``memo_pdf_of``."""
    data = to_json(read.source.document)
    made_of = (memo_html(read.document).encode(), data, recipe().encode())
    key = hashlib.sha256(b"\0".join(made_of)).hexdigest()
    return kept_pdf(key, lambda: memo_pdf(read.document, data))
