"""The printed amendment: what it changes and why, before the whole plan."""

import io
import re
from dataclasses import replace
from html import unescape

import pikepdf
import pytest
from django.utils import translation

from plans.document import PlanDocument, from_json, to_json
from plans.exports.pdf import plan_html, plan_pdf
from tests.factories.documents import make_amendment, make_document


@pytest.fixture(scope="module")
def document() -> PlanDocument:
    with translation.override("nn"):
        return make_amendment()


@pytest.fixture(scope="module")
def html(document: PlanDocument) -> str:
    return plan_html(document)


def chapter(html: str) -> str:
    """Return the chapter that says what is changed."""
    return html.partition('id="amendment">')[2].partition('id="background">')[0]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_what_is_changed_comes_first(html: str) -> None:
    anchors = re.findall(r'<section class="chapter [^"]*" id="([^"]+)"', html)
    assert anchors[:3] == ["contents", "amendment", "background"]
    assert anchors[-1] == "signatures"
    assert re.findall(r'<a href="#(change-\d)">', html) == [f"change-{n}" for n in range(1, 6)]


def test_every_change_stands_there_with_its_reason(html: str) -> None:
    titles = [words(title) for title in re.findall(r"<h3[^>]*>(.*?)</h3>", chapter(html), re.S)]
    assert titles[1:5] == [
        "1.1 Halde seminar",
        "1.2 Møte leverandørane før konkurransen er lyst ut, og høyre kva dei kan få til saman med "
        "andre",
        "2.2 Møte leverandørane før konkurransen er lyst ut, og høyre kva dei kan få til saman med "
        "andre",
        "2.5 Show digital supervision",
    ]
    assert chapter(html).count("Kurshaldarane var opptekne.") == 5
    assert chapter(html).count('<div class="prose" lang="nb">') == 5


def test_before_and_after_stand_side_by_side_and_no_colour_tells_them(html: str) -> None:
    change = chapter(html).partition('id="change-2"')[2].partition("</section>")[0]
    assert change.count('<th scope="col"') == 3
    rows = re.findall(r"<tr>\s*(<th scope=\"row\">.*?)</tr>", change, re.S)
    before, after = re.findall(r"<td lang=\"nn\">(.*?)</td>", rows[0], re.S)
    assert words(before) == "Kartleggje behovet for velferdsteknologi"
    assert words(after) == "Halde seminar"
    assert set(re.findall(r"<(\w+)>", before)) == {"del"}
    assert set(re.findall(r"<(\w+)>", after)) == {"ins"}
    before, after = re.findall(r"<td lang=\"nn\">(.*?)</td>", rows[1], re.S)
    assert "<del>kurs</del>" in before
    assert "<ins>seminar</ins>" in after


def test_what_is_new_and_what_is_gone_say_all_that_they_said(html: str) -> None:
    for place, columns in ((4, 2), (5, 2)):
        change = chapter(html).partition(f'id="change-{place}"')[2].partition("</section>")[0]
        assert change.count('<th scope="col"') == columns
        assert change.count('<th scope="row">') > 8
    new = chapter(html).partition('id="change-5"')[2].partition("</section>")[0]
    assert '<h3 lang="en">2.5 Show digital supervision</h3>' in new
    assert '<td lang="en">Show digital supervision</td>' in new


def test_new_numbers_are_listed_without_a_reason(html: str) -> None:
    renumbered = chapter(html).partition('id="renumbered"')[2].partition("</section>")[0]
    rows = re.findall(r"<td>([\d.]+)</td>\s*<td>([\d.]+)</td>", renumbered)
    assert rows == [("2.3", "2.2"), ("2.4", "2.3"), ("2.5", "2.4")]


def test_the_amended_version_is_named_with_its_fingerprint(
    document: PlanDocument, html: str
) -> None:
    assert document.amendment is not None
    assert document.amendment.amends_fingerprint in chapter(html)  # whole, to be searched for


def test_a_plan_that_amends_nothing_has_no_such_chapter() -> None:
    plain = plan_html(make_document(measures=3))
    assert 'id="amendment"' not in plain
    assert "change-1" not in plain


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "{{ x }}</td></table><img src=x>"]
)
def test_every_text_is_escaped(hostile: str) -> None:
    html = plan_html(make_amendment(reason=hostile))
    assert "<script>" not in html
    assert "<img" not in html


def test_the_json_holds_the_amendment(document: PlanDocument) -> None:
    data = to_json(document)
    assert from_json(data) == document
    assert b'"amendment":{"amends":1,' in data
    plain = replace(document, amendment=None)
    assert b"amendment" not in to_json(plain)
    assert from_json(to_json(plain)) == plain


def test_the_pdf_is_called_an_amendment_and_lists_the_changes(document: PlanDocument) -> None:
    with pikepdf.open(io.BytesIO(plan_pdf(document))) as pdf, pdf.open_outline() as outline:
        amendment = outline.root[2]
        assert [str(entry.title) for entry in amendment.children[1:5]][::3] == [
            "1.1 Halde seminar",
            "2.5 Show digital supervision",
        ]
        title = str(pdf.docinfo["/Title"])
        assert title.endswith(document.title)
        assert title != document.title
