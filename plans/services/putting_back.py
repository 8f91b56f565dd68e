"""Putting the rows of a plan back to what is in force, when an amendment is dropped.

Each step is one of the services that people use, so the log and the history tell of it as of any
change. What isn't put back: how the measures go, which is no part of what was signed.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.models import User
from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.document import Measure as Signed
from plans.document import Part as SignedPart
from plans.document import PlanDocument, ReadPlan, read_plan
from plans.enums import ResponsibleKind, TextKind
from plans.models import FocusArea, PartnerPlan, PlanPart
from plans.services.amendments import empty_reasons, signed_document
from plans.services.focus_areas import (
    change_focus_area,
    delete_focus_area,
    restore_focus_area,
    step_focus_area,
)
from plans.services.measures import change_measure, delete_measure, place_measure
from plans.services.numbering import UP
from plans.services.plans import change_part, change_plan, change_text

_SAME_NAME = (
    "title",
    "kind",
    "description",
    "purpose",
    "expected_result",
    "language",
    "municipality_scope",
    "county_takes_part",
    "period_unit",
    "starts_on",
    "ends_on",
    "cost_nok",
)


def put_back(*, plan: PartnerPlan, by: User) -> None:
    """Make the commitments in the rows those of the version in force, and take back the reasons.

    ``plan`` comes with its parties, under amendment, its row locked; its title and version are as
    saved afterwards.
    """
    signed = signed_document(plan)
    _put_back_own(plan, signed, by)
    # Areas and measures that stood come back first, so that each has somewhere to be.
    read = read_plan(plan)
    for part in signed.parts:
        _put_back_areas(read, part, by)
    _put_back_measures(read, signed, by)
    _take_away_added(read, signed, by)
    for part in signed.parts:
        _order_areas(plan, part, by)
    empty_reasons(plan=plan, by=by)
    plan.refresh_from_db(fields=["title", "version"])


def _put_back_own(plan: PartnerPlan, signed: PlanDocument, by: User) -> None:
    """Put back the title, the texts and the introductions."""
    change_plan(plan=plan, values={"title": signed.title}, expected_version=plan.version, by=by)
    for row in plan.texts.all():
        text = signed.text(TextKind(row.kind))
        values = {"body": text.body, "language": text.language} if text else {"body": ""}
        change_text(text=row, values=values, expected_version=row.version, by=by)
    parts = {part.kind: part for part in signed.parts}
    for part in plan.parts.all():
        then = parts[part.kind]
        values = {"introduction": then.introduction, "language": then.language}
        change_part(part=part, values=values, expected_version=part.version, by=by)


def _put_back_areas(read: ReadPlan, part: SignedPart, by: User) -> None:
    """Bring back the focus areas of a part, and what they said; not yet their order."""
    deleted = {area.key for area in read.deleted_areas}
    rows = _areas(read)
    for area in part.focus_areas:
        row = rows[area.key]
        if area.key in deleted:
            restore_focus_area(area=row, by=by)
        values = {name: getattr(area, name) for name in ("title", "description", "language")}
        change_focus_area(area=row, values=values, expected_version=row.version, by=by)


def _put_back_measures(read: ReadPlan, signed: PlanDocument, by: User) -> None:
    """Put every measure that was signed back to its place, and write what it said."""
    now = {measure.key: measure for measure in read.document.measures}
    rows = {**read.rows, **{row.key: row for row in read.deleted}}
    areas = _areas(read)
    standing = {
        area.key: [measure.key for measure in area.measures]
        for part in read.document.parts
        for area in part.focus_areas
    }
    named = _Named(signed.measures)
    for part in signed.parts:
        for area in part.focus_areas:
            for index, measure in enumerate(area.measures):
                here = standing.setdefault(area.key, [])
                if here[index : index + 1] != [measure.key]:
                    place_measure(
                        measure=rows[measure.key], focus_area=areas[area.key], index=index, by=by
                    )
                    for others in standing.values():
                        if measure.key in others:
                            others.remove(measure.key)
                    here.insert(index, measure.key)
                if _said(now.get(measure.key)) != _said(measure):
                    row = rows[measure.key]
                    change_measure(
                        measure=row,
                        values=named.values(measure),
                        expected_version=row.version,
                        by=by,
                    )


def _take_away_added(read: ReadPlan, signed: PlanDocument, by: User) -> None:
    """Delete the measures and focus areas that weren't signed."""
    kept = {measure.key for measure in signed.measures}
    for key, row in read.rows.items():
        if key not in kept:
            delete_measure(measure=row, by=by)
    kept = {area.key for part in signed.parts for area in part.focus_areas}
    for key, area in read.areas.items():
        if key not in kept:
            delete_focus_area(area=area, by=by)


def _order_areas(plan: PartnerPlan, part: SignedPart, by: User) -> None:
    """Put the focus areas of a part in their order, a step at a time; few ever move."""
    rows = FocusArea.objects.filter(
        part__in=PlanPart.objects.filter(plan=plan, kind=part.kind), position__isnull=False
    ).select_related("part")
    order = list(rows.order_by("position"))
    for place, area in enumerate(part.focus_areas):
        while order[place].key != area.key:
            at = next(index for index, row in enumerate(order) if row.key == area.key)
            step_focus_area(area=order[at], direction=UP, by=by)
            order.insert(at - 1, order.pop(at))


def _areas(read: ReadPlan) -> dict[UUID, FocusArea]:
    return {**read.areas, **{area.key: area for area in read.deleted_areas}}


def _said(measure: Signed | None) -> dict[str, Any] | None:
    """Return what a measure says itself: not its number, and not what rests on it."""
    if measure is None:
        return None
    values = dict(vars(measure))
    del values["number"], values["contributions"]
    responsible = measure.responsible
    # A party's name may be another one now; the party is the same.
    values["responsible"] = responsible and (responsible.kind, responsible.key, responsible.role)
    return values


class _Named:
    """The rows that signed measures name, read once for all."""

    def __init__(self, measures: Iterable[Signed]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for measure in measures:
            wanted[ResponsibleKind.MUNICIPALITY].update(measure.municipalities)
            wanted[ResponsibleKind.COOPERATION].update(measure.cooperations)
            if measure.responsible is not None:
                wanted[measure.responsible.kind].add(measure.responsible.key)
        self.municipalities = {
            row.number: row
            for row in Municipality.objects.filter(number__in=wanted[ResponsibleKind.MUNICIPALITY])
        }
        self.cooperations = {
            row.key: row
            for row in ProcurementCooperation.objects.filter(
                key__in=wanted[ResponsibleKind.COOPERATION]
            )
        }
        self.groups = {
            row.key: row
            for row in WorkingGroup.objects.filter(key__in=wanted[ResponsibleKind.WORKING_GROUP])
        }

    def values(self, measure: Signed) -> dict[str, Any]:
        """Return what a measure said, as ``change_measure`` takes it."""
        return {
            **{name: getattr(measure, name) for name in _SAME_NAME},
            **self._responsible(measure),
            "target_groups": list(measure.target_groups),
            "municipalities": [self.municipalities[number] for number in measure.municipalities],
            "cooperations": [self.cooperations[key] for key in measure.cooperations],
            **{f"lup_days_q{place}": days for place, days in enumerate(measure.lup_days, 1)},
        }

    def _responsible(self, measure: Signed) -> dict[str, Any]:
        found = measure.responsible
        kind, key = (found.kind, found.key) if found else ("", "")
        return {
            "responsible_kind": kind,
            "responsible_role": found.role if found else "",
            "responsible_municipality": self.municipalities[key]
            if kind == ResponsibleKind.MUNICIPALITY
            else None,
            "responsible_cooperation": self.cooperations[key]
            if kind == ResponsibleKind.COOPERATION
            else None,
            "responsible_working_group": self.groups[key]
            if kind == ResponsibleKind.WORKING_GROUP
            else None,
        }
