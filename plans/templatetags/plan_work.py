"""The way between the pages on which a plan is worked with."""

from typing import Any
from uuid import UUID

from django import template
from django.template import Context
from django.utils.translation import gettext_lazy as _

from plans import rules
from plans.document.difference import ADDED
from plans.working_copy import WorkingCopy

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
    ("versions", _("Versions")),
    ("signing", _("Signing")),
)


@register.inclusion_tag("plans/work/_nav.html", takes_context=True)
def work_nav(context: Context, here: str) -> dict[str, Any]:
    """Show the way to the plan's other pages, to those who may see them all; ``here`` is the name
    of the page that one is on."""
    plan = context["plan"]
    user = context["request"].user
    pages = list(_PAGES) if rules.can_work(user, plan) else []
    if pages and rules.can_read_memo(user, plan):
        pages.append(("memo", _("Memo to the politicians")))
    return {"plan": plan, "pages": pages, "here": here}


@register.inclusion_tag("plans/work/_amended_mark.html")
def amended_mark(copy: WorkingCopy | None, key: UUID) -> dict[str, Any]:
    """Mark a measure that the amendment changes or adds; ``copy`` is None where none is made."""
    sort = copy.marks.get(key) if copy else None
    return {"sort": sort, "is_new": sort == ADDED}
