"""A document looked at from the side: in figures, by party, by municipality. Pure functions."""

from dataclasses import dataclass
from decimal import Decimal

from plans.document import Measure, Municipality, PlanDocument, Reason, reasons
from plans.document.concern import ALL, CHOSEN, COOPERATION, LEADS
from plans.document.model import Cooperation
from plans.enums import ResponsibleKind

# Why a measure concerns a municipality, the weightiest reason first.
WEIGHT = (LEADS, CHOSEN, COOPERATION, ALL)
_PARTIES = ResponsibleKind.values

Days = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class PartFigures:
    """How many measures a part has, and the days that LUP gives to them in each quarter."""

    number: int
    kind: str
    measures: int
    lup_days: Days

    @property
    def lup_days_total(self) -> Decimal:
        """The days that LUP gives in the whole year."""
        return sum(self.lup_days, Decimal(0))


@dataclass(frozen=True)
class MunicipalityRow:
    """A municipality, its cooperations and the measures that concern it."""

    municipality: Municipality
    cooperations: tuple[Cooperation, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Figures:
    """The plan in figures. ``reached`` are those of the county's municipalities that a measure
    concerns."""

    parts: tuple[PartFigures, ...]
    reached: int
    municipalities: int

    @property
    def measures(self) -> int:
        """How many measures the plan has."""
        return sum(part.measures for part in self.parts)

    @property
    def lup_days(self) -> Days:
        """The days that LUP gives in each quarter."""
        return _added([part.lup_days for part in self.parts])

    @property
    def lup_days_total(self) -> Decimal:
        """The days that LUP gives in the whole year."""
        return sum(self.lup_days, Decimal(0))


@dataclass(frozen=True)
class Duties:
    """What one party is responsible for; without a name where nobody is yet."""

    name: str
    measures: tuple[Measure, ...]

    @property
    def lup_days(self) -> Decimal:
        """The days that LUP gives to these measures in the whole year."""
        return sum((measure.lup_days_total for measure in self.measures), Decimal(0))


@dataclass(frozen=True)
class Group:
    """The measures that concern a municipality for the same reason, each with all its reasons."""

    reason: str
    measures: tuple[tuple[Measure, tuple[Reason, ...]], ...]


def figures(document: PlanDocument, rows: tuple[MunicipalityRow, ...]) -> Figures:
    """Return the plan in figures; ``rows`` come from ``by_municipality``."""
    own = {municipality.number for municipality in document.own_municipalities}
    return Figures(
        parts=tuple(
            PartFigures(
                number=part.number,
                kind=part.kind,
                measures=len(part.measures),
                lup_days=_added([measure.lup_days for measure in part.measures]),
            )
            for part in document.parts
        ),
        reached=sum(1 for row in rows if row.measures and row.municipality.number in own),
        municipalities=len(own),
    )


def by_municipality(document: PlanDocument) -> tuple[MunicipalityRow, ...]:
    """Return the county's municipalities, and any other that a measure concerns, by number."""
    own = {municipality.number for municipality in document.own_municipalities}
    found = []
    for municipality in document.municipalities:
        number = municipality.number
        measures = tuple(m for m in document.measures if reasons(document, m, number))
        if measures or number in own:
            cooperations = tuple(c for c in document.cooperations if number in c.members)
            found.append(MunicipalityRow(municipality, cooperations, measures))
    return tuple(found)


def by_responsible(document: PlanDocument) -> tuple[Duties, ...]:
    """Return the measures by who is responsible: LUP, the county, then the others by name."""
    found: dict[tuple[int, str], list[Measure]] = {}
    for measure in document.measures:
        party = measure.responsible
        key = (_PARTIES.index(party.kind), party.name) if party else (len(_PARTIES), "")
        found.setdefault(key, []).append(measure)
    return tuple(Duties(name, tuple(found[_kind, name])) for _kind, name in sorted(found))


def by_reason(document: PlanDocument, number: str) -> tuple[Group, ...]:
    """Return what concerns the municipality, each measure under its weightiest reason."""
    groups: dict[str, list[tuple[Measure, tuple[Reason, ...]]]] = {kind: [] for kind in WEIGHT}
    for measure in document.measures:
        why = reasons(document, measure, number)
        if why:
            weightiest = min((reason.kind for reason in why), key=WEIGHT.index)
            groups[weightiest].append((measure, why))
    return tuple(Group(kind, tuple(found)) for kind, found in groups.items() if found)


def concerned_by_reasons(
    document: PlanDocument, measure: Measure
) -> list[tuple[tuple[Reason, ...], list[Municipality]]]:
    """Return the municipalities that a measure concerns, together those that it concerns alike."""
    found: dict[tuple[Reason, ...], list[Municipality]] = {}
    for municipality in document.municipalities:
        why = reasons(document, measure, municipality.number)
        if why:
            found.setdefault(why, []).append(municipality)
    return list(found.items())


def _added(rows: list[Days]) -> Days:
    first, second, third, fourth = (
        sum((row[quarter] for row in rows), Decimal(0)) for quarter in range(4)
    )
    return first, second, third, fourth
