"""What measures and focus areas are tied to: municipalities, cooperations, contributions."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from plans.document.model import ContributionRef
from plans.enums import ContributionState, ResponsibleKind
from plans.models import ContributionArea, ContributionUse, Measure

Keys = dict[int, tuple[str, ...]]
Refs = dict[int, tuple[ContributionRef, ...]]

_NOTHING = Value("", output_field=CharField())
_KIND = Case(
    When(contribution__municipality__isnull=False, then=Value(ResponsibleKind.MUNICIPALITY.value)),
    When(contribution__cooperation__isnull=False, then=Value(ResponsibleKind.COOPERATION.value)),
    default=Value(ResponsibleKind.WORKING_GROUP.value),
    output_field=CharField(),
)
_SENDER_KEY = Coalesce(
    "contribution__municipality__number",
    "contribution__cooperation__key",
    "contribution__working_group__key",
    output_field=CharField(),
)
# As plans name a municipality that is responsible (plans.models.round.party_name).
_SENDER = Coalesce(
    "contribution__cooperation__name",
    "contribution__working_group__name",
    Concat("contribution__municipality__name", Value(" kommune")),
    output_field=CharField(),
)


@dataclass(frozen=True)
class Rested:
    """The contributions that were taken into the plan, by measure and by focus area."""

    by_measure: Refs
    by_area: Refs


def links_of(plan_id: int) -> tuple[Keys, Keys, Rested]:
    """Return by measure the numbers of the municipalities and the keys of the cooperations, and
    what was taken into the plan of contributions; one query for all."""
    own = {"measure__part__plan": plan_id, "measure__position__isnull": False}
    idle = [_NOTHING] * 5
    chosen = Measure.municipalities.through.objects.filter(**own).values_list(
        "measure_id", Value("M"), F("municipality__number"), *idle
    )
    joined = Measure.cooperations.through.objects.filter(**own).values_list(
        "measure_id", Value("C"), F("procurementcooperation__key"), *idle
    )
    taken_in = {"contribution__state": ContributionState.ACCEPTED}
    uses = _refs(ContributionUse.objects.filter(**own, **taken_in), "measure_id", "U")
    areas = _refs(
        ContributionArea.objects.filter(
            focus_area__part__plan=plan_id, focus_area__position__isnull=False, **taken_in
        ),
        "focus_area_id",
        "A",
    )
    found: dict[str, dict[int, list[Any]]] = {sort: defaultdict(list) for sort in "MCUA"}
    for owner, sort, key, *rest in chosen.union(joined, uses, areas, all=True):
        found[sort][owner].append((*rest, key) if rest[0] else key)
    return (
        {owner: tuple(sorted(keys)) for owner, keys in found["M"].items()},
        {owner: tuple(sorted(keys)) for owner, keys in found["C"].items()},
        Rested(by_measure=_as_refs(found["U"]), by_area=_as_refs(found["A"])),
    )


def _refs(rows: "QuerySet[Any]", owner: str, sort: str) -> "QuerySet[Any, Any]":
    return rows.order_by().values_list(
        owner,
        Value(sort),
        Cast("contribution__key", CharField()),
        _SENDER,
        F("contribution__title"),
        F("contribution__language"),
        _KIND,
        _SENDER_KEY,
    )


def _as_refs(found: dict[int, list[tuple[str, ...]]]) -> Refs:
    """Return the contributions by sender and title, in the same order in every process."""
    return {
        owner: tuple(
            ContributionRef(
                key=UUID(key),
                sender_kind=kind,
                sender_key=sender_key,
                sender=sender,
                title=title,
                language=language,
            )
            for sender, title, language, kind, sender_key, key in sorted(rows)
        )
        for owner, rows in found.items()
    }
