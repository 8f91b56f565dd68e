"""Template filters and tags that only the printed plan needs."""

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from plans.document import AmendedField, AmendedItem, Measure, PlanDocument
from plans.document.difference import ADDED, PART, REMOVED
from plans.enums import MunicipalityScope
from plans.templatetags.plan_words import cooperation_names, day_count
from plans.worddiff import GONE, NEW, SAME, word_diff

register = template.Library()


@register.filter
def quarter_name(number: int) -> str:
    """Return the name of a quarter, 1 to 4."""
    return (
        pgettext("quarter", "1st quarter"),
        pgettext("quarter", "2nd quarter"),
        pgettext("quarter", "3rd quarter"),
        pgettext("quarter", "4th quarter"),
    )[number - 1]


@register.filter
def lup_days(measure: Measure) -> str:
    """Return the days that LUP gives, by quarter and in all."""
    given = [
        gettext("%(days)s in the %(quarter)s")
        % {"days": day_count(days), "quarter": quarter_name(number)}
        for number, days in enumerate(measure.lup_days, start=1)
        if days
    ]
    if len(given) < 2:
        return "".join(given)
    return gettext("%(days)s in all: %(by_quarter)s") % {
        "days": day_count(measure.lup_days_total),
        "by_quarter": ", ".join(given),
    }


@register.simple_tag
def participants(document: PlanDocument, measure: Measure) -> tuple[str, ...]:
    """Return who takes part: the municipalities, the cooperations, the county, each if any."""
    named = document.municipality_by_number
    municipalities = (
        gettext("All municipalities in the county")
        if measure.municipality_scope == MunicipalityScope.ALL
        else ", ".join(named[number].name for number in measure.municipalities)
    )
    county = document.county.full_name if measure.county_takes_part else ""
    found = (municipalities, cooperation_names(document, measure), county)
    return tuple(name for name in found if name)


@register.filter
def amended_title(item: AmendedItem) -> str:
    """Return what something that an amendment changes is called, in the language of its title."""
    if item.kind == PART:
        return gettext("Introduction to part %(number)s") % {"number": item.number}
    return f"{item.number} {item.title}".strip()


@register.filter
def amended_word(item: AmendedItem) -> str:
    """Return what the amendment does with something, in a few words."""
    if item.sort == ADDED:
        return gettext("Added")
    if item.sort == REMOVED:
        return gettext("Taken out")
    if item.number_before != item.number_after:
        return gettext("Changed; was number %(number)s") % {"number": item.number_before}
    return gettext("Changed")


@register.filter
def unbroken(text: str) -> str:
    """Return a text without the places to break that plans.exports.pdf.text puts in."""
    return text.replace("\u200b", "")


@register.simple_tag
def printed_before(field: AmendedField) -> SafeString:
    """Return what a field said, with what is taken out struck through."""
    return _printed(field, field.before, GONE, "del")


@register.simple_tag
def printed_after(field: AmendedField) -> SafeString:
    """Return what a field says now, with what is put in underlined."""
    return _printed(field, field.after, NEW, "ins")


def _printed(field: AmendedField, text: str, kind: str, tag: str) -> SafeString:
    is_written = bool(field.language_before or field.language_after)
    if not (is_written and field.before and field.after):
        return linebreaksbr(text)
    shown = (
        linebreaksbr(piece.text)
        if piece.kind == SAME
        else format_html("<{0}>{1}</{0}>", tag, linebreaksbr(piece.text))
        for piece in word_diff(field.before, field.after)
        if piece.kind in (SAME, kind)
    )
    return format_html_join("", "{}", ((piece,) for piece in shown))
