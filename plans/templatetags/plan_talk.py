"""How comments are shown: who is meant stands out, and what their author is."""

import re
import unicodedata

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def marked(text: str, pattern: "re.Pattern[str] | None") -> SafeString:
    """Return a comment as paragraphs, with every @name that ``pattern`` finds marked."""
    text = unicodedata.normalize("NFC", text)
    pieces, end = [], 0
    for match in pattern.finditer(text) if pattern else ():
        pieces += [
            escape(text[end : match.start()]),
            format_html('<span class="lp-mention">{}</span>', match[0]),
        ]
        end = match.end()
    pieces.append(escape(text[end:]))
    return linebreaks_filter(mark_safe("".join(pieces)))  # noqa: S308 - every piece is escaped


@register.filter
def of_key(names: dict[object, object], key: object) -> object:
    """Return what a dictionary says of a key; empty if it doesn't know it."""
    return names.get(key, "")
