"""Who can be named in a plan: the bodies that were there in its year."""

from dataclasses import dataclass

from django.db import models

from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.enums import ResponsibleKind
from plans.models import PartnerPlan


@dataclass(frozen=True)
class Parties:
    """The municipalities, cooperations and working groups that a plan's measures can name.

    ``members`` are the municipalities' keys by cooperation, as its members were that year.
    """

    county_name: str
    municipalities: list[Municipality]
    cooperations: list[ProcurementCooperation]
    working_groups: list[WorkingGroup]
    members: dict[str, list[str]]

    def find(self, kind: ResponsibleKind, key: str) -> models.Model:
        """Return the body of that kind with that number or key. Raises ``StopIteration``."""
        if kind == ResponsibleKind.MUNICIPALITY:
            return next(m for m in self.municipalities if m.number == key)
        if kind == ResponsibleKind.COOPERATION:
            return next(c for c in self.cooperations if c.key == key)
        return next(g for g in self.working_groups if g.key == key)


def parties_of(plan: PartnerPlan) -> Parties:
    """Return who could be named in ``plan``: valid in its year, of its county or a member of one of
    the county's cooperations. Takes four queries."""
    county = plan.agreement.county
    cooperations = list(
        ProcurementCooperation.objects.filter(county=county).prefetch_related("memberships")
    )
    members = {c.key: c.members_in_year(plan.year) for c in cooperations}
    found = {
        m.pk: m for m in Municipality.objects.valid_in_year(plan.year).in_county(county.number)
    }
    for municipalities in members.values():
        found.update({m.pk: m for m in municipalities if m.is_valid_in_year(plan.year)})
    return Parties(
        county_name=county.full_name,
        municipalities=sorted(found.values(), key=lambda m: m.number),
        cooperations=cooperations,
        working_groups=list(WorkingGroup.objects.filter(county=county)),
        members={key: [str(m.pk) for m in them] for key, them in members.items()},
    )
