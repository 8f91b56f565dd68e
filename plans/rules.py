"""Who may do what with a plan. Each function says in its docstring who may; nothing else decides.

``PartnerPlanQuerySet.visible_to`` says for many plans what ``can_read`` says for one.
"""

from django.contrib.auth.models import AnonymousUser

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES, Role
from accounts.models import User
from plans.enums import EDITABLE_STATES, PlanState, ResponsibleKind
from plans.models import Measure, PartnerPlan, PartnershipAgreement

Visitor = User | AnonymousUser


def can_read(user: Visitor, plan: PartnerPlan) -> bool:
    """A signed plan: everybody. An unsigned one: the county's editors and signatories, and from
    consultation on LUP's people. To everybody else an unsigned plan does not exist."""
    if plan.is_signed:
        return True
    if not isinstance(user, User):
        return False
    if plan.agreement.county_id in user.counties_as(*COUNTY_ROLES):
        return True
    return plan.state != PlanState.DRAFT and user.has_role(*PROGRAMME_ROLES)


def can_edit(user: Visitor, plan: PartnerPlan) -> bool:
    """The county's editors, while the commitments may still be written."""
    return plan.state in EDITABLE_STATES and _is_editor(user, plan)


def can_edit_measure(user: Visitor, plan: PartnerPlan, measure: Measure) -> bool:
    """Whoever may edit the plan; LUP's advisers in negotiation, where LUP is responsible."""
    if can_edit(user, plan):
        return True
    return (
        isinstance(user, User)
        and plan.state == PlanState.NEGOTIATION
        and measure.responsible_kind == ResponsibleKind.LUP
        and user.has_role(Role.LUP_ADVISER)
    )


def can_work(user: Visitor, plan: PartnerPlan) -> bool:
    """See the workbench: the county's editors and signatories and LUP's people, of plans that they
    may read."""
    return (
        isinstance(user, User)
        and can_read(user, plan)
        and (
            plan.agreement.county_id in user.counties_as(*COUNTY_ROLES)
            or user.has_role(*PROGRAMME_ROLES)
        )
    )


def can_make_plan(user: Visitor, agreement: PartnershipAgreement) -> bool:
    """The editors of the agreement's county."""
    return isinstance(user, User) and agreement.county_id in user.counties_as(Role.COUNTY_EDITOR)


def _is_editor(user: Visitor, plan: PartnerPlan) -> bool:
    return isinstance(user, User) and plan.agreement.county_id in user.counties_as(
        Role.COUNTY_EDITOR
    )
