"""What WeasyPrint does again and again, done once. None of it changes a byte of the PDF."""

import pydyf
import pyphen


def share_work() -> None:
    """Let this process parse the Norwegian hyphenation once, and name the pages of a PDF once."""
    # One file under two names; each takes a tenth of a second to parse.
    pyphen.LANGUAGES["nb"] = pyphen.LANGUAGES["nn"]
    # Asked for by every tag, and made anew of all pages for each.
    pydyf.PDF.page_references = property(_page_references)


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    numbers = pdf.pages["Kids"][::3]
    known: tuple[bytes, ...] = getattr(pdf, "lupplan_page_references", ())
    if len(known) != len(numbers):
        known = tuple(b"%d 0 R" % number for number in numbers)
        pdf.lupplan_page_references = known
    return known
