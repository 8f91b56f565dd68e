"""The way between the pages on which a plan is worked with."""

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext_lazy as _

from plans import rules

register = template.Library()

# The pages by their addresses' names, in the order in which a plan is worked with.
_PAGES = (
    ("bench", _("Workbench")),
    ("table", _("Measures as a table")),
    ("contribution_inbox", _("Input")),
    ("comments", _("Comments")),
    ("proposals", _("Proposed changes")),
    ("lup_days", _("LUP days")),
    ("life", _("The plan's course")),
    ("plan_history", _("History")),
)
# Once a version is signed by both.
_PAGES_WHEN_SIGNED = (("archive", _("Archive")),)


@register.inclusion_tag("plans/work/_nav.html", takes_context=True)
def work_nav(context: Context, here: str) -> dict[str, Any]:
    """Show the way to the plan's other pages, to those who may see them all; ``here`` is the name
    of the page that one is on."""
    plan = context["plan"]
    user = context["request"].user
    pages = _PAGES if rules.can_work(user, plan) else ()
    if rules.can_see_archive(user, plan):
        pages = (*pages, *_PAGES_WHEN_SIGNED)
    return {"plan": plan, "pages": pages, "here": here}
