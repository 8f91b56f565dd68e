"""The HTML that is set as the PDF."""

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest
from django.utils import timezone, translation

from plans.document import extract
from plans.enums import PlanState
from plans.exports.pdf import plan_html
from tests.factories.documents import make_document
from tests.plans.exports.conftest import with_measure

SMALL = make_document(measures=3)
HOSTILE = (
    '</td></table><script>alert(1)</script><style>@import "http://x/"</style>'
    "<img src=file:///etc/passwd onerror=x><link rel=attachment href=file:///etc/passwd>"
    "<svg onload=x><image href=http://x/></svg>{{ document }}{% include 'x' %} url(http://x/)"
)


def _headings(html: str) -> list[tuple[str, str]]:
    found = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", html, flags=re.S)
    return [(level, unescape(re.sub(r"<[^>]*>", "", title)).strip()) for level, title in found]


def test_every_text_is_escaped() -> None:
    document = with_measure(
        replace(
            SMALL,
            title=HOSTILE,
            texts=tuple(replace(text, body=HOSTILE) for text in SMALL.texts),
            municipalities=tuple(replace(m, name=HOSTILE) for m in SMALL.municipalities),
            parts=tuple(
                replace(
                    part,
                    introduction=HOSTILE,
                    focus_areas=tuple(
                        replace(area, title=HOSTILE, description=HOSTILE)
                        for area in part.focus_areas
                    ),
                )
                for part in SMALL.parts
            ),
        ),
        title=HOSTILE,
        description=HOSTILE,
        purpose=HOSTILE,
        expected_result=HOSTILE,
    )
    html = plan_html(document)
    tags = set(re.findall(r"<(?:script|img|link|image|style)[^>]*>", html))
    assert tags == {"<style>"}
    assert html.count("<style>") == 1
    assert "onerror=x&gt;" in html


def test_the_chapters_of_a_plan() -> None:
    assert [title for level, title in _headings(plan_html(SMALL)) if level == "2"] == [
        "Innhald",
        "Bakgrunn og partnarskap",
        "Dei tre måla",
        "Del 1: For fylkeskommunen",
        "Del 2: For kommunane",
        "Kven gjer kva, og når",
        "Årshjulet",
        "Tidslinje",
        "Kommunane og det som gjeld dei",
        "Signaturar",
    ]


def test_a_plan_without_measures_has_its_parts_and_signatures() -> None:
    document = make_document(measures=0)
    assert [title for level, title in _headings(plan_html(document)) if level == "2"] == [
        "Innhald",
        "Bakgrunn og partnarskap",
        "Dei tre måla",
        "Del 1: For fylkeskommunen",
        "Del 2: For kommunane",
        "Kommunane og det som gjeld dei",
        "Signaturar",
    ]


@pytest.mark.parametrize("measures", [0, 1, 2, 12])
def test_no_level_of_headings_is_skipped(measures: int) -> None:
    document = make_document(measures=measures)
    for version in (document, extract(document, "6004")):
        levels = [int(level) for level, _ in _headings(plan_html(version))]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_extract_has_the_municipality_s_measures_and_no_signatures() -> None:
    document = make_document(measures=12)
    html = plan_html(extract(document, "6004"))
    headings = _headings(html)
    assert headings[0] == ("1", "Utdrag for Kárášjohka kommune")
    numbers = re.findall(r'<article class="measure" id="m-([\d.]+)">', html)
    assert numbers == [measure.number for measure in extract(document, "6004").measures]
    assert html.count("Kvifor det gjeld Kárášjohka") == len(numbers)
    assert "signature" not in re.sub(r"<style>.*?</style>", "", html, flags=re.S)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PlanState.DRAFT, "Utkast"),
        (PlanState.NEGOTIATION, "Forhandling"),
        (PlanState.FOR_SIGNATURE, ""),
        (PlanState.ACTIVE, ""),
        (PlanState.CLOSED, ""),
    ],
)
def test_every_page_says_the_state_of_a_plan_that_isn_t_agreed_on(state: str, said: str) -> None:
    html = plan_html(replace(SMALL, state=state))
    assert f'data-state="{said}"' in html
    assert (f"{said}; ikkje signert" in html) == bool(said)


def test_only_an_example_is_called_one() -> None:
    assert "Døme på plan" in plan_html(SMALL)
    assert "Døme på plan" not in plan_html(replace(SMALL, is_example=False))


def test_each_text_has_its_language() -> None:
    html = plan_html(with_measure(SMALL, language="en", title="A course", purpose="To learn."))
    assert '<html lang="nn">' in html
    assert re.search(r'<h4[^>]* lang="en">A course</h4>', html)
    assert '<td lang="en">To learn.</td>' in html
    assert '<span lang="en">A course</span>' in html
    assert html.count('<div class="prose" lang="nb">') == 2  # two of the factory's texts


def test_neither_the_screen_s_language_nor_the_visitor_s_time_zone_matters() -> None:
    expected = plan_html(SMALL)
    with translation.override("en"), timezone.override("Pacific/Auckland"):
        assert plan_html(SMALL) == expected
    assert '<meta name="dcterms.modified" content="2020-03-03T23:30:00+00:00">' in expected
    assert "4. mars 2020" in expected  # 3 March 23.30 UTC is the day after in Norway
