"""A PDF is set once, and never half read."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from plans.document import PlanDocument
from plans.exports.pdf import PdfError
from plans.services import pdf_store
from plans.services.pdf_store import stored_pdf
from tests.factories.documents import make_document

DOCUMENT = make_document(measures=2)


@pytest.fixture
def folder(files: Path) -> Path:
    """The folder of the PDFs."""
    return files / "pdf"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the typesetter; return the titles that it was asked to set."""
    titles: list[str] = []

    def plan_pdf(document: PlanDocument) -> bytes:
        titles.append(document.title)
        time.sleep(0.02)
        return f"%PDF- {document.title}".encode()

    monkeypatch.setattr(pdf_store, "plan_pdf", plan_pdf)
    return titles


def test_the_same_document_is_set_once(folder: Path, asked: list[str]) -> None:
    assert stored_pdf(DOCUMENT) == stored_pdf(DOCUMENT) == f"%PDF- {DOCUMENT.title}".encode()
    assert asked == [DOCUMENT.title]
    assert [path.suffix for path in folder.iterdir()] == [".pdf"]


def test_another_document_is_set_for_itself(folder: Path, asked: list[str]) -> None:
    stored_pdf(DOCUMENT)
    assert stored_pdf(replace(DOCUMENT, title="Ein annan")) == b"%PDF- Ein annan"
    assert asked == [DOCUMENT.title, "Ein annan"]


def test_a_new_recipe_sets_it_anew(
    folder: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_pdf(DOCUMENT)
    monkeypatch.setattr(pdf_store, "recipe", lambda: "another")
    stored_pdf(DOCUMENT)
    assert asked == [DOCUMENT.title] * 2


def test_what_is_thrown_away_is_made_again(folder: Path, asked: list[str]) -> None:
    stored_pdf(DOCUMENT)
    for path in folder.iterdir():
        path.unlink()
    assert stored_pdf(DOCUMENT) == f"%PDF- {DOCUMENT.title}".encode()
    assert len(asked) == 2


def test_a_failure_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(document: PlanDocument) -> bytes:
        raise PdfError("out of time")

    monkeypatch.setattr(pdf_store, "plan_pdf", fails)
    with pytest.raises(PdfError):
        stored_pdf(DOCUMENT)
    assert not folder.exists()


def test_those_who_ask_at_once_wait_for_the_first(folder: Path, asked: list[str]) -> None:
    got: list[bytes] = []
    threads = [threading.Thread(target=lambda: got.append(stored_pdf(DOCUMENT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [f"%PDF- {DOCUMENT.title}".encode()] * 8
    assert asked == [DOCUMENT.title]


def test_a_file_is_put_in_its_place_whole(
    folder: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks while it is written sees no file under its name yet."""
    seen: list[list[str]] = []
    put = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.append(sorted(path.suffix for path in folder.iterdir()))
        return put(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    stored_pdf(DOCUMENT)
    assert seen == [[".part"]]
