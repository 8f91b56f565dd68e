"""From a job to the bytes of a PDF."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration

from plans.exports.pdf_worker import glyphs, standards
from plans.exports.pdf_worker.fetch import SCHEME, OnlyAssets
from plans.exports.pdf_worker.glyphs import Font
from plans.exports.pdf_worker.jobs import Job

logger = logging.getLogger(__name__)

_BREAK_ANYWHERE = """
* { break-before: auto !important; break-inside: auto !important; break-after: auto !important }
"""


class Incomplete(Exception):
    """Something of the document couldn't be set; the message says what."""


def render(job: Job, fonts: tuple[Font, ...]) -> bytes:
    """Return the job's document as a tagged PDF, PDF/A-3a and PDF/UA-1, with the attachment.

    The same job gives the same bytes. Raises ``FatalURLFetchingError`` (a ``BaseException``) when
    the document fetches anything but its fonts, and ``Incomplete``.
    """
    with _errors_are_fatal():
        return _rendered(job, fonts)


def _rendered(job: Job, fonts: tuple[Font, ...]) -> bytes:
    markup = glyphs.only_printable(job.html.decode(), fonts)
    document = _set(markup, glyphs.needed(fonts, markup))
    document.metadata.attachments = [_attachment(job)]
    standards.claim_accessibility(document.metadata)
    target = io.BytesIO()
    with (
        standards.complete_tags(document.metadata.lang or ""),
        standards.fonts_of_printed_text_alone(),
    ):
        document.write_pdf(target, pdf_variant=standards.VARIANT, pdf_tags=True, pdf_forms=True)
    return target.getvalue()


def _set(markup: str, fonts: tuple[Font, ...]) -> Document:
    fetcher = OnlyAssets({font.name: font.data for font in fonts})
    configuration = FontConfiguration()

    def sheet(text: str) -> CSS:
        return CSS(string=text, font_config=configuration, url_fetcher=fetcher)

    sheets = [sheet(glyphs.font_faces(fonts))]
    page = HTML(string=markup, url_fetcher=fetcher, base_url=SCHEME)
    try:
        return page.render(font_config=configuration, stylesheets=sheets, pdf_forms=True)
    except AssertionError:
        # WeasyPrint gives up where the breaks to avoid leave no place to break at all.
        logger.warning("set again, with breaks anywhere")
        sheets.append(sheet(_BREAK_ANYWHERE))
        return page.render(font_config=configuration, stylesheets=sheets, pdf_forms=True)


class _Collect(logging.Handler):
    """Puts the messages of errors into a list."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self._messages.append(record.getMessage())


@contextmanager
def _errors_are_fatal() -> Iterator[None]:
    """Raise ``Incomplete`` where WeasyPrint would leave something out and only log that it did,
    such as a drawing in which a picture was refused."""
    errors: list[str] = []
    handler = _Collect(errors)
    LOGGER.addHandler(handler)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
    if errors:
        raise Incomplete("; ".join(errors))


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
