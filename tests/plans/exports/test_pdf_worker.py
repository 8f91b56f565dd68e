"""The typesetter: what it refuses, how it is limited, and that it always does the same."""

import io
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pikepdf
import pyphen
import pytest
from django.conf import settings

from plans.exports.pdf import PdfError, plan_pdf
from plans.exports.pdf.assets import FONTS
from plans.exports.pdf.process import typeset
from plans.exports.pdf_worker.jobs import Job
from tests.factories.documents import make_document
from tests.plans.exports.conftest import dictionaries, printed, with_measure

MAKE = """
import sys, django
django.setup()
from plans.exports.pdf import plan_pdf
from tests.factories.documents import make_document
sys.stdout.buffer.write(plan_pdf(make_document(measures=6)))
"""


def _job(body: str, css: str = "") -> Job:
    html = f'<html lang="nn"><title>t</title><style>{css}</style><body>{body}'
    return Job(
        html=html.encode(),
        fonts={name: str(path) for name, path in FONTS.items()},
        attachment=b"{}",
        attachment_name="plan.json",
        attachment_description="",
        modified="2020-03-03T12:00:00+00:00",
    )


def _text(pdf: bytes) -> str:
    return " ".join(printed(make_document(measures=0), pdf).text.split())


def test_the_same_document_gives_the_same_bytes_in_another_process_zone_and_seed() -> None:
    elsewhere = subprocess.run(
        [sys.executable, "-c", MAKE],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TZ": "Pacific/Auckland",
            "PYTHONHASHSEED": "4711",
            "LC_ALL": "C",
        },
        capture_output=True,
        check=True,
    )
    assert plan_pdf(make_document(measures=6)) == elsewhere.stdout


def test_a_refused_fetch_ends_the_worker() -> None:
    with pytest.raises(PdfError, match="refused to fetch 'file:///etc/passwd'"):
        next(typeset([_job("<img src='file:///etc/passwd'>")]))


def test_a_drawing_that_lacks_a_picture_is_no_drawing() -> None:
    image = "<image width='5' height='5' href='http://127.0.0.1:9/a.png'/>"
    drawing = f"<svg width='10' height='10' viewBox='0 0 10 10'>{image}</svg>"
    with pytest.raises(PdfError, match="Incomplete: Failed to render SVG image"):
        next(typeset([_job(drawing)]))


def test_nothing_is_attached_but_the_document() -> None:
    pdf = next(typeset([_job("<link rel=attachment href='file:///etc/passwd'>")]))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == ["plan.json"]


def test_no_font_of_the_system_s_is_used() -> None:
    styles = "".join(
        f"<p style='font-family:{name}'>Å → 日"
        for name in ("serif", "monospace", "DejaVu Sans", "Liberation Serif")
    )
    with pikepdf.open(io.BytesIO(next(typeset([_job(styles)])))) as pdf:
        fonts = {str(tag.FontName)[8:] for tag in dictionaries(pdf) if "/FontName" in tag}
    assert fonts == {"Inter-Variable"}


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"wall_seconds": 0.2}, "SIGKILL"),
        ({"cpu_seconds": 1}, "SIGXCPU"),
        ({"memory_mib": 250}, "MemoryError"),
    ],
)
def test_a_worker_that_breaks_a_limit_is_ended(limits: dict[str, int], message: str) -> None:
    endless = _job("<p>Ord og atter ord. " * 40_000)
    with pytest.raises(PdfError, match=message):
        next(typeset([endless], **limits))


def test_a_worker_that_can_t_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plans.exports.pdf.process.WORKER", "plans.exports.no_such_worker")
    with pytest.raises(PdfError, match="No module named plans.exports.no_such_worker"):
        plan_pdf(make_document(measures=0))


def test_texts_that_were_meant_to_harm_are_text() -> None:
    hostile = "</p><script>alert(1)</script> ＜img src=x＞ <style>p{}</style> {{ x }} url(http://x)"
    document = with_measure(
        make_document(measures=3),
        title="Ein\x00to\x07tre \u202emot straumen\u202c",
        description=hostile,
        purpose="Gleðileg → jól ﬁ ≥ ½ Ωж",
        expected_result="بلا 😀 日本",
        responsible=None,
    )
    text = _text(plan_pdf(document))
    assert "Eintotre mot straumen" in text
    assert "</p><script>alert(1)</script> <img src=x> <style>p{}</style> {{ x }}" in text
    assert "Gleðileg -> jól fi >= ½ Ωж" in text
    assert "[?][?][?] [?] [?][?]" in text


def test_a_word_of_20_000_letters_is_set_within_its_column() -> None:
    pdf = plan_pdf(with_measure(make_document(measures=3), description="x" * 20_000))
    assert _text(pdf).replace(" ", "").count("x" * 300) > 40


def test_rows_that_may_not_be_parted_are_set_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    groups = "".join(
        f"<tbody><tr class=g><th>{number}</th></tr><tr><td>a</td></tr></tbody>"
        for number in range(40)
    )
    css = "@page{size:A6}tr{break-inside:avoid;break-before:avoid}.g{break-after:avoid}"
    table = f"<p>før</p><table><thead><tr><th>h</th></tr></thead>{groups}</table>"
    text = _text(next(typeset([_job(table, css)])))
    assert "38 a h 39 a" in text


def test_nynorsk_and_bokmål_have_the_same_hyphenation() -> None:
    # The worker parses it once (plans.exports.pdf_worker.speed).
    assert pyphen.LANGUAGES["nb"].read_bytes() == pyphen.LANGUAGES["nn"].read_bytes()


def test_one_worker_sets_many_and_forgets_them() -> None:
    first, second, again = typeset([_job("<p>ein"), _job("<p>to"), _job("<p>ein")])
    assert [_text(first), _text(second)] == ["ein", "to"]
    assert first == again


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pdfs = typeset([_job("<p>ein"), _job("<p>to")])
    assert isinstance(pdfs, Generator)
    next(pdfs)
    assert len(list(tmp_path.iterdir())) == 1
    pdfs.close()
    assert list(tmp_path.iterdir()) == []
