"""The plan's course: where it is, how it came there, and moving it on."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from plans import rules
from plans.course import moves_of, track
from plans.document import read_plan
from plans.forms.life import MoveForm
from plans.models import PartnerPlan
from plans.services.readiness import Lack, lacks_for
from plans.services.transitions import MovedAlready, NotReady, move_plan
from plans.transitions import Transition, by_slug, from_state
from plans.urls_for import life_url
from plans.views.access import get_working_plan
from plans.views.editing import CONFLICT, UNPROCESSABLE, WorkRequest, bench_crumbs
from plans.working_copy import working_copy


@dataclass(frozen=True)
class Next:
    """A way on: what is missing first, and the form that goes it, for those who may when nothing
    stands against it. ``who`` are the roles that press the button."""

    way: Transition
    lacks: tuple[Lack, ...]
    form: MoveForm | None
    who: str


@require_safe
def life(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Where the plan is, who moved it when and why, and what is missing before it can go on."""
    return _page(request, get_working_plan(request, county, year))


@require_POST
def move(request: WorkRequest, county: str, year: int, to: str) -> HttpResponse:
    """Move the plan; ``to`` is the way's place in the address.

    What is wrong or missing is shown on the page again, with what was typed. 409 where the plan is
    no longer where the button stood.
    """
    plan = get_working_plan(request, county, year)
    way = by_slug(to)
    if way is None:
        raise Http404
    if not rules.may_press(request.user, plan, way):
        raise PermissionDenied
    if plan.state != way.source or not way.suits(is_signed=plan.is_signed):
        return _moved_already(request, plan)
    form = _form(request, plan, way, lacks_for(plan, read_plan(plan), way.target))
    if not form.is_valid():
        return _page(request, plan, form=form, status=UNPROCESSABLE)
    if form.is_stale():
        return _moved_already(request, plan)
    try:
        plan = move_plan(plan=plan, to=way.target, by=request.user, **form.reasons())
    except MovedAlready:
        return _moved_already(request, get_working_plan(request, county, year))
    except NotReady:
        messages.error(request, _("Not done: something is missing first. It is listed below."))
        return _page(request, plan, form=form, status=UNPROCESSABLE)
    messages.success(
        request,
        _("Done. The plan's state is now: %(state)s.") % {"state": plan.get_state_display()},
    )
    return HttpResponseRedirect(life_url(plan))


def _moved_already(request: WorkRequest, plan: PartnerPlan) -> HttpResponse:
    messages.error(
        request,
        _("Not done: the plan isn't where it was when you opened the page. It is now: %(state)s.")
        % {"state": plan.get_state_display()},
    )
    return _page(request, plan, status=CONFLICT)


def _page(
    request: WorkRequest, plan: PartnerPlan, *, form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the course of the plan as it is now; ``form`` is one that was sent and not accepted."""
    read = read_plan(plan)
    moves = moves_of(plan)
    following = []
    for way in from_state(plan.state):
        if not way.suits(is_signed=plan.is_signed):
            continue
        lacks = lacks_for(plan, read, way.target)
        own = None
        if way.slug and rules.may_press(request.user, plan, way) and not _blocked(lacks):
            own = form if form and form.way == way else _form(request, plan, way, lacks, new=True)
        who = ", ".join(str(Role(role).label) for role in way.who)
        following.append(Next(way, lacks, own, who))
    response = render(
        request,
        "plans/work/life.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "steps": track(plan, moves),
            "moves": moves,
            "following": following,
            "can_edit": rules.can_edit(request.user, plan),
            "copy": working_copy(plan, read.document),
            "can_read_memo": rules.can_read_memo(request.user, plan),
            "crumbs": bench_crumbs(plan, _("The plan's course")),
        },
        status=status,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _form(
    request: WorkRequest,
    plan: PartnerPlan,
    way: Transition,
    lacks: tuple[Lack, ...],
    *,
    new: bool = False,
) -> MoveForm:
    """Return the form that goes a way: a new one, or the one that was sent."""
    return MoveForm(
        None if new else request.POST,
        plan=plan,
        way=way,
        overriding=bool(lacks) and not _blocked(lacks),
        action=reverse("plans:move", args=[plan.agreement.county.slug, plan.year, way.slug]),
    )


def _blocked(lacks: tuple[Lack, ...]) -> bool:
    return not all(lack.overridable for lack in lacks)
