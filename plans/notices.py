"""What people are told of by plans; registered in ``PlansConfig.ready``."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.notices import NoticeKind
from plans.enums import PlanState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_BECAUSE = _("You get this because you work with the plan.")


def _moved(state: PlanState, sentence: "StrPromise") -> NoticeKind:
    return NoticeKind(
        code=f"plan.moved.{state.lower()}", topic="plan", sentence=sentence, why=_BECAUSE
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
SENT_TO_SIGNING = _moved(PlanState.FOR_SIGNATURE, _("%(who)s sent “%(plan)s” to signing."))
TO_SIGN = NoticeKind(
    code="plan.to_sign",
    topic="plan",
    sentence=_("“%(plan)s” is ready for your signature. Read it, and sign or return it."),
    why=_("You get this because you sign the plan."),
    asked=True,
)
RETURNED = NoticeKind(
    code="plan.returned",
    topic="plan",
    sentence=_("%(who)s returned “%(plan)s” to negotiation: %(reason)s"),
    why=_BECAUSE,
    asked=True,
)
NOT_FOR_SIGNING = NoticeKind(
    code="plan.not_for_signing",
    topic="plan",
    sentence=_("“%(plan)s” is not for signing any more. %(who)s returned it: %(reason)s"),
    why=_("You get this because you were asked to sign the plan."),
)

INVITED = NoticeKind(
    code="contributions.invited",
    topic="contributions",
    sentence=_("You are invited to give input to “%(plan)s” until %(until)s."),
    why=_("You get this because the county asked those whom you speak for."),
    asked=True,
)
DEADLINE_MOVED = NoticeKind(
    code="contributions.deadline",
    topic="contributions",
    sentence=_("Input to “%(plan)s” can now be sent until %(until)s."),
    why=_("You get this because the county asked those whom you speak for."),
)
INPUT_SENT = NoticeKind(
    code="contributions.sent",
    topic="contributions",
    sentence=_("%(sender)s sent the input “%(title)s”."),
    why=_("You get this because you edit the county's plan."),
)
INPUT_CHANGED = NoticeKind(
    code="contributions.changed",
    topic="contributions",
    sentence=_("%(sender)s changed the input “%(title)s”."),
    why=_("You get this because you edit the county's plan."),
)
INPUT_WITHDRAWN = NoticeKind(
    code="contributions.withdrawn",
    topic="contributions",
    sentence=_("%(sender)s withdrew the input “%(title)s”."),
    why=_("You get this because you edit the county's plan."),
)
INPUT_ANSWERED = NoticeKind(
    code="contributions.answered",
    topic="contributions",
    sentence=_("The input “%(title)s” from %(sender)s has got an answer."),
    why=_("You get this because you speak for the sender."),
    asked=True,
)
COMMENTED = NoticeKind(
    code="comment.written",
    topic="comments",
    sentence=_("%(who)s commented on “%(about)s” in “%(plan)s”."),
    why=_("You get this because you take part in the conversation, or edit the plan."),
)
MENTIONED = NoticeKind(
    code="comment.mentioned",
    topic="comments",
    sentence=_("%(who)s asks you to read a comment on “%(about)s” in “%(plan)s”."),
    why=_("You get this because the comment mentions you or a role that you have."),
    asked=True,
)
PROPOSED = NoticeKind(
    code="proposal.made",
    topic="comments",
    sentence=_("%(who)s proposes a change of measure “%(about)s” in “%(plan)s”."),
    why=_("You get this because the editors of the plan answer proposals."),
    asked=True,
)
PROPOSAL_ACCEPTED = NoticeKind(
    code="proposal.accepted",
    topic="comments",
    sentence=_("%(who)s accepted your proposed change of measure “%(about)s” in “%(plan)s”."),
    why=_("You get this because you proposed the change."),
)
PROPOSAL_DECLINED = NoticeKind(
    code="proposal.declined",
    topic="comments",
    sentence=_("%(who)s declined your proposed change of measure “%(about)s” in “%(plan)s”."),
    why=_("You get this because you proposed the change."),
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
]
