"""The one place where a request's rights are checked, before anything is read or written.

404 for what one may not know of, 403 for what one may not do.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from plans import rules
from plans.document import (
    PlanDocument,
    PlanProgress,
    Published,
    extract,
    read_published,
    share,
)
from plans.enums import PlanState
from plans.models import PartnerPlan

Rule = Callable[[rules.Visitor, PartnerPlan], bool]


def get_plan(
    request: HttpRequest,
    county: str,
    year: int,
    rule: Rule = rules.can_read,
    *,
    to_write: bool = False,
) -> PartnerPlan:
    """Return the plan at an address, with its parties, for a user whom ``rule`` lets.

    Raises ``Http404`` for a plan that isn't there or that the user may not know of, and
    ``PermissionDenied`` for one that they may know of but not do this with. ``to_write`` lets forms
    through that were opened before the plan went to signature (``came_too_late``).
    """
    plan = (
        PartnerPlan.objects.with_parties().filter(agreement__county__slug=county, year=year).first()
    )
    return checked(request, plan, rule, to_write=to_write)


def checked(
    request: HttpRequest, plan: PartnerPlan | None, rule: Rule, *, to_write: bool = False
) -> PartnerPlan:
    """Return ``plan``, which comes with its parties, for a user whom ``rule`` lets. Raises as
    ``get_plan``; for a plan that was read together with something else."""
    if plan is None or not rules.can_read_in_part(request.user, plan):
        raise Http404
    if not rule(request.user, plan) and not (to_write and came_too_late(request, plan, rule)):
        raise PermissionDenied
    return plan


def came_too_late(request: HttpRequest, plan: PartnerPlan, rule: Rule) -> bool:
    """Whether a form is sent to be saved that could have been before the plan went to signature, or
    before its amendment was signed or dropped.

    It is let through for the sake of what was typed in it: the service refuses to save it, and the
    form's view then keeps it for its writer.
    """
    data = request.POST
    closed = (PlanState.FOR_SIGNATURE, PlanState.ACTIVE)
    if plan.state not in closed or "version" not in data or "draft" in data:
        return False
    before = copy(plan)
    before.state = PlanState.AMENDING if plan.is_signed else PlanState.NEGOTIATION
    return rule(request.user, before)


def get_published(
    request: HttpRequest, county: str, year: int, rule: Rule = rules.can_read
) -> Published:
    """Return what is read of the plan at an address (plans.document.published). Raises as
    ``get_plan``."""
    rows = PartnerPlan.objects.with_parties().with_version()
    # At most one: in no order, which would cost more than the plan.
    plan = next(iter(rows.order_by().filter(agreement__county__slug=county, year=year)), None)
    return read_published(checked(request, plan, rule))


@dataclass(frozen=True)
class Reading:
    """A plan and as much of it as a visitor may read.

    ``own`` is None for those who may read all of it; for others it says whose measures are left in
    ``published``.
    """

    published: Published
    own: rules.Interests | None

    @property
    def plan(self) -> PartnerPlan:
        """The plan."""
        return self.published.plan

    @property
    def document(self) -> PlanDocument:
        """What the visitor may read of the commitments."""
        return self.published.document

    def extract(self, number: str) -> PlanDocument:
        """Return what concerns a municipality.

        Raises ``Http404`` for one that isn't in the plan or isn't the visitor's to read about.
        """
        if self.own is not None and number not in self.own.municipalities:
            raise Http404
        try:
            return extract(self.document, number)
        except KeyError:
            raise Http404 from None


def get_reading(request: HttpRequest, county: str, year: int) -> Reading:
    """Return the plan at an address, with what of it the visitor may read: all, or their own
    measures. Raises ``Http404`` where that is nothing."""
    published = get_published(request, county, year, rules.can_read_in_part)
    plan = published.plan
    if rules.can_read(request.user, plan):
        return Reading(published, None)
    own = rules.interests(request.user, plan)
    document = share(
        published.document,
        municipalities=own.municipalities,
        cooperations=own.cooperations,
        working_groups=own.working_groups,
    )
    keys = {measure.key for measure in document.measures}
    status = published.progress.status
    left = PlanProgress(status={key: status[key] for key in keys if key in status})
    return Reading(Published(plan=plan, version=None, progress=left, standing=document), own)


def get_working_plan(
    request: HttpRequest,
    county: str,
    year: int,
    rule: Rule = rules.can_work,
    *,
    to_write: bool = False,
) -> PartnerPlan:
    """Return what ``get_plan`` does, together with the version in force, whose document is long:
    for pages that hold a working copy against it."""
    plans = PartnerPlan.objects.with_parties().select_related("in_force")
    plan = plans.filter(agreement__county__slug=county, year=year).first()
    return checked(request, plan, rule, to_write=to_write)
