"""Who can be named in a plan: the bodies that were there in its year."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef

from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.enums import ResponsibleKind
from plans.models import Measure, PartnerPlan


@dataclass(frozen=True)
class Parties:
    """The municipalities, cooperations and working groups that a plan's measures can name.

    ``members`` are the municipalities' keys by cooperation, as its members were that year;
    ``chosen`` the keys of the municipalities and cooperations that a measure has, by field, if it
    was asked for.
    """

    county_name: str
    municipalities: list[Municipality]
    cooperations: list[ProcurementCooperation]
    working_groups: list[WorkingGroup]
    members: dict[str, list[str]]
    chosen: dict[str, list[int]] | None = None

    def find(self, kind: ResponsibleKind, key: str) -> models.Model:
        """Return the body of that kind with that number or key. Raises ``StopIteration``."""
        if kind == ResponsibleKind.MUNICIPALITY:
            return next(m for m in self.municipalities if m.number == key)
        if kind == ResponsibleKind.COOPERATION:
            return next(c for c in self.cooperations if c.key == key)
        return next(g for g in self.working_groups if g.key == key)


def parties_of(plan: PartnerPlan, measure: Measure | None = None) -> Parties:
    """Return who could be named in ``plan``: valid in its year, of its county or a member of one of
    the county's cooperations; and whom ``measure`` names. Takes four queries."""
    county = plan.agreement.county
    key = measure.pk if measure else None
    of_measure = Measure.municipalities.through.objects.filter(measure=key)
    with_measure = Measure.cooperations.through.objects.filter(measure=key)
    cooperations = list(
        ProcurementCooperation.objects.filter(county=county)
        .annotate(is_chosen=Exists(with_measure.filter(procurementcooperation=OuterRef("pk"))))
        .prefetch_related("memberships")
    )
    members = {c.key: c.members_in_year(plan.year) for c in cooperations}
    in_county = Municipality.objects.valid_in_year(plan.year).in_county(county.number)
    chosen = Municipality.objects.filter(pk__in=of_measure.values("municipality"))
    found, named = {}, []
    for m in (in_county | chosen).annotate(
        is_chosen=Exists(of_measure.filter(municipality=OuterRef("pk")))
    ):
        if m.is_chosen:  # type: ignore[attr-defined]
            named.append(m.pk)
        if m.county_id == county.pk and m.is_valid_in_year(plan.year):
            found[m.pk] = m
    for municipalities in members.values():
        found.update({m.pk: m for m in municipalities if m.is_valid_in_year(plan.year)})
    return Parties(
        county_name=county.full_name,
        municipalities=sorted(found.values(), key=lambda m: m.number),
        cooperations=cooperations,
        working_groups=list(WorkingGroup.objects.filter(county=county)),
        members={key: [str(m.pk) for m in them] for key, them in members.items()},
        chosen=None
        if measure is None
        else {
            "municipalities": named,
            "cooperations": [c.pk for c in cooperations if c.is_chosen],  # type: ignore[attr-defined]
        },
    )
