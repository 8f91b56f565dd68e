"""Values of a document in the words of the screen's language: periods, amounts, days, parties."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import gettext, pgettext_lazy

from plans.document.model import Measure
from plans.enums import PeriodUnit

NO_BREAK_SPACE = "\u00a0"

_ORDINALS = {
    (1, 1): pgettext_lazy("quarter", "1st quarter"),
    (2, 2): pgettext_lazy("quarter", "2nd quarter"),
    (3, 3): pgettext_lazy("quarter", "3rd quarter"),
    (4, 4): pgettext_lazy("quarter", "4th quarter"),
    (1, 4): pgettext_lazy("quarter", "the whole year"),
}


def period(measure: Measure) -> str:
    """Return when the measure takes place: quarters, or days of the plan's year."""
    if measure.starts_on is None or measure.ends_on is None:
        return ""
    if measure.period_unit == PeriodUnit.DATES:
        return days_between(measure.starts_on, measure.ends_on)
    return quarters_between(measure.quarters[0], measure.quarters[-1])


def quarters_between(first: int, last: int) -> str:
    """Return two quarters, both inclusive, in words."""
    if (first, last) in _ORDINALS:
        return str(_ORDINALS[first, last])
    return gettext("quarters %(first)s–%(last)s") % {"first": first, "last": last}


def days_between(first: date, last: date) -> str:
    """Return two days, both inclusive, as short as can be: «3.–5. mars 2020»."""
    end = date_format(last, "DATE_FORMAT")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        day_alone = get_format("MONTH_DAY_FORMAT").replace("F", "").strip()
        return f"{date_format(first, day_alone)}–{end}"
    if first.year == last.year:
        start = date_format(first, "MONTH_DAY_FORMAT")
        return f"{start}{NO_BREAK_SPACE}–{NO_BREAK_SPACE}{end}"
    return f"{date_format(first, 'DATE_FORMAT')} – {end}"


def kroner(amount: int | None) -> str:
    """Return whole kroner as «kr 150 000», with spaces that don't break; nothing for None."""
    if amount is None:
        return ""
    grouped = f"{amount:,}".replace(",", NO_BREAK_SPACE)
    return f"kr{NO_BREAK_SPACE}{grouped}"


def shown_days(days: Decimal) -> str:
    """Return a number of days with the screen language's decimal sign and no idle zero: «2,5»."""
    return str(number_format(days.normalize() if days % 1 else days.to_integral_value()))


def responsible(measure: Measure) -> str:
    """Return who is responsible, and in which role: «Molde kommune (innkjøpssjef)»."""
    if measure.responsible is None:
        return ""
    if not measure.responsible.role:
        return measure.responsible.name
    return f"{measure.responsible.name} ({measure.responsible.role})"
