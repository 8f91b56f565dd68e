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
class Duties:
    """What one party is responsible for; no name where nobody is."""

    name: str
    measures: tuple[Measure, ...]

    @property
    def lup_days(self) -> Decimal:
        """The days of the whole year that LUP gives to these measures."""
        return sum((measure.lup_days_total for measure in self.measures), Decimal(0))


@dataclass(frozen=True)
class Quarter:
    """A quarter, 1 to 4: the measures that take place or have days in it, and LUP's days."""

    number: int
    measures: tuple[Measure, ...]
    lup_days: Decimal


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
    found: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    for measure in document.measures:
        answers = measure.responsible
        found[(answers.kind, answers.name) if answers else ("", "")].append(measure)
    ordered = sorted(found.items(), key=lambda item: (_ORDER.index(item[0][0]), item[0][1]))
    return tuple(Duties(name, tuple(measures)) for (_, name), measures in ordered)


def by_quarter(document: PlanDocument) -> tuple[Quarter, ...]:
    """Return the four quarters with their measures in the order of the numbers."""
    return tuple(_quarter(document, number) for number in (1, 2, 3, 4))


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


def _quarter(document: PlanDocument, number: int) -> Quarter:
    days = [measure.lup_days[number - 1] for measure in document.measures]
    return Quarter(
        number,
        tuple(
            measure
            for measure, given in zip(document.measures, days, strict=True)
            if given or number in measure.quarters
        ),
        sum(days, Decimal(0)),
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
