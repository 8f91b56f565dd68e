"""Template tags of the pages: icons, states, parts and the language choice."""

from collections.abc import Iterable

from django import template
from django.conf import settings
from django.contrib.messages import constants as levels
from django.contrib.messages.storage.base import Message
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lupplan.templatetags.icons import icon_svg

register = template.Library()

# Code → (icon, colour of Designsystemet). Word and shape say it; colour comes third.
_STATES = {
    # for any use
    "ok": ("check", "success"),
    "info": ("info", "info"),
    "wait": ("clock", "neutral"),
    "late": ("warning", "warning"),
    "stop": ("stop", "danger"),
    "neutral": ("circle", "neutral"),
    # a measure
    "PLANNED": ("circle", "neutral"),
    "ON_TRACK": ("half", "info"),
    "DELAYED": ("clock", "warning"),
    "DONE": ("check", "success"),
    "STOPPED": ("stop", "danger"),
    # a plan
    "DRAFT": ("pencil", "neutral"),
    "CONSULTATION": ("speech", "info"),
    "NEGOTIATION": ("arrows", "info"),
    "FOR_SIGNATURE": ("pen", "warning"),
    "ACTIVE": ("seal", "success"),
    "AMENDING": ("half", "warning"),
    "CLOSED": ("lock", "neutral"),
}

_PARTS = {"COUNTY": "one", "MUNICIPALITIES": "two", "1": "one", "2": "two"}
_PART_NUMBERS = {"one": 1, "two": 2}

_ALERT_COLOURS = {
    levels.DEBUG: "info",
    levels.INFO: "info",
    levels.SUCCESS: "success",
    levels.WARNING: "warning",
    levels.ERROR: "danger",
}

# A language is offered in its own name, whatever the language of the page.
_OWN_NAMES = {"nn": "Nynorsk", "nb": "Bokmål", "en": "English"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Give the inline SVG of an icon; it is decoration, so write the word beside it."""
    return icon_svg(name)


@register.simple_tag
def state(code: str, word: str) -> SafeString:
    """Give a tag that tells a state by ``word``, by shape and by colour.

    ``code`` is a key of ``_STATES``; an unknown one raises KeyError.
    """
    shape, colour = _STATES[code]
    return format_html(
        '<span class="ds-tag lp-state" data-color="{}">{}{}</span>', colour, icon_svg(shape), word
    )


@register.filter
def part_slug(kind: str | int) -> str:
    """Give "one" or "two", the value of data-part, for a kind of part or its number."""
    return _PARTS[str(kind)]


@register.simple_tag
def partmark(kind: str | int) -> SafeString:
    """Give the small mark with the number of the part, in its accent."""
    slug = part_slug(kind)
    return format_html(
        '<span class="lp-partmark" data-part="{}">{}</span>', slug, _PART_NUMBERS[slug]
    )


@register.filter
def alert_colour(message: Message) -> str:
    """Give the colour of Designsystemet for a message of django.contrib.messages."""
    return _ALERT_COLOURS.get(message.level, "info")


@register.simple_tag
def screen_languages() -> Iterable[tuple[str, str]]:
    """Give (code, own name) of the languages that the screen can be read in."""
    return [(code, _OWN_NAMES.get(code, str(name))) for code, name in settings.LANGUAGES]


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, **changed: object) -> str:
    """Give the query string of this page with some parameters changed; None takes one out."""
    query = context["request"].GET.copy()
    for name, value in changed.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    encoded: str = query.urlencode()
    return f"?{encoded}"
