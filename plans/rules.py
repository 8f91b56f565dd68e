"""Who may do what with a plan. Each function says in its docstring who may; nothing else decides.

``PartnerPlanQuerySet.visible_to`` says for many plans what ``can_read`` says for one, and
``partly_visible_to`` which further plans ``can_read_in_part`` lets somebody know of.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES, Role
from accounts.models import User
from plans.enums import EDITABLE_STATES, ROLL_OVER_STATES, PlanState, ResponsibleKind
from plans.models import Measure, PartnerPlan, PartnershipAgreement

Visitor = User | AnonymousUser


def can_read(user: Visitor, plan: PartnerPlan) -> bool:
    """A signed plan: everybody. An unsigned one: the county's editors and signatories, and from
    consultation on LUP's people."""
    if plan.is_signed:
        return True
    if not isinstance(user, User):
        return False
    if plan.agreement.county_id in user.counties_as(*COUNTY_ROLES):
        return True
    return plan.state != PlanState.DRAFT and user.has_role(*PROGRAMME_ROLES)


@dataclass(frozen=True)
class Interests:
    """Whose measures of an unsigned plan somebody may read: municipalities by number, cooperations
    and working groups by key."""

    municipalities: frozenset[str] = frozenset()
    cooperations: frozenset[str] = frozenset()
    working_groups: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.municipalities or self.cooperations or self.working_groups)


def interests(user: Visitor, plan: PartnerPlan) -> Interests:
    """Return whom of the plan's county the user speaks for: the municipalities that they are the
    contact for, or that took over from those, as they are in the plan's year; the cooperations and
    working groups that they are the contributor of."""
    if not isinstance(user, User):
        return Interests()
    county = plan.agreement.county_id
    return Interests(
        municipalities=frozenset(
            municipality.number
            for municipality in user.contact_for
            if municipality.county_id == county and municipality.is_valid_in_year(plan.year)
        ),
        cooperations=frozenset(
            role.cooperation.key
            for role in user.roles
            if role.cooperation and role.cooperation.county_id == county
        ),
        working_groups=frozenset(
            role.working_group.key
            for role in user.roles
            if role.working_group and role.working_group.county_id == county
        ),
    )


def can_read_in_part(user: Visitor, plan: PartnerPlan) -> bool:
    """Know of the plan, and read what of it is one's own: whoever may read all of it; from
    consultation on the county's municipal contacts, and the contributors of its cooperations and
    working groups. To everybody else an unsigned plan does not exist."""
    if can_read(user, plan):
        return True
    return plan.state != PlanState.DRAFT and bool(interests(user, plan))


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


def can_roll_over(user: Visitor, plan: PartnerPlan) -> bool:
    """Carry the plan on into the next year: the county's editors, once its measures are agreed
    upon, that is from negotiation on and for ever after."""
    return plan.state in ROLL_OVER_STATES and _is_editor(user, plan)


def _is_editor(user: Visitor, plan: PartnerPlan) -> bool:
    return isinstance(user, User) and plan.agreement.county_id in user.counties_as(
        Role.COUNTY_EDITOR
    )
