"""From a memo to its PDF."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from plans.exports.pdf.assets import FONTS, MEMO_STYLE
from plans.exports.pdf.html import LANGUAGE
from plans.exports.pdf.process import typeset
from plans.exports.pdf.text import breakable
from plans.exports.pdf_worker.jobs import Job
from plans.memo import MemoDocument


def memo_html(memo: MemoDocument) -> str:
    """Return the HTML that is set as the memo's PDF. Every text is escaped. Raises ``TooLong``."""
    context = {
        "memo": breakable(memo),
        "changed_at": memo.changed_at.isoformat(),
        "style": SafeString(MEMO_STYLE.read_text(encoding="utf-8")),  # our own file
    }
    with translation.override(LANGUAGE):
        return render_to_string("plans/print/memo.html", context)


def memo_pdf(memo: MemoDocument, plan_json: bytes) -> bytes:
    """Return the memo as PDF: tagged, PDF/A-3a and PDF/UA-1, with the plan that it tells of inside
    as ``plan.json``; the same bytes for the same memo and plan.

    Takes seconds. Raises ``TooLong`` and ``PdfError``.
    """
    job = Job(
        html=memo_html(memo).encode(),
        fonts={name: str(path) for name, path in FONTS.items()},
        attachment=plan_json,
        attachment_name="plan.json",
        attachment_description=memo.attachments[0],
        modified=memo.changed_at.isoformat(),
    )
    (pdf,) = typeset([job])
    return pdf
