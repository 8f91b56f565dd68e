"""What people are told of by plans; registered in ``PlansConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from accounts.notices import NoticeKind

MOVED = NoticeKind(
    code="plan.moved",
    topic="plan",
    sentence=_("%(who)s moved “%(plan)s” to: %(state)s."),
    why=_("You get this because you work with the plan."),
)

KINDS = [
    MOVED,
]
