"""The example plan that was carried on from the year before: by decisions, then written."""

import tomllib
from pathlib import Path
from typing import Any

from accounts.models import User
from plans.demo.content import given_values, measure_values
from plans.demo.life import measure_numbered
from plans.enums import Decision, PartKind
from plans.models import FocusArea, Measure, PartnerPlan
from plans.services.measures import add_measure, change_measure
from plans.services.plans import change_part, change_text
from plans.services.rollover import decide_several, start_rollover
from plans.services.rollover_confirm import confirm_rollover

FILE = Path(__file__).with_name("next_2023.toml")


def carry_on(source: PartnerPlan, *, by: User) -> PartnerPlan:
    """Carry ``source`` on into the next year as the file says, and return the new draft."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    rollover = start_rollover(source=source, by=by)
    for given in content["decisions"]:
        decide_several(
            rollover=rollover,
            measures=[measure_numbered(source, given["measure"])],
            decision=Decision(given["decision"]),
            reason=given.get("reason", ""),
            by=by,
        )
    plan = confirm_rollover(rollover=rollover, by=by)
    PartnerPlan.objects.filter(pk=plan.pk).update(is_example=source.is_example)
    for given in content["decisions"]:
        if "rewritten" in given:
            _rewrite(plan, measure_numbered(source, given["measure"]), given["rewritten"], by)
    for given in content["measures"]:
        area = FocusArea.objects.select_related("part__plan").get(
            part__plan=plan, title=given["focus_area"]
        )
        add_measure(focus_area=area, values=measure_values(given, plan.year), by=by)
    _write_texts(plan, content, by)
    return PartnerPlan.objects.with_parties().get(pk=plan.pk)


def _rewrite(plan: PartnerPlan, source: Measure, content: dict[str, Any], by: User) -> None:
    measure = Measure.objects.select_related("part__plan").get(part__plan=plan, continues=source)
    change_measure(
        measure=measure,
        values=given_values(content, plan.year),
        expected_version=measure.version,
        by=by,
    )


def _write_texts(plan: PartnerPlan, content: dict[str, Any], by: User) -> None:
    texts = {text.kind: text for text in plan.texts.all()}
    for given in content["texts"]:
        text = texts[given["kind"]]
        values = {"body": given["body"].strip()}
        change_text(text=text, values=values, expected_version=text.version, by=by)
    for part in plan.parts.all():
        values = {"introduction": content["introductions"][PartKind(part.kind).value]}
        change_part(part=part, values=values, expected_version=part.version, by=by)
