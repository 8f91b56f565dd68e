"""How the difference between two texts is shown: struck out and underlined, and said in words."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from plans.worddiff import GONE, SAME, Piece, word_diff

register = template.Library()


@register.simple_tag
def text_diff(before: str, after: str) -> SafeString:
    """Return ``after`` with what came and what went from ``before`` marked as <ins> and <del>."""
    return format_html_join("", "{}", ((_shown(piece),) for piece in word_diff(before, after)))


def _shown(piece: Piece) -> SafeString | str:
    if piece.kind == SAME:
        return piece.text
    # Screen readers rarely tell of ins and del by themselves.
    start, end = (
        (gettext("taken out:"), gettext("end of what is taken out"))
        if piece.kind == GONE
        else (gettext("put in:"), gettext("end of what is put in"))
    )
    return format_html(
        '<{0} class="lp-{1}"><span class="ds-sr-only">{2} </span>{3}'
        '<span class="ds-sr-only"> ({4}) </span></{0}>',
        "del" if piece.kind == GONE else "ins",
        piece.kind,
        start,
        piece.text,
        end,
    )
