"""Two people at once, each with a database connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import IntegrityError, connection

from audit.services import verify
from plans.models import Measure, PartnerPlan
from plans.services.measures import add_measure, change_measure, delete_measure, place_measure
from plans.services.plans import create_plan
from plans.services.saving import Conflict
from tests.factories.plans import AgreementFactory, area_of, make_plan
from tests.plans.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> list[T | Exception]:
    """Run the acts at the same moment and return what each gave or raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            start.wait(timeout=10)
            return act()
        except Exception as error:  # the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def sorts(outcomes: list[T | Exception]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_of_two_who_save_the_same_measure_one_is_told(world: World) -> None:
    plan = make_plan(county=world.county, measures=1)
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]

    def save(title: str) -> Callable[[], Measure]:
        return lambda: change_measure(
            measure=measure, values={"title": title}, expected_version=1, by=world.editor
        )

    outcomes = at_once(save("Ein"), save("To"))
    assert sorts(outcomes) == ["Conflict", "Measure"]
    measure.refresh_from_db()
    conflict = next(outcome for outcome in outcomes if isinstance(outcome, Conflict))
    assert measure.version == 2
    assert conflict.current.version == 2
    verify()


def test_measures_added_moved_and_deleted_at_once_are_numbered_without_a_gap(world: World) -> None:
    plan = make_plan(county=world.county, measures=4)
    area = area_of(plan)
    first, second, third, _fourth = Measure.objects.in_plan(plan.pk).select_related("part")[:4]

    def add(title: str) -> Callable[[], object]:
        values = {"title": title, "kind": "COURSE"}
        return lambda: add_measure(focus_area=area, values=values, by=world.editor)

    outcomes = at_once(
        add("Nytt A"),
        add("Nytt B"),
        lambda: delete_measure(measure=second, by=world.editor),
        lambda: place_measure(measure=third, focus_area=area, index=0, by=world.editor),
        lambda: place_measure(measure=first, focus_area=area, index=9, by=world.editor),
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    places = (
        Measure.objects.in_plan(plan.pk).filter(part=area.part).values_list("position", flat=True)
    )
    assert list(places) == [1, 2, 3, 4, 5]
    verify()


def test_a_plan_made_twice_at_once_is_made_once(world: World) -> None:
    agreement = AgreementFactory.create(county=world.county)

    def make() -> PartnerPlan:
        return create_plan(agreement=agreement, year=2022, title="Plan", by=world.editor)

    outcomes = at_once(make, make)
    assert sorts(outcomes) == ["IntegrityError", "PartnerPlan"]
    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert PartnerPlan.objects.get().parts.count() == 2
    verify()


def test_of_two_overlapping_agreements_made_at_once_one_stands(world: World) -> None:
    programme = AgreementFactory.create().programme

    def make() -> object:
        return AgreementFactory.create(county=world.county, programme=programme)

    assert sorts(at_once(make, make)) == ["IntegrityError", "PartnershipAgreement"]
