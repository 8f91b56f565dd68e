"""Drafts: what is typed and not saved stays with who typed it."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from plans.enums import PlanState
from plans.models import Draft, FocusArea, Measure, PartnerPlan, PlanText, Presence
from plans.services.drafts import KEPT_DAYS, MAX_CHARACTERS, MAX_DRAFTS, prune_drafts
from plans.services.plans import change_text
from tests.factories.plans import area_of, make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once

LogIn = Callable[[User], Client]
BODY = {"version": "1", "body": "Ei halv set", "language": "nn"}


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=1)


@pytest.fixture
def address(plan: PartnerPlan) -> str:
    return url("text_edit", plan, "background")


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def auto(browser: Client, address: str, **fields: object) -> dict[str, object]:
    """Send what the page's script sends, and return the answer."""
    answer = browser.post(address, {**BODY, "draft": "auto", "sitting": "a", **fields})
    assert answer.status_code == 200
    told: dict[str, object] = answer.json()
    return told


def kept() -> dict[str, list[str]]:
    """Return the fields of the one draft."""
    data: dict[str, list[str]] = Draft.objects.get(data__isnull=False).data or {}
    return data


def body_of(plan: PartnerPlan) -> str:
    return PlanText.objects.get(plan=plan, kind="BACKGROUND").body


def test_a_draft_is_kept_apart_from_the_plan_and_comes_back(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    events = Event.objects.count()
    assert set(auto(browser_of(world.editor), address)) == {"here", "kept"}
    assert body_of(plan) == ""
    assert Event.objects.count() == events

    another_machine = browser_of(world.editor).get(address)
    assert another_machine.status_code == 200
    assert another_machine.context["form"]["body"].value() == "Ei halv set"
    assert another_machine.context["form"].errors == {}
    assert another_machine.context["draft"]["fields"] == ["tekst"]
    assert another_machine.context["draft"]["is_older"] is False


def test_nobody_else_sees_a_draft(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    auto(browser_of(world.editor), address)
    draft = Draft.objects.get()
    for user in (world.signatory, world.adviser, world.outsider):
        browser = browser_of(user)
        read = reverse("plans:draft", args=[draft.pk])
        assert browser.get(read).status_code == 404
        assert browser.post(read).status_code == 404
        assert list(browser.get(reverse("plans:drafts")).context["drafts"]) == []
    assert Draft.objects.count() == 1


def test_a_colleague_who_opens_the_same_form_gets_what_is_saved(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn, colleague: User
) -> None:
    auto(browser_of(world.editor), address)
    page = browser_of(colleague).get(address)
    assert "draft" not in page.context
    assert page.context["form"]["body"].value() == ""


def test_without_the_script_a_button_keeps_the_draft(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    answer = browser.post(address, {**BODY, "draft": "keep"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = browser.get(address)
    assert page.context["form"]["body"].value() == "Ei halv set"
    loaded = page.context["form"]["loaded"].value()
    browser.post(address, {**BODY, "body": "Ei heil set", "draft": "keep", "loaded": loaded})
    assert kept()["body"] == ["Ei heil set"]


def test_a_draft_of_a_faulty_form_is_kept_too(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    address = url("measure_new", plan, area_of(plan).key)
    fields = {"title": "", "kind": "tull", "description": "Noko", "municipalities": ["1", "x"]}
    browser_of(world.editor).post(address, {**fields, "draft": "keep"})
    page = browser_of(world.editor).get(address)
    assert page.context["form"]["description"].value() == "Noko"
    assert page.context["form"].errors == {}
    assert Draft.objects.get().texts == [["Skildring", "Noko"]]


def test_saving_takes_the_draft_away(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    auto(browser, address)
    browser.post(address, {**BODY, "body": "Ei heil set", "sitting": "a"})
    assert body_of(plan) == "Ei heil set"
    assert list(Draft.objects.of(world.editor)) == []
    assert Presence.objects.count() == 0
    assert "draft" not in browser.get(address).context


def test_a_draft_that_comes_after_the_save_is_none(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    browser.post(address, {**BODY, "sitting": "a"})
    assert auto(browser, address)["why"] == "saved"
    assert list(Draft.objects.of(world.editor)) == []
    assert "kept" in auto(browser, address, sitting="b")  # opened anew


def test_a_fault_or_a_conflict_keeps_the_draft(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    auto(browser, address)
    assert browser.post(address, {**BODY, "language": "xx", "sitting": "a"}).status_code == 422
    text = PlanText.objects.get(plan=plan, kind="BACKGROUND")
    change_text(text=text, values={"body": "Ny"}, expected_version=1, by=world.editor)
    assert browser.post(address, {**BODY, "sitting": "a"}).status_code == 409
    assert Draft.objects.of(world.editor).count() == 1


def test_a_second_window_does_not_overwrite_the_first(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    first, second = browser_of(world.editor), browser_of(world.editor)
    auto(first, address, sitting="a", body="Fyrst")
    assert auto(second, address, sitting="b", body="Andre")["why"] == "elsewhere"
    answer = second.post(address, {**BODY, "body": "Andre", "draft": "keep"})
    assert answer.status_code == 422
    assert answer.context["form"]["body"].value() == "Andre"
    assert kept()["body"] == ["Fyrst"]
    # One that was opened with the first one's draft goes on with it, and then the first may not.
    assert "kept" in auto(second, address, sitting="b", loaded="a", body="Andre")
    assert auto(first, address, sitting="a", body="Fyrst")["why"] == "elsewhere"
    # Saved in the one window, the draft of the other stays.
    first.post(address, {**BODY, "body": "Fyrst", "sitting": "a"})
    assert kept()["body"] == ["Andre"]


def test_a_draft_older_than_the_plan_says_so_and_overwrites_nothing(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn, colleague: User
) -> None:
    browser = browser_of(world.editor)
    base = browser.get(address).context["form"]["base"].value()
    auto(browser, address, base=base)
    text = PlanText.objects.get(plan=plan, kind="BACKGROUND")
    change_text(text=text, values={"body": "Kollegaens"}, expected_version=1, by=colleague)
    page = browser.get(address)
    assert page.context["draft"]["is_older"] is True
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = browser.post(address, sent)
    assert answer.status_code == 409
    assert [(d.mine, d.theirs) for d in answer.context["form"].differences] == [
        ("Ei halv set", "Kollegaens")
    ]
    assert body_of(plan) == "Kollegaens"


def test_drafts_are_only_kept_of_what_one_may_write(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    for user in (world.signatory, world.outsider):
        answer = browser_of(user).post(address, {**BODY, "draft": "auto"})
        assert answer.status_code in (403, 404)
    set_state(plan, PlanState.ACTIVE)
    assert browser_of(world.editor).post(address, {**BODY, "draft": "auto"}).status_code == 403
    assert not Draft.objects.exists()


def test_when_the_plan_has_gone_on_the_draft_can_still_be_read(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    auto(browser, address)
    set_state(plan, PlanState.ACTIVE)
    assert browser.get(address).status_code == 403
    page = browser.get(reverse("plans:draft", args=[Draft.objects.get().pk]))
    assert "Ei halv set" in page.content.decode()


def test_what_can_not_be_saved_any_more_becomes_a_draft(
    world: World, plan: PartnerPlan, browser_of: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = area_of(plan)
    FocusArea.objects.filter(pk=area.pk).update(position=None)
    browser = browser_of(world.editor)
    address = url("measure_new", plan, area.key)
    fields = {
        "title": "Nytt",
        "kind": "COURSE",
        "language": "nn",
        "municipality_scope": "CHOSEN",
        "period_unit": "QUARTERS",
    }
    answer = browser.post(address, fields)
    assert answer["Location"] == url("bench", plan)
    assert not Measure.objects.filter(title="Nytt").exists()
    assert kept()["title"] == ["Nytt"]


def test_a_draft_that_says_what_is_saved_is_not_shown_and_can_be_gone_on_with(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    auto(browser, address, body="")
    page = browser.get(address)
    assert "draft" not in page.context
    loaded = page.context["form"]["loaded"].value()
    assert "kept" in auto(browser, address, sitting="b", loaded=loaded)


def test_a_plan_that_is_frozen_while_somebody_types_leaves_a_draft(
    world: World,
    plan: PartnerPlan,
    address: str,
    browser_of: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_state(plan, PlanState.ACTIVE)
    monkeypatch.setattr("plans.rules.can_edit", lambda user, plan: True)  # when it was opened
    answer = browser_of(world.editor).post(address, BODY)
    assert answer["Location"] == url("bench", plan)
    assert kept()["body"] == ["Ei halv set"]
    assert body_of(plan) == ""


def test_the_list_and_throwing_away(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    work = reverse("plans:work")
    assert reverse("plans:drafts") not in browser.get(work).content.decode()
    auto(browser, address)
    assert reverse("plans:drafts") in browser.get(work).content.decode()
    draft = Draft.objects.get()
    assert list(browser.get(reverse("plans:drafts")).context["drafts"]) == [draft]
    read = reverse("plans:draft", args=[draft.pk])
    assert browser.get(read).status_code == 200
    assert browser.post(read)["Location"] == reverse("plans:drafts")
    assert not Draft.objects.exists()
    assert browser.get(address).context["form"]["body"].value() == ""


def test_limits(
    world: World,
    plan: PartnerPlan,
    address: str,
    browser_of: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = browser_of(world.editor)
    assert auto(browser, address, body="x" * (MAX_CHARACTERS + 1))["why"] == "long"
    drafts = [
        Draft(user=world.editor, place=str(number), label="x", data={}, sitting="s")
        for number in range(MAX_DRAFTS)
    ]
    Draft.objects.bulk_create(drafts)
    assert auto(browser, address)["why"] == "full"
    drafts[0].delete()
    assert "kept" in auto(browser, address)


@pytest.mark.parametrize("version", ["", "9" * 5000, "-1", "to", "²"])
def test_hostile_fields_are_kept_as_text(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn, version: str
) -> None:
    browser = browser_of(world.editor)
    fields = {
        "body": "a\x00b<script>",
        "version": version,
        "base": "[" * 5000,
        "sitting": "s\x00" * 99,
        "x\x00": "y",
    }
    assert "kept" in auto(browser, address, **fields)
    page = browser.get(address)
    assert page.status_code == 200
    assert page.context["form"]["body"].value() == "ab<script>"
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert browser.post(address, sent).status_code in (302, 409, 422)
    assert browser.post(address, {**BODY, "sitting": "\x00"}).status_code in (302, 409, 422)
    assert browser.post(address, {**BODY, "draft": "tull"}).status_code in (302, 422)


def test_an_address_with_zeros_before_its_numbers_is_the_same_place(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    """And however many they are, the place can be kept."""
    browser = browser_of(world.editor)
    zeros = address.replace(f"/{plan.year}/", f"/{'0' * 400}{plan.year}/")
    assert zeros != address
    auto(browser, zeros)
    assert [(row.place, row.address) for row in Draft.objects.all()] == [(address, address)]
    assert browser.get(address).context["form"]["body"].value() == "Ei halv set"
    assert browser.post(zeros, {**BODY, "sitting": "a"}).status_code == 302
    assert body_of(plan) == "Ei halv set"


def test_the_token_is_no_part_of_a_draft(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    auto(browser_of(world.editor), address, csrfmiddlewaretoken="hemmeleg")
    assert set(kept()) == {"version", "body", "language"}


def test_who_is_logged_out_is_told_and_nothing_is_sent_again(
    world: World, plan: PartnerPlan, address: str
) -> None:
    browser = Client()
    answer = browser.post(address, {**BODY, "draft": "auto"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('accounts:login')}?{urlencode({'next': address})}"
    assert "typed" not in browser.session


def test_old_drafts_are_pruned(world: World, plan: PartnerPlan) -> None:
    now = timezone.now()
    for days, data in ((1, {}), (KEPT_DAYS + 1, {}), (2, None), (0, None)):
        Draft.objects.create(
            user=world.editor,
            place=f"{days} {data}",
            label=str(days),
            data=data,
            saved_at=now - timedelta(days=days),
        )
    assert prune_drafts() == 1
    assert sorted(Draft.objects.values_list("label", flat=True)) == ["0", "1"]


def test_drafts_are_in_the_copy_of_ones_own_data(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    auto(browser, address)
    data = browser.post(reverse("people:own_data")).json()
    assert [draft["fields"]["body"] for draft in data["drafts"]] == [["Ei halv set"]]


@pytest.mark.django_db(transaction=True)
def test_drafts_sent_at_once_are_one(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    browsers = [browser_of(world.editor) for _ in range(4)]
    answers = at_once(
        *(
            lambda b=b, n=n: auto(b, address, body=f"Tekst {n}")  # type: ignore[misc]
            for n, b in enumerate(browsers)
        )
    )
    assert all(isinstance(answer, dict) and "kept" in answer for answer in answers), answers
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_sent_while_the_form_is_saved_leaves_none(
    world: World, plan: PartnerPlan, address: str, browser_of: LogIn
) -> None:
    first, second = browser_of(world.editor), browser_of(world.editor)
    answers = at_once(
        lambda: first.post(address, {**BODY, "sitting": "a"}).status_code,
        lambda: second.post(address, {**BODY, "draft": "auto", "sitting": "a"}).status_code,
    )
    assert answers == [302, 200]
    assert body_of(plan) == "Ei halv set"
    assert list(Draft.objects.of(world.editor)) == []
