"""Template filters and tags that only the printed plan needs."""

from django import template
from django.utils.translation import gettext, pgettext

from plans.document import Measure, PlanDocument
from plans.enums import MunicipalityScope
from plans.templatetags.plan_words import cooperation_names, day_count

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
