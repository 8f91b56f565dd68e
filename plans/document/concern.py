"""Which municipalities a measure concerns, and why; and the extract for one of them."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from plans.document.model import Measure, Municipality, PlanDocument
from plans.enums import MunicipalityScope, ResponsibleKind

LEADS, CHOSEN, COOPERATION, ALL = "LEADS", "CHOSEN", "COOPERATION", "ALL"


@dataclass(frozen=True)
class Reason:
    """Why a measure concerns a municipality.

    ``kind`` is LEADS (it is responsible), CHOSEN (it is named), COOPERATION (it is a member of the
    cooperation called ``name``) or ALL (open to all in the county).
    """

    kind: str
    name: str = ""


def reasons(document: PlanDocument, measure: Measure, number: str) -> tuple[Reason, ...]:
    """Return why ``measure`` concerns the municipality with that number; empty if it doesn't."""
    found = []
    responsible = measure.responsible
    if (
        responsible is not None
        and responsible.kind == ResponsibleKind.MUNICIPALITY
        and responsible.key == number
    ):
        found.append(Reason(LEADS))
    if number in measure.municipalities:
        found.append(Reason(CHOSEN))
    for key in measure.cooperations:
        cooperation = document.cooperation_by_key[key]
        if number in cooperation.members:
            found.append(Reason(COOPERATION, cooperation.name))
    if measure.municipality_scope == MunicipalityScope.ALL and _is_own(document, number):
        found.append(Reason(ALL))
    return tuple(found)


def concerned(document: PlanDocument, measure: Measure) -> tuple[Municipality, ...]:
    """Return every municipality that the measure concerns, in the order of their numbers."""
    return tuple(
        municipality
        for municipality in document.municipalities
        if reasons(document, measure, municipality.number)
    )


def measures_concerning(document: PlanDocument, number: str) -> tuple[Measure, ...]:
    """Return the measures that concern the municipality with that number."""
    return tuple(measure for measure in document.measures if reasons(document, measure, number))


def extract(document: PlanDocument, number: str) -> PlanDocument:
    """Return the plan with only the measures that concern one municipality, numbered as before.

    Focus areas that are left empty go; both parts stay. Raises ``KeyError`` for a municipality that
    the document doesn't hold.
    """
    document.municipality_by_number[number]
    kept = {measure.key for measure in measures_concerning(document, number)}
    parts = []
    for part in document.parts:
        areas = (
            replace(area, measures=tuple(m for m in area.measures if m.key in kept))
            for area in part.focus_areas
        )
        parts.append(replace(part, focus_areas=tuple(area for area in areas if area.measures)))
    return replace(document, parts=tuple(parts), extract_of=number)


def share(
    document: PlanDocument,
    *,
    municipalities: Collection[str],
    cooperations: Collection[str],
    working_groups: Collection[str],
) -> PlanDocument:
    """Return what of an unsigned plan some parties may read, numbered as before.

    Those are the measures that concern one of the ``municipalities`` (numbers), that one of the
    ``cooperations`` (keys) answers for or takes part in, and that one of the ``working_groups``
    (keys) answers for; and those that rest on what one of them contributed. Nothing is left of
    what isn't theirs: other measures, the plan's texts, the introductions, the descriptions of
    focus areas and what these rest on.
    """
    senders = {
        *((ResponsibleKind.MUNICIPALITY, number) for number in municipalities),
        *((ResponsibleKind.COOPERATION, key) for key in cooperations),
        *((ResponsibleKind.WORKING_GROUP, key) for key in working_groups),
    }
    kept = set()
    for measure in document.measures:
        party = measure.responsible
        if (
            any(reasons(document, measure, number) for number in municipalities)
            or any(key in cooperations for key in measure.cooperations)
            or (party and party.kind == ResponsibleKind.COOPERATION and party.key in cooperations)
            or (
                party
                and party.kind == ResponsibleKind.WORKING_GROUP
                and party.key in working_groups
            )
            or any((ref.sender_kind, ref.sender_key) in senders for ref in measure.contributions)
        ):
            kept.add(measure.key)
    parts = (
        replace(
            part,
            introduction="",
            focus_areas=tuple(
                replace(area, description="", contributions=(), measures=measures)
                for area in part.focus_areas
                if (measures := tuple(m for m in area.measures if m.key in kept))
            ),
        )
        for part in document.parts
    )
    left = replace(document, texts=(), parts=tuple(parts))
    members = {number for cooperation in document.cooperations for number in cooperation.members}
    return replace(
        left,
        # Of other counties', only those that these measures name.
        municipalities=tuple(
            municipality
            for municipality in document.municipalities
            if municipality.county_number == document.county.number
            or municipality.number in members
            or measures_concerning(left, municipality.number)
        ),
    )


def _is_own(document: PlanDocument, number: str) -> bool:
    municipality = document.municipality_by_number.get(number)
    return municipality is not None and municipality.county_number == document.county.number
