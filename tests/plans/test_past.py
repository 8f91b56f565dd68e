"""A plan at any point in time, walked back to from what it is now."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audit.models import Event
from plans.history import events_of_plan
from plans.models import FocusArea, Measure, PartnerPlan, PlanText
from plans.past import AREA, MEASURE, PART, PLAN, TEXT, PastPlan, at_point
from plans.services import focus_areas, measures, plans
from plans.snapshot import snapshot
from tests.factories.plans import area_of, make_plan
from tests.plans.conftest import World

Act = tuple[str, int, int]
ACTS = (
    "add_area",
    "change_area",
    "step_area",
    "delete_area",
    "restore_area",
    "add",
    "change",
    "set",
    "place",
    "step",
    "delete",
    "restore",
    "text",
    "title",
    "part",
)


def seen(plan: PastPlan) -> dict[str, Any]:
    """Return all that one could know of a plan then: nothing of what did not stand."""
    standing = {(AREA, area) for areas in plan.areas.values() for area in areas}
    standing |= {(MEASURE, key) for area in plan.measures for key in plan.inside(area)}
    return {
        "values": {
            row: values
            for row, values in plan.values.items()
            if row[0] in (PLAN, TEXT, PART) or row in standing
        },
        "areas": {part: areas for part, areas in plan.areas.items() if areas},
        "measures": {area: keys for area, keys in plan.measures.items() if keys},
        "numbers": plan.numbers(),
    }


@dataclass
class Story:
    """Does things to a plan and keeps what it was after each."""

    plan: PartnerPlan
    world: World
    seen: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def look(self) -> None:
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
        self.plan.refresh_from_db()
        self.seen.append((newest, seen(snapshot(self.plan))))

    def run(self, act: Act) -> None:
        name, which, where = act
        try:
            with transaction.atomic():
                getattr(self, name)(which, where)
        except focus_areas.FocusAreaHasMeasures:
            pass
        self.look()

    def area(self, which: int, *, standing: bool = True) -> FocusArea | None:
        rows = FocusArea.objects.filter(part__plan=self.plan, position__isnull=not standing)
        found = list(rows.select_related("part").order_by("pk"))
        return found[which % len(found)] if found else None

    def measure(self, which: int, *, standing: bool = True) -> Measure | None:
        rows = Measure.objects.filter(part__plan=self.plan, position__isnull=not standing)
        found = list(rows.select_related("part").order_by("pk"))
        return found[which % len(found)] if found else None

    def add_area(self, which: int, where: int) -> None:
        part = self.plan.parts.order_by("kind")[which % 2]
        focus_areas.add_focus_area(part=part, values={"title": f"O{where}"}, by=self.world.editor)

    def change_area(self, which: int, where: int) -> None:
        if area := self.area(which):
            focus_areas.change_focus_area(
                area=area,
                values={"description": f"tekst {where}"},
                expected_version=area.version,
                by=self.world.editor,
            )

    def step_area(self, which: int, where: int) -> None:
        if area := self.area(which):
            way = "down" if where % 2 else "up"
            focus_areas.step_focus_area(area=area, direction=way, by=self.world.editor)

    def delete_area(self, which: int, where: int) -> None:
        if area := self.area(which):
            focus_areas.delete_focus_area(area=area, by=self.world.editor)

    def restore_area(self, which: int, where: int) -> None:
        if area := self.area(which, standing=False):
            focus_areas.restore_focus_area(area=area, by=self.world.editor)

    def add(self, which: int, where: int) -> None:
        if area := self.area(which):
            values = {"title": f"T{where}", "kind": "COURSE", "lup_days_q1": where}
            measures.add_measure(focus_area=area, values=values, by=self.world.editor)

    def change(self, which: int, where: int) -> None:
        if measure := self.measure(which, standing=where % 5 != 0):
            self.save(measure, title=f"Ny {where}", lup_days_q2=where, county_takes_part=True)

    def set(self, which: int, where: int) -> None:
        if measure := self.measure(which):
            self.save(
                measure,
                municipalities=self.world.municipalities[: where % 4],
                cooperations=[self.world.cooperation] if where % 2 else [],
                responsible_kind="COOPERATION" if where % 2 else "LUP",
                responsible_cooperation=self.world.cooperation if where % 2 else None,
            )

    def save(self, measure: Measure, **values: object) -> None:
        measures.change_measure(
            measure=measure,
            values=values,
            expected_version=measure.version,
            by=self.world.editor,
        )

    def place(self, which: int, where: int) -> None:
        measure, area = self.measure(which, standing=where % 4 != 0), self.area(where)
        if measure and area:
            measures.place_measure(
                measure=measure, focus_area=area, index=which % 3, by=self.world.editor
            )

    def step(self, which: int, where: int) -> None:
        if measure := self.measure(which):
            way = "down" if where % 2 else "up"
            measures.step_measure(measure=measure, direction=way, by=self.world.editor)

    def delete(self, which: int, where: int) -> None:
        if measure := self.measure(which):
            measures.delete_measure(measure=measure, by=self.world.editor)

    def restore(self, which: int, where: int) -> None:
        if measure := self.measure(which, standing=False):
            measures.restore_measure(measure=measure, index=where % 3, by=self.world.editor)

    def text(self, which: int, where: int) -> None:
        texts = PlanText.objects.filter(plan=self.plan).order_by("pk")
        text = texts[which % 6]
        plans.change_text(
            text=text,
            values={"body": f"Om {where}"},
            expected_version=text.version,
            by=self.world.editor,
        )

    def title(self, which: int, where: int) -> None:
        plans.change_plan(
            plan=self.plan,
            values={"title": f"Plan {where}"},
            expected_version=self.plan.version,
            by=self.world.editor,
        )

    def part(self, which: int, where: int) -> None:
        part = self.plan.parts.order_by("kind")[which % 2]
        plans.change_part(
            part=part,
            values={"introduction": f"Del {where}"},
            expected_version=part.version,
            by=self.world.editor,
        )


acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.integers(0, 11)), max_size=25
)


@given(acts)
@example([("add_area", 0, 1), ("place", 1, 2), ("step_area", 0, 1), ("delete", 0, 0)])
# The last of one area becomes the first of the next, and keeps its number.
@example([("add_area", 0, 1), ("step", 1, 1), ("step", 1, 0)])
@example([("delete", 0, 0), ("delete", 0, 0), ("delete_area", 0, 0), ("restore", 1, 1)])
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_point_is_found_again(world: World, acts: list[Act]) -> None:
    with transaction.atomic():
        plan = make_plan(county=world.county, measures=2)
        story = Story(plan, world)
        story.look()
        for act in acts:
            story.run(act)
        now = snapshot(plan)
        events = list(events_of_plan(plan))
        for last, then in story.seen:
            point = at_point(now, events, lambda event, last=last: event.pk > last)  # type: ignore[misc]
            assert seen(point) == then
        assert seen(now) == story.seen[-1][1]
        transaction.set_rollback(True)


def test_a_plan_is_read_in_five_queries(world: World) -> None:
    plan = make_plan(county=world.county, measures=2)
    for measure in Measure.objects.in_plan(plan.pk):
        measure.municipalities.set(world.municipalities)
    with CaptureQueriesContext(connection) as queries:
        now = snapshot(plan)
    assert len(queries) == 5
    assert list(now.numbers().values()) == ["1.1", "1.2", "2.1", "2.2"]


def test_a_move_logged_without_the_area_left_is_placed_by_its_number(world: World) -> None:
    """As the log told moves at first."""
    plan = make_plan(county=world.county, measures=3)
    first, *_rest = Measure.objects.in_plan(plan.pk)
    now, area = snapshot(plan), area_of(plan)
    before = seen(now)
    measures.place_measure(measure=first, focus_area=area, index=2, by=world.editor)
    event = Event.objects.order_by("-pk")[0]
    assert event.old == {"number": "1.1", "focus_area": area.pk}
    event.old.pop("focus_area")
    assert seen(at_point(snapshot(plan), [event], lambda _event: True)) == before


@pytest.mark.parametrize(
    ("target", "old"),
    [
        ("x", {}),
        ("0", {"title": "x"}),
        ("99999999999999999999", {"number": "1.1"}),
        ("own", {"number": "9.99999", "focus_area": -5, "title": ["x"]}),
        ("own", {"number": {"a": 1}, "focus_area": "x", "lup_days_q1": "NaN"}),
        ("own", {"number": "1.0", "lup_days_q1": "9" * 500}),
    ],
)
def test_events_that_make_no_sense_do_no_harm(
    world: World, target: str, old: dict[str, Any]
) -> None:
    plan = make_plan(county=world.county, measures=1)
    key = str(Measure.objects.in_plan(plan.pk)[0].pk)
    event = Event(
        verb="measure.changed",
        target_type=MEASURE,
        target_id=key if target == "own" else target,
        old=old,
        new={},
    )
    then = at_point(snapshot(plan), [event], lambda _event: True)
    assert set(then.numbers()) == {measure.pk for measure in Measure.objects.in_plan(plan.pk)}
