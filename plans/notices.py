"""What people are told of by plans; registered in ``PlansConfig.ready``.

Every notice of a plan is told by ``plans.services.telling`` and holds ``plan_id``. Its mail may be
made a day later: ``still_for`` then asks the rules whether its receiver may still open what it
leads to.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices import NoticeKind
from plans import rules
from plans.enums import PartKind, PlanState, SigningParty
from plans.models import Contribution, PartnerPlan, Thread
from plans.models.concerned import concerned_in_county

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Params = dict[str, Any]

_BECAUSE = _("You get this because you work with the plan.")
_BECAUSE_EDITOR = _("You get this because you edit the county's plan.")


# --- Who may still know of it -----------------------------------------------------------------


def _works(user: User, params: Params) -> bool:
    """Whoever works with the plan; one query."""
    return rules.can_work(user, _plan(params))


def _writes_input(user: User, params: Params) -> bool:
    """Whoever may write input to the plan; one query."""
    return rules.can_write_input(user, _plan(params))


def _reads_input(user: User, params: Params) -> bool:
    """Whoever may read the contribution as it is now; one query."""
    rows = Contribution.objects.with_plan().with_sender()
    found = rows.get(plan=params["plan_id"], key=params["contribution"])
    return rules.can_read_contribution(user, found.plan, found)


def _reads_thread(user: User, params: Params) -> bool:
    """Whoever may read the thread; two queries."""
    rows = Thread.objects.select_related("plan__agreement__county", "measure")
    found = rows.get(plan=params["plan_id"], pk=params["thread"])
    plan, measure = found.plan, found.measure
    if measure is not None and measure.is_deleted and not rules.can_work(user, plan):
        return False
    concerned = concerned_in_county(measure, plan) if measure is not None else []
    return found.audience in rules.audiences(user, plan, {town.number for town in concerned})


def _plan(params: Params) -> PartnerPlan:
    return PartnerPlan.objects.with_parties().get(pk=params["plan_id"])


def _speaks(user: User, params: Params) -> bool:
    """Whoever speaks for somebody in the plan's county; one query."""
    return bool(rules.interests(user, _plan(params)))


# --- What codes are in words ------------------------------------------------------------------


def _until(params: Params) -> Params:
    """Write the date as the receiver does."""
    return {**params, "until": date_format(date.fromisoformat(params["until"]))}


def _about(params: Params) -> Params:
    """Name what a comment is about; a measure is named by its own title."""
    code = params.get("about_code")
    if code is None:
        return params
    if code == "PLAN":
        return {**params, "about": gettext("The plan")}
    part = PartKind(code)
    about = gettext("Part %(number)s: %(name)s") % {"number": part.number, "name": part.label}
    return {**params, "about": about}


def _party(params: Params) -> Params:
    """Name the party that a code stands for."""
    return {**params, "party": SigningParty(params["party_code"]).label}


def _pieces(params: Params) -> Params:
    count = params["count"]
    text = ngettext("%(count)s piece of input", "%(count)s pieces of input", count)
    return {**params, "pieces": text % {"count": count}}


def _proposals(params: Params) -> Params:
    count = params["count"]
    text = ngettext("%(count)s proposed change", "%(count)s proposed changes", count)
    return {**params, "proposals": text % {"count": count}}


# --- The kinds --------------------------------------------------------------------------------


def _moved(state: PlanState, sentence: "StrPromise") -> NoticeKind:
    return NoticeKind(
        code=f"plan.moved.{state.lower()}",
        topic="plan",
        sentence=sentence,
        why=_BECAUSE,
        still_for=_works,
    )


# What those who work with a plan are told when it came to a state; each says it in a sentence of
# its own, which can be put into the receiver's language.
MOVED_TO = {
    PlanState.CONSULTATION: _moved(
        PlanState.CONSULTATION, _("%(who)s opened the consultation on “%(plan)s”.")
    ),
    PlanState.NEGOTIATION: _moved(
        PlanState.NEGOTIATION, _("%(who)s started the negotiation of “%(plan)s”.")
    ),
    PlanState.ACTIVE: _moved(
        PlanState.ACTIVE, _("“%(plan)s” is signed by both parties and in force.")
    ),
    PlanState.AMENDING: _moved(
        PlanState.AMENDING, _("%(who)s started an amendment of “%(plan)s”.")
    ),
    PlanState.CLOSED: _moved(PlanState.CLOSED, _("%(who)s closed “%(plan)s”.")),
}
SENT_TO_SIGNING = _moved(PlanState.FOR_SIGNATURE, _("%(who)s sent “%(plan)s” for signing."))
TO_SIGN = NoticeKind(
    code="plan.to_sign",
    topic="plan",
    sentence=_("“%(plan)s” is ready for your signature. Read it, and sign or return it."),
    why=_("You get this because you sign the plan."),
    asked=True,
    still_for=_works,
)
RETURNED = NoticeKind(
    code="plan.returned",
    topic="plan",
    sentence=_("%(who)s returned “%(plan)s” to negotiation: %(reason)s"),
    why=_BECAUSE,
    asked=True,
    still_for=_works,
)
AMENDMENT_RETURNED = NoticeKind(
    code="plan.amendment_returned",
    topic="plan",
    sentence=_("%(who)s returned the amendment of “%(plan)s”: %(reason)s"),
    why=_BECAUSE,
    asked=True,
    still_for=_works,
)
AMENDMENT_DROPPED = NoticeKind(
    code="plan.amendment_dropped",
    topic="plan",
    sentence=_("%(who)s dropped the amendment of “%(plan)s”: %(reason)s"),
    why=_BECAUSE,
    still_for=_works,
)
NOT_FOR_SIGNING = NoticeKind(
    code="plan.not_for_signing",
    topic="plan",
    sentence=_("“%(plan)s” is no longer up for signing. %(who)s returned it: %(reason)s"),
    why=_("You get this because you were asked to sign the plan."),
    still_for=_works,
)

INVITED = NoticeKind(
    code="contributions.invited",
    topic="contributions",
    sentence=_("You are invited to give input to “%(plan)s” until %(until)s."),
    why=_("You get this because the county asked those whom you speak for."),
    asked=True,
    words=_until,
    still_for=_writes_input,
)
DEADLINE_MOVED = NoticeKind(
    code="contributions.deadline",
    topic="contributions",
    sentence=_("Input to “%(plan)s” can now be sent until %(until)s."),
    why=_("You get this because the county asked those whom you speak for."),
    words=_until,
    still_for=_writes_input,
)
INPUT_SENT = NoticeKind(
    code="contributions.sent",
    topic="contributions",
    sentence=_("%(sender)s sent the input “%(title)s”."),
    why=_BECAUSE_EDITOR,
    still_for=_reads_input,
)
INPUT_CHANGED = NoticeKind(
    code="contributions.changed",
    topic="contributions",
    sentence=_("%(sender)s changed the input “%(title)s”."),
    why=_BECAUSE_EDITOR,
    still_for=_reads_input,
)
INPUT_WITHDRAWN = NoticeKind(
    code="contributions.withdrawn",
    topic="contributions",
    sentence=_("%(sender)s withdrew the input “%(title)s”."),
    why=_BECAUSE_EDITOR,
    still_for=_works,
)
INPUT_ANSWERED = NoticeKind(
    code="contributions.answered",
    topic="contributions",
    sentence=_("The input “%(title)s” from %(sender)s has been answered."),
    why=_("You get this because you speak for the sender."),
    asked=True,
    still_for=_reads_input,
)
COMMENTED = NoticeKind(
    code="comment.written",
    topic="comments",
    sentence=_("%(who)s commented on “%(about)s” in “%(plan)s”."),
    why=_("You get this because you take part in the conversation, or edit the plan."),
    words=_about,
    still_for=_reads_thread,
)
MENTIONED = NoticeKind(
    code="comment.mentioned",
    topic="comments",
    sentence=_("%(who)s asks you to read a comment on “%(about)s” in “%(plan)s”."),
    why=_("You get this because the comment mentions you or a role that you have."),
    asked=True,
    words=_about,
    still_for=_reads_thread,
)
PROPOSED = NoticeKind(
    code="proposal.made",
    topic="comments",
    sentence=_("%(who)s proposes a change of measure “%(about)s” in “%(plan)s”."),
    why=_("You get this because the editors of the plan answer proposals."),
    asked=True,
    still_for=_works,
)
PROPOSAL_ACCEPTED = NoticeKind(
    code="proposal.accepted",
    topic="comments",
    sentence=_("%(who)s accepted your proposed change of measure “%(about)s” in “%(plan)s”."),
    why=_("You get this because you proposed the change."),
    still_for=_works,
)
PROPOSAL_DECLINED = NoticeKind(
    code="proposal.declined",
    topic="comments",
    sentence=_("%(who)s declined your proposed change of measure “%(about)s” in “%(plan)s”."),
    why=_("You get this because you proposed the change."),
    still_for=_works,
)

INPUT_DUE = NoticeKind(
    code="reminder.input_due",
    topic="reminders",
    sentence=_(
        "%(sender)s has not sent any input to “%(plan)s” yet. It can be sent until %(until)s."
    ),
    why=_("You get this because you speak for those who were asked, or began on the input."),
    asked=True,
    words=_until,
    still_for=_writes_input,
)
INPUT_UNANSWERED = NoticeKind(
    code="reminder.input_unanswered",
    topic="reminders",
    sentence=_("The round of input to “%(plan)s” is over, with %(pieces)s still to be answered."),
    why=_BECAUSE_EDITOR,
    words=_pieces,
    still_for=_works,
)
PROPOSALS_WAIT = NoticeKind(
    code="reminder.proposals",
    topic="reminders",
    sentence=_("“%(plan)s” has had %(proposals)s without an answer for more than a week."),
    why=_BECAUSE_EDITOR,
    words=_proposals,
    still_for=_works,
)
STILL_TO_SIGN = NoticeKind(
    code="reminder.to_sign",
    topic="reminders",
    sentence=_(
        "“%(plan)s” has waited for signatures for more than a week. Read it, and sign or return it."
    ),
    why=_("You get this because you sign the plan."),
    asked=True,
    still_for=_works,
)

OTHER_SIGNED = NoticeKind(
    code="plan.other_signed",
    topic="plan",
    sentence=_("%(party)s has signed “%(plan)s”. Now it waits for your signature alone."),
    why=_("You get this because you sign the plan."),
    asked=True,
    words=_party,
    still_for=_works,
)
NOW_IN_FORCE = NoticeKind(
    code="plan.now_in_force",
    topic="plan",
    sentence=_("“%(plan)s” is signed by both parties and in force. Everybody can read it now."),
    why=_("You get this because you speak for somebody whom the plan concerns."),
    still_for=_speaks,
)

KINDS = [
    *MOVED_TO.values(),
    SENT_TO_SIGNING,
    TO_SIGN,
    RETURNED,
    NOT_FOR_SIGNING,
    INVITED,
    DEADLINE_MOVED,
    INPUT_SENT,
    INPUT_CHANGED,
    INPUT_WITHDRAWN,
    INPUT_ANSWERED,
    COMMENTED,
    MENTIONED,
    PROPOSED,
    PROPOSAL_ACCEPTED,
    PROPOSAL_DECLINED,
    INPUT_DUE,
    INPUT_UNANSWERED,
    PROPOSALS_WAIT,
    STILL_TO_SIGN,
    OTHER_SIGNED,
    NOW_IN_FORCE,
    AMENDMENT_RETURNED,
    AMENDMENT_DROPPED,
]
