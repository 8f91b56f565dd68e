"""A plan of which nothing is missing."""

from decimal import Decimal

from accounts.models import User
from plans.models import Measure, PartnerPlan, PlanText
from plans.services.capacity import set_capacity


def make_ready(plan: PartnerPlan, *, by: User, days: int = 10) -> PartnerPlan:
    """Write all that the plan lacks, for any of its ways, and give it ``days`` a quarter."""
    PlanText.objects.filter(plan=plan).update(body="Tekst")
    Measure.objects.filter(part__plan=plan).update(
        description="Kva",
        purpose="Kvifor",
        expected_result="Resultat",
        responsible_kind="LUP",
        target_groups=["COUNTY"],
        municipality_scope="ALL",
        status="DONE",
    )
    quarters = dict.fromkeys([f"days_q{quarter}" for quarter in range(1, 5)], Decimal(days))
    set_capacity(plan=plan, values=quarters, expected_version=0, by=by)
    return plan
