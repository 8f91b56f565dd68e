"""The amendment of the example plan of 2021 that is being written: two of its changes and what is
added have their reasons, one change still lacks it."""

import tomllib
from pathlib import Path
from typing import Any

from accounts.models import User
from plans.demo.content import given_values, measure_values
from plans.demo.life import measure_numbered
from plans.demo.users import DOMAIN
from plans.enums import AmendedKind, PlanState, TextLanguage
from plans.models import Measure, PartnerPlan
from plans.services.amendments import give_reason
from plans.services.measures import add_measure, change_measure, place_measure
from plans.services.transitions import move_plan

FILE = Path(__file__).with_name("amendment_2021.toml")
YEAR = 2021


def begin_amendment(plan: PartnerPlan, users: dict[str, User]) -> None:
    """Write in the working copy of a plan in force what the file says, as the county's editor."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    by = users[f"fylkesredaktor@{DOMAIN}"]
    plan = move_plan(plan=plan, to=PlanState.AMENDING, by=by)
    for change in content["changed"]:
        measure = measure_numbered(plan, change["number"])
        values = given_values(change["values"], plan.year)
        changed = change_measure(
            measure=measure, values=values, expected_version=measure.version, by=by
        )
        _give_reason(plan, changed, change, by)
    for new in content["added"]:
        _give_reason(plan, _add(plan, new, by), new, by)


def _add(plan: PartnerPlan, new: dict[str, Any], by: User) -> Measure:
    before = measure_numbered(plan, new["after"])
    area = before.focus_area
    added = add_measure(focus_area=area, values=measure_values(new["values"], plan.year), by=by)
    standing = Measure.objects.standing().filter(focus_area=area, position__lte=before.position)
    return place_measure(measure=added, focus_area=area, index=standing.count(), by=by)


def _give_reason(plan: PartnerPlan, measure: Measure, given: dict[str, Any], by: User) -> None:
    if "reason" not in given:
        return
    give_reason(
        plan=plan,
        named=(AmendedKind.MEASURE.value, str(measure.key)),
        title=measure.title,
        values={"text": given["reason"], "language": TextLanguage.NYNORSK},
        expected_version=1,
        by=by,
    )
