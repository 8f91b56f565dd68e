"""What people are told of by plans; registered in ``PlansConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from accounts.notices import NoticeKind

MOVED = NoticeKind(
    code="plan.moved",
    topic="plan",
    sentence=_("%(who)s moved “%(plan)s” to: %(state)s."),
    why=_("You get this because you work with the plan."),
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

KINDS = [
    MOVED,
    INVITED,
    DEADLINE_MOVED,
    INPUT_SENT,
    INPUT_CHANGED,
    INPUT_WITHDRAWN,
    INPUT_ANSWERED,
]
