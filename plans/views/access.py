"""The one place where a request's rights are checked, before anything is read or written.

404 for what one may not know of, 403 for what one may not do.
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from plans import rules
from plans.models import PartnerPlan

Rule = Callable[[rules.Visitor, PartnerPlan], bool]


def get_plan(
    request: HttpRequest, county: str, year: int, rule: Rule = rules.can_read
) -> PartnerPlan:
    """Return the plan at an address, with its parties, for a user whom ``rule`` lets.

    Raises ``Http404`` for a plan that isn't there or that the user may not know of, and
    ``PermissionDenied`` for one that they may read but not do this with.
    """
    plan = (
        PartnerPlan.objects.with_parties().filter(agreement__county__slug=county, year=year).first()
    )
    if plan is None or not rules.can_read(request.user, plan):
        raise Http404
    if not rule(request.user, plan):
        raise PermissionDenied
    return plan
