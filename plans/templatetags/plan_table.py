"""What stands in the cells of the table of measures."""

from collections.abc import Callable

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from plans.table import Row
from plans.templatetags.plan_words import day_count, kroner, named, period, responsible

register = template.Library()

_CELLS: dict[str, Callable[[Row], str]] = {
    "del": lambda row: f"{row.part.number} – {named(row.part.kind, 'part')}",
    "satsing": lambda row: row.area.title,
    "slag": lambda row: named(row.measure.kind, "kind"),
    "ansvar": lambda row: responsible(row.measure),
    "periode": lambda row: period(row.measure),
    "k1": lambda row: day_count(row.measure.lup_days[0]),
    "k2": lambda row: day_count(row.measure.lup_days[1]),
    "k3": lambda row: day_count(row.measure.lup_days[2]),
    "k4": lambda row: day_count(row.measure.lup_days[3]),
    "dagar": lambda row: day_count(row.measure.lup_days_total),
    "kommunar": lambda row: gettext("all") if row.for_all else str(len(row.concerned) or ""),
    "samarbeid": lambda row: ", ".join(row.cooperation_names),
    "kostnad": lambda row: kroner(row.measure.cost_nok),
    "sprak": lambda row: named(row.measure.language, "language"),
    "manglar": lambda row: ", ".join(row.lacks),
    "endra": lambda row: (
        date_format(localtime(row.changed_at), "SHORT_DATETIME_FORMAT") if row.changed_at else ""
    ),
}


@register.filter
def cell(row: Row, code: str) -> str:
    """Return what stands in a column of a row: ``{{ row|cell:column.code }}``."""
    return _CELLS[code](row)
