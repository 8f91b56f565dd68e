"""Changes of many measures beside other writers, each with a database connection of their own."""

from collections.abc import Callable
from uuid import UUID

import pytest

from audit.models import Event
from audit.services import verify
from plans.enums import BulkField, PartKind
from plans.models import BulkChange, Measure, PartnerPlan
from plans.services.bulk import MeasuresChanged, Undone, Wish, change_many, stamp, undo
from plans.services.measures import change_measure
from tests.factories.plans import area_of, make_plan
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once, sorts

pytestmark = pytest.mark.django_db(transaction=True)


def stamps(plan: PartnerPlan, first: int = 0, last: int = 99) -> dict[UUID, str]:
    return {row.key: stamp(row) for row in Measure.objects.in_plan(plan.pk)[first:last]}


def bulk(
    plan: PartnerPlan, wish: Wish, seen: dict[UUID, str], world: World
) -> Callable[[], BulkChange]:
    return lambda: change_many(plan=plan, wish=wish, stamps=seen, by=world.editor)


def to_status(status: str) -> Wish:
    return Wish(BulkField.STATUS, {"status": status})


def test_of_two_changes_that_overlap_one_is_told(world: World) -> None:
    plan = make_plan(county=world.county, measures=5)
    outcomes = at_once(
        bulk(plan, to_status("DONE"), stamps(plan, 0, 6), world),
        bulk(plan, to_status("STOPPED"), stamps(plan, 4, 10), world),
    )
    assert sorts(outcomes) == ["BulkChange", "MeasuresChanged"]
    # One whole change, and nothing of the other.
    made = BulkChange.objects.get()
    assert len(made.rows) == 6
    assert Measure.objects.exclude(status="PLANNED").count() == 6
    refused = next(outcome for outcome in outcomes if isinstance(outcome, MeasuresChanged))
    assert len(refused.keys) == 2
    verify()


def test_a_change_of_many_against_a_single_save(world: World) -> None:
    plan = make_plan(county=world.county, measures=3)
    one = Measure.objects.in_plan(plan.pk).select_related("part")[1]
    wish = Wish(BulkField.RESPONSIBLE, {"responsible_kind": "LUP"})

    def save() -> Measure:
        return change_measure(
            measure=one, values={"title": "Ny"}, expected_version=1, by=world.editor
        )

    outcomes = at_once(bulk(plan, wish, stamps(plan), world), save)
    one.refresh_from_db()
    if isinstance(outcomes[0], BulkChange):
        # The single save came second: it is told, and writes nothing.
        assert sorts(outcomes) == ["BulkChange", "Conflict"]
        assert (one.title, one.responsible_kind, one.version) == ("Tiltak 1.2", "LUP", 2)
        assert Measure.objects.filter(responsible_kind="LUP").count() == 6
    else:
        assert sorts(outcomes) == ["Measure", "MeasuresChanged"]
        assert (one.title, one.responsible_kind, one.version) == ("Ny", "", 2)
        assert not Measure.objects.filter(responsible_kind="LUP").exists()
    verify()


def test_an_undo_pressed_twice_at_once_undoes_once(world: World) -> None:
    plan = make_plan(county=world.county, measures=3)
    wish = Wish(BulkField.RESPONSIBLE, {"responsible_kind": "LUP"})
    made = bulk(plan, wish, stamps(plan), world)()

    def press() -> Undone:
        return undo(change=made, by=world.editor)

    outcomes = at_once(press, press)
    assert sorts(outcomes) == ["AlreadyUndone", "Undone"]
    assert Event.objects.filter(verb="bulk.undone").count() == 1
    assert {m.version for m in Measure.objects.in_plan(plan.pk)} == {3}
    verify()


def test_moves_of_many_at_once_leave_no_gap(world: World) -> None:
    plan = make_plan(county=world.county, measures=6)

    def move(kind: PartKind, first: int, last: int) -> Callable[[], BulkChange]:
        wish = Wish(BulkField.FOCUS_AREA, {"focus_area": area_of(plan, kind)})
        return bulk(plan, wish, stamps(plan, first, last), world)

    outcomes = at_once(move(PartKind.MUNICIPALITIES, 0, 4), move(PartKind.COUNTY, 8, 12))
    assert sorts(outcomes) == ["BulkChange", "BulkChange"]
    for kind in PartKind:
        places = Measure.objects.in_plan(plan.pk).filter(part__kind=kind)
        assert list(places.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]
    verify()
