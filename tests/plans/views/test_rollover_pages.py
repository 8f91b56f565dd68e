"""The pages on which a plan is carried on, as an editor goes through them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from plans.enums import Decision, PeriodUnit, PlanState
from plans.models import Measure, PartnerPlan, Rollover, RolloverDecision
from plans.services.rollover import start_rollover
from plans.services.rollover_confirm import confirm_rollover
from tests.factories.accounts import user_with
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.plans import AgreementFactory, area_of, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World
from tests.plans.test_rollover import continue_rest, decided

LogIn = Callable[[User], Client]
PAGES = ("rollover", "rollover_several", "rollover_rest", "rollover_summary", "rollover_cancel")

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=2, state=PlanState.ACTIVE)


@pytest.fixture
def desk(world: World, browser_of: LogIn) -> Client:
    return browser_of(world.editor)


def address(plan: PartnerPlan, name: str = "rollover", measure: Measure | None = None) -> str:
    kwargs: dict[str, object] = {"county": plan.agreement.county.slug, "year": plan.year}
    if measure is not None:
        kwargs["key"] = measure.key
    return reverse(f"plans:{name}", kwargs=kwargs)


def form(**values: Any) -> dict[str, Any]:
    return {
        "decision": "CONTINUE",
        "reason": "",
        "period_unit": "QUARTERS",
        "first_quarter": "1",
        "last_quarter": "2",
        "carry_lup_days": "on",
        **values,
    }


def begun(plan: PartnerPlan, world: World) -> Rollover:
    return start_rollover(source=plan, by=world.editor)


def first(plan: PartnerPlan) -> Measure:
    return Measure.objects.in_plan(plan.pk).select_related("part")[0]


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_workbench_to_the_new_draft(plan: PartnerPlan, desk: Client) -> None:
    assert address(plan) in words(desk.get(address(plan, "bench")))
    start = desk.get(address(plan))
    assert start.templates[0].name == "plans/rollover/start.html"
    assert Rollover.objects.count() == 0
    page = desk.post(address(plan), follow=True)
    assert "0 of 4 measures are decided about" in words(page)
    answer = desk.post(address(plan, "rollover_decide", first(plan)), form(decision="END"))
    assert answer.status_code == 422
    assert "Say why" in words(answer)
    answer = desk.post(
        address(plan, "rollover_decide", first(plan)), form(decision="END", reason="Ferdig.")
    )
    assert answer["Location"] == f"{address(plan)}#measure-{first(plan).key}"
    undecided = desk.get(address(plan), {"vis": "uavgjorde"})
    assert [c.measure.number for c in undecided.context["shown"]] == ["1.2", "2.1", "2.2"]
    several = desk.get(address(plan, "rollover_several"), {"status": "PLANNED"})
    keys = several.context["form"].fields["measures"].initial
    assert len(keys) == 3
    desk.post(
        address(plan, "rollover_several") + "?status=PLANNED",
        {"measures": keys, "decision": "CONTINUE", "reason": ""},
    )
    summary = desk.get(address(plan, "rollover_summary"))
    token = summary.context["reading"].token
    answer = desk.post(address(plan, "rollover_summary"), {"seen": token})
    made = PartnerPlan.objects.with_parties().get(year=2023)
    assert answer["Location"] == address(made, "bench")
    assert Measure.objects.in_plan(made.pk).count() == 3
    # Now the year has its plan, and the page leads to it.
    assert address(made, "bench") in words(desk.get(address(plan)))


def test_the_dates_are_proposed_with_what_was_changed_and_can_be_set(
    plan: PartnerPlan, world: World, desk: Client
) -> None:
    measure = first(plan)
    Measure.objects.filter(pk=measure.pk).update(
        period_unit=PeriodUnit.DATES, starts_on="2022-05-06", ends_on="2022-05-13"
    )
    begun(plan, world)
    page = desk.get(address(plan, "rollover_decide", measure))
    assert "Saturday" in words(page) or "laurdag" in words(page)
    opened = page.context["form"]
    assert (str(opened["starts_on"].value()), str(opened["ends_on"].value())) == (
        "2023-05-08",
        "2023-05-12",
    )
    for day, status in (("2022-05-08", 422), ("2023-05-10", 302)):
        answer = desk.post(
            address(plan, "rollover_decide", measure),
            form(period_unit="DATES", starts_on=day, ends_on="2023-05-12"),
        )
        assert answer.status_code == status
    row = RolloverDecision.objects.get()
    assert (str(row.starts_on), row.period_unit, row.carry_lup_days) == (
        "2023-05-10",
        "DATES",
        True,
    )


def test_a_period_that_is_not_used_is_never_wrong(
    plan: PartnerPlan, world: World, desk: Client
) -> None:
    begun(plan, world)
    answer = desk.post(
        address(plan, "rollover_decide", first(plan)),
        form(
            decision="POSTPONE",
            reason="Ventar.",
            period_unit="DATES",
            starts_on="tull",
            first_quarter="4",
            last_quarter="1",
            postponed_to="2025",
        ),
    )
    assert answer.status_code == 302
    assert RolloverDecision.objects.get().postponed_to == 2025


def test_two_editors_do_not_overwrite_each_other(
    plan: PartnerPlan, world: World, desk: Client
) -> None:
    rollover = begun(plan, world)
    measure = first(plan)
    opened = desk.get(address(plan, "rollover_decide", measure))
    decided(rollover, measure, Decision.END, world, reason="Den andre sa det.")
    answer = desk.post(address(plan, "rollover_decide", measure), form(version=""))
    assert answer.status_code == 409
    assert "Den andre sa det." in words(answer)
    version = answer.context["form"]["version"].value()
    answer = desk.post(address(plan, "rollover_decide", measure), form(version=version))
    assert answer.status_code == 302
    assert RolloverDecision.objects.get().decision == "CONTINUE"
    assert opened.status_code == 200


def test_a_split_is_asked_about_in_the_form(plan: PartnerPlan, world: World, desk: Client) -> None:
    later = [
        MunicipalityFactory.create(county=world.county, valid_from="2023-01-01") for _ in range(2)
    ]
    split = MunicipalityFactory.create(county=world.county, valid_to="2023-01-01")
    split.successors.set(later)
    measure = first(plan)
    measure.municipalities.add(split)
    Measure.objects.filter(pk=measure.pk).update(
        responsible_kind="MUNICIPALITY", responsible_municipality=split
    )
    begun(plan, world)
    name = f"successors_{split.number}"
    there = address(plan, "rollover_decide", measure)
    answer = desk.post(there, form(**{name: [later[0].number, "-"]}))
    assert answer.status_code == 422
    # Unanswered it can be saved, and says so.
    assert desk.post(there, form()).status_code == 302
    assert "Needs an answer" in words(desk.get(address(plan)))
    page = desk.get(there)
    answers = {name: [later[1].number], "responsible_successor": later[1].number}
    version = page.context["form"]["version"].value()
    assert desk.post(there, form(version=version, **answers)).status_code == 302
    row = RolloverDecision.objects.get()
    assert list(row.successors) == [f"{split.number}:{later[1].number}"]
    assert row.responsible_successor == later[1].number
    assert desk.get(there).context["form"].fields[name].initial == [later[1].number]
    # A municipality that didn't take over can't be named.
    other = world.municipalities[0].number
    answer = desk.post(there, form(version=row.version, **{name: [other]}))
    assert answer.status_code == 422


def test_an_old_summary_is_shown_anew(plan: PartnerPlan, world: World, desk: Client) -> None:
    rollover = begun(plan, world)
    continue_rest(rollover, world)
    for seen in ("", "gamalt", "\x00", "9" * 5000):
        answer = desk.post(address(plan, "rollover_summary"), {"seen": seen})
        assert answer.status_code == 409
    assert PartnerPlan.objects.count() == 1


def test_the_title_texts_and_areas_are_chosen(
    plan: PartnerPlan, world: World, desk: Client
) -> None:
    rollover = begun(plan, world)
    key = str(area_of(plan).key)
    answer = desk.post(
        address(plan, "rollover_rest"),
        {"version": "1", "title": "Ny", "texts": ["PURPOSE", "BACKGROUND"], "focus_areas": [key]},
    )
    assert answer.status_code == 302
    rollover.refresh_from_db()
    assert (rollover.title, rollover.texts, rollover.focus_areas, rollover.version) == (
        "Ny",
        ["BACKGROUND", "PURPOSE"],
        [key],
        2,
    )
    old = desk.post(address(plan, "rollover_rest"), {"version": "1", "title": "Eldre"})
    assert old.status_code == 409


def test_given_up_on_its_page(plan: PartnerPlan, world: World, desk: Client) -> None:
    begun(plan, world)
    assert desk.get(address(plan, "rollover_cancel")).status_code == 200
    assert desk.post(address(plan, "rollover_cancel")).status_code == 302
    assert Rollover.objects.open().count() == 0
    # A form that was open still: told, and nothing saved.
    for name in PAGES[1:]:
        answer = desk.post(address(plan, name), form(seen="x"), follow=True)
        assert "Not saved" in words(answer)
    answer = desk.post(address(plan, "rollover_decide", first(plan)), form(), follow=True)
    assert "Not saved" in words(answer)
    assert RolloverDecision.objects.count() == 0


def test_without_an_agreement_the_page_says_so(world: World, desk: Client) -> None:
    last = make_plan(county=world.county, year=2024, state=PlanState.CLOSED)
    assert "No agreement covers 2025" in words(desk.get(address(last)))
    assert "No agreement covers 2025" in words(desk.post(address(last), follow=True))
    assert Rollover.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "status"),
    [(state, 403 if state in ("DRAFT", "CONSULTATION") else 200) for state in PlanState],
)
def test_the_states_in_which_a_plan_is_carried_on(
    world: World, desk: Client, state: PlanState, status: int
) -> None:
    plan = make_plan(county=world.county, state=state)
    assert desk.get(address(plan)).status_code == status
    link = "Carry on into 2023" in words(desk.get(address(plan, "bench")))
    assert link == (status == 200)


def test_the_list_of_plans_leads_to_the_newest_ones_roll_over(
    plan: PartnerPlan, world: World, desk: Client, browser_of: LogIn
) -> None:
    older = make_plan(agreement=plan.agreement, year=2021, state=PlanState.CLOSED)
    page = words(desk.get(reverse("plans:work")))
    assert (address(plan) in page, address(older) in page) == (True, False)
    for user in (world.signatory, world.adviser):
        assert address(plan) not in words(browser_of(user).get(reverse("plans:work")))


def test_the_pages_are_the_editors_alone_while_it_goes_on(
    plan: PartnerPlan, world: World, browser_of: LogIn
) -> None:
    begun(plan, world)
    pages = [address(plan, name) for name in PAGES]
    pages.append(address(plan, "rollover_decide", first(plan)))
    for user in (world.signatory, world.adviser, world.outsider, user_with(Role.ADMINISTRATOR)):
        client = browser_of(user)
        for page in pages:
            assert client.get(page).status_code == 403
            assert client.post(page, form()).status_code == 403
    assert Client().get(pages[0])["Location"].startswith(reverse("accounts:login"))
    assert (Rollover.objects.open().count(), RolloverDecision.objects.count()) == (1, 0)


def test_a_measure_of_another_plan_is_not_there(
    plan: PartnerPlan, world: World, desk: Client
) -> None:
    begun(plan, world)
    other = first(make_plan(measures=1, state=PlanState.ACTIVE))
    there = address(plan, "rollover_decide", other)
    assert desk.get(there).status_code == 404
    assert desk.post(there, form()).status_code == 404
    answer = desk.post(
        address(plan, "rollover_several"), {"measures": [other.key], "decision": "CONTINUE"}
    )
    assert answer.status_code == 422
    assert RolloverDecision.objects.count() == 0


HOSTILE = ("\x00", "9" * 5000, "a" * 100_000, "'; DROP TABLE plans_rollover; --", "-1", "٣")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused_or_kept_as_text(
    plan: PartnerPlan, world: World, desk: Client, text: str
) -> None:
    begun(plan, world)
    there = address(plan, "rollover_decide", first(plan))
    for name in ("decision", "reason", "version", "postponed_to", "first_quarter", "starts_on"):
        for decision in ("CONTINUE", "POSTPONE"):
            sent = form(**{"decision": decision, "reason": "Slik.", name: text})
            assert desk.post(there, sent).status_code in (302, 409, 422)
    for name in ("measures", "decision", "reason"):
        keys = [str(m.key) for m in Measure.objects.in_plan(plan.pk)]
        sent = {"measures": keys, "decision": "END", "reason": "Slik.", name: text}
        page = address(plan, "rollover_several") + f"?status={text[:50]}"
        assert desk.post(page, sent).status_code in (302, 422)
    for name in ("title", "texts", "focus_areas", "version"):
        sent = {"title": "Ny", name: text}
        page = address(plan, "rollover_rest")
        assert desk.post(page, sent).status_code in (302, 409, 422)
    for page in (*PAGES,):
        assert desk.get(address(plan, page), {"vis": text[:50]}).status_code == 200


def test_the_chain_is_followed_as_far_as_one_may_read(
    plan: PartnerPlan, world: World, desk: Client
) -> None:
    rollover = begun(plan, world)
    continue_rest(rollover, world)
    made = confirm_rollover(rollover=rollover, by=world.editor)
    made = PartnerPlan.objects.with_parties().get(pk=made.pk)

    def years(client: Client, of: PartnerPlan) -> list[int]:
        where = {"county": of.agreement.county.slug, "year": of.year, "number": "1.1"}
        chain = client.get(reverse("plans:measure", kwargs=where)).context["chain"]
        return [year.plan.year for year in chain]

    assert years(desk, plan) == [2022, 2023]
    assert years(desk, made) == [2022, 2023]
    # To the public the draft isn't there.
    assert years(Client(), plan) == []
    set_state(made, PlanState.ACTIVE)
    assert years(Client(), plan) == [2022, 2023]
    shown = words(Client().get(reverse("plans:measure", args=[world.county.slug, 2022, "1.1"])))
    assert reverse("plans:measure", args=[world.county.slug, 2023, "1.1"]) in shown


@pytest.mark.parametrize("measures", [3, 150])
def test_queries_of_each_page(world: World, desk: Client, measures: int) -> None:
    agreement = AgreementFactory(county=world.county)
    plan = make_plan(agreement=agreement, year=2021, measures=measures, state=PlanState.ACTIVE)
    later = [
        MunicipalityFactory.create(county=world.county, valid_from="2022-01-01") for _ in range(2)
    ]
    world.ended.successors.set(later)
    for measure in Measure.objects.in_plan(plan.pk):
        measure.municipalities.set([*world.municipalities, world.ended])
        measure.cooperations.set([world.cooperation])
    rollover = begun(plan, world)
    decided(rollover, first(plan), Decision.CONTINUE, world)
    counts = {}
    pages = {name: address(plan, name) for name in PAGES}
    pages["rollover_decide"] = address(plan, "rollover_decide", first(plan))
    for name, page in pages.items():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page).status_code == 200
        counts[name] = len(queries)
    assert counts == {
        "rollover": 10,
        "rollover_several": 10,
        "rollover_rest": 7,
        "rollover_summary": 11,
        "rollover_cancel": 4,
        "rollover_decide": 12,
    }
