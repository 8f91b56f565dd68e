"""Who does what when, and what concerns whom: the same measures, ordered for looking up."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from plans.document import Measure, Municipality, PlanDocument, Reason, reasons
from plans.document.concern import ALL, CHOSEN, COOPERATION, LEADS
from plans.enums import MunicipalityScope, ResponsibleKind

_ORDER = [*ResponsibleKind.values, ""]
_WEIGHT = (LEADS, CHOSEN, COOPERATION)


@dataclass(frozen=True)
class Booked:
    """A measure, and for each quarter the days that LUP gives; None where it doesn't take place."""

    measure: Measure
    quarters: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Duties:
    """What one party is responsible for; no name where nobody is."""

    name: str
    booked: tuple[Booked, ...]

    @property
    def lup_days(self) -> Decimal:
        """The days of the whole year that LUP gives to these measures."""
        return sum((row.measure.lup_days_total for row in self.booked), Decimal(0))


@dataclass(frozen=True)
class Quarter:
    """A quarter, 1 to 4, and the measures that take place in it."""

    number: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Concern:
    """The measures that concern somebody for the same reasons."""

    reasons: tuple[Reason, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Concerned:
    """A municipality, and what concerns it in particular."""

    municipality: Municipality
    concerns: tuple[Concern, ...]


def by_responsible(document: PlanDocument) -> tuple[Duties, ...]:
    """Return the measures by who is responsible: LUP, the county, then the others by name."""
    found: dict[tuple[str, str], list[Booked]] = defaultdict(list)
    for measure in document.measures:
        answers = measure.responsible
        found[(answers.kind, answers.name) if answers else ("", "")].append(_booked(measure))
    ordered = sorted(found.items(), key=lambda item: (_ORDER.index(item[0][0]), item[0][1]))
    return tuple(Duties(name, tuple(booked)) for (_, name), booked in ordered)


def by_quarter(document: PlanDocument) -> tuple[Quarter, ...]:
    """Return the four quarters with what takes place in each, in the order of the numbers."""
    booked = [_booked(measure) for measure in document.measures]
    return tuple(
        Quarter(place + 1, tuple(row.measure for row in booked if row.quarters[place] is not None))
        for place in range(4)
    )


def days_in_all(document: PlanDocument) -> tuple[Decimal, ...]:
    """Return the days that LUP gives in each quarter, and last in the whole year."""
    by_measure = [measure.lup_days for measure in document.measures]
    quarters = [sum(days, Decimal(0)) for days in zip(*by_measure, strict=True)]
    return (*quarters, sum(quarters, Decimal(0)))


def for_all(document: PlanDocument) -> tuple[Measure, ...]:
    """Return the measures that are for all municipalities of the county."""
    return tuple(m for m in document.measures if m.municipality_scope == MunicipalityScope.ALL)


def by_municipality(document: PlanDocument) -> tuple[Concerned, ...]:
    """Return the municipalities that something concerns for a reason of their own, and what.

    What is for all (``for_all``) isn't repeated for each.
    """
    found = (Concerned(m, _particular(document, m)) for m in document.municipalities)
    return tuple(concerned for concerned in found if concerned.concerns)


def others(document: PlanDocument) -> tuple[Municipality, ...]:
    """Return the county's municipalities that nothing concerns but what is for all."""
    return tuple(m for m in document.own_municipalities if not _particular(document, m))


def _booked(measure: Measure) -> Booked:
    """Return the measure with the quarters that its period touches or that have days."""
    return Booked(
        measure,
        tuple(
            days if days or quarter in measure.quarters else None
            for quarter, days in enumerate(measure.lup_days, start=1)
        ),
    )


def _particular(document: PlanDocument, municipality: Municipality) -> tuple[Concern, ...]:
    """Return what concerns the municipality for a reason of its own, the weightiest first."""
    found: dict[tuple[Reason, ...], list[Measure]] = defaultdict(list)
    for measure in document.measures:
        why = reasons(document, measure, municipality.number)
        particular = tuple(reason for reason in why if reason.kind != ALL)
        if particular:
            found[particular].append(measure)
    ordered = sorted(found.items(), key=lambda item: _WEIGHT.index(item[0][0].kind))
    return tuple(Concern(why, tuple(measures)) for why, measures in ordered)
