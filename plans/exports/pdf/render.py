"""From a document to its PDF."""

from collections.abc import Iterable, Iterator

from plans.document import PlanDocument, to_json
from plans.exports.pdf.assets import FONTS
from plans.exports.pdf.edition import Edition
from plans.exports.pdf.html import plan_html
from plans.exports.pdf.process import typeset
from plans.exports.pdf_worker.jobs import Job


def plan_pdf(document: PlanDocument, *, edition: Edition | None = None) -> bytes:
    """Return the PDF of a whole plan, or of the extract where ``document.extract_of`` is set.

    ``edition`` is what a version that is to be signed says of itself. The PDF is tagged, PDF/A-3a
    and PDF/UA-1, holds the document as ``plan.json``, and is the same bytes for the same document
    and edition. Takes seconds: not in a web request. Raises ``TooLong`` and ``PdfError``.
    """
    (pdf,) = typeset([_job(document, edition)])
    return pdf


def plan_pdfs(documents: Iterable[PlanDocument]) -> Iterator[bytes]:
    """Give the PDF of each document, as ``plan_pdf``; one worker sets them all, which saves its
    start for each."""
    return typeset(_job(document, None) for document in documents)


def _job(document: PlanDocument, edition: Edition | None) -> Job:
    return Job(
        html=plan_html(document, edition=edition).encode(),
        fonts={name: str(path) for name, path in FONTS.items()},
        attachment=to_json(document),
        attachment_name="plan.json",
        attachment_description=document.title,
        modified=document.changed_at.isoformat(),
    )
