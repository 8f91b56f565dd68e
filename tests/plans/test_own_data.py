"""What plans add to the copy of one's own data: one's own, and nothing of others'."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from plans.enums import BulkField, Decision, PeriodUnit, PlanState
from plans.models import Measure, PartnerPlan, Thread
from plans.services import bulk, comments, proposals, rollover
from plans.services.answers import answer_contribution
from plans.services.attachments import attach
from plans.services.contributions import send_contribution
from plans.services.own import OWN
from plans.services.saved_views import save_view
from tests.factories.accounts import user_with
from tests.factories.contributions import SAID, make_contribution
from tests.factories.plans import make_plan
from tests.factories.versions import make_version
from tests.plans.amending import change, make_amending, measure_at
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
SECRET = "Det berre andre skreiv"


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1)


def first(plan: PartnerPlan) -> Measure:
    return Measure.objects.in_plan(plan.pk).select_related("part", "focus_area")[0]


def copy_of(browser: Client) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(browser.post(reverse("people:own_data")).content)
    return data


def test_somebody_new_has_nothing_there(world: World, browser_of: LogIn) -> None:
    data = copy_of(browser_of(world.editor))
    assert {name: data[name] for name in OWN} == {name: [] for name in OWN}


def test_what_an_editor_did(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    editor = world.editor
    save_view(county=world.county, name="Mine", query="status=DONE", shared=True, by=editor)
    save_view(county=world.county, name=SECRET, query="", shared=True, by=world.signatory)
    measure = first(plan)
    wish = bulk.Wish(BulkField.STATUS, {"status": "DONE"})
    change = bulk.change_many(
        plan=plan, wish=wish, stamps={measure.key: bulk.stamp(measure)}, by=editor
    )
    bulk.undo(change=change, by=world.signatory)
    found = make_contribution(plan, world.cooperation, need=SECRET)
    answer_contribution(
        contribution=found, accepted=False, answer="Nei.", expected_version=found.version, by=editor
    )
    data = copy_of(browser_of(editor))
    assert data["saved_views"] == [
        {"name": "Mine", "county": "Fjordane", "query": "status=DONE", "shared": True}
    ]
    (done,) = data["bulk_changes"]
    assert (done["what"], done["measures"], done["undone"]) == ("STATUS", ["1.1 Tiltak 1.1"], None)
    assert done["made"]
    (answer,) = data["answers"]
    assert (answer["to"], answer["text"], answer["what"]) == (SAID["title"], "Nei.", "DECLINED")
    (undone,) = copy_of(browser_of(world.signatory))["bulk_changes"]
    assert (undone["made"], bool(undone["undone"])) == (None, True)
    assert SECRET not in json.dumps(data)


def test_what_an_editor_decided_for_the_next_year(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    work = rollover.start_rollover(source=plan, by=world.editor)
    measure = first(plan)
    rollover.decide(
        rollover=work,
        measure=measure,
        values={
            "decision": Decision.END,
            "reason": "Det er gjort.",
            "period_unit": PeriodUnit.QUARTERS,
            "starts_on": None,
            "ends_on": None,
            "carry_lup_days": True,
            "postponed_to": None,
        },
        expected_version=0,
        by=world.signatory,
    )
    (begun,) = copy_of(browser_of(world.editor))["rollovers"]
    assert (begun["from"], begun["into"]) == (plan.title, 2023)
    assert begun["started"]
    assert "confirmed" not in begun
    (decided,) = copy_of(browser_of(world.signatory))["rollovers"]
    assert decided["values"]["decision"] == "END"
    assert decided["values"]["reason"] == "Det er gjort."


def test_what_one_said_and_proposed(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    measure = first(plan)
    thread = comments.open_thread(plan=plan, measure=measure, body=SECRET, by=world.editor)
    comments.answer_thread(thread=thread, body="Ja.", by=world.adviser)
    comments.take_away_comment(
        comment=comments.answer_thread(thread=thread, body="Oi", by=world.adviser), by=world.adviser
    )
    proposals.make_proposal(
        measure=measure,
        values={"description": "To kurs."},
        reason="Eitt er for lite.",
        expected_version=measure.version,
        by=world.adviser,
    )
    data = copy_of(browser_of(world.adviser))
    mine, gone = data["comments"]
    assert (mine["plan"], mine["about"], mine["text"]) == (plan.title, "1.1 Tiltak 1.1", "Ja.")
    assert (gone["text"], bool(gone["taken_away"])) == ("", True)
    (proposal,) = data["proposals"]
    assert proposal["values"] == {"description": "To kurs."}
    assert (proposal["reason"], proposal["state"]) == ("Eitt er for lite.", "OPEN")
    assert SECRET not in json.dumps(data)


def test_what_a_sender_wrote_and_attached(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    buyer = user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)
    draft = make_contribution(plan, world.cooperation, by=buyer, sent=False)
    make_contribution(plan, world.cooperation, need=SECRET)
    upload = SimpleUploadedFile("behov.pdf", b"%PDF-1.7\nhei")
    attach(contribution=draft, upload=upload, by=buyer, late=True)
    send_contribution(contribution=draft, by=buyer, late=True)
    data = copy_of(browser_of(buyer))
    (row,) = data["input"]
    assert {name: row[name] for name in ("title", "area", "need", "benefit", "participants")} == {
        name: SAID[name] for name in ("title", "area", "need", "benefit", "participants")
    }
    assert (row["sender"], row["state"]) == (world.cooperation.name, "RECEIVED")
    (file,) = data["files"]
    assert (file["name"], file["input"], file["bytes"]) == ("behov.pdf", SAID["title"], 12)
    assert SECRET not in json.dumps(data)
    assert copy_of(browser_of(world.editor))["input"] == []


def test_nothing_of_a_working_copy_is_told(world: World, browser_of: LogIn) -> None:
    """What one wrote is named as it was signed, while an amendment renames it; whoever works with
    the plan sees the new names there too."""
    plan = make_amending(world)
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    buyer = user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    make_contribution(plan, world.cooperation, by=buyer)
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.AMENDING)
    for number in ("1.1", "1.2"):
        thread = Thread.objects.create(
            plan=plan, measure=measure_at(plan, number), opened_by=contact, audience="CONCERNED"
        )
        for author in (contact, world.adviser):
            thread.comments.create(author=author, body="Mitt")
    said = plan.title
    PartnerPlan.objects.filter(pk=plan.pk).update(title=SECRET)
    change(plan, "1.1", by=world.editor, title=SECRET)
    data = copy_of(browser_of(contact))["comments"]
    assert [(row["plan"], row["about"]) for row in data] == [
        (said, "1.1 Tiltak 1.1"),
        (said, "1.2 Tiltak 1.2"),
    ]
    assert copy_of(browser_of(buyer))["input"][0]["plan"] == said
    assert copy_of(browser_of(world.adviser))["comments"][0]["about"] == f"1.1 {SECRET}"


def test_what_one_signed_and_kept(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    version = make_version(plan, signed=False)
    file = version.files.get()
    said = {"name": "Signatar Éin", "role": "Leiar", "organisation": "Fylket", "way": "HERE"}
    version.signatures.create(
        party="COUNTY",
        file=file,
        signer=world.signatory,
        level="B-B",
        signed_at=version.frozen_at,
        **said,
    )
    for by, name in ((world.signatory, "kvittering.xml"), (world.adviser, SECRET)):
        version.evidence.create(
            party="COUNTY", file_name=name, content=b"1", size=1, sha256=name, note="Mi", by=by
        )
    data = copy_of(browser_of(world.signatory))
    (signed,) = data["signatures"]
    assert said.items() <= signed.items()
    assert (signed["plan"], signed["version"]) == (plan.title, 1)
    (kept,) = data["evidence"]
    assert (kept["name"], kept["note"], kept["bytes"]) == ("kvittering.xml", "Mi", 1)
    assert SECRET not in json.dumps(data)
