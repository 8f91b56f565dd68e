"""WCAG 2.2 AA, as far as axe-core can tell."""

from functools import cache
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"


class AccessibilityError(AssertionError):
    """axe-core found violations: what, where, and how to mend each."""


@cache
def _source() -> str:
    path = settings.NODE_MODULES / "axe-core" / "axe.min.js"
    source: str = path.read_text(encoding="utf-8")
    return source


def check(page: Page) -> None:
    """Raise ``AccessibilityError`` if ``page``, as it looks now, violates WCAG 2.2 A or AA."""
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        raise AccessibilityError("axe-core needs JavaScript: give it a page of another context.")
    # Evaluated by the debugger, so that the page's own CSP stays as strict as it is.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    violations = page.evaluate(RUN, TAGS)["violations"]
    if violations:
        raise AccessibilityError(f"{page.url}\n" + "\n".join(map(_describe, violations)))


def _describe(violation: dict[str, Any]) -> str:
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        target = " ".join(map(str, node["target"]))
        summary = " ".join(node["failureSummary"].split())
        lines += [f"    {target}: {node['html'][:200]}", f"        {summary}"]
    return "\n".join(lines)
