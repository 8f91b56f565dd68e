"""The facts of a plan that the wording of its memo turns on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format

from plans.document import ContributionRef, Part, PlanDocument
from plans.enums import PlanState, ResponsibleKind
from plans.memo.nynorsk import listed, number
from plans.memo.source import Source


@dataclass(frozen=True)
class AreaFacts:
    """A focus area, and how many measures it has, in words."""

    title: str
    measures: str


@dataclass(frozen=True)
class PartFacts:
    """A part of the plan: how many measures on how many focus areas, in words; ``has_measures``,
    and ``several_areas`` if they are worth a list."""

    measures: str
    areas: tuple[AreaFacts, ...]
    area_count: str
    has_measures: bool
    several_areas: bool


def facts_of(source: Source) -> dict[str, Any]:
    """Return what the templates of the memo are filled with. Call it in Nynorsk: dates are words
    here already."""
    document = source.document
    one, two = (_part(part) for part in document.parts)
    joined = sum(measure.county_takes_part for measure in document.parts[1].measures)
    signed_on = document.agreement.signed_on
    return {
        "county": document.county.full_name,
        "programme": document.programme.name,
        "short": document.programme.short_name,
        "founded": document.programme.founded,
        "owners": listed(document.programme.owners),
        "one_owner": len(document.programme.owners) == 1,
        "year": document.year,
        "agreement": document.agreement,
        "agreement_signed": date_format(signed_on, "DATE_FORMAT") if signed_on else "",
        "joined_before": document.agreement.partner_since < document.year,
        "is_example": document.is_example,
        "is_signed": source.is_signed,
        "signed_on": date_format(source.signed_on, "DATE_FORMAT") if source.signed_on else "",
        "is_for_signature": document.state == PlanState.FOR_SIGNATURE and not source.is_signed,
        "version": document.version or 1,
        "part_one": one,
        "part_two": two,
        "county_joins": number(joined) if joined else "",
        "cooperations": listed(senders(document, ResponsibleKind.COOPERATION)),
        "groups": listed(senders(document, ResponsibleKind.WORKING_GROUP)),
        "municipalities": listed(senders(document, ResponsibleKind.MUNICIPALITY)),
    }


def senders(document: PlanDocument, kind: str) -> list[str]:
    """Return the names of those of a kind whose input became something in the plan, in order."""
    return sorted({found.sender for found in _inputs(document) if found.sender_kind == kind})


def _inputs(document: PlanDocument) -> Iterator[ContributionRef]:
    for part in document.parts:
        for area in part.focus_areas:
            yield from area.contributions
            for measure in area.measures:
                yield from measure.contributions


def _part(part: Part) -> PartFacts:
    areas = tuple(
        AreaFacts(area.title, f"{number(len(area.measures))} tiltak") for area in part.focus_areas
    )
    return PartFacts(
        measures=f"{number(len(part.measures))} tiltak",
        areas=areas,
        area_count=f"{number(len(areas))} satsingsområde",
        has_measures=bool(part.measures),
        several_areas=len(areas) > 1,
    )
