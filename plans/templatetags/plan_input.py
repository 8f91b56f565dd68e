"""Template tags of the pages about input."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lupplan.templatetags.lupplan_ui import state
from plans.enums import ContributionState
from plans.models import Contribution

register = template.Library()

_LOOKS = {
    ContributionState.DRAFT: "neutral",
    ContributionState.RECEIVED: "info",
    ContributionState.UNDER_CONSIDERATION: "wait",
    ContributionState.ACCEPTED: "ok",
    ContributionState.DECLINED: "stop",
}


@register.simple_tag
def contribution_state(contribution: Contribution) -> SafeString:
    """Return how far a contribution has come, as word, shape and colour."""
    if contribution.lost_answer:
        return state("late", gettext("What it led to was deleted"))
    look = _LOOKS[ContributionState(contribution.state)]
    return state(look, contribution.get_state_display())
