"""Measures on the workbench: written, moved, deleted and brought back by an editor."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from plans.enums import PartKind, PlanState
from plans.models import Draft, FocusArea, Measure, PartnerPlan
from tests.factories.plans import area_of, make_measure, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=3)


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def numbers(plan: PartnerPlan) -> list[tuple[str, str]]:
    return [
        (measure.number, measure.title)
        for measure in Measure.objects.in_plan(plan.pk).select_related("part")
    ]


def typed(**values: object) -> dict[str, object]:
    """What a browser sends for a measure that was filled in."""
    return {
        "version": 1,
        "title": "Kurs i behovsretta innkjøp",
        "kind": "COURSE",
        "description": "To samlingar.",
        "purpose": "Fleire skal kunne det.",
        "expected_result": "Tjue har gjennomført.",
        "language": "nn",
        "target_groups": ["MUNICIPALITIES", "COUNTY"],
        "responsible": "LUP",
        "responsible_role": "rådgjevar",
        "municipality_scope": "CHOSEN",
        "municipalities": [],
        "cooperations": [],
        "period_unit": "QUARTERS",
        "first_quarter": "2",
        "last_quarter": "3",
        "starts_on": "",
        "ends_on": "",
        "lup_days_q1": "",
        "lup_days_q2": "1.5",
        "lup_days_q3": "2",
        "lup_days_q4": "",
        "cost_nok": "150000",
        **values,
    }


def test_a_measure_is_added_with_all_that_was_typed(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    area = area_of(plan, PartKind.MUNICIPALITIES)
    data = typed(
        municipalities=[m.pk for m in world.municipalities],
        cooperations=[world.cooperation.pk],
        responsible=f"COOPERATION:{world.cooperation.key}",
        county_takes_part="on",
    )
    answer = browser_of(world.editor).post(url("measure_new", plan, area.key), data)
    measure = Measure.objects.get(title="Kurs i behovsretta innkjøp")
    assert answer.status_code == 302
    assert answer["Location"] == f"{url('bench', plan)}#measure-{measure.key}"
    assert measure.number == "2.4"
    assert measure.responsible_cooperation == world.cooperation
    assert list(measure.municipalities.order_by("number")) == world.municipalities
    assert list(measure.cooperations.all()) == [world.cooperation]
    assert (measure.starts_on, measure.ends_on) == (date(2022, 4, 1), date(2022, 9, 30))
    assert measure.target_groups == ["COUNTY", "MUNICIPALITIES"]
    assert measure.lup_days_q2 == Decimal("1.5")
    assert measure.cost_nok == 150_000
    assert measure.county_takes_part


def test_half_a_measure_can_be_saved(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    data = {"title": "Berre ein tanke", "kind": "NETWORK", "language": "nn"}
    data |= {"municipality_scope": "CHOSEN", "period_unit": "QUARTERS"}
    answer = browser_of(world.editor).post(url("measure_new", plan, area_of(plan).key), data)
    assert answer.status_code == 302
    assert numbers(plan)[3] == ("1.4", "Berre ein tanke")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"kind": "PARTY"}, "kind"),
        ({"title": "x" * 121}, "title"),
        ({"description": "x" * 20_001}, "description"),
        ({"first_quarter": "3", "last_quarter": "2"}, "last_quarter"),
        ({"last_quarter": ""}, "last_quarter"),
        ({"period_unit": "DATES", "starts_on": "2021-12-31", "ends_on": "2022-01-02"}, "starts_on"),
        ({"period_unit": "DATES", "starts_on": "2022-03-02", "ends_on": "2022-03-01"}, "ends_on"),
        ({"period_unit": "DATES", "starts_on": "i morgon"}, "starts_on"),
        ({"lup_days_q1": "0.3"}, "lup_days_q1"),
        ({"lup_days_q1": "-1"}, "lup_days_q1"),
        ({"cost_nok": "-5"}, "cost_nok"),
        ({"cost_nok": "99999999999"}, "cost_nok"),
        ({"responsible": "MUNICIPALITY:9999"}, "responsible"),
        ({"municipalities": ["999999"]}, "municipalities"),
        ({"title": "Nul\x00teikn"}, "title"),
    ],
)
def test_a_fault_is_shown_at_its_field_and_nothing_is_saved(
    world: World, plan: PartnerPlan, browser_of: LogIn, values: dict[str, object], field: str
) -> None:
    before = numbers(plan)
    answer = browser_of(world.editor).post(
        url("measure_new", plan, area_of(plan).key), typed(**values)
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert numbers(plan) == before


def test_a_municipality_that_is_gone_that_year_cannot_be_chosen(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    data = typed(municipalities=[world.ended.pk])
    answer = browser_of(world.editor).post(
        url("measure_new", plan, area_of(plan, PartKind.MUNICIPALITIES).key), data
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["municipalities"]


def test_a_button_ticks_the_members_of_a_cooperation_and_keeps_the_rest(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    third = str(world.municipalities[2].pk)
    data = typed(title="Ikkje lagra enno", municipalities=[third], choose="lag")
    answer = browser_of(world.editor).post(
        url("measure_new", plan, area_of(plan, PartKind.MUNICIPALITIES).key), data
    )
    form = answer.context["form"]
    assert answer.status_code == 200
    assert form["title"].value() == "Ikkje lagra enno"
    assert sorted(form["municipalities"].value()) == sorted(str(m.pk) for m in world.municipalities)
    assert not Measure.objects.filter(title="Ikkje lagra enno").exists()


def test_the_second_of_two_savers_sees_both_and_can_go_on(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    address = url("measure_edit", plan, measure.key)
    browser = browser_of(world.editor)
    assert browser.post(address, typed(title="Den fyrste sitt")).status_code == 302

    answer = browser.post(address, typed(title="Den andre sitt", purpose="Min eigen grunn."))
    differences = {d.name: (d.mine, d.theirs) for d in answer.context["form"].differences}
    assert answer.status_code == 409
    assert differences == {
        "title": ("Den andre sitt", "Den fyrste sitt"),
        "purpose": ("Min eigen grunn.", "Fleire skal kunne det."),
    }
    assert answer.context["form"]["title"].value() == "Den andre sitt"
    measure.refresh_from_db()
    assert measure.title == "Den fyrste sitt"

    again = typed(
        title="Den andre sitt",
        purpose="Min eigen grunn.",
        version=answer.context["form"]["version"].value(),
    )
    assert browser.post(address, again).status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.purpose) == ("Den andre sitt", "Min eigen grunn.")


def test_saving_the_same_twice_is_no_conflict_and_no_event(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    address = url("measure_edit", plan, Measure.objects.in_plan(plan.pk)[0].key)
    browser = browser_of(world.editor)
    assert browser.post(address, typed()).status_code == 302
    events = Event.objects.count()
    assert browser.post(address, typed()).status_code == 302
    assert Event.objects.count() == events


def test_a_change_is_logged_field_by_field(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    address = url("measure_edit", plan, measure.key)
    browser = browser_of(world.editor)
    browser.post(address, typed())
    browser.post(address, typed(version=2, title="Eit anna namn", cooperations=[]))
    event = Event.objects.about(measure)[0]
    assert event.actor_id == world.editor.pk
    assert (event.verb, event.old, event.new) == (
        "measure.changed",
        {"title": "Kurs i behovsretta innkjøp"},
        {"title": "Eit anna namn"},
    )


def test_a_measure_steps_up_and_down_and_into_the_next_focus_area(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    second = FocusArea.objects.create(part=area_of(plan).part, position=2, title="Neste område")
    last = Measure.objects.in_plan(plan.pk)[2]
    browser = browser_of(world.editor)
    move = url("measure_move", plan, last.key)

    browser.post(move, {"move": "up"})
    assert [title for _n, title in numbers(plan)][:3] == ["Tiltak 1.1", "Tiltak 1.3", "Tiltak 1.2"]

    browser.post(move, {"move": "down"})
    browser.post(move, {"move": "down"})
    last.refresh_from_db()
    assert last.focus_area == second
    assert [number for number, _t in numbers(plan)][:3] == ["1.1", "1.2", "1.3"]

    browser.post(move, {"move": "up"})
    last.refresh_from_db()
    assert (last.focus_area, last.position) == (area_of(plan), 3)


def test_a_measure_is_dragged_to_a_place(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    last = Measure.objects.in_plan(plan.pk)[2]
    browser_of(world.editor).post(url("measure_move", plan, last.key), {"position": "1"})
    assert [title for _n, title in numbers(plan)][:3] == ["Tiltak 1.3", "Tiltak 1.1", "Tiltak 1.2"]


def test_a_measure_is_dragged_into_another_focus_area(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    first = Measure.objects.in_plan(plan.pk)[0]
    area = area_of(plan, PartKind.MUNICIPALITIES)
    browser = browser_of(world.editor)
    move = url("measure_move", plan, first.key)
    browser.post(move, {"position": "2", "focus_area": str(area.key)})
    assert numbers(plan)[2:4] == [("2.1", "Tiltak 2.1"), ("2.2", "Tiltak 1.1")]
    for key in ("", "nonsense", str(first.key)):
        answer = browser.post(move, {"position": "1", "focus_area": key})
        assert answer.status_code == (404 if key else 302)


def test_a_measure_moves_to_the_other_part(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    first = Measure.objects.in_plan(plan.pk)[0]
    area = area_of(plan, PartKind.MUNICIPALITIES)
    browser_of(world.editor).post(
        url("measure_move", plan, first.key), {"focus_area": str(area.key)}
    )
    assert [number for number, _t in numbers(plan)] == ["1.1", "1.2", "2.1", "2.2", "2.3", "2.4"]
    assert numbers(plan)[-1] == ("2.4", "Tiltak 1.1")


def test_delete_asks_closes_the_gap_and_can_be_undone(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    before = numbers(plan)
    measure = Measure.objects.in_plan(plan.pk)[1]
    browser = browser_of(world.editor)
    address = url("measure_delete", plan, measure.key)

    assert browser.get(address).status_code == 200
    assert numbers(plan) == before

    answer = browser.post(address)
    assert numbers(plan)[:2] == [("1.1", "Tiltak 1.1"), ("1.2", "Tiltak 1.3")]
    bench = browser.get(answer["Location"])
    undo = bench.context["undo"]
    assert undo["measure"] == measure
    browser.post(url("measure_restore", plan, measure.key), {"place": undo["place"]})
    assert numbers(plan) == before


def test_a_measure_comes_back_with_its_deleted_focus_area(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    area = FocusArea.objects.create(part=area_of(plan).part, position=2, title="Neste område")
    measure = make_measure(area, 4)
    browser = browser_of(world.editor)
    browser.post(url("measure_delete", plan, measure.key))
    browser.post(url("area_delete", plan, area.key))
    area.refresh_from_db()
    assert area.is_deleted
    browser.post(url("measure_restore", plan, measure.key))
    area.refresh_from_db()
    measure.refresh_from_db()
    assert (area.position, measure.position) == (2, 4)


@pytest.mark.parametrize("state", [PlanState.ACTIVE, PlanState.CLOSED])
def test_what_is_signed_cannot_be_written(
    world: World, browser_of: LogIn, state: PlanState
) -> None:
    plan = make_plan(county=world.county, measures=1, state=state)
    measure = Measure.objects.in_plan(plan.pk)[0]
    answer = browser_of(world.editor).post(url("measure_edit", plan, measure.key), typed())
    # While it is in force the form may come of an amendment that has ended: its words are kept.
    assert answer.status_code == (302 if state == PlanState.ACTIVE else 403)
    assert Draft.objects.filter(plan=plan).count() == (1 if state == PlanState.ACTIVE else 0)
    before, measure = measure, Measure.objects.get(pk=measure.pk)
    assert (measure.title, measure.version) == (before.title, before.version)


def test_a_plan_that_is_frozen_while_somebody_types_says_so(
    world: World, plan: PartnerPlan, browser_of: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]

    def allowed(*args: object) -> bool:
        # Between the check of the right and the save, the plan goes to signature.
        set_state(plan, PlanState.FOR_SIGNATURE)
        return True

    monkeypatch.setattr("plans.rules.can_edit_measure", allowed)
    browser = browser_of(world.editor)
    answer = browser.post(url("measure_edit", plan, measure.key), typed())
    assert answer["Location"] == url("bench", plan)
    measure.refresh_from_db()
    assert measure.title == "Tiltak 1.1"


def test_the_adviser_writes_what_lup_is_responsible_for_in_negotiation(
    world: World, browser_of: LogIn
) -> None:
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION)
    ours = make_measure(area_of(plan), 1, responsible_kind="LUP")
    theirs = make_measure(area_of(plan), 2, responsible_kind="COUNTY")
    browser = browser_of(world.adviser)
    assert browser.post(url("measure_edit", plan, ours.key), typed()).status_code == 302
    assert browser.post(url("measure_edit", plan, theirs.key), typed()).status_code == 403
    assert browser.post(url("measure_delete", plan, ours.key)).status_code == 403
