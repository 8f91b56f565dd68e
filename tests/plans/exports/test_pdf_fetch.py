"""What a document may fetch: its fonts, and nothing else. Here without a process, for speed."""

import pytest
from weasyprint.urls import FatalURLFetchingError

from plans.exports.pdf.assets import FONTS
from plans.exports.pdf_worker import glyphs
from plans.exports.pdf_worker.jobs import Job
from plans.exports.pdf_worker.render import render

HTTP = "http://127.0.0.1:9/a"


@pytest.fixture(scope="module")
def fonts() -> tuple[glyphs.Font, ...]:
    return glyphs.load({"Variable": str(FONTS["Variable"])})


def _job(body: str, css: str = "") -> Job:
    html = f'<html lang="nn"><title>t</title><style>{css}</style><body><p>x{body}'
    return Job(
        html=html.encode(),
        fonts={},
        attachment=b"{}",
        attachment_name="plan.json",
        attachment_description="",
        modified="2020-03-03T12:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("body", "css", "refused"),
    [
        ("<img src='file:///etc/passwd'>", "", "file:///etc/passwd"),
        ("<img src='/etc/passwd'>", "", "/etc/passwd"),
        ("<img src='data:image/png;base64,AA=='>", "", "data:image/png;base64,AA=="),
        ("<img src='asset:Unknown'>", "", "asset:Unknown"),
        ("<object data='file:///etc/passwd'></object>", "", "file:///etc/passwd"),
        (f"<link rel=stylesheet href='{HTTP}'>", "", HTTP),
        ("", f"@import url({HTTP});", HTTP),
        ("", f"body {{ background: url({HTTP}) }}", HTTP),
        ("", f"p::before {{ content: url({HTTP}) }}", HTTP),
        ("", f"@font-face {{ font-family: x; src: url({HTTP}) }}", HTTP),
        ("", "body { background: url(ftp://127.0.0.1:9/z) }", "ftp://127.0.0.1:9/z"),
    ],
)
def test_whatever_is_fetched_is_refused(
    body: str, css: str, refused: str, fonts: tuple[glyphs.Font, ...]
) -> None:
    with pytest.raises(FatalURLFetchingError) as error:
        render(_job(body, css), fonts)
    assert str(error.value) == f"refused to fetch {refused!r}"
