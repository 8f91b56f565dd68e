"""Carrying a plan on into the next year: what is decided, and what is made of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.services import verify
from plans.carrying import read_rollover
from plans.completeness import missing
from plans.document import read_plan
from plans.enums import Decision, MeasureStatus, PartKind, PeriodUnit, PlanState, TextKind
from plans.models import FocusArea, Measure, PartnerPlan, PlanPart, PlanText, Rollover
from plans.periods import quarter_bounds
from plans.services import rollover as service
from plans.services.measures import add_measure, change_measure, delete_measure
from plans.services.plans import create_plan
from plans.services.rollover_confirm import NotReady, SummaryIsOld, confirm_rollover
from plans.services.saving import Conflict
from tests.factories.plans import AgreementFactory, area_of, make_measure, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

pytestmark = pytest.mark.usefixtures("english")


def fresh(rollover: Rollover) -> Rollover:
    return Rollover.objects.with_parties().get(pk=rollover.pk)


def begun(plan: PartnerPlan, world: World) -> Rollover:
    return fresh(service.start_rollover(source=plan, by=world.editor))


def decided(
    rollover: Rollover, measure: Measure, decision: Decision, world: World, **values: Any
) -> Any:
    year = rollover.target_year
    starts_on, ends_on = quarter_bounds(year, 1, 2)
    defaults: dict[str, Any] = {
        "decision": decision,
        "reason": "" if decision == Decision.CONTINUE else "Det er grunnen.",
        "period_unit": PeriodUnit.QUARTERS,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "carry_lup_days": True,
        "postponed_to": year + 1 if decision == Decision.POSTPONE else None,
    }
    return service.decide(
        rollover=rollover,
        measure=measure,
        values={**defaults, **values},
        expected_version=0,
        by=world.editor,
    )


def continue_rest(rollover: Rollover, world: World) -> None:
    undecided = [c.measure for c in read_rollover(fresh(rollover)).undecided]
    service.decide_several(
        rollover=rollover,
        measures=undecided,
        decision=Decision.CONTINUE,
        reason="",
        by=world.editor,
    )


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan in force, with two measures in each part."""
    return make_plan(county=world.county, measures=2, state=PlanState.ACTIVE)


def of(plan: PartnerPlan) -> list[Measure]:
    return list(Measure.objects.in_plan(plan.pk).select_related("part"))


def numbered(plan: PartnerPlan) -> list[tuple[str, str]]:
    return [(measure.number, measure.title) for measure in of(plan)]


def test_nothing_is_made_until_it_is_confirmed(plan: PartnerPlan, world: World) -> None:
    rollover = begun(plan, world)
    continue_rest(rollover, world)
    assert PartnerPlan.objects.count() == 1
    assert Measure.objects.count() == 4
    made = confirm_rollover(rollover=rollover, by=world.editor)
    assert (made.year, made.state, made.title) == (2023, PlanState.DRAFT, "Partnarplan 2023")
    assert numbered(made) == numbered(plan)
    verify()


def test_each_decision_does_what_it_says(plan: PartnerPlan, world: World) -> None:
    first, second, third, fourth = of(plan)
    Measure.objects.filter(pk=first.pk).update(
        description="Slik.",
        purpose="For å.",
        expected_result="Så.",
        target_groups=["COUNTY"],
        lup_days_q1=Decimal("2.5"),
        lup_days_q4=1,
        cost_nok=5000,
        status=MeasureStatus.DELAYED,
        responsible_kind="COOPERATION",
        responsible_cooperation=world.cooperation,
        responsible_role="Innkjøpssjef",
    )
    first.cooperations.add(world.cooperation)
    first.municipalities.add(world.municipalities[2])
    rollover = begun(plan, world)
    first.refresh_from_db()
    decided(rollover, first, Decision.CONTINUE, world)
    decided(rollover, second, Decision.END, world)
    decided(rollover, third, Decision.CHANGE, world, reason="Færre kurs.")
    decided(rollover, fourth, Decision.POSTPONE, world)
    made = confirm_rollover(rollover=rollover, by=world.editor)
    carried, changed = of(made)
    copied = [
        *("title", "kind", "description", "purpose", "expected_result", "target_groups"),
        *("lup_days_q1", "lup_days_q4", "cost_nok", "responsible_kind", "responsible_role"),
        *("responsible_cooperation_id", "chain", "language", "county_takes_part"),
    ]
    assert {name: getattr(carried, name) for name in copied} == {
        name: getattr(first, name) for name in copied
    }
    assert (carried.starts_on, carried.ends_on) == quarter_bounds(2023, 1, 2)
    assert list(carried.cooperations.all()) == [world.cooperation]
    assert list(carried.municipalities.all()) == [world.municipalities[2]]
    assert (carried.status, carried.continues, carried.rewrite_note) == ("PLANNED", first, "")
    assert carried.key != first.key
    assert (changed.number, changed.continues) == ("2.1", third)
    assert changed.rewrite_note == "Færre kurs."
    event = Event.objects.get(verb="rollover.confirmed")
    assert event.new == {
        "result": made.pk,
        "continue": 1,
        "change": 1,
        "postpone": 1,
        "end": 1,
    }
    rollover.refresh_from_db()
    assert (rollover.result, rollover.confirmed_by) == (made, world.editor)


def test_days_from_lup_stay_behind_if_they_shall(plan: PartnerPlan, world: World) -> None:
    measure = of(plan)[0]
    Measure.objects.update(lup_days_q2=3)
    rollover = begun(plan, world)
    decided(rollover, measure, Decision.CONTINUE, world, carry_lup_days=False)
    continue_rest(rollover, world)
    assert read_rollover(rollover).lup_days == [0, 9, 0, 0]
    made = confirm_rollover(rollover=rollover, by=world.editor)
    assert [m.lup_days_q2 for m in of(made)] == [0, 3, 3, 3]


def test_what_is_to_be_rewritten_is_missing_until_somebody_saves_it(
    plan: PartnerPlan, world: World
) -> None:
    rollover = begun(plan, world)
    decided(rollover, of(plan)[0], Decision.CHANGE, world)
    continue_rest(rollover, world)
    made = PartnerPlan.objects.with_parties().get(
        pk=confirm_rollover(rollover=rollover, by=world.editor).pk
    )
    read = read_plan(made)
    keys = {key for key, row in read.rows.items() if row.rewrite_note}
    lacks = [
        (lack.measure.number, str(lack.what))
        for lack in missing(read.document, to_rewrite=keys)
        if lack.measure and "rewritten" in str(lack.what)
    ]
    assert lacks == [("1.1", "to be rewritten: carried on with changes")]
    measure = of(made)[0]
    change_measure(
        measure=measure, values={"status": "PLANNED"}, expected_version=1, by=world.editor
    )
    measure.refresh_from_db()
    assert measure.rewrite_note == "Det er grunnen."
    change_measure(measure=measure, values={"description": ""}, expected_version=1, by=world.editor)
    measure.refresh_from_db()
    assert measure.rewrite_note == ""
    assert Event.objects.about(measure).filter(verb="measure.rewritten").count() == 1
    verify()


def test_a_postponed_measure_comes_back_in_its_year_and_goes_on_from_there(
    plan: PartnerPlan, world: World
) -> None:
    put_off = of(plan)[3]
    rollover = begun(plan, world)
    decided(rollover, put_off, Decision.POSTPONE, world)
    continue_rest(rollover, world)
    between = confirm_rollover(rollover=rollover, by=world.editor)
    assert [m.title for m in of(between)] == ["Tiltak 1.1", "Tiltak 1.2", "Tiltak 2.1"]
    set_state(between, PlanState.ACTIVE)
    between = PartnerPlan.objects.with_parties().get(pk=between.pk)
    again = begun(between, world)
    reading = read_rollover(again)
    assert [(c.measure.title, c.origin and c.origin.year) for c in reading.candidates] == [
        ("Tiltak 1.1", None),
        ("Tiltak 1.2", None),
        ("Tiltak 2.1", None),
        ("Tiltak 2.2", 2022),
    ]
    continue_rest(again, world)
    made = confirm_rollover(rollover=again, by=world.editor)
    last = of(made)[-1]
    assert (last.number, last.title, last.continues) == ("2.2", "Tiltak 2.2", put_off)
    # In the focus area of the same title, not beside it.
    assert FocusArea.objects.filter(part__plan=made).count() == 2
    chain = Measure.objects.in_chain_of(put_off.key)
    assert [(m.part.plan.year, m.number) for m in chain] == [(2022, "2.2"), (2024, "2.2")]


@pytest.mark.parametrize("later", [Decision.END, Decision.POSTPONE])
def test_the_newest_decision_says_whether_it_comes_back(
    plan: PartnerPlan, world: World, later: Decision
) -> None:
    put_off = of(plan)[3]
    rollover = begun(plan, world)
    decided(rollover, put_off, Decision.POSTPONE, world)
    continue_rest(rollover, world)
    for year in (2023, 2024):
        made = confirm_rollover(rollover=rollover, by=world.editor)
        set_state(made, PlanState.ACTIVE)
        made = PartnerPlan.objects.with_parties().get(pk=made.pk)
        if year == 2024:
            break
        rollover = begun(made, world)
        until = {"postponed_to": 2026} if later == Decision.POSTPONE else {}
        decided(rollover, put_off, later, world, **until)
        continue_rest(rollover, world)
    AgreementFactory(county=world.county, valid_from=date(2025, 1, 1), valid_to=date(2030, 1, 1))
    assert [c.origin for c in read_rollover(begun(made, world)).candidates] == [None] * 3


def test_a_measure_that_was_put_off_and_not_yet_due_is_not_offered(
    plan: PartnerPlan, world: World
) -> None:
    rollover = begun(plan, world)
    decided(rollover, of(plan)[0], Decision.POSTPONE, world, postponed_to=2025)
    continue_rest(rollover, world)
    made = confirm_rollover(rollover=rollover, by=world.editor)
    set_state(made, PlanState.CLOSED)
    made = PartnerPlan.objects.with_parties().get(pk=made.pk)
    assert len(read_rollover(begun(made, world)).candidates) == 3


def test_texts_and_focus_areas_come_along_as_chosen(plan: PartnerPlan, world: World) -> None:
    PlanText.objects.filter(plan=plan).update(body="Tekst.", language="nb")
    PlanPart.objects.filter(plan=plan).update(introduction="Innleiing.")
    part = area_of(plan).part
    kept = FocusArea.objects.create(part=part, position=2, title="Tomt, men med")
    FocusArea.objects.create(part=part, position=3, title="Tomt, og ikkje med")
    rollover = begun(plan, world)
    service.change_rollover(
        rollover=rollover,
        values={
            "title": "Ny tittel",
            "texts": ["PURPOSE", "PART_COUNTY"],
            "focus_areas": [str(kept.key)],
        },
        expected_version=1,
        by=world.editor,
    )
    measures = of(plan)
    for measure in measures[:2]:
        decided(rollover, measure, Decision.CONTINUE, world)
    for measure in measures[2:]:
        decided(rollover, measure, Decision.END, world)
    made = confirm_rollover(rollover=rollover, by=world.editor)
    assert made.title == "Ny tittel"
    assert {t.kind: (t.body, t.language) for t in made.texts.all()} == {
        kind: ("Tekst.", "nb") if kind == "PURPOSE" else ("", "nn") for kind in TextKind
    }
    assert {p.kind: p.introduction for p in made.parts.all()} == {
        PartKind.COUNTY: "Innleiing.",
        PartKind.MUNICIPALITIES: "",
    }
    areas = FocusArea.objects.filter(part__plan=made).order_by("position")
    assert [(a.part.kind, a.position, a.title) for a in areas] == [
        (PartKind.COUNTY, 1, "Satsingsområde 1"),
        (PartKind.COUNTY, 2, "Tomt, men med"),
    ]


def test_an_undecided_measure_blocks_and_so_does_one_that_came_later(
    plan: PartnerPlan, world: World
) -> None:
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    rollover = begun(plan, world)
    with pytest.raises(NotReady):
        confirm_rollover(rollover=rollover, by=world.editor)
    continue_rest(rollover, world)
    new = add_measure(
        focus_area=area_of(plan), values={"title": "Nytt", "kind": "COURSE"}, by=world.editor
    )
    with pytest.raises(NotReady):
        confirm_rollover(rollover=rollover, by=world.editor)
    assert [c.measure for c in read_rollover(rollover).undecided] == [new]
    assert PartnerPlan.objects.count() == 1


def test_what_happens_in_the_plan_meanwhile_is_shown_and_followed(
    plan: PartnerPlan, world: World
) -> None:
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    rollover = begun(plan, world)
    continue_rest(rollover, world)
    first, second, *_ = of(plan)
    change_measure(measure=first, values={"title": "Nytt"}, expected_version=1, by=world.editor)
    delete_measure(measure=second, by=world.editor)
    reading = read_rollover(rollover)
    assert [c.measure.title for c in reading.changed] == ["Nytt"]
    assert [c.measure.title for c in reading.deleted] == ["Tiltak 1.2"]
    made = confirm_rollover(rollover=rollover, by=world.editor)
    assert [m.title for m in of(made)] == ["Nytt", "Tiltak 2.1", "Tiltak 2.2"]


def test_a_summary_that_is_old_is_not_confirmed(plan: PartnerPlan, world: World) -> None:
    rollover = begun(plan, world)
    continue_rest(rollover, world)
    seen = read_rollover(rollover).token
    row = rollover.decisions.get(measure=of(plan)[0])
    service.decide(
        rollover=rollover,
        measure=row.measure,
        values={"decision": Decision.END, "reason": "Ferdig."},
        expected_version=1,
        by=world.editor,
    )
    with pytest.raises(SummaryIsOld):
        confirm_rollover(rollover=rollover, by=world.editor, seen=seen)
    assert (
        confirm_rollover(
            rollover=rollover, by=world.editor, seen=read_rollover(rollover).token
        ).year
        == 2023
    )


def test_two_decisions_meet(plan: PartnerPlan, world: World) -> None:
    rollover = begun(plan, world)
    measure = of(plan)[0]
    decided(rollover, measure, Decision.END, world)
    with pytest.raises(Conflict) as caught:
        decided(rollover, measure, Decision.CONTINUE, world)
    assert caught.value.differing == ["decision", "reason"]
    # Saying the same is no conflict.
    assert decided(rollover, measure, Decision.END, world).version == 1


def test_a_year_with_a_plan_and_a_year_without_an_agreement(
    plan: PartnerPlan, world: World
) -> None:
    other = make_plan(agreement=plan.agreement, year=2023, state=PlanState.CLOSED)
    with pytest.raises(service.YearHasPlan):
        service.start_rollover(source=plan, by=world.editor)
    last = make_plan(agreement=plan.agreement, year=2024, state=PlanState.ACTIVE)
    with pytest.raises(service.NoAgreement):
        service.start_rollover(source=last, by=world.editor)
    later = AgreementFactory.create(
        county=world.county, valid_from=date(2025, 1, 1), valid_to=date(2030, 1, 1)
    )
    assert begun(last, world).agreement == later
    assert other.year == 2023


def test_a_plan_that_was_made_meanwhile_is_left_alone(plan: PartnerPlan, world: World) -> None:
    rollover = begun(plan, world)
    continue_rest(rollover, world)
    create_plan(agreement=plan.agreement, year=2023, title="Den andre", by=world.editor)
    with pytest.raises(service.YearHasPlan):
        confirm_rollover(rollover=rollover, by=world.editor)
    rollover.refresh_from_db()
    assert rollover.is_open
    assert Measure.objects.filter(part__plan__year=2023).count() == 0


def test_begun_twice_it_is_one(plan: PartnerPlan, world: World) -> None:
    assert begun(plan, world) == begun(plan, world)
    assert Event.objects.filter(verb="rollover.started").count() == 1


def test_given_up_it_is_kept_and_one_can_begin_anew(plan: PartnerPlan, world: World) -> None:
    rollover = begun(plan, world)
    decided(rollover, of(plan)[0], Decision.END, world)
    service.cancel_rollover(rollover=rollover, by=world.editor)
    with pytest.raises(service.RolloverIsOver):
        decided(rollover, of(plan)[1], Decision.END, world)
    with pytest.raises(service.RolloverIsOver):
        confirm_rollover(rollover=rollover, by=world.editor)
    with pytest.raises(service.RolloverIsOver):
        service.cancel_rollover(rollover=rollover, by=world.editor)
    assert rollover.decisions.count() == 1
    again = begun(plan, world)
    assert again != rollover
    assert len(read_rollover(again).undecided) == 4


def test_a_measure_of_another_plan_is_not_decided_about(plan: PartnerPlan, world: World) -> None:
    other = of(make_plan(measures=1, state=PlanState.ACTIVE))[0]
    rollover = begun(plan, world)
    with pytest.raises(service.NotInRollover):
        decided(rollover, other, Decision.END, world)
    with pytest.raises(service.NotInRollover):
        service.decide_several(
            rollover=rollover,
            measures=[other],
            decision=Decision.CONTINUE,
            reason="",
            by=world.editor,
        )
    assert rollover.decisions.count() == 0


def test_what_the_database_refuses_of_a_chain(plan: PartnerPlan, world: World) -> None:
    earlier = of(plan)[0]
    foreign = make_plan(year=2023)
    later = make_plan(agreement=plan.agreement, year=2023)
    ways: list[dict[str, Any]] = [
        {"chain": earlier.chain},  # another county's
        {},  # not in its chain
        {"chain": earlier.chain},  # the same year
    ]
    areas = [area_of(foreign), area_of(later), area_of(plan, PartKind.MUNICIPALITIES)]
    for values, area in zip(ways, areas, strict=True):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_measure(area, 9, continues=earlier, **values)
    make_measure(area_of(later), 1, continues=earlier, chain=earlier.chain)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_measure(area_of(later), 2, continues=earlier, chain=earlier.chain)


def test_what_is_over_stays_as_it_is(plan: PartnerPlan, world: World) -> None:
    rollover = begun(plan, world)
    service.cancel_rollover(rollover=rollover, by=world.editor)
    with pytest.raises(IntegrityError):
        Rollover.objects.filter(pk=rollover.pk).update(cancelled_at=None, cancelled_by=None)
