"""What people are told of by plans; registered in ``PlansConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from accounts.notices import NoticeKind

MOVED = NoticeKind(
    code="plan.moved",
    topic="plan",
    sentence=_("%(who)s moved “%(plan)s” to: %(state)s."),
    why=_("You get this because you work with the plan."),
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
    MOVED,
    COMMENTED,
    MENTIONED,
    PROPOSED,
    PROPOSAL_ACCEPTED,
    PROPOSAL_DECLINED,
]
