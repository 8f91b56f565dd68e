"""Moving a plan from one state to the next: the only place that does it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES, Role
from accounts.models import User
from audit.services import record
from plans import notices, rules
from plans.document import read_plan
from plans.enums import PlanState, SigningParty
from plans.models import PartnerPlan
from plans.services.putting_back import put_back
from plans.services.readiness import Lack, lacks_for
from plans.services.rounds import open_round
from plans.services.telling import tell_of_plan
from plans.services.versions import freeze, make_void, put_in_force
from plans.transitions import Transition, find
from plans.urls_for import life_url, plan_url, signing_url

MOST_REASON = 2000  # characters
DROPPED = (PlanState.AMENDING, PlanState.ACTIVE)


class NoSuchTransition(Exception):
    """The table has no way from where the plan is to where it was to go."""


class MovedAlready(Exception):
    """Somebody else moved the plan first; ``state`` is where it is now."""

    def __init__(self, state: PlanState) -> None:
        super().__init__(f"The plan is in {state} already")
        self.state = state


class ReasonNeeded(Exception):
    """Going back takes a reason."""


class NotReady(Exception):
    """Something is missing first: ``lacks``. If all of it is ``overridable``, a reason will do."""

    def __init__(self, lacks: tuple[Lack, ...]) -> None:
        super().__init__("; ".join(lack.text for lack in lacks))
        self.lacks = lacks


def move_plan(
    *,
    plan: PartnerPlan,
    to: PlanState,
    by: User | None,
    reason: str = "",
    override_reason: str = "",
) -> PartnerPlan:
    """Move a plan to the state ``to`` and return it as it is then, with its parties.

    ``plan.state`` is where ``by`` saw it; ``by`` is None where the system moves it. Going back
    takes a ``reason``, and going on in spite of lacks that are overridable an ``override_reason``.
    Raises ``MovedAlready``, ``NoSuchTransition``, ``PermissionDenied``, ``ReasonNeeded`` and
    ``NotReady``; nothing is written then.
    """
    reason, override_reason = reason.strip()[:MOST_REASON], override_reason.strip()[:MOST_REASON]
    with transaction.atomic():
        seen = plan.state
        plan = PartnerPlan.objects.select_for_update(of=("self",)).with_parties().get(pk=plan.pk)
        if plan.state != seen:
            raise MovedAlready(PlanState(plan.state))
        way = find(plan.state, to)
        if way is None or not way.suits(is_signed=plan.is_signed):
            raise NoSuchTransition(f"{plan.state} → {to}")
        if not (way.by_system if by is None else rules.can_move(by, plan, to)):
            raise PermissionDenied
        if way.back and not reason:
            raise ReasonNeeded
        lacks = lacks_for(plan, read_plan(plan), to)
        if lacks and not (override_reason and all(lack.overridable for lack in lacks)):
            raise NotReady(lacks)
        reasons = {
            "reason": reason if way.back else "",
            "override_reason": override_reason if lacks else "",
        }
        if by is not None and (way.source, way.target) == DROPPED:
            put_back(plan=plan, by=by)
        plan.state, plan.changed_at = way.target, timezone.now()
        if way.by_system:
            put_in_force(plan=plan)
        plan.save(update_fields=["state", "changed_at", "in_force"])
        record(
            by=by,
            verb="plan.moved",
            target=plan,
            old={"state": way.source},
            new={"state": way.target} | {name: text for name, text in reasons.items() if text},
        )
        _follow(plan, way, by=by, reason=reason)
    return plan


def _follow(plan: PartnerPlan, way: Transition, *, by: User | None, reason: str) -> None:
    """Do what a move brings with it, in its transaction."""
    _tell_of(plan, way, by=by, reason=reason)
    if way.target == PlanState.CONSULTATION:
        open_round(plan=plan, by=by)
    if way.target == PlanState.FOR_SIGNATURE:
        freeze(plan=plan, by=by)
    elif way.source == PlanState.FOR_SIGNATURE and way.back:
        make_void(plan=plan, by=by, reason=reason)


def _tell_of(plan: PartnerPlan, way: Transition, *, by: User | None, reason: str) -> None:
    """Tell everybody concerned, each of them once, in the first of the lists that they are on."""
    county = plan.agreement.county_id
    workers = [
        *User.objects.holding(*COUNTY_ROLES, county=county),
        *User.objects.holding(*PROGRAMME_ROLES),
    ]
    signatories = [
        *User.objects.holding(Role.COUNTY_SIGNATORY, county=county),
        *User.objects.holding(Role.LUP_SIGNATORY),
    ]
    writers = [
        *User.objects.holding(Role.COUNTY_EDITOR, county=county),
        *User.objects.holding(Role.LUP_ADVISER),
    ]
    path = life_url(plan)
    if (way.source, way.target) == DROPPED:
        lists = [(notices.AMENDMENT_DROPPED, workers)]
    elif way.back:
        returned = notices.AMENDMENT_RETURNED if plan.is_signed else notices.RETURNED
        lists = [(returned, writers), (notices.NOT_FOR_SIGNING, signatories)]
    elif way.target == PlanState.FOR_SIGNATURE:
        path = signing_url(plan)
        lists = [
            (notices.TO_SIGN, _whose_turn(plan, signatories)),
            (notices.SENT_TO_SIGNING, workers),
        ]
    elif way.target == PlanState.ACTIVE:
        path = plan_url(plan)
        lists = [
            (notices.MOVED_TO[way.target], workers),
            (notices.NOW_IN_FORCE, _concerned(plan)),
        ]
    else:
        lists = [(notices.MOVED_TO[way.target], workers)]
    params = {"who": str(by) if by else "Lupplan", "reason": reason}
    told: set[int] = set()
    for kind, users in lists:
        new = [user for user in users if user.pk not in told]
        tell_of_plan(plan, new, kind, path=path, params=params, by=by)
        told.update(user.pk for user in new)


def _whose_turn(plan: PartnerPlan, signatories: list[User]) -> list[User]:
    """Return the signatories who can sign at once: where the agreement says who is first, theirs;
    the others are told when those have signed."""
    first = plan.agreement.signs_first
    if not first:
        return signatories
    return [user for user in signatories if rules.signs_for(user, plan, SigningParty(first))]


def _concerned(plan: PartnerPlan) -> list[User]:
    """Return the county's municipal contacts, and the contributors of its cooperations and working
    groups."""
    county = plan.agreement.county_id
    return [
        *User.objects.holding(Role.MUNICIPAL_CONTACT, municipality__county=county),
        *User.objects.holding(Role.CONTRIBUTOR, cooperation__county=county),
        *User.objects.holding(Role.CONTRIBUTOR, working_group__county=county),
    ]
