"""Who does what when, and what concerns whom: the same measures, ordered for looking up."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from plans.document import Measure, Municipality, PlanDocument, Reason, reasons
from plans.document.concern import ALL
from plans.enums import ResponsibleKind

_ORDER = [*ResponsibleKind.values, ""]


@dataclass(frozen=True)
class Duties:
    """What one party is responsible for; no name where nobody is."""

    name: str
    measures: tuple[Measure, ...]

    @property
    def lup_days(self) -> Decimal:
        """The days of the whole year that LUP gives to these measures."""
        return sum((measure.lup_days_total for measure in self.measures), Decimal(0))


@dataclass(frozen=True)
class Booked:
    """A measure, and for each quarter the days that LUP gives; None where it doesn't take place."""

    measure: Measure
    quarters: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Concern:
    """A measure, and why it concerns somebody."""

    measure: Measure
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Concerned:
    """A municipality, and the measures that concern it in particular."""

    municipality: Municipality
    concerns: tuple[Concern, ...]


def by_responsible(document: PlanDocument) -> tuple[Duties, ...]:
    """Return the measures by who is responsible: LUP, the county, then the others by name."""
    found: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    for measure in document.measures:
        answers = measure.responsible
        found[(answers.kind, answers.name) if answers else ("", "")].append(measure)
    ordered = sorted(found.items(), key=lambda item: (_ORDER.index(item[0][0]), item[0][1]))
    return tuple(Duties(name, tuple(measures)) for (_, name), measures in ordered)


def booked(document: PlanDocument) -> tuple[Booked, ...]:
    """Return every measure with its quarters: those that its period touches or that have days."""
    return tuple(
        Booked(
            measure,
            tuple(
                days if days or quarter in measure.quarters else None
                for quarter, days in enumerate(measure.lup_days, start=1)
            ),
        )
        for measure in document.measures
    )


def booked_in_all(document: PlanDocument) -> tuple[Decimal, ...]:
    """Return the days that LUP gives in each quarter, and last in the whole year."""
    by_quarter = [sum(days, Decimal(0)) for days in zip(*_days(document), strict=True)]
    return (*by_quarter, sum(by_quarter, Decimal(0)))


def _days(document: PlanDocument) -> Iterator[tuple[Decimal, ...]]:
    return (measure.lup_days for measure in document.measures)


def for_all(document: PlanDocument) -> tuple[Measure, ...]:
    """Return the measures that are for all municipalities of the county."""
    return tuple(m for m in document.measures if m.municipality_scope == "ALL")


def by_municipality(document: PlanDocument) -> tuple[Concerned, ...]:
    """Return each municipality with what concerns it for a reason of its own.

    What is for all (``for_all``) isn't repeated for each. Municipalities of other counties come
    only where something concerns them.
    """
    own = {municipality.number for municipality in document.own_municipalities}
    found = (Concerned(m, _particular(document, m)) for m in document.municipalities)
    return tuple(c for c in found if c.concerns or c.municipality.number in own)


def _particular(document: PlanDocument, municipality: Municipality) -> tuple[Concern, ...]:
    found = []
    for measure in document.measures:
        why = reasons(document, measure, municipality.number)
        particular = tuple(reason for reason in why if reason.kind != ALL)
        if particular:
            found.append(Concern(measure, particular))
    return tuple(found)
