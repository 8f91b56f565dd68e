"""Who may do what with a plan. Each function says in its docstring who may; nothing else decides.

``PartnerPlanQuerySet.visible_to`` says for many plans what ``can_read`` says for one, and
``partly_visible_to`` which further plans ``can_read_in_part`` lets somebody know of.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES, Role
from accounts.models import User
from plans.enums import EDITABLE_STATES, Audience, PlanState, ResponsibleKind
from plans.models import Comment, Measure, PartnerPlan, PartnershipAgreement, Proposal, Thread

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


def audiences(
    user: Visitor, plan: PartnerPlan, concerned: Collection[str] = ()
) -> frozenset[Audience]:
    """Return whose threads of comments the user reads.

    The county's editors and signatories: all. LUP's people, past the draft state: all but the
    county's own. The contact of one of the municipalities that a measure concerns (``concerned``,
    by number), past the draft state: those that are for the municipalities too. Others: none.
    """
    if not isinstance(user, User):
        return frozenset()
    if plan.agreement.county_id in user.counties_as(*COUNTY_ROLES):
        return frozenset(Audience)
    if plan.state == PlanState.DRAFT:
        return frozenset()
    if user.has_role(*PROGRAMME_ROLES):
        return frozenset({Audience.PARTIES, Audience.CONCERNED})
    if user.has_role(Role.MUNICIPAL_CONTACT) and not interests(
        user, plan
    ).municipalities.isdisjoint(concerned):
        return frozenset({Audience.CONCERNED})
    return frozenset()


def can_comment(user: Visitor, plan: PartnerPlan, concerned: Collection[str] = ()) -> bool:
    """Whoever reads some threads (``audiences``), while the commitments may still be written."""
    return plan.state in EDITABLE_STATES and bool(audiences(user, plan, concerned))


def can_comment_in(plan: PartnerPlan, read: Collection[Audience]) -> bool:
    """``can_comment`` of somebody whose ``audiences`` are known to be ``read``."""
    return plan.state in EDITABLE_STATES and bool(read)


def can_talk(user: Visitor, plan: PartnerPlan) -> bool:
    """Come to the comments at all: the county's and LUP's people, and the plan's municipal
    contacts. Which threads they read there, ``audiences`` says."""
    return can_work(user, plan) or (
        isinstance(user, User)
        and plan.state != PlanState.DRAFT
        and bool(interests(user, plan).municipalities)
    )


def can_change_comment(user: Visitor, thread: Thread, comment: Comment) -> bool:
    """Its author, while the thread is open and the comment stands; ``can_comment`` comes first."""
    return not thread.is_resolved and not comment.is_taken_away and comment.author_id == user.pk


def can_resolve(user: Visitor, plan: PartnerPlan, thread: Thread) -> bool:
    """Whoever opened the thread, and the county's editors; to open it again the same.
    ``can_comment`` comes first."""
    return thread.opened_by_id == user.pk or _is_editor(user, plan)


def can_propose(user: Visitor, plan: PartnerPlan, measure: Measure) -> bool:
    """LUP's advisers in negotiation, of every measure that they may not edit themselves."""
    return (
        isinstance(user, User)
        and plan.state == PlanState.NEGOTIATION
        and not measure.is_deleted
        and user.has_role(Role.LUP_ADVISER)
        and not can_edit_measure(user, plan, measure)
    )


def can_withdraw(user: Visitor, plan: PartnerPlan, proposal: Proposal) -> bool:
    """Whoever made the proposal, while it waits for an answer and the plan may be written, and as
    long as they are LUP's adviser."""
    return (
        isinstance(user, User)
        and plan.state in EDITABLE_STATES
        and proposal.is_open
        and proposal.made_by_id == user.pk
        and user.has_role(Role.LUP_ADVISER)
    )


def can_answer(user: Visitor, plan: PartnerPlan, proposal: Proposal) -> bool:
    """Whoever may edit the plan, while the proposal waits for an answer."""
    return proposal.is_open and not proposal.measure.is_deleted and can_edit(user, plan)


def _is_editor(user: Visitor, plan: PartnerPlan) -> bool:
    return isinstance(user, User) and plan.agreement.county_id in user.counties_as(
        Role.COUNTY_EDITOR
    )
