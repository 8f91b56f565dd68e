"""Which municipalities a measure's row concerns."""

from django.db.models import Q

from municipalities.dated import overlaps, year_bounds
from municipalities.models import CooperationMembership, Municipality
from plans.enums import MunicipalityScope
from plans.models.measure import Measure
from plans.models.plan import PartnerPlan


def concerned_in_county(measure: Measure, plan: PartnerPlan) -> list[Municipality]:
    """Return the municipalities of the plan's county that ``measure`` concerns, by number: what
    ``plans.document.concerned`` says of a document, of a row. One query."""
    county = plan.agreement.county_id
    found = Municipality.objects.filter(county=county).order_by("number")
    if measure.municipality_scope == MunicipalityScope.ALL:
        return list(found.valid_in_year(plan.year))
    members = CooperationMembership.objects.filter(
        overlaps(*year_bounds(plan.year)),
        cooperation__in=Measure.cooperations.through.objects.filter(measure=measure).values(
            "procurementcooperation"
        ),
    )
    named = Measure.municipalities.through.objects.filter(measure=measure)
    return list(
        found.filter(
            Q(pk=measure.responsible_municipality_id)
            | Q(pk__in=named.values("municipality"))
            | Q(pk__in=members.values("municipality"))
        )
    )
