"""An amendment that is dropped: the rows say what is in force again, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans.comparison import compare
from plans.document import PlanDocument, read_plan
from plans.enums import MeasureStatus, PartKind, PlanState
from plans.models import AmendmentReason, FocusArea, Measure, PartnerPlan
from plans.points import landmarks, two_points
from plans.services import focus_areas, measures, plans
from plans.services.progress import set_status
from plans.services.transitions import ReasonNeeded, move_plan
from tests.factories.municipalities import WorkingGroupFactory
from tests.factories.plans import area_of
from tests.plans.amending import (
    change,
    changed,
    in_force,
    make_amending,
    measure_at,
    reason,
    seen,
    send,
    sign,
    start,
)
from tests.plans.conftest import World

S = PlanState


def said(document: PlanDocument) -> PlanDocument:
    """Return a document without what dropping an amendment leaves as it is."""
    same: Any = {
        "state": "",
        "changed_at": datetime(1, 1, 1, tzinfo=UTC),
        "version": None,
        "amendment": None,
    }
    return replace(document, **same)


def drop(plan: PartnerPlan, by: User) -> PartnerPlan:
    move_plan(plan=seen(plan), to=S.ACTIVE, by=by, reason="Partane vart ikkje samde")
    return seen(plan)


class Editing:
    """Random edits of a working copy, each through the service that people's forms use."""

    def __init__(self, plan: PartnerPlan, world: World, random: Random) -> None:
        self.plan, self.world, self.random = plan, world, random
        self.group = WorkingGroupFactory.create(county=world.county)

    def step(self) -> None:
        """Do one of them."""
        self.random.choice(
            [
                *[self.write_measure] * 4,
                *[self.place_measure] * 3,
                *[self.delete_measure] * 2,
                *[self.add_measure] * 2,
                self.restore_measure,
                self.write_area,
                self.step_area,
                self.add_area,
                self.delete_area,
                self.write_texts,
            ]
        )()

    def write_measure(self) -> None:
        row = self.one()
        if row is None:
            return
        responsible: dict[str, Any] = {
            "responsible_municipality": None,
            "responsible_cooperation": None,
            "responsible_working_group": None,
        }
        parties: list[tuple[str, dict[str, Any]]] = [
            ("LUP", {}),
            ("", {}),
            ("MUNICIPALITY", {"responsible_municipality": self.world.municipalities[0]}),
            ("COOPERATION", {"responsible_cooperation": self.world.cooperation}),
            ("WORKING_GROUP", {"responsible_working_group": self.group}),
        ]
        kind, party = self.random.choice(parties)
        values = {
            "title": self.word(),
            "description": self.word(),
            "target_groups": self.random.sample(["COUNTY", "SUPPLIERS", "FOUNDERS"], 2),
            "municipality_scope": "CHOSEN",
            "municipalities": self.random.sample(self.world.municipalities, 2),
            "cooperations": self.random.choice([[], [self.world.cooperation]]),
            "lup_days_q2": Decimal(self.random.randint(0, 9)) / 2,
            "cost_nok": self.random.choice([None, 1000]),
            "starts_on": None,
            "ends_on": None,
            "responsible_kind": kind,
            **responsible,
            **party,
        }
        some = self.random.choice([values, {"title": self.word()}])
        measures.change_measure(
            measure=row, values=some, expected_version=row.version, by=self.world.editor
        )

    def place_measure(self) -> None:
        row = self.one()
        if row is not None:
            measures.place_measure(
                measure=row,
                focus_area=self.area(),
                index=self.random.randint(0, 3),
                by=self.world.editor,
            )

    def delete_measure(self) -> None:
        row = self.one()
        if row is not None:
            measures.delete_measure(measure=row, by=self.world.editor)

    def restore_measure(self) -> None:
        row = Measure.objects.filter(part__plan=self.plan, position=None).first()
        if row is not None:
            measures.restore_measure(measure=row, index=0, by=self.world.editor)

    def add_measure(self) -> None:
        measures.add_measure(
            focus_area=self.area(),
            values={"title": self.word(), "kind": "COURSE"},
            by=self.world.editor,
        )

    def write_area(self) -> None:
        area = self.area()
        focus_areas.change_focus_area(
            area=area,
            values={"title": self.word(), "description": self.word(), "language": "nb"},
            expected_version=area.version,
            by=self.world.editor,
        )

    def step_area(self) -> None:
        focus_areas.step_focus_area(
            area=self.area(), direction=self.random.choice(["up", "down"]), by=self.world.editor
        )

    def add_area(self) -> None:
        part = self.plan.parts.get(kind=self.random.choice(PartKind.values))
        focus_areas.add_focus_area(part=part, values={"title": self.word()}, by=self.world.editor)

    def delete_area(self) -> None:
        try:
            focus_areas.delete_focus_area(area=self.area(), by=self.world.editor)
        except focus_areas.FocusAreaHasMeasures:
            for row in Measure.objects.in_plan(self.plan.pk).filter(focus_area=self.area()):
                measures.delete_measure(measure=row, by=self.world.editor)

    def write_texts(self) -> None:
        text = self.random.choice(list(self.plan.texts.all()))
        values = {"body": self.random.choice(["", self.word()]), "language": "nb"}
        plans.change_text(
            text=text, values=values, expected_version=text.version, by=self.world.editor
        )
        part = self.random.choice(list(self.plan.parts.all()))
        plans.change_part(
            part=part,
            values={"introduction": self.word()},
            expected_version=part.version,
            by=self.world.editor,
        )
        now = seen(self.plan)
        plans.change_plan(
            plan=now,
            values={"title": self.word()},
            expected_version=now.version,
            by=self.world.editor,
        )

    def one(self) -> Measure | None:
        rows = list(Measure.objects.in_plan(self.plan.pk).select_related("part"))
        return self.random.choice(rows) if rows else None

    def area(self) -> FocusArea:
        rows = FocusArea.objects.filter(part__plan=self.plan, position__isnull=False)
        found = list(rows.select_related("part"))
        if not found:
            self.add_area()
            return self.area()
        return self.random.choice(found)

    def word(self) -> str:
        return f"Ord {self.random.randint(0, 999)}"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_written_the_rows_say_what_is_in_force(world: World, seed: int) -> None:
    plan = make_amending(world)
    signed = said(in_force(plan))
    editing = Editing(plan, world, Random(seed))
    began = landmarks(plan)[1][0]
    for _round in range(2):
        for _edit in range(12):
            editing.step()
        assert said(read_plan(plan).document) != signed
        plan = drop(plan, world.editor)
        assert said(read_plan(plan).document) == signed
        plan = start(plan, by=world.editor)
    # The history tells the same: as long as the log is, nothing differs.
    points = two_points(plan, began, "no")
    assert compare(points.before, points.after).all == []
    verify()


def test_how_the_measures_go_stays(world: World) -> None:
    plan = make_amending(world)
    set_status(measure=measure_at(plan, "1.1"), status=MeasureStatus.DELAYED, by=world.editor)
    change(plan, "1.1", by=world.editor, title="Anna")
    measures.delete_measure(measure=measure_at(plan, "1.2"), by=world.editor)
    drop(plan, world.editor)
    statuses = [row.status for row in Measure.objects.in_plan(plan.pk)]
    assert statuses == ["DELAYED", "DONE", "DONE", "DONE", "DONE", "DONE"]


def test_it_takes_a_reason_and_is_told(world: World) -> None:
    plan = make_amending(world)
    before = Notice.objects.count()
    with pytest.raises(ReasonNeeded):
        move_plan(plan=seen(plan), to=S.ACTIVE, by=world.editor)
    assert drop(plan, world.editor).state == S.ACTIVE
    moved = Event.objects.about(plan).filter(verb="plan.moved")[0]
    assert (moved.actor, moved.new) == (
        world.editor,
        {"state": "ACTIVE", "reason": "Partane vart ikkje samde"},
    )
    told = list(Notice.objects.order_by("pk")[before:])
    assert {(row.kind, row.user_id) for row in told} == {
        ("plan.amendment_dropped", world.signatory.pk),
        ("plan.amendment_dropped", world.adviser.pk),
    }


def test_the_next_amendment_starts_without_reasons(world: World) -> None:
    plan = make_amending(world)
    change(plan, "1.1", by=world.editor, title="Anna")
    (named,) = changed(plan)
    reason(plan, named, by=world.editor)
    plan = start(drop(plan, world.editor), by=world.editor)
    assert [(row.text, row.version) for row in AmendmentReason.objects.all()] == [("", 3)]
    assert changed(plan) == []


def test_what_was_sent_to_signing_and_returned_can_be_dropped(world: World) -> None:
    plan = make_amending(world)
    signed = said(in_force(plan))
    change(plan, "1.1", by=world.editor, title="Anna")
    plan = send(plan, by=world.editor)
    move_plan(plan=plan, to=S.AMENDING, by=world.signatory, reason="Feil")
    plan = drop(plan, world.editor)
    assert said(read_plan(plan).document) == signed
    assert (plan.in_force.number, plan.versions.count()) == (1, 2)  # type: ignore[union-attr]


def test_what_an_amendment_made_is_what_the_next_one_falls_back_on(world: World) -> None:
    plan = make_amending(world)
    change(plan, "2.1", by=world.editor, title="Anna")
    plan = start(sign(send(plan, by=world.editor)), by=world.editor)
    signed = said(in_force(plan))
    area = area_of(plan)
    measures.place_measure(
        measure=measure_at(plan, "2.1"), focus_area=area, index=0, by=world.editor
    )
    plan = drop(plan, world.editor)
    assert said(read_plan(plan).document) == signed
    assert measure_at(plan, "2.1").title == "Anna"
