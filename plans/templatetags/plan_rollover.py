"""Template tags that say in words what a roll-over does with days and municipalities."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plans.carrying import Candidate, Takeover
from plans.enums import PeriodUnit
from plans.models import Measure, RolloverDecision
from plans.periods import quarter_of
from plans.shifting import Note, Which, Why
from plans.templatetags.plan_words import days_between, quarters_between

register = template.Library()


@register.filter
def when(row: Measure | RolloverDecision) -> str:
    """Return the period of a row: quarters, or days; nothing where it has none."""
    if row.starts_on is None or row.ends_on is None:
        return ""
    if row.period_unit == PeriodUnit.DATES:
        return days_between(row.starts_on, row.ends_on)
    return quarters_between(quarter_of(row.starts_on), quarter_of(row.ends_on))


@register.simple_tag
def shift_line(note: Note) -> str:
    """Return what was changed about a day, and why."""
    after = f"{date_format(note.after, 'l')} {date_format(note.after)}"
    if note.why is Why.LEAP:
        return _("The year has no 29 February: it becomes %(after)s.") % {"after": after}
    before = date.fromisoformat(note.before)
    text = (
        _("The first day would be a %(weekday)s, %(before)s: %(after)s is proposed.")
        if note.which is Which.START
        else _("The last day would be a %(weekday)s, %(before)s: %(after)s is proposed.")
    )
    weekday = date_format(before, "l")
    return text % {"weekday": weekday, "before": date_format(before), "after": after}


@register.simple_tag
def taken_over(candidate: Candidate, takeover: Takeover) -> SafeString:
    """Return who takes the place of a municipality that is gone, as it was decided."""
    names = [str(municipality) for municipality in candidate.successors(takeover)]
    return format_html("{} → {}", str(takeover.ended), ", ".join(names) or _("left out"))


@register.simple_tag
def takeover_line(takeover: Takeover) -> SafeString:
    """Return what becomes of a municipality that is gone."""
    later = ", ".join(str(m) for m in takeover.options)
    elsewhere = ", ".join(f"{m} ({m.county.name})" for m in takeover.elsewhere)
    parts = []
    if takeover.asks:
        parts.append(_("choose below who takes its place (%(later)s)") % {"later": later})
    elif later:
        parts.append(_("%(later)s takes its place") % {"later": later})
    if elsewhere:
        parts.append(
            _("%(elsewhere)s belongs to another county and can't be named")
            % {"elsewhere": elsewhere}
        )
    if not parts:
        parts.append(_("nobody is known to have taken over: it is left out"))
    return format_html("{}: {}.", str(takeover.ended), "; ".join(parts))
