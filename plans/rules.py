"""Who may do what with a plan. Each function says in its docstring who may; nothing else decides.

``PartnerPlanQuerySet.visible_to`` says for many plans what ``can_read`` says for one, and
``partly_visible_to`` which further plans ``can_read_in_part`` lets somebody know of.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES, Role
from accounts.models import User
from municipalities.models import Municipality, ProcurementCooperation
from plans.enums import (
    EDITABLE_STATES,
    NEGOTIATING_STATES,
    ROLL_OVER_STATES,
    UNSIGNED_STATES,
    Audience,
    PlanState,
    ResponsibleKind,
    SigningParty,
)
from plans.models import (
    Comment,
    Contribution,
    ContributionRound,
    Measure,
    PartnerPlan,
    PartnershipAgreement,
    Proposal,
    Thread,
)
from plans.models.round import Party
from plans.transitions import Transition, find

Visitor = User | AnonymousUser

# Input is written in these states.
_INPUT_STATES = (PlanState.CONSULTATION, PlanState.NEGOTIATION)


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
    """Whoever may edit the plan; LUP's advisers in negotiation and while the plan is amended, where
    LUP is responsible."""
    if can_edit(user, plan):
        return True
    return (
        isinstance(user, User)
        and plan.state in NEGOTIATING_STATES
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


def can_read_all_versions(user: Visitor, plan: PartnerPlan) -> bool:
    """See also the versions that wait for signatures and those that are void: whoever sees the
    workbench. Versions that both have signed everybody reads."""
    return can_work(user, plan)


def can_set_status(user: Visitor, plan: PartnerPlan) -> bool:
    """Say how any of the measures goes: the county's editors, until the plan is closed and not
    while it is frozen for its first signatures; LUP's advisers while a version of it is in
    force."""
    if not plan.takes_progress:
        return False
    if _is_editor(user, plan):
        return True
    return isinstance(user, User) and plan.is_signed and user.has_role(Role.LUP_ADVISER)


def can_change_many(user: Visitor, plan: PartnerPlan) -> bool:
    """Change many measures at once: whoever may edit the plan or say how its measures go."""
    return can_edit(user, plan) or can_set_status(user, plan)


def can_make_plan(user: Visitor, agreement: PartnershipAgreement) -> bool:
    """The editors of the agreement's county."""
    return isinstance(user, User) and agreement.county_id in user.counties_as(Role.COUNTY_EDITOR)


def can_move(user: Visitor, plan: PartnerPlan, to: str) -> bool:
    """Move the plan from where it is to the state ``to``: those whom the table of transitions
    names for that way. Nobody where the table has no such way, or the system alone goes it."""
    transition = find(plan.state, to)
    return (
        transition is not None
        and transition.suits(is_signed=plan.is_signed)
        and may_press(user, plan, transition)
    )


def may_press(user: Visitor, plan: PartnerPlan, transition: Transition) -> bool:
    """Whoever holds a role that the table names for the way, the county's roles for the plan's own
    county, and may read the plan; wherever the plan is now."""
    if not isinstance(user, User) or not can_read(user, plan):
        return False
    county = plan.agreement.county_id
    return any(
        county in user.counties_as(role) if role in COUNTY_ROLES else user.has_role(role)
        for role in transition.who
    )


def can_set_capacity(user: Visitor, plan: PartnerPlan) -> bool:
    """Say how many days LUP has for the plan's county and year: LUP's advisers, from consultation
    until the plan is closed."""
    return (
        isinstance(user, User)
        and plan.state not in (PlanState.DRAFT, PlanState.CLOSED)
        and user.has_role(Role.LUP_ADVISER)
    )


def audiences(
    user: Visitor, plan: PartnerPlan, concerned: Collection[str] = ()
) -> frozenset[Audience]:
    """Return whose threads of comments the user reads.

    The county's editors and signatories: all. LUP's people, past the draft state: all but the
    county's own. The contact of one of the municipalities that a measure concerns (``concerned``,
    by number), past the draft state: those that are for the municipalities too; none while an
    amendment is made, whose working copy isn't theirs to see. Others: none.
    """
    if not isinstance(user, User):
        return frozenset()
    if plan.agreement.county_id in user.counties_as(*COUNTY_ROLES):
        return frozenset(Audience)
    if plan.state == PlanState.DRAFT:
        return frozenset()
    if user.has_role(*PROGRAMME_ROLES):
        return frozenset({Audience.PARTIES, Audience.CONCERNED})
    if plan.is_being_amended:
        return frozenset()
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
    contacts, but while it is amended. Which threads they read there, ``audiences`` says."""
    return can_work(user, plan) or (
        isinstance(user, User)
        and plan.state != PlanState.DRAFT
        and not plan.is_being_amended
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
    """LUP's advisers in negotiation and while the plan is amended, of every measure that they may
    not edit themselves."""
    return (
        isinstance(user, User)
        and plan.state in NEGOTIATING_STATES
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


def can_answer_proposal(user: Visitor, plan: PartnerPlan, proposal: Proposal) -> bool:
    """Whoever may edit the plan, while the proposal waits for an answer."""
    return proposal.is_open and not proposal.measure.is_deleted and can_edit(user, plan)


def can_roll_over(user: Visitor, plan: PartnerPlan) -> bool:
    """Carry the plan on into the next year: the county's editors, once its measures are agreed
    upon, that is from negotiation on and for ever after."""
    return plan.state in ROLL_OVER_STATES and _is_editor(user, plan)


def can_read_roll_over(user: Visitor, plan: PartnerPlan) -> bool:
    """See what is decided about the next year: the county's editors and signatories. The plan that
    comes of it is a draft, which nobody else knows of."""
    return isinstance(user, User) and plan.agreement.county_id in user.counties_as(*COUNTY_ROLES)


def _is_editor(user: Visitor, plan: PartnerPlan) -> bool:
    return isinstance(user, User) and plan.agreement.county_id in user.counties_as(
        Role.COUNTY_EDITOR
    )


def can_set_round(user: Visitor, plan: PartnerPlan) -> bool:
    """Set until when input is taken and whom to ask: the county's editors, in draft and in
    consultation."""
    return plan.state in (PlanState.DRAFT, PlanState.CONSULTATION) and _is_editor(user, plan)


def can_read_inbox(user: Visitor, plan: PartnerPlan) -> bool:
    """Read all input that was sent, with its answers: whoever sees the workbench, that is the
    county's editors and signatories, and LUP's people from consultation on."""
    return can_work(user, plan)


def can_answer(user: Visitor, plan: PartnerPlan) -> bool:
    """Answer input: the county's editors, until the plan goes to signature for the first time."""
    return plan.state in UNSIGNED_STATES and _is_editor(user, plan)


def can_write_on_behalf(user: Visitor, plan: PartnerPlan) -> bool:
    """Write and send input for somebody, also after the deadline: the county's editors, in
    consultation and negotiation."""
    return plan.state in _INPUT_STATES and _is_editor(user, plan)


def can_write_input(user: Visitor, plan: PartnerPlan) -> bool:
    """Write drafts of input: in consultation and negotiation the county's municipal contacts, the
    contributors of its cooperations and working groups, invited or not, and its editors.

    ``takes_input`` says whether those who aren't editors may also send, change and withdraw.
    """
    if plan.state not in _INPUT_STATES:
        return False
    return bool(interests(user, plan)) or _is_editor(user, plan)


def takes_input(plan: PartnerPlan, round_: ContributionRound | None, day: date) -> bool:
    """Whether input can be sent on ``day``: in consultation, to the round's last day and on it."""
    return plan.state == PlanState.CONSULTATION and round_ is not None and round_.is_open_on(day)


def speaks_for(user: Visitor, plan: PartnerPlan, party: Party) -> bool:
    """The party's own people: the contact of a municipality, the contributors of a cooperation or
    working group, where it belongs to the plan's county and, as a municipality, to its year."""
    own = interests(user, plan)
    if isinstance(party, Municipality):
        return party.number in own.municipalities
    if isinstance(party, ProcurementCooperation):
        return party.key in own.cooperations
    return party.key in own.working_groups


def can_read_contribution(user: Visitor, plan: PartnerPlan, contribution: Contribution) -> bool:
    """Its sender's own people, drafts too; what was sent, whoever reads the inbox; drafts that the
    county writes on behalf of somebody, the county's editors."""
    if speaks_for(user, plan, contribution.party):
        return plan.state != PlanState.DRAFT
    if not can_read_inbox(user, plan):
        return False
    return not contribution.is_draft or (contribution.on_behalf and _is_editor(user, plan))


def can_write_contribution(user: Visitor, plan: PartnerPlan, contribution: Contribution) -> bool:
    """Change, send and withdraw, until it is answered, whoever the deadline still lets: its
    sender's own people; the county's editors what the county wrote on behalf of the sender."""
    if plan.state not in _INPUT_STATES or contribution.is_answered:
        return False
    if contribution.on_behalf and _is_editor(user, plan):
        return True
    return speaks_for(user, plan, contribution.party)


def invited(user: User) -> Q:
    """Return the condition for the rounds of input that ask somebody for whom the user speaks."""
    roles = user.roles
    cooperations = [role.cooperation_id for role in roles if role.cooperation_id]
    groups = [role.working_group_id for role in roles if role.working_group_id]
    return (
        Q(invitations__cooperation__in=cooperations)
        | Q(invitations__working_group__in=groups)
        | Q(invitations__municipality__in=user.contact_for)
    )


def signs_for(user: Visitor, plan: PartnerPlan, party: SigningParty) -> bool:
    """Belong to those who sign for a party, whatever state the plan is in: for the county its
    signatories, for LUP LUP's; of plans that they may read."""
    if not isinstance(user, User) or not can_read(user, plan):
        return False
    if party == SigningParty.LUP:
        return user.has_role(Role.LUP_SIGNATORY)
    return plan.agreement.county_id in user.counties_as(Role.COUNTY_SIGNATORY)


def can_sign(user: Visitor, plan: PartnerPlan, party: SigningParty) -> bool:
    """Sign for a party: its signatories, while the plan is for signature. That nobody signs for
    both, and in which order, plans.services.signing looks after."""
    return plan.state == PlanState.FOR_SIGNATURE and signs_for(user, plan, party)


def can_retry_signing(user: Visitor, plan: PartnerPlan) -> bool:
    """Have work on a version tried again that was given up: the county's editors, and whoever signs
    for one of the parties."""
    return _is_editor(user, plan) or any(signs_for(user, plan, party) for party in SigningParty)


def can_see_amendment(user: Visitor, plan: PartnerPlan) -> bool:
    """See what an amendment changes before it is signed: whoever sees the workbench, while there is
    one."""
    return plan.is_being_amended and can_work(user, plan)


def can_amend(user: Visitor, plan: PartnerPlan) -> bool:
    """Give the reasons for an amendment: the county's editors, while it is written."""
    return plan.state == PlanState.AMENDING and _is_editor(user, plan)


def can_read_memo(user: Visitor, plan: PartnerPlan) -> bool:
    """Read the memo to the county's politicians: the county's editors and signatories. It is the
    county's own case document, so neither LUP nor the public reads it here."""
    return isinstance(user, User) and plan.agreement.county_id in user.counties_as(*COUNTY_ROLES)


def can_edit_memo(user: Visitor, plan: PartnerPlan) -> bool:
    """Write the memo to the county's politicians: the county's editors, until the plan is closed.
    It is no commitment of the plan, so also while that is signed or in force."""
    return plan.state != PlanState.CLOSED and _is_editor(user, plan)


def can_see_archive(user: Visitor, plan: PartnerPlan) -> bool:
    """See what was delivered to the archive, and take the package without personal data: whoever
    sees the workbench, once a version is signed by both."""
    return plan.is_signed and can_work(user, plan)


def can_archive(user: Visitor, plan: PartnerPlan) -> bool:
    """Take the whole package, with the names of all who wrote and did something, and have it
    delivered: the county's editors and signatories. The archive is the county's: LUP keeps its
    own."""
    return (
        plan.is_signed
        and isinstance(user, User)
        and plan.agreement.county_id in user.counties_as(*COUNTY_ROLES)
    )
