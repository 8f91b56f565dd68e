"""A plan under amendment, and what people do with it, for tests."""

from typing import Any

from accounts.models import User
from plans.document import PlanDocument, from_json, read_plan
from plans.document.amendment import Named
from plans.enums import PlanState
from plans.models import Measure, PartnerPlan
from plans.services.amendments import give_reason
from plans.services.measures import change_measure
from plans.services.transitions import move_plan
from plans.services.versions import waiting
from plans.working_copy import working_copy
from tests.factories.plans import make_plan
from tests.factories.versions import sign_both
from tests.plans.conftest import World
from tests.plans.readiness import make_ready, put

S = PlanState


def seen(plan: PartnerPlan) -> PartnerPlan:
    """Return the plan as it is now, in an object of one's own."""
    return PartnerPlan.objects.with_parties().select_related("in_force").get(pk=plan.pk)


def make_amending(world: World, *, measures: int = 3) -> PartnerPlan:
    """Return a signed plan of which nothing is missing, whose amendment has just been begun."""
    plan = make_ready(make_plan(county=world.county, measures=measures), by=world.adviser)
    return start(put(plan, S.ACTIVE), by=world.editor)


def start(plan: PartnerPlan, *, by: User) -> PartnerPlan:
    """Begin an amendment."""
    move_plan(plan=plan, to=S.AMENDING, by=by)
    return seen(plan)


def measure_at(plan: PartnerPlan, number: str) -> Measure:
    """Return the standing measure with that number."""
    rows = Measure.objects.in_plan(plan.pk).select_related("part", "focus_area__part")
    return next(row for row in rows if row.number == number)


def change(plan: PartnerPlan, number: str, *, by: User, **values: Any) -> Measure:
    """Change a measure."""
    row = measure_at(plan, number)
    return change_measure(measure=row, values=values, expected_version=row.version, by=by)


def changed(plan: PartnerPlan) -> list[Named]:
    """Return what the working copy changes."""
    copy = working_copy(seen(plan), read_plan(plan).document)
    return [(item.kind, item.key) for item in copy.difference.items] if copy else []


def reason(plan: PartnerPlan, named: Named, text: str = "Difor", *, by: User) -> None:
    """Give the first reason for a change."""
    give_reason(
        plan=seen(plan),
        named=named,
        title="Tiltak",
        values={"text": text, "language": "nn"},
        expected_version=1,
        by=by,
    )


def send(plan: PartnerPlan, *, by: User) -> PartnerPlan:
    """Give every change a reason, where it has none, and send the amendment to signing."""
    for named in changed(plan):
        if not plan.in_force.amendment_reasons.filter(kind=named[0], key=named[1]).exists():  # type: ignore[union-attr]
            reason(plan, named, by=by)
    move_plan(plan=seen(plan), to=S.FOR_SIGNATURE, by=by)
    return seen(plan)


def sign(plan: PartnerPlan) -> PartnerPlan:
    """Let both parties sign what waits for them."""
    version = waiting(plan)
    assert version is not None
    sign_both(version)
    move_plan(plan=seen(plan), to=S.ACTIVE, by=None)
    return seen(plan)


def in_force(plan: PartnerPlan) -> PlanDocument:
    """Return the document that everybody reads."""
    version = seen(plan).in_force
    assert version is not None
    return from_json(version.content.encode())
