"""Template filters that put a document's codes, dates and amounts into words."""

from datetime import date
from decimal import Decimal

from django import template
from django.db import models
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from plans import enums
from plans.capacity import shown_days
from plans.document import Measure, PlanDocument, Reason, concern

register = template.Library()

NO_BREAK_SPACE = "\u00a0"

_CHOICES: dict[str, type[models.TextChoices]] = {
    "state": enums.PlanState,
    "part": enums.PartKind,
    "text": enums.TextKind,
    "language": enums.TextLanguage,
    "kind": enums.MeasureKind,
    "target_group": enums.TargetGroup,
    "scope": enums.MunicipalityScope,
    "status": enums.MeasureStatus,
}

_REASONS = {
    concern.LEADS: gettext_lazy("is responsible"),
    concern.CHOSEN: gettext_lazy("is named in the measure"),
    concern.ALL: gettext_lazy("the measure is for all municipalities in the county"),
}

_ORDINALS = {
    (1, 1): pgettext_lazy("quarter", "1st quarter"),
    (2, 2): pgettext_lazy("quarter", "2nd quarter"),
    (3, 3): pgettext_lazy("quarter", "3rd quarter"),
    (4, 4): pgettext_lazy("quarter", "4th quarter"),
    (1, 4): pgettext_lazy("quarter", "the whole year"),
}


@register.filter
def named(code: str, vocabulary: str) -> str:
    """Return what people call ``code`` of a vocabulary: ``{{ measure.kind|named:"kind" }}``."""
    choices = _CHOICES[vocabulary]
    return str(choices(code).label) if code in choices.values else code


@register.filter
def period(measure: Measure) -> str:
    """Return when the measure takes place: quarters, or days of the plan's year."""
    if measure.starts_on is None or measure.ends_on is None:
        return ""
    if measure.period_unit == enums.PeriodUnit.DATES:
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


@register.filter
def kroner(amount: int | None) -> str:
    """Return whole kroner as «kr 150 000», with spaces that don't break; nothing for None."""
    if amount is None:
        return ""
    grouped = f"{amount:,}".replace(",", NO_BREAK_SPACE)
    return f"kr{NO_BREAK_SPACE}{grouped}"


@register.filter
def day_count(days: Decimal) -> str:
    """Return a number of days with the screen language's decimal sign and no idle zero: «2,5»."""
    return shown_days(days)


@register.filter
def responsible(measure: Measure) -> str:
    """Return who is responsible, and in which role: «Molde kommune (innkjøpssjef)»."""
    if measure.responsible is None:
        return ""
    if not measure.responsible.role:
        return measure.responsible.name
    return f"{measure.responsible.name} ({measure.responsible.role})"


@register.filter
def reason(found: Reason) -> str:
    """Return in words why a measure concerns a municipality."""
    if found.kind == concern.COOPERATION:
        return gettext("through %(cooperation)s") % {"cooperation": found.name}
    return str(_REASONS[found.kind])


@register.simple_tag
def reasons(document: PlanDocument, measure: Measure, number: str) -> tuple[Reason, ...]:
    """Return why the measure concerns it: ``{% reasons document m "1506" as why %}``."""
    return concern.reasons(document, measure, number)


@register.simple_tag
def concerned(document: PlanDocument, measure: Measure) -> tuple[object, ...]:
    """Return the municipalities that it concerns: ``{% concerned document m as them %}``."""
    return concern.concerned(document, measure)


@register.simple_tag
def cooperation_names(document: PlanDocument, measure: Measure) -> str:
    """Return the names of the cooperations that the measure is for, set off by commas."""
    return ", ".join(document.cooperation_by_key[key].name for key in measure.cooperations)
