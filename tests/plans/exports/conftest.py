"""A plan and a municipality's extract of it, set once for all tests of a module's PDF."""

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pikepdf
import pytest

from plans.document import PlanDocument, extract
from plans.exports.pdf import plan_pdfs
from tests.factories.documents import make_document


@dataclass(frozen=True)
class Printed:
    """A document, its PDF, and the text of each page as ``pdftotext`` reads it."""

    document: PlanDocument
    pdf: bytes
    pages: list[str]

    @property
    def text(self) -> str:
        """All pages, with one space wherever there is white space."""
        return " ".join(" ".join(self.pages).split())

    def open(self) -> pikepdf.Pdf:
        """Return the opened PDF."""
        return pikepdf.open(io.BytesIO(self.pdf))


def printed(document: PlanDocument, pdf: bytes) -> Printed:
    """Return the document with its PDF and the text in it."""
    pages = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return Printed(document, pdf, pages.stdout.decode().split("\f")[:-1])


@pytest.fixture(scope="session")
def both() -> list[Printed]:
    plan = make_document(measures=12)
    documents = [plan, extract(plan, plan.municipalities[3].number)]
    return [
        printed(document, pdf)
        for document, pdf in zip(documents, plan_pdfs(documents), strict=True)
    ]


@pytest.fixture(scope="session")
def plan(both: list[Printed]) -> Printed:
    """A plan of 12 measures in negotiation, marked as an example."""
    return both[0]


@pytest.fixture(scope="session")
def kárášjohka(both: list[Printed]) -> Printed:
    """Its extract for Kárášjohka."""
    return both[1]


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Give every dictionary in the PDF."""
    return (found for found in pdf.objects if isinstance(found, pikepdf.Dictionary))


def with_measure(document: PlanDocument, **changes: object) -> PlanDocument:
    """Return the document with its first measure changed."""
    part = document.parts[0]
    area = part.focus_areas[0]
    measure = replace(area.measures[0], **changes)  # type: ignore[arg-type]
    area = replace(area, measures=(measure, *area.measures[1:]))
    part = replace(part, focus_areas=(area, *part.focus_areas[1:]))
    return replace(document, parts=(part, *document.parts[1:]))
