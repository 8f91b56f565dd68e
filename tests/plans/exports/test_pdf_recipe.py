"""The key of what a PDF is made of."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from plans.exports.pdf import recipe
from plans.exports.pdf.recipe import _recipe, _sources

module = import_module("plans.exports.pdf.recipe")


def test_it_is_a_hash_that_stays() -> None:
    assert recipe() == recipe()
    assert len(recipe()) == 64


def test_templates_style_code_and_translations_are_in_it() -> None:
    names = {path.name for path in _sources()}
    assert {
        "plan.html",
        "plan.css",
        "year_wheel.svg",
        "html.py",
        "render.py",
        "fonts.conf",
        "plan_words.py",
        "formats.py",
    } <= names


def test_another_library_makes_another_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    before = recipe()
    monkeypatch.setattr(module, "version", lambda library: "0")
    _recipe.cache_clear()
    try:
        assert recipe() != before
    finally:
        _recipe.cache_clear()


def test_another_style_makes_another_recipe(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = recipe()
    changed = tmp_path / "plan.css"
    changed.write_text("p { color: red }")
    monkeypatch.setattr(module, "_sources", lambda: iter([changed]))
    _recipe.cache_clear()
    try:
        assert recipe() != before
    finally:
        _recipe.cache_clear()


def test_another_address_of_the_site_makes_another_recipe(settings: Any) -> None:
    before = recipe()
    settings.SITE_URL = "https://other.example"
    _recipe.cache_clear()
    try:
        assert recipe() != before
    finally:
        _recipe.cache_clear()
