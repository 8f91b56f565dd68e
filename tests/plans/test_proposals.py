"""A change that LUP's adviser proposes: what it keeps, how it is answered, and what isn't lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import Role
from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans.enums import NEGOTIATING_STATES, PlanState, ProposalState
from plans.history import entries, events_of_measure, events_of_plan
from plans.models import Measure, PartnerPlan, Proposal
from plans.models.surroundings import surroundings
from plans.services import proposals as service
from plans.services.measures import change_measure, delete_measure
from plans.services.proposed import PartyIsGone, as_json, items, loaded, saved
from plans.services.saving import Conflict, PlanIsFrozen
from tests.factories.accounts import user_with
from tests.factories.plans import make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


@dataclass
class Scene:
    plan: PartnerPlan
    measure: Measure


@pytest.fixture
def scene(world: World) -> Scene:
    """A plan in negotiation, with a measure that is the county's responsibility."""
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1)
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    Measure.objects.filter(pk=measure.pk).update(
        responsible_kind="COUNTY", description="Eitt kurs om våren."
    )
    measure.refresh_from_db()
    return Scene(plan, measure)


def url(scene: Scene, name: str, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[scene.plan.agreement.county.slug, scene.plan.year, *rest])


def propose(scene: Scene, world: World, **values: object) -> Proposal:
    scene.measure.refresh_from_db()
    return service.make_proposal(
        measure=scene.measure,
        values=values or {"description": "To kurs om våren."},
        reason="Eitt er for lite.",
        expected_version=scene.measure.version,
        by=world.adviser,
    )


def change(scene: Scene, world: World, **values: object) -> None:
    scene.measure.refresh_from_db()
    change_measure(
        measure=scene.measure,
        values=values,
        expected_version=scene.measure.version,
        by=world.editor,
    )
    scene.measure.refresh_from_db()


def form_of(page: Any) -> dict[str, object]:
    """Return what a browser sends if nothing is changed in the form."""
    form = page.context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list):
            value = [getattr(item, "pk", item) for item in value]
        if value is True:
            value = "on"
        if value is not None and value is not False:
            data[name] = value
    return data


def accepting(page: Any, **chosen: str) -> dict[str, object]:
    return {**form_of(page), **{f"item-{key}": value for key, value in chosen.items()}}


def test_from_the_adviser_to_the_history(world: World, scene: Scene, browser_of: LogIn) -> None:
    adviser, editor = browser_of(world.adviser), browser_of(world.editor)
    address = url(scene, "proposal_new", scene.measure.key)
    form = form_of(adviser.get(address))
    same = adviser.post(address, {**form, "reason": "Ingen"})
    assert (same.status_code, Proposal.objects.count()) == (422, 0)
    typed = {
        **form,
        "description": "To kurs om våren.",
        "lup_days_q1": "2.5",
        "last_quarter": "3",
        "municipalities": [world.municipalities[0].pk],
        "reason": "Eitt er for lite.",
    }
    answer = adviser.post(address, typed)
    made = Proposal.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url(scene, "proposal", made.pk))
    assert made.values == {
        "description": "To kurs om våren.",
        "lup_days_q1": "2.5",
        "period_unit": "QUARTERS",
        "starts_on": "2022-01-01",
        "ends_on": "2022-09-30",
        "municipality_scope": "CHOSEN",
        "municipalities": [world.municipalities[0].pk],
    }
    scene.measure.refresh_from_db()
    assert scene.measure.description == "Eitt kurs om våren."
    asked = Notice.objects.get(kind="proposal.made")
    assert (asked.user, asked.path) == (world.editor, url(scene, "proposal", made.pk))
    assert surroundings(scene.plan, ()).talk[scene.measure.key].proposals == 1

    page = editor.get(asked.path)
    text = page.content.decode()
    assert '<del class="lp-gone">' in text
    assert "Eitt er for lite." in text
    taken = accepting(page, description="take", receivers="keep", answer="Takk")
    done = editor.post(url(scene, "proposal_answer", made.pk), {**taken, "answer": "Takk"})
    assert done.status_code == 302
    scene.measure.refresh_from_db()
    assert (
        scene.measure.description,
        scene.measure.lup_days_q1,
        scene.measure.ends_on,
        list(scene.measure.municipalities.all()),
        scene.measure.version,
    ) == ("To kurs om våren.", Decimal("2.5"), date(2022, 9, 30), [], 2)
    made.refresh_from_db()
    assert (made.state, made.answered_by, made.answer) == ("ACCEPTED", world.editor, "Takk")
    assert Notice.objects.get(kind="proposal.accepted").user == world.adviser
    with override("en"):
        told = [(e.who, e.deed) for e in entries(events_of_measure(scene.measure))]
        plan_told = [(e.who, e.deed) for e in entries(events_of_plan(scene.plan))][:3]
        labels = [c.label for c in entries(events_of_measure(scene.measure))[2].changes]
    assert (
        told
        == plan_told
        == [
            (str(world.editor), "accepted a proposed change of the measure"),
            (str(world.editor), "changed the measure"),
            (str(world.adviser), "proposed a change of the measure"),
        ]
    )
    assert "Description" in labels
    verify()
    for who in (adviser, editor):
        assert who.get(asked.path).status_code == 200
    assert adviser.get(url(scene, "proposals") + "?vis=alle").context["page"][0] == made


@pytest.mark.parametrize("state", [s for s in PlanState if s not in NEGOTIATING_STATES])
def test_proposals_are_made_in_negotiation(
    world: World, scene: Scene, browser_of: LogIn, state: PlanState
) -> None:
    set_state(scene.plan, state)
    answer = browser_of(world.adviser).post(url(scene, "proposal_new", scene.measure.key))
    assert answer.status_code == (404 if state == PlanState.DRAFT else 403)
    with pytest.raises(PlanIsFrozen):
        propose(scene, world)


def test_what_the_adviser_may_edit_is_not_proposed(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    change(scene, world, responsible_kind="LUP")
    browser = browser_of(world.adviser)
    assert browser.get(url(scene, "proposal_new", scene.measure.key)).status_code == 403
    # They write it themselves: on a page of its own, and in its place on the workbench.
    address = url(scene, "measure_edit", scene.measure.key)
    bench = browser.get(url(scene, "bench")).content.decode()
    assert f'hx-get="{address}"' in bench
    other = Measure.objects.in_plan(scene.plan.pk)[1]
    assert f'"{url(scene, "measure_edit", other.key)}"' not in bench
    for number, headers in enumerate([{}, {"HX-Request": "true"}], start=1):
        form = form_of(browser.get(address, headers=headers))
        title = f"Tittel {number}"
        answer = browser.post(address, {**form, "title": title}, headers=headers, follow=True)
        assert answer.status_code == 200
        scene.measure.refresh_from_db()
        assert scene.measure.title == title
    for user in (user_with(Role.LUP_SIGNATORY), world.signatory):
        assert browser_of(user).post(address, {**form, "title": "Nei"}).status_code == 403


def test_declined_with_a_reason(world: World, scene: Scene, browser_of: LogIn) -> None:
    made = propose(scene, world)
    browser = browser_of(world.editor)
    address = url(scene, "proposal_answer", made.pk)
    form = {**form_of(browser.get(url(scene, "proposal", made.pk))), "decline": "1"}
    assert browser.post(address, {**form, "answer": "  "}).status_code == 422
    assert browser.post(address, {**form, "answer": "Vi har ikkje råd."}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.answer) == ("DECLINED", "Vi har ikkje råd.")
    assert Notice.objects.get(kind="proposal.declined").user == world.adviser
    scene.measure.refresh_from_db()
    assert scene.measure.version == 1
    page = browser_of(world.adviser).get(url(scene, "proposal", made.pk)).content.decode()
    assert "Vi har ikkje råd." in page
    # Answered once is answered.
    again = browser.post(address, {**form, "answer": "Endå ein gong"}, follow=True)
    assert [m.level_tag for m in again.context["messages"]] == ["success", "error"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(answer="")


def test_changed_meanwhile_both_are_shown_and_one_chooses(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    made = propose(scene, world, description="To kurs om våren.", title="Ny tittel")
    change(scene, world, description="Eitt kurs om hausten.")
    found = {item.key: item for item in items(made, scene.measure)}
    assert (found["title"].changed, found["description"].changed) == (False, True)
    assert (found["description"].base, found["description"].now, found["description"].after) == (
        "Eitt kurs om våren.",
        "Eitt kurs om hausten.",
        "To kurs om våren.",
    )
    browser = browser_of(world.editor)
    page = browser.get(url(scene, "proposal", made.pk))
    assert page.context["form"]["item-title"].value() == "take"
    assert page.context["form"]["item-description"].value() is None
    address = url(scene, "proposal_answer", made.pk)
    unchosen = browser.post(address, form_of(page))
    assert (unchosen.status_code, list(unchosen.context["form"].errors)) == (
        422,
        ["item-description"],
    )
    assert browser.post(address, accepting(page, description="keep")).status_code == 302
    scene.measure.refresh_from_db()
    assert (scene.measure.title, scene.measure.description) == (
        "Ny tittel",
        "Eitt kurs om hausten.",
    )
    made.refresh_from_db()
    assert made.taken == ["title"]


def test_changed_while_the_editor_read_it(world: World, scene: Scene, browser_of: LogIn) -> None:
    made = propose(scene, world, description="To kurs om våren.", title="Ny tittel")
    browser = browser_of(world.editor)
    form = {**form_of(browser.get(url(scene, "proposal", made.pk))), "answer": "Det eg skreiv"}
    change(scene, world, description="Eitt kurs om hausten.")
    address = url(scene, "proposal_answer", made.pk)
    met = browser.post(address, form)
    assert met.status_code == 409
    text = met.content.decode()
    assert "Det eg skreiv" in text
    shown = met.context["form"]
    assert (shown["item-title"].value(), shown["item-description"].value()) == ("take", None)
    assert shown["version"].value() == "2"
    scene.measure.refresh_from_db()
    assert scene.measure.title != "Ny tittel"
    assert browser.post(address, accepting(met, description="take")).status_code == 302
    scene.measure.refresh_from_db()
    assert scene.measure.description == "To kurs om våren."


def test_what_it_says_already_needs_no_answer(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    made = propose(scene, world, description="To kurs.", title="Ny tittel")
    change(scene, world, description="To kurs.")
    browser = browser_of(world.editor)
    page = browser.get(url(scene, "proposal", made.pk))
    assert "item-description" not in page.context["form"].fields
    answer = browser.post(url(scene, "proposal_answer", made.pk), form_of(page))
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.taken == ["title"]


def test_nothing_chosen_is_no_answer(world: World, scene: Scene, browser_of: LogIn) -> None:
    made = propose(scene, world)
    browser = browser_of(world.editor)
    page = browser.get(url(scene, "proposal", made.pk))
    address = url(scene, "proposal_answer", made.pk)
    for data in (
        accepting(page, description="keep"),
        accepting(page, description="tull"),
        {},
        {**accepting(page), "version": "9" * 5000},
        {**accepting(page), "version": "x"},
        {**accepting(page), "answer": "nul\x00"},
        {**accepting(page), "answer": "a" * 2001},
    ):
        assert browser.post(address, data).status_code == 422
    with pytest.raises(service.NothingProposed):
        service.accept_proposal(proposal=made, items=["title"], expected_version=1, by=world.editor)
    made.refresh_from_db()
    assert made.is_open


def test_the_adviser_saw_an_older_measure(world: World, scene: Scene, browser_of: LogIn) -> None:
    """What the editor wrote meanwhile is not proposed away unseen."""
    browser = browser_of(world.adviser)
    address = url(scene, "proposal_new", scene.measure.key)
    form = {**form_of(browser.get(address)), "title": "Ny tittel", "reason": "Difor"}
    change(scene, world, title="Redaktørens tittel", description="Nytt frå redaktøren")
    met = browser.post(address, form)
    assert (met.status_code, Proposal.objects.count()) == (409, 0)
    # What the adviser didn't touch becomes the editor's by itself; the rest is asked about.
    assert {d.name for d in met.context["form"].differences} == {"title"}
    assert {d.name for d in met.context["form"].taken} == {"description"}
    assert "Difor" in met.content.decode()
    again = browser.post(address, {**form_of(met), "title": "Ny tittel", "reason": "Difor"})
    assert again.status_code == 302
    assert Proposal.objects.get().values == {"title": "Ny tittel"}


def test_withdrawn_and_replaced(world: World, scene: Scene, browser_of: LogIn) -> None:
    first = propose(scene, world)
    browser = browser_of(world.adviser)
    address = url(scene, "proposal_new", scene.measure.key)
    going_on = form_of(browser.get(address))
    assert (going_on["description"], going_on["reason"]) == (
        "To kurs om våren.",
        "Eitt er for lite.",
    )
    assert browser.post(address, {**going_on, "description": "Tre kurs."}).status_code == 302
    second = Proposal.objects.get(state=ProposalState.OPEN)
    first.refresh_from_db()
    assert (first.state, second.base) == ("WITHDRAWN", {"description": "Eitt kurs om våren."})
    withdraw = url(scene, "proposal_withdraw", second.pk)
    for user in (world.editor, user_with(Role.LUP_ADVISER)):
        assert browser_of(user).post(withdraw).status_code == 403
    assert browser.post(withdraw).status_code == 302
    assert browser.post(withdraw).status_code == 403
    assert list(service.open_proposals(scene.plan)) == []
    # Another adviser's stands beside one's own.
    propose(scene, world)
    service.make_proposal(
        measure=scene.measure,
        values={"title": "Frå ein annan"},
        reason="x",
        expected_version=1,
        by=user_with(Role.LUP_ADVISER),
    )
    assert service.open_proposals(scene.plan).count() == 2


def test_of_a_measure_that_was_deleted(world: World, scene: Scene, browser_of: LogIn) -> None:
    made = propose(scene, world)
    delete_measure(measure=scene.measure, by=world.editor)
    assert list(service.open_proposals(scene.plan)) == []
    browser = browser_of(world.editor)
    page = browser.get(url(scene, "proposal", made.pk))
    assert (page.status_code, page.context["can_answer"]) == (200, False)
    with pytest.raises(service.MeasureIsGone):
        service.accept_proposal(
            proposal=made, items=["description"], expected_version=2, by=world.editor
        )
    scene.measure.refresh_from_db()
    with pytest.raises(service.MeasureIsGone):
        propose(scene, world)
    assert browser_of(world.adviser).get(
        url(scene, "proposal_new", scene.measure.key)
    ).status_code == (403)


def test_after_the_plan_went_on(world: World, scene: Scene, browser_of: LogIn) -> None:
    made = propose(scene, world)
    page = browser_of(world.editor).get(url(scene, "proposal", made.pk))
    set_state(scene.plan, PlanState.FOR_SIGNATURE)
    for user, name in [(world.editor, "proposal_answer"), (world.adviser, "proposal_withdraw")]:
        answer = browser_of(user).post(url(scene, name, made.pk), form_of(page))
        assert answer.status_code == 403
    for act in (
        lambda: service.accept_proposal(
            proposal=made, items=["description"], expected_version=1, by=world.editor
        ),
        lambda: service.decline_proposal(proposal=made, answer="x", by=world.editor),
        lambda: service.withdraw_proposal(proposal=made, by=world.adviser),
    ):
        with pytest.raises(PlanIsFrozen):
            act()
    assert browser_of(world.adviser).get(url(scene, "proposal", made.pk)).status_code == 200


def test_fields_that_belong_together_go_together(world: World, scene: Scene) -> None:
    made = propose(
        scene,
        world,
        period_unit="QUARTERS",
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 3, 31),
        title="Tiltak 1.1",
    )
    assert set(made.values) == {"period_unit", "starts_on", "ends_on"}
    # Meanwhile moved to the autumn: taking the end alone would turn the period round.
    change(scene, world, starts_on=date(2022, 7, 1), ends_on=date(2022, 12, 31))
    service.accept_proposal(proposal=made, items=["period"], expected_version=2, by=world.editor)
    scene.measure.refresh_from_db()
    assert (scene.measure.starts_on, scene.measure.ends_on) == (
        date(2022, 1, 1),
        date(2022, 3, 31),
    )


def test_every_sort_of_field_comes_through_json(world: World, scene: Scene) -> None:
    values: dict[str, Any] = {
        "title": "Tittel",
        "target_groups": ["COUNTY", "SUPPLIERS"],
        "responsible_kind": "COOPERATION",
        "responsible_municipality": None,
        "responsible_cooperation": world.cooperation,
        "responsible_working_group": None,
        "municipality_scope": "CHOSEN",
        "municipalities": world.municipalities[:2],
        "cooperations": [world.cooperation],
        "county_takes_part": True,
        "period_unit": "DATES",
        "starts_on": date(2022, 3, 1),
        "ends_on": date(2022, 3, 2),
        "lup_days_q2": Decimal("1.5"),
        "cost_nok": 5000,
    }
    assert saved(scene.measure, ["lup_days_q1", "municipalities"]) == as_json(
        {"lup_days_q1": Decimal(0), "municipalities": []}
    )
    made = propose(scene, world, **values)
    with override("en"), CaptureQueriesContext(connection) as queries:
        words = {item.key: (item.now, item.after) for item in items(made, scene.measure)}
    assert len(queries) <= 5
    towns = ", ".join(
        town.name for town in sorted(world.municipalities[:2], key=lambda town: town.pk)
    )
    assert words == {
        "title": ("Tiltak 1.1", "Tittel"),
        "target_groups": ("", "The county, Suppliers and business"),
        "responsible": ("The county", world.cooperation.name),
        "receivers": ("", towns),
        "cooperations": ("", world.cooperation.name),
        "county_takes_part": ("no", "yes"),
        "period": (
            "1 January 2022 – 30 June 2022 (Quarters)",
            "1 March 2022 – 2 March 2022 (Dates)",
        ),
        "lup_days_q2": ("0", "1.5"),
        "cost_nok": ("", "5000"),
    }
    service.accept_proposal(proposal=made, items=list(words), expected_version=1, by=world.editor)
    scene.measure.refresh_from_db()
    assert as_json(values) == saved(scene.measure, values)
    with pytest.raises(PartyIsGone):
        loaded({"municipalities": [0]})
    with pytest.raises(PartyIsGone):
        loaded({"responsible_cooperation": 0})


def test_hostile_text(world: World, scene: Scene, browser_of: LogIn) -> None:
    script = "<script>alert(1)</script>"
    made = propose(scene, world, description=script, title=script)
    service.make_proposal(
        measure=scene.measure,
        values={"title": script},
        reason=script,
        expected_version=1,
        by=world.adviser,
    )
    for proposal in Proposal.objects.all():
        page = browser_of(world.editor).get(url(scene, "proposal", proposal.pk)).content.decode()
        assert "<script>alert" not in page
    browser = browser_of(world.adviser)
    address = url(scene, "proposal_new", scene.measure.key)
    form = {**form_of(browser.get(address)), "title": "Ny"}
    for bad in ({"reason": ""}, {"reason": "a" * 2001}, {"reason": "\x00"}, {"title": "\x00"}):
        assert browser.post(address, {**form, **bad}).status_code == 422
    assert browser.post(address, {**form, "choose": "all", "reason": "Eg"}).status_code == 200
    assert made.pk


def test_a_proposal_of_another_plan_is_not_here(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    made = propose(scene, world)
    elsewhere = make_plan(state=PlanState.NEGOTIATION, measures=1)
    where = [elsewhere.agreement.county.slug, elsewhere.year, made.pk]
    browser = browser_of(world.adviser)
    assert browser.get(reverse("plans:proposal", args=where)).status_code == 404
    assert browser_of(world.outsider).get(url(scene, "proposal", made.pk)).status_code == 404
    measure = reverse("plans:proposal_new", args=[*where[:2], scene.measure.key])
    assert browser.get(measure).status_code == 404


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow(world: World, scene: Scene, browser_of: LogIn, count: int) -> None:
    values = {"municipalities": world.municipalities, "cooperations": [world.cooperation]}
    made = propose(scene, world, responsible_kind="", **values)
    for _place in range(count - 1):
        service.make_proposal(
            measure=scene.measure,
            values=values,
            reason="x",
            expected_version=1,
            by=user_with(Role.LUP_ADVISER),
        )
    counts = {}
    for name, user, address in [
        ("list", world.editor, url(scene, "proposals")),
        ("page", world.editor, url(scene, "proposal", made.pk)),
        ("comments", world.editor, url(scene, "measure_comments", scene.measure.key)),
        ("bench", world.editor, url(scene, "bench")),
    ]:
        browser = browser_of(user)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts[name] = len(queries)
    assert counts == {"list": 6, "page": 9, "comments": 9, "bench": 12}
    browser = browser_of(world.adviser)
    with CaptureQueriesContext(connection) as queries:
        browser.get(url(scene, "proposal_new", scene.measure.key))
    assert len(queries) == 12


def test_the_older_edition_is_not_accepted(world: World, scene: Scene) -> None:
    made = propose(scene, world)
    change(scene, world, title="Ny")
    with pytest.raises(Conflict):
        service.accept_proposal(
            proposal=made, items=["description"], expected_version=1, by=world.editor
        )
    made.refresh_from_db()
    assert made.is_open
    assert not Event.objects.filter(verb="proposal.accepted").exists()
