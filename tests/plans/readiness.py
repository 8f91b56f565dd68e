"""A plan of which nothing is missing."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from plans.enums import PlanState
from plans.models import ContributionRound, Measure, PartnerPlan, PlanText, RoundInvitation
from plans.services.capacity import set_capacity
from plans.services.rounds import today
from tests.factories.municipalities import ProcurementCooperationFactory
from tests.factories.versions import set_state


def make_ready(plan: PartnerPlan, *, by: User, days: int = 10) -> PartnerPlan:
    """Write all that the plan lacks for any of its ways: texts, ``days`` of LUP's a quarter, and
    somebody who is asked for input."""
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
    round_ = ContributionRound.objects.create(plan=plan)
    asked = ProcurementCooperationFactory.create(county=plan.agreement.county)
    RoundInvitation.objects.create(round=round_, cooperation=asked)
    return put(plan, PlanState(plan.state))


def put(plan: PartnerPlan, state: PlanState) -> PartnerPlan:
    """Put the plan into a state, and the end of its round where it then belongs: today while it is
    a draft, yesterday in any other."""
    plan = set_state(plan, state)
    day = today() if state == PlanState.DRAFT else today() - timedelta(days=1)
    ContributionRound.objects.filter(plan=plan).update(closes_on=day)
    return plan
