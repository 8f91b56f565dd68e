"""Template filters that put a document's codes, dates and amounts into words."""

from decimal import Decimal

from django import template
from django.db import models
from django.utils.translation import gettext, gettext_lazy

from plans import enums
from plans.document import Measure, PlanDocument, Reason, concern
from plans.document.words import (
    days_between,
    kroner,
    period,
    quarters_between,
    responsible,
    shown_days,
)

__all__ = ["days_between", "kroner", "named", "period", "quarters_between", "responsible"]

register = template.Library()

register.filter(period)
register.filter(kroner)
register.filter(responsible)

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


@register.filter
def named(code: str, vocabulary: str) -> str:
    """Return what people call ``code`` of a vocabulary: ``{{ measure.kind|named:"kind" }}``."""
    choices = _CHOICES[vocabulary]
    return str(choices(code).label) if code in choices.values else code


@register.filter
def day_count(days: Decimal) -> str:
    """Return a number of days with the screen language's decimal sign and no idle zero: «2,5»."""
    return shown_days(days)


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
