"""From a job to the bytes of a PDF."""

import io
from datetime import datetime

from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration

from plans.exports.pdf_worker import glyphs, standards
from plans.exports.pdf_worker.fetch import OnlyAssets
from plans.exports.pdf_worker.glyphs import Font
from plans.exports.pdf_worker.jobs import Job


def render(job: Job, fonts: tuple[Font, ...]) -> bytes:
    """Set the job's document and return the PDF: tagged, PDF/A-3a and PDF/UA-1, with the attachment.

    The same job gives the same bytes. Raises ``FatalURLFetchingError`` (a ``BaseException``) when
    the document fetches anything but its fonts.
    """
    markup = glyphs.only_printable(job.html, fonts)
    document = _set(markup, job.css, glyphs.needed(fonts, markup))
    document.metadata.attachments = [_attachment(job)]
    standards.claim_accessibility(document.metadata)
    target = io.BytesIO()
    with standards.languages_in_tags(document.metadata.lang or ""):
        document.write_pdf(target, pdf_variant=standards.VARIANT, pdf_tags=True)
    return target.getvalue()


def _set(markup: str, css: str, fonts: tuple[Font, ...]) -> Document:
    fetcher = OnlyAssets({font.name: font.data for font in fonts})
    configuration = FontConfiguration()
    sheets = [
        CSS(string=text, font_config=configuration, url_fetcher=fetcher)
        for text in (glyphs.font_faces(fonts), css)
    ]
    page = HTML(string=markup, url_fetcher=fetcher, base_url="")
    return page.render(font_config=configuration, stylesheets=sheets)


def _attachment(job: Job) -> Attachment:
    modified = datetime.fromisoformat(job.modified)
    return Attachment(
        file_obj=io.BytesIO(job.attachment),
        name=job.attachment_name,
        description=job.attachment_description,
        relationship="Data",
        created=modified,
        modified=modified,
    )
