"""From rows to the document, in a fixed number of queries however long the plan is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast

from municipalities.models import CooperationMembership, ProcurementCooperation
from municipalities.models import Municipality as MunicipalityRow
from plans.document import model
from plans.document.links import Rested, links_of
from plans.enums import ResponsibleKind, TextKind
from plans.models import FocusArea as FocusAreaRow
from plans.models import Measure as MeasureRow
from plans.models import PartnerPlan, PlanPart, PlanText

_AREA_FIELDS = ("id", "key", "title", "description", "language", "position", "version")


@dataclass(frozen=True, kw_only=True)
class ReadPlan:
    """A plan as it stands in the rows now: what it commits to and how it goes.

    ``rows`` and ``areas`` are the rows of its measures and focus areas by key, and ``deleted`` the
    measures and ``deleted_areas`` the focus areas that can be brought back: for the workbench.
    """

    document: model.PlanDocument
    progress: model.PlanProgress
    rows: dict[UUID, MeasureRow]
    areas: dict[UUID, FocusAreaRow]
    deleted: tuple[MeasureRow, ...]
    deleted_areas: tuple[FocusAreaRow, ...]


def read_plan(plan: PartnerPlan) -> ReadPlan:
    """Return the plan's document and progress as the rows stand now.

    ``plan`` comes with its parties (``PartnerPlan.objects.with_parties()``). Takes six queries.
    """
    every = list(
        MeasureRow.objects.filter(part__plan=plan)
        .select_related(
            "responsible_municipality", "responsible_cooperation", "responsible_working_group"
        )
        .order_by("part__kind", "position")
    )
    rows = [row for row in every if not row.is_deleted]
    parts = _parts(plan)
    areas = [area for _row, of_part in parts for area in of_part]
    part_numbers = {row.pk: row.number for row, _areas in parts}
    chosen, joined, rested = links_of(plan.pk)
    measures: dict[int, list[model.Measure]] = defaultdict(list)
    for row in rows:
        number = f"{part_numbers[row.part_id]}.{row.position}"
        measures[row.focus_area_id].append(
            replace(
                _measure(row, number, chosen.get(row.pk, ()), joined.get(row.pk, ()), plan),
                contributions=rested.by_measure.get(row.pk, ()),
            )
        )
    cooperations = _cooperations(plan)
    named = {number for numbers in chosen.values() for number in numbers}
    named.update(number for cooperation in cooperations for number in cooperation.members)
    named.update(
        row.responsible_municipality.number for row in rows if row.responsible_municipality
    )
    texts, owners = _texts_and_owners(plan)
    document = model.PlanDocument(
        schema=model.SCHEMA,
        title=plan.title,
        year=plan.year,
        state=plan.state,
        is_example=plan.is_example,
        changed_at=plan.changed_at.astimezone(UTC).replace(microsecond=0),
        county=_county(plan),
        programme=_programme(plan, owners),
        agreement=_agreement(plan),
        texts=texts,
        parts=tuple(_part(row, of_part, measures, rested) for row, of_part in parts),
        municipalities=_municipalities(plan, named),
        cooperations=cooperations,
    )
    return ReadPlan(
        document=document,
        progress=model.PlanProgress(status={row.key: row.status for row in rows}),
        rows={row.key: row for row in rows},
        areas={area.key: area for area in areas if not area.is_deleted},
        deleted=tuple(row for row in every if row.is_deleted),
        deleted_areas=tuple(area for area in areas if area.is_deleted),
    )


def _county(plan: PartnerPlan) -> model.County:
    county = plan.agreement.county
    return model.County(
        number=county.number, slug=county.slug, name=county.name, full_name=county.full_name
    )


def _programme(plan: PartnerPlan, owners: tuple[str, ...]) -> model.Programme:
    programme = plan.agreement.programme
    return model.Programme(
        name=programme.name,
        short_name=programme.short_name,
        founded=programme.founded,
        owners=owners,
    )


def _agreement(plan: PartnerPlan) -> model.Agreement:
    agreement = plan.agreement
    return model.Agreement(
        first_year=agreement.first_year,
        last_year=agreement.last_year,
        partner_since=agreement.partner_since,
        signed_on=agreement.signed_on,
    )


def _texts_and_owners(plan: PartnerPlan) -> tuple[tuple[model.Text, ...], tuple[str, ...]]:
    """Return the plan's texts, and the names of the programme's owners at the start of its year,
    founders first; one query for both."""
    texts = PlanText.objects.filter(plan=plan).values_list(
        Value("TEXT"), "kind", "language", "body"
    )
    # What sorts the owners stands in the columns that they don't need.
    founder = Case(When(founder=True, then=Value("0")), default=Value("1"))
    owners = (
        plan.agreement.programme.owners.valid_on(_first_day(plan))
        .order_by()
        .values_list(Value("OWNER"), founder, Cast("valid_from", CharField()), "name")
    )
    found = sorted(texts.order_by().union(owners, all=True))
    order = {kind: place for place, kind in enumerate(TextKind)}
    written = sorted(
        (row[1:] for row in found if row[0] == "TEXT" and row[3]),
        key=lambda row: order[TextKind(row[0])],
    )
    return (
        tuple(model.Text(kind=kind, language=lang, body=body) for kind, lang, body in written),
        tuple(name for sort, _founder, _since, name in found if sort == "OWNER"),
    )


def _parts(plan: PartnerPlan) -> list[tuple[PlanPart, list[FocusAreaRow]]]:
    """Return the plan's parts with their focus areas, the deleted ones last; one query for both."""
    rows = (
        PlanPart.objects.filter(plan=plan)
        .annotate(**{f"area_{name}": F(f"focus_areas__{name}") for name in _AREA_FIELDS})
        .order_by("kind", F("focus_areas__position").asc(nulls_last=True))
    )
    found: list[tuple[PlanPart, list[FocusAreaRow]]] = []
    for row in rows:
        if not found or found[-1][0].pk != row.pk:
            found.append((row, []))
        values = {name: getattr(row, f"area_{name}") for name in _AREA_FIELDS}
        if values["id"] is not None:
            found[-1][1].append(FocusAreaRow(part=row, **values))
    return found


def _part(
    part: PlanPart,
    areas: list[FocusAreaRow],
    measures: dict[int, list[model.Measure]],
    rested: Rested,
) -> model.Part:
    return model.Part(
        kind=part.kind,
        number=part.number,
        introduction=part.introduction,
        language=part.language,
        focus_areas=tuple(
            model.FocusArea(
                key=area.key,
                title=area.title,
                description=area.description,
                language=area.language,
                measures=tuple(measures[area.pk]),
                contributions=rested.by_area.get(area.pk, ()),
            )
            for area in areas
            if not area.is_deleted
        ),
    )


def _measure(
    row: MeasureRow,
    number: str,
    chosen: tuple[str, ...],
    joined: tuple[str, ...],
    plan: PartnerPlan,
) -> model.Measure:
    return model.Measure(
        key=row.key,
        number=number,
        title=row.title,
        kind=row.kind,
        description=row.description,
        purpose=row.purpose,
        expected_result=row.expected_result,
        language=row.language,
        target_groups=tuple(row.target_groups),
        responsible=_responsible(row, plan),
        municipality_scope=row.municipality_scope,
        municipalities=chosen,
        cooperations=joined,
        county_takes_part=row.county_takes_part,
        period_unit=row.period_unit,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        lup_days=(row.lup_days_q1, row.lup_days_q2, row.lup_days_q3, row.lup_days_q4),
        cost_nok=row.cost_nok,
    )


def _responsible(row: MeasureRow, plan: PartnerPlan) -> model.Responsible | None:
    match row.responsible_kind:
        case ResponsibleKind.LUP:
            key, name = "", plan.agreement.programme.short_name
        case ResponsibleKind.COUNTY:
            key, name = plan.agreement.county.number, plan.agreement.county.full_name
        case ResponsibleKind.MUNICIPALITY:
            assert row.responsible_municipality is not None  # a constraint says so
            municipality = row.responsible_municipality
            key, name = municipality.number, f"{municipality.name} kommune"
        case ResponsibleKind.COOPERATION:
            assert row.responsible_cooperation is not None
            key, name = row.responsible_cooperation.key, row.responsible_cooperation.name
        case ResponsibleKind.WORKING_GROUP:
            assert row.responsible_working_group is not None
            key, name = row.responsible_working_group.key, row.responsible_working_group.name
        case _:
            return None
    return model.Responsible(
        kind=row.responsible_kind, key=key, name=name, role=row.responsible_role
    )


def _municipalities(plan: PartnerPlan, named: Iterable[str]) -> tuple[model.Municipality, ...]:
    own = Q(
        pk__in=MunicipalityRow.objects.valid_in_year(plan.year)
        .in_county(plan.agreement.county.number)
        .values("pk")
    )
    rows = (
        MunicipalityRow.objects.filter(own | Q(number__in=set(named)))
        .select_related("county")
        .called_on(_first_day(plan))
        .order_by("number")
    )
    return tuple(
        model.Municipality(
            number=row.number,
            name=row.name_then,
            county_number=row.county.number,
            latitude=row.latitude,
            longitude=row.longitude,
        )
        for row in rows
    )


def _cooperations(plan: PartnerPlan) -> tuple[model.Cooperation, ...]:
    """Return the county's cooperations with the members that each had in the plan's year; one query
    for both, which holds a cooperation without members too."""
    own = ("key", "name", "short_name", "certainty")
    dates = ("valid_from", "valid_to", "certainty")
    rows = (
        ProcurementCooperation.objects.filter(county=plan.agreement.county_id)
        .order_by("key", "memberships__municipality__number")
        .values_list(
            *own, "memberships__municipality__number", *(f"memberships__{name}" for name in dates)
        )
    )
    found = []
    for values, group in groupby(rows, itemgetter(slice(len(own)))):
        members = [
            (row[len(own)], CooperationMembership(**dict(zip(dates, row[-3:], strict=True))))
            for row in group
            if row[len(own)] is not None
        ]
        body = ProcurementCooperation(**dict(zip(own, values, strict=True)))
        found.append(
            model.Cooperation(
                key=body.key,
                name=body.name,
                short_name=body.short_name,
                certainty=body.certainty_among((row for _n, row in members), _first_day(plan)),
                members=tuple(
                    sorted({number for number, row in members if row.is_valid_in_year(plan.year)})
                ),
            )
        )
    return tuple(found)


def _first_day(plan: PartnerPlan) -> date:
    """The day whose names and owners the plan shows."""
    return date(plan.year, 1, 1)
