"""How the difference between two texts is shown: struck out and underlined, and said in words."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from plans.worddiff import GONE, NEW, SAME, Piece, word_diff

register = template.Library()


@register.simple_tag
def text_diff(before: str, after: str) -> SafeString:
    """Return ``after`` with what came and what went from ``before`` marked as <ins> and <del>."""
    return format_html_join("", "{}", ((_shown(piece),) for piece in word_diff(before, after)))


@register.simple_tag
def sides(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Return ``before`` with what goes marked, and ``after`` with what comes, to be read side by
    side: ``{% sides a b as both %}``."""
    pieces = word_diff(before, after)
    return _side(pieces, GONE), _side(pieces, NEW)


def _side(pieces: Iterable[Piece], own: str) -> SafeString:
    shown = (_broken(_shown(piece)) for piece in pieces if piece.kind in (SAME, own))
    return format_html_join("", "{}", ((piece,) for piece in shown))


def _broken(text: SafeString | str) -> SafeString:
    """Return the text with its line breaks as markup, which survives where pages are kept."""
    return mark_safe(conditional_escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped


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
