"""What follows from the plan, without what anybody wrote in its place."""

import re
from typing import Any

from django.template import Context, engines
from django.utils import translation

from plans.enums import TextKind
from plans.memo.facts import facts_of
from plans.memo.model import Section
from plans.memo.recipes import RECIPES, Place
from plans.memo.source import Source

# The memo's own language, whatever the screen's is.
LANGUAGE = "nn"
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def generated_title(kind: str, source: Source) -> str:
    """Return the title that follows from the plan."""
    return _written(RECIPES[kind].template("title"), _facts(source))


def generated_sections(kind: str, source: Source) -> tuple[Section, ...]:
    """Return each of the memo's sections as it follows from the plan; one without text where
    nothing does."""
    facts = _facts(source)
    return tuple(_section(kind, source, place, facts) for place in RECIPES[kind].places)


def generated_section(kind: str, source: Source, place: Place) -> Section:
    """Return one section as it follows from the plan."""
    return _section(kind, source, place, _facts(source))


def _facts(source: Source) -> dict[str, Any]:
    with translation.override(LANGUAGE):
        return facts_of(source)


def _section(kind: str, source: Source, place: Place, facts: dict[str, Any]) -> Section:
    text = _written(RECIPES[kind].template(place.key), facts)
    heading, _end, body = text.partition("\n")
    language = LANGUAGE
    if place.key == "done" and (done := source.document.text(TextKind.LUP_DONE)):
        # The plan's own words, in their own language.
        body, language = done.body, done.language
    return Section(key=place.key, heading=heading, body=body.strip(), language=language)


def _written(template: str, facts: dict[str, Any]) -> str:
    """Return a template as plain text: it is escaped by what shows it."""
    context = Context(facts, autoescape=False)
    text = engines["django"].engine.get_template(template).render(context)  # type: ignore[attr-defined]
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
