"""Template tags and components of the pages, and the error pages that stand by themselves."""

import pytest
from django.contrib.messages import constants as levels
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from lupplan.templatetags.icons import icon_svg
from lupplan.templatetags.lupplan_ui import (
    alert_colour,
    part_slug,
    partmark,
    screen_languages,
    state,
)
from plans.enums import MeasureStatus, PartKind, PlanState


@pytest.mark.parametrize("choices", [MeasureStatus, PlanState])
def test_every_state_has_a_shape_of_its_own(choices: type[MeasureStatus | PlanState]) -> None:
    tags = {code: state(code, "word").replace("word", "") for code in choices.values}
    assert len(set(tags.values())) == len(tags)


def test_a_state_tells_its_word_and_escapes_it() -> None:
    assert state("DONE", "<b>") == (
        '<span class="ds-tag lp-state" data-color="success">'
        + icon_svg("check")
        + "&lt;b&gt;</span>"
    )


def test_parts_are_told_by_kind_and_by_number() -> None:
    assert [part_slug(kind) for kind in PartKind.values] == ["one", "two"]
    assert [part_slug(number) for number in (1, 2)] == ["one", "two"]
    assert partmark("COUNTY") == '<span class="lp-partmark" data-part="one">1</span>'


def test_unknown_names_fail() -> None:
    for call in (lambda: icon_svg("nothing"), lambda: state("X", "x"), lambda: part_slug("3")):
        with pytest.raises(KeyError):
            call()


def test_messages_have_designsystemets_colours() -> None:
    colours = [alert_colour(Message(level, "x")) for level in (levels.SUCCESS, levels.ERROR, 999)]
    assert colours == ["success", "danger", "info"]


def test_languages_are_offered_in_their_own_names() -> None:
    assert screen_languages() == [("nn", "Nynorsk"), ("nb", "Bokmål"), ("en", "English")]


def test_page_query_changes_only_what_is_named() -> None:
    template = Template("{% load lupplan_ui %}{% page_query page=3 q=None %}")
    request = RequestFactory().get("/", {"q": "kurs", "page": "1", "status": "DONE"})
    assert template.render(Context({"request": request})) == "?page=3&amp;status=DONE"


def test_the_pager_keeps_the_filter() -> None:
    request = RequestFactory().get("/", {"q": "kurs", "page": "2"})
    page = Paginator(range(30), 10).page(2)
    html = render_to_string("components/pager.html", {"page": page, "request": request})
    assert html.count('href="?q=kurs&amp;page=1"') == 1
    assert html.count('href="?q=kurs&amp;page=3"') == 1


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_error_pages_need_no_request(name: str) -> None:
    with override("nn"):
        html = render_to_string(name)
    assert html.count('<html lang="nn"') == 1
    assert html.count("<h1") == 1
