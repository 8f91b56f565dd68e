"""Template tags of the pages where a plan is read."""

from decimal import Decimal
from functools import lru_cache

import pyphen
from django import template
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext, gettext_lazy, ngettext

from lupplan.templatetags.lupplan_ui import state
from plans.document import Measure, PlanDocument, PlanProgress, concern
from plans.enums import MeasureStatus, MunicipalityScope

register = template.Library()

# So many municipalities are named where there is little room; of more, only how many.
MOST_NAMES = 5
LONG_WORD = 16  # letters

_GROUPS = {
    concern.LEADS: gettext_lazy("The municipality is responsible"),
    concern.CHOSEN: gettext_lazy("The municipality takes part"),
    concern.COOPERATION: gettext_lazy("Through a procurement cooperation"),
    concern.ALL: gettext_lazy("Open to all municipalities in the county"),
}


@register.simple_tag
def measure_state(progress: PlanProgress, measure: Measure) -> SafeString:
    """Return how the measure goes, as word, shape and colour."""
    code = progress.status.get(measure.key, MeasureStatus.PLANNED)
    return state(code, str(MeasureStatus(code).label))


@register.simple_tag
def for_whom(document: PlanDocument, measure: Measure) -> str:
    """Return which municipalities and cooperations a measure is for, in few words; perhaps none."""
    found = []
    if measure.municipality_scope == MunicipalityScope.ALL:
        count = len(document.own_municipalities)
        found.append(
            ngettext(
                "the %(count)s municipality in the county",
                "all %(count)s municipalities in the county",
                count,
            )
            % {"count": count}
        )
    elif len(measure.municipalities) <= MOST_NAMES:
        known = document.municipality_by_number
        found += [known[number].name for number in measure.municipalities]
    else:
        found.append(gettext("%(count)s municipalities") % {"count": len(measure.municipalities)})
    for key in measure.cooperations:
        cooperation = document.cooperation_by_key[key]
        found.append(cooperation.short_name or cooperation.name)
    if measure.county_takes_part:
        found.append(gettext("the county"))
    return str(get_text_list(found, gettext("and")))


@register.filter
def soft_hyphens(text: str, language: str) -> str:
    """Return a title with places to break its longest words at, for narrow screens.

    Browsers know how to hyphenate Bokmål at best, and a compound may be as wide as the page.
    """
    hyphenator = _hyphenator(language)
    return " ".join(
        hyphenator.inserted(word, hyphen="\u00ad") if len(word) >= LONG_WORD else word
        for word in text.split(" ")
    )


@lru_cache
def _hyphenator(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=pyphen.language_fallback(language), left=4, right=4)


@register.filter
def group_heading(reason: str) -> str:
    """Return the heading over the measures that concern a municipality for that reason."""
    return str(_GROUPS[reason])


@register.filter
def with_days(days: tuple[Decimal, ...]) -> list[tuple[int, Decimal]]:
    """Return (quarter, days) for the quarters in which LUP gives any."""
    return [(number, given) for number, given in enumerate(days, start=1) if given]
