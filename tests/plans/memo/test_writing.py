"""Writing the memo: own words, two at once, and following the plan again."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from audit.models import Event
from plans.enums import MemoKind, PlanState
from plans.history import entries, events_of_plan
from plans.models import Draft, FocusArea, Memo, MemoSection, PartnerPlan
from plans.services.memos import save_memo, save_section
from plans.services.saving import Conflict, PlanIsFrozen
from tests.factories.plans import area_of
from tests.factories.versions import set_state
from tests.plans.conftest import World
from tests.plans.memo.desk import body, form_of, read, section_url, url, written

LogIn = Callable[[User], Client]


# --- Writing --------------------------------------------------------------------------------------


def test_the_form_holds_what_follows_and_own_words_replace_it(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    form = browser.get(section_url(plan)).context["form"]
    generated = body(plan, "programme")
    assert (form["heading"].value(), form["body"].value()) == ("Kva LUP er", generated)
    answer = browser.post(
        section_url(plan), form_of(browser, section_url(plan), body="Kort.\r\nTo.")
    )
    assert answer["Location"] == f"{url(plan)}#programmet"
    row = MemoSection.objects.get()
    assert (row.heading, row.body, row.based_on, row.version) == (
        "",
        "Kort.\nTo.",
        generated,
        1,
    )
    assert body(plan, "programme") == "Kort.\nTo."


def test_what_is_sent_as_it_was_goes_on_following_the_plan(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    address = section_url(plan, "oppbygging")
    sent = form_of(browser, address)
    sent["body"] = str(sent["body"]).replace("\n", "\r\n")
    assert browser.post(address, sent).status_code == 302
    assert MemoSection.objects.count() == 0
    FocusArea.objects.filter(pk=area_of(plan).pk).update(title="Ferjer")
    assert "Ferjer" in body(plan, "structure")


def test_a_heading_alone_lets_the_text_follow(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    written(browser_of(world.editor), plan, "oppbygging", heading="Planen")
    FocusArea.objects.filter(pk=area_of(plan).pk).update(title="Ferjer")
    standing = next(s for s in read(plan).standings if s.place.key == "structure")
    assert (standing.section.heading, standing.is_own) == ("Planen", False)
    assert "Ferjer" in standing.section.body


def test_left_out_and_taken_in_again(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    written(browser, plan, left_out="on")
    assert "Kva LUP er" not in [s.heading for s in read(plan).document.sections]
    address = section_url(plan)
    sent = form_of(browser, address)
    del sent["left_out"]
    browser.post(address, sent)
    assert "Kva LUP er" in [s.heading for s in read(plan).document.sections]


def test_the_case(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    address = url(plan, "memo_case")
    sent = form_of(
        browser,
        address,
        case_number="2022/7",
        committee="Hovudutvalet",
        meets_on="2022-03-03",
        attachments="Avtale\r\n\r\nReferat",
    )
    assert browser.post(address, sent)["Location"] == url(plan)
    document = read(plan).document
    assert (document.case_number, document.committee) == ("2022/7", "Hovudutvalet")
    assert document.attachments[1:] == ("Avtale", "Referat")
    assert "3. mars 2022" in browser.get(url(plan)).content.decode()
    assert browser.get(address).context["form"]["meets_on"].value().isoformat() == "2022-03-03"


@pytest.mark.parametrize(
    ("name", "typed", "fault"),
    [
        ("memo_section", {"body": "x" * 20_001}, "body"),
        ("memo_section", {"language": "fi"}, "language"),
        ("memo_section", {"heading": "nul\x00"}, "heading"),
        ("memo_case", {"meets_on": "3. mars"}, "meets_on"),
        ("memo_case", {"case_number": "1" * 41}, "case_number"),
    ],
)
def test_what_cannot_be_saved(
    world: World, plan: PartnerPlan, browser_of: LogIn, name: str, typed: dict[str, str], fault: str
) -> None:
    browser = browser_of(world.editor)
    address = section_url(plan) if name == "memo_section" else url(plan, name)
    answer = browser.post(address, form_of(browser, address, **typed))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [fault])
    assert (Memo.objects.count(), MemoSection.objects.count()) == (0, 0)


def test_hostile_words_are_escaped(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    hostile = "<script>alert(7)</script>{{ 7|add:7 }}"
    written(browser, plan, body=f"{hostile}\n\n- {hostile}", heading=hostile)
    for address in (url(plan), section_url(plan), url(plan, "memo_reset", slug="programmet")):
        page = browser.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(7)&lt;/script&gt;{{ 7|add:7 }}" in page


# --- Two at once ----------------------------------------------------------------------------------


def test_two_who_write_the_same_section(
    world: World, colleague: User, plan: PartnerPlan, browser_of: LogIn
) -> None:
    mine, theirs = browser_of(world.editor), browser_of(colleague)
    sent = form_of(mine, section_url(plan), body="Mitt.")
    written(theirs, plan, body="Deira.")
    answer = mine.post(section_url(plan), sent)
    assert answer.status_code == 409
    assert [(d.mine, d.theirs) for d in answer.context["form"].differences] == [("Mitt.", "Deira.")]
    kept = {bound.name: bound.value() for bound in answer.context["form"]}
    assert mine.post(section_url(plan), {**kept, "pick-body": "mine"}).status_code == 302
    assert body(plan, "programme") == "Mitt."


def test_two_who_change_different_things_both_get_them(
    world: World, colleague: User, plan: PartnerPlan, browser_of: LogIn
) -> None:
    mine, theirs = browser_of(world.editor), browser_of(colleague)
    written(mine, plan, body="Først.")
    sent = form_of(mine, section_url(plan), heading="Om LUP")
    written(theirs, plan, body="Så.")
    assert mine.post(section_url(plan), sent).status_code == 302
    row = MemoSection.objects.get()
    assert (row.heading, row.body) == ("Om LUP", "Så.")


def test_a_conflict_with_a_section_that_follows_shows_the_text_that_follows(
    world: World, colleague: User, plan: PartnerPlan, browser_of: LogIn
) -> None:
    mine, theirs = browser_of(world.editor), browser_of(colleague)
    written(mine, plan, body="Først.")
    generated = next(s for s in read(plan).standings if s.place.key == "programme").generated
    sent = form_of(mine, section_url(plan), body="Mitt.")
    theirs.post(url(plan, "memo_reset", slug="programmet"), {"version": 1})
    answer = mine.post(section_url(plan), sent)
    assert [(d.mine, d.theirs) for d in answer.context["form"].differences] == [
        ("Mitt.", generated.body)
    ]


def test_what_is_typed_can_be_kept_as_a_draft(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    sent = form_of(browser, section_url(plan), body="Halv setning", draft="keep")
    assert browser.post(section_url(plan), sent).status_code == 302
    assert Draft.objects.of(world.editor).get().label == "Kva LUP er"
    form = browser.get(section_url(plan)).context["form"]
    assert form["body"].value() == "Halv setning"
    assert MemoSection.objects.count() == 0


def test_lup_is_not_told_who_writes_it(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser_of(world.editor).get(section_url(plan))
    answer = browser_of(world.adviser).get(url(plan, "presence"))
    assert "Kva LUP er" not in answer.content.decode()


# --- Following the plan again ---------------------------------------------------------------------


def test_a_section_is_stale_until_it_is_looked_over(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    address = section_url(plan, "oppbygging")
    written(browser, plan, "oppbygging", body="Vår eigen omtale.")
    assert browser.get(url(plan)).context["stale"] == []
    FocusArea.objects.filter(pk=area_of(plan).pk).update(title="Ferjer")
    assert [s.place.key for s in browser.get(url(plan)).context["stale"]] == ["structure"]
    page = browser.get(address)
    assert page.context["is_stale"]
    assert "Ferjer" in page.content.decode()
    assert page.context["form"]["body"].value() == "Vår eigen omtale."
    assert browser.post(address, form_of(browser, address)).status_code == 302
    assert browser.get(url(plan)).context["stale"] == []
    assert body(plan, "structure") == "Vår eigen omtale."


def test_it_stays_stale_where_the_plan_changed_after_the_form_was_opened(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    address = section_url(plan, "oppbygging")
    sent = form_of(browser, address, body="Vår eigen omtale.")
    FocusArea.objects.filter(pk=area_of(plan).pk).update(title="Ferjer")
    assert browser.post(address, sent).status_code == 302
    assert [s.place.key for s in browser.get(url(plan)).context["stale"]] == ["structure"]


def test_the_text_from_the_plan_is_taken_again(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    written(browser, plan, heading="Om LUP", body="Stuttare")
    address = url(plan, "memo_reset", slug="programmet")
    assert "Stuttare" in browser.get(address).content.decode()
    answer = browser.post(address, {"version": 1})
    assert answer["Location"] == f"{url(plan)}#programmet"
    standing = next(s for s in read(plan).standings if s.place.key == "programme")
    assert (standing.section, standing.is_own) == (standing.generated, False)
    assert browser.get(address).status_code == 302  # there is nothing more to take


@pytest.mark.parametrize("version", ["", "1", "ein", "9" * 30, "-1"])
def test_an_old_page_takes_nothing_away(
    world: World, plan: PartnerPlan, browser_of: LogIn, version: str
) -> None:
    browser = browser_of(world.editor)
    written(browser, plan, body="Ein.")
    written(browser, plan, body="To.")
    address = url(plan, "memo_reset", slug="programmet")
    assert browser.post(address, {"version": version})["Location"] == address
    assert body(plan, "programme") == "To."


# --- Rules, log, database -------------------------------------------------------------------------


def test_a_closed_plans_memo_is_read_alone(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    set_state(plan, PlanState.CLOSED)
    browser = browser_of(world.editor)
    assert browser.get(url(plan)).status_code == 200
    assert browser.get(section_url(plan)).status_code == 403
    with pytest.raises(PlanIsFrozen):
        save_memo(plan=plan, kind=MemoKind.PLAN, values={}, expected_version=0, by=world.editor)


def test_the_memo_of_a_signed_plan_is_written(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    set_state(plan, PlanState.ACTIVE)
    before = PartnerPlan.objects.get(pk=plan.pk).changed_at
    written(browser_of(world.editor), plan, body="Kort.")
    assert body(plan, "programme") == "Kort."
    # It is no change of the plan.
    assert PartnerPlan.objects.get(pk=plan.pk).changed_at == before


def test_the_log_tells_the_county_and_not_lup(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    written(browser, plan, heading="Om LUP", body="Kort.")
    browser.post(url(plan, "memo_reset", slug="programmet"), {"version": 1})
    told = entries(events_of_plan(plan))[:2]
    assert [(e.who, [(c.name, c.before, c.after) for c in e.changes]) for e in told] == [
        (str(world.editor), [("heading", "Om LUP", ""), ("body", "Kort.", "")]),
        (str(world.editor), [("heading", "", "Om LUP"), ("body", "", "Kort.")]),
    ]
    assert [e.verb for e in events_of_plan(plan, roll_over=False)] == ["plan.made"]
    assert "Kort." in browser.get(url(plan, "plan_history")).content.decode()
    seen = browser_of(world.adviser).get(url(plan, "plan_history")).content.decode()
    assert "Kort." not in seen


def test_saving_the_same_again_writes_nothing(world: World, plan: PartnerPlan) -> None:
    def save(text: str, version: int) -> None:
        save_section(
            plan=plan,
            kind=MemoKind.PLAN,
            key="more",
            values={"body": text},
            based_on="",
            expected_version=version,
            by=world.editor,
        )

    save("Ord.", 0)
    save("Ord.", 0)
    assert (
        MemoSection.objects.get().version,
        Event.objects.filter(verb__startswith="memo").count(),
    ) == (1, 1)
    with pytest.raises(Conflict):
        save("Anna.", 0)


def test_one_memo_of_a_kind_and_one_section_of_a_key(plan: PartnerPlan) -> None:
    Memo.objects.create(plan=plan, kind=MemoKind.PLAN)
    MemoSection.objects.create(plan=plan, kind=MemoKind.PLAN, key="more")
    for make in (
        lambda: Memo.objects.create(plan=plan, kind=MemoKind.PLAN),
        lambda: MemoSection.objects.create(plan=plan, kind=MemoKind.PLAN, key="more"),
        lambda: Memo.objects.create(plan=plan, kind="NOVEL"),
        lambda: MemoSection.objects.create(plan=plan, kind="NOVEL", key="more"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
