"""The site's own pages, the language on screen, and the addresses for machines."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from municipalities.credits import CREDITS

PAGES = ["help", "privacy", "accessibility", "data"]
HEADINGS = {
    "nn": ["Hjelp", "Personvern", "Tilgjengelegheit", "Om dataa"],
    "nb": ["Hjelp", "Personvern", "Tilgjengelighet", "Om dataene"],
    "en": ["Help", "Privacy", "Accessibility", "About the data"],
}


def reading(language: str) -> Client:
    """Return a visitor who has chosen a language."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


# --- Language -------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["", "en", "nb-NO,nb;q=0.9,en;q=0.8", "de"])
def test_nynorsk_comes_first_whatever_the_browser_asks_for(db: None, wish: str) -> None:
    page = Client(headers={"Accept-Language": wish}).get(reverse("lupplan:help"))
    assert page.headers["Content-Language"] == "nn"
    assert '<html lang="nn"' in page.content.decode()


@pytest.mark.parametrize(
    ("cookie", "language"),
    [("nn", "nn"), ("nb", "nb"), ("en", "en"), ("de", "nn"), ("../etc", "nn"), ("", "nn")],
)
def test_a_choice_is_kept_and_nonsense_is_not(db: None, cookie: str, language: str) -> None:
    page = reading(cookie).get(reverse("lupplan:help"))
    assert page.headers["Content-Language"] == language
    assert page.headers["Vary"] == "Cookie"
    assert f'<html lang="{language}"' in page.content.decode()


def test_the_choice_needs_no_token_and_leads_back(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    page = reverse("lupplan:help")
    answer = client.post(reverse("set_language"), {"language": "nb", "next": page})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert client.get(page).headers["Content-Language"] == "nb"


def test_the_choice_leads_nowhere_else(db: None) -> None:
    answer = Client().post(
        reverse("set_language"), {"language": "nb", "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == "/"


# --- Pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_every_page_is_written_in_every_language(db: None, language: str) -> None:
    client = reading(language)
    headings = []
    for page in PAGES:
        content = client.get(reverse(f"lupplan:{page}")).content.decode()
        headings += re.findall(r"<h1[^>]*>([^<]+)</h1>", content)
        assert f"<title>{headings[-1]} – Lupplan</title>" in content
    assert headings == HEADINGS[language]


@pytest.mark.parametrize("page", PAGES)
def test_the_languages_say_the_same(db: None, page: str) -> None:
    outlines = set()
    for language in ("nn", "nb", "en"):
        content = reading(language).get(reverse(f"lupplan:{page}")).content.decode()
        main = content.partition("<main")[2].partition("</main>")[0]
        outlines.add(tuple(re.findall(r"<(h[1-6]|p|li|tr|dl|a)\b", main)))
    assert len(outlines) == 1


def test_the_sources_are_named(db: None) -> None:
    content = unescape(reading("en").get(reverse("lupplan:data")).content.decode())
    with override("en"):
        missing = [credit for credit in CREDITS if str(credit.what) not in content]
    assert missing == []


# --- For machines ---------------------------------------------------------------------------------


def test_healthz_asks_nobody(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.content, len(queries)) == (200, b"ok\n", 0)
    assert "no-store" in answer.headers["Cache-Control"]


def test_readyz_says_that_both_answer(db: None) -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "storage": "ok"})


def test_readyz_leaves_nothing_behind(db: None) -> None:
    Client().get("/readyz")
    assert default_storage.listdir("readyz")[1] == []


@pytest.mark.parametrize(
    ("broken", "answers"),
    [
        ("_ask_database", {"database": "no answer", "storage": "ok"}),
        ("_ask_storage", {"database": "ok", "storage": "no answer"}),
    ],
)
def test_readyz_says_which_one_does_not(
    db: None, monkeypatch: pytest.MonkeyPatch, broken: str, answers: dict[str, str]
) -> None:
    def fails() -> None:
        raise OSError("secret path")

    monkeypatch.setattr(f"lupplan.views.{broken}", fails)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, answers)
    assert "secret" not in answer.content.decode()
