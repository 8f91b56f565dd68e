"""The key figures of a plan, part by part."""

from decimal import Decimal

from django.utils.translation import gettext as _

from plans.document import Measure, PlanDocument, reasons
from plans.document.words import shown_days
from plans.enums import ResponsibleKind
from plans.memo.model import Figure

Measures = tuple[Measure, ...]


def figures_of(document: PlanDocument) -> tuple[Figure, ...]:
    """Return the plan's key figures: focus areas, measures, who is responsible for them, the days
    that LUP gives, and how many of the county's municipalities a measure concerns. Call it in
    Nynorsk."""
    parts = document.parts
    by_part = tuple(part.measures for part in parts)
    areas = [len(part.focus_areas) for part in parts]
    short, county = document.programme.short_name, document.county.full_name
    led = [
        (short, (ResponsibleKind.LUP,)),
        (county, (ResponsibleKind.COUNTY,)),
        (
            _("municipalities and their cooperations and groups"),
            (
                ResponsibleKind.MUNICIPALITY,
                ResponsibleKind.COOPERATION,
                ResponsibleKind.WORKING_GROUP,
            ),
        ),
    ]
    rows = [
        Figure(_("Focus areas"), *map(str, (*areas, sum(areas)))),
        _counted(_("Measures"), by_part),
    ]
    for name, kinds in led:
        theirs = tuple(_led_by(measures, kinds) for measures in by_part)
        if any(theirs):
            rows.append(_counted(_("Measures led by %(who)s") % {"who": name}, theirs))
    days = [sum((m.lup_days_total for m in measures), Decimal(0)) for measures in by_part]
    total = sum(days, Decimal(0))
    if total:
        name = _("Days from %(programme)s") % {"programme": short}
        rows.append(Figure(name, *map(shown_days, (*days, total))))
    reached = [_reached(document, measures) for measures in (*by_part, document.measures)]
    name = _("Municipalities that measures concern, of %(total)s") % {
        "total": len(document.own_municipalities)
    }
    rows.append(Figure(name, *map(str, reached)))
    return tuple(rows)


def _counted(name: str, by_part: tuple[Measures, ...]) -> Figure:
    counts = [len(measures) for measures in by_part]
    return Figure(name, *map(str, (*counts, sum(counts))))


def _led_by(measures: Measures, kinds: tuple[str, ...]) -> Measures:
    return tuple(m for m in measures if m.responsible and m.responsible.kind in kinds)


def _reached(document: PlanDocument, measures: Measures) -> int:
    return sum(
        any(reasons(document, measure, municipality.number) for measure in measures)
        for municipality in document.own_municipalities
    )
