"""Signing here: what the page shows, who may, confirming at the act, and what comes of it."""

import io
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from municipalities.models import County
from plans.enums import FileKind, JobKind, JobState, PlanState, SigningParty, SigningWay
from plans.models import PartnerPlan, PlanVersion, Signature, VersionJob
from plans.services import version_jobs
from plans.services.transitions import move_plan
from plans.services.version_files import add_file
from plans.services.version_jobs import TryLater, ask
from plans.services.versions import waiting
from tests.accounts.conftest import PASSWORD
from tests.accounts.openid import LOGIN, NUMBER, Service
from tests.accounts.openid import set_up as set_up_service
from tests.accounts.test_second_factor import code_of, set_up
from tests.factories.accounts import user_with
from tests.factories.municipalities import CountyFactory
from tests.factories.plans import make_plan
from tests.factories.versions import make_version, set_state
from tests.plans.conftest import World
from tests.plans.readiness import make_ready

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

CONFIRM = "/konto/stadfest/"


@pytest.fixture(autouse=True)
def no_attempts(db: None) -> None:
    """Forget what the tests before this one have used up of the limits on attempts."""
    cache.clear()


@pytest.fixture
def plan(world: World, sealed_pdf: bytes) -> PartnerPlan:
    """A plan for signature whose PDF is made."""
    made = make_plan(county=world.county, measures=1)
    PartnerPlan.objects.filter(pk=made.pk).update(state=PlanState.FOR_SIGNATURE)
    make_version(made, signed=False, pdf=sealed_pdf)
    return PartnerPlan.objects.with_parties().get(pk=made.pk)


@pytest.fixture
def lup_signatory(db: None) -> User:
    return user_with(Role.LUP_SIGNATORY)


def logged_in(user: User) -> Client:
    """Return a client in which somebody has logged in by password."""
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    answer = client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def address(plan: PartnerPlan, name: str = "signing", **more: object) -> str:
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    return reverse(f"plans:{name}", kwargs={**where, **more})


def the_version(plan: PartnerPlan) -> PlanVersion:
    version = waiting(plan)
    assert version is not None
    return version


def filled_in(plan: PartnerPlan, **changes: str) -> dict[str, str]:
    """Return the form as somebody sends it who was shown the newest file."""
    version = the_version(plan)
    file = version.files.order_by("-sequence")[0]
    return {
        "name": "Signatar Éin",
        "role": "Fylkesdirektør",
        "read": "on",
        "fingerprint": version.fingerprint,
        "sha256": file.sha256,
        **changes,
    }


def send(client: Client, plan: PartnerPlan, party: str = "fylket", **changes: str) -> Any:
    return client.post(address(plan, "sign_here", party=party), filled_in(plan, **changes))


def confirm(client: Client, asked: Any, password: str = PASSWORD) -> Any:
    """Write the password where the answer sends one to do it."""
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, CONFIRM)
    return client.post(asked["Location"], {"password": password})


def signs(client: Client, plan: PartnerPlan, party: str) -> None:
    """Sign for a party, from the form to the signature."""
    answer = confirm(client, send(client, plan, party))
    assert (answer.status_code, answer["Location"]) == (302, address(plan))
    version_jobs.do_due()


def states() -> list[tuple[str, str]]:
    return list(VersionJob.objects.values_list("party", "state"))


# --- From the form to the plan in force -------------------------------------------------------


def test_both_sign_and_the_plan_is_in_force(
    world: World, plan: PartnerPlan, lup_signatory: User
) -> None:
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    contributor = user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)
    version, county = the_version(plan), logged_in(world.signatory)
    page = county.get(address(plan)).content.decode()
    file = version.files.get()
    assert (version.fingerprint in page, file.sha256 in page) == (True, True)
    given = county.get(address(plan, "signing_file", sha256=file.sha256))
    assert given.content == bytes(file.content)

    signs(county, plan, "fylket")
    first = Signature.objects.get()
    assert (first.party, first.name, first.role, first.signer, first.way) == (
        SigningParty.COUNTY,
        "Signatar Éin",
        "Fylkesdirektør",
        world.signatory,
        SigningWay.HERE,
    )
    told = Notice.objects.get(kind="plan.other_signed")
    assert (told.user, told.path) == (lup_signatory, address(plan))
    assert "sign_form" not in str(county.get(address(plan)).context["turns"])

    signs(logged_in(lup_signatory), plan, "lup")
    plan.refresh_from_db()
    assert (plan.state, plan.in_force) == (PlanState.ACTIVE, version)
    kinds = dict(
        Notice.objects.filter(kind__in=("plan.moved.active", "plan.now_in_force")).values_list(
            "user", "kind"
        )
    )
    assert kinds == {
        **{
            user.pk: "plan.moved.active"
            for user in (world.editor, world.signatory, world.adviser, lup_signatory)
        },
        contact.pk: "plan.now_in_force",
        contributor.pk: "plan.now_in_force",
    }
    assert list(version.files.values_list("sequence", "kind")) == [
        (0, FileKind.SEALED),
        (1, FileKind.SIGNED),
        (2, FileKind.SIGNED),
    ]
    reader = PdfFileReader(io.BytesIO(bytes(version.files.get(sequence=2).content)))
    names = [found.sig_object.get("/Name") for found in reader.embedded_regular_signatures]
    assert names == [None, "Signatar Éin", "Signatar Éin"]
    asked = Event.objects.filter(verb="version.sign_asked").order_by("pk")[0].new
    assert asked == {
        "version": 1,
        "party": "COUNTY",
        "name": "Signatar Éin",
        "role": "Fylkesdirektør",
        "confirmed_by": "password",
        "way": "HERE",
        "fingerprint": version.fingerprint,
        "sha256": file.sha256,
    }
    verify()
    after = logged_in(world.signatory).get(address(plan))
    assert (after.context["turns"], "Has signed" in after.content.decode()) == ([], True)


def test_signing_by_a_code_from_an_app(plan: PartnerPlan, world: World) -> None:
    client = logged_in(world.signatory)
    secret = set_up(client)
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    asked = send(client, plan)
    way = asked["Location"].replace(CONFIRM, "/konto/tofaktor/reauthenticate/")
    wrong = client.post(way, {"code": "000000"})
    assert (wrong.status_code, states()) == (200, [])
    answer = client.post(way, {"code": code_of(secret, steps=1)})
    assert (answer["Location"], states()) == (address(plan), [("COUNTY", "WAITING")])
    event = Event.objects.get(verb="version.sign_asked")
    assert event.new["confirmed_by"] == "totp"


# --- Confirming at the act --------------------------------------------------------------------


def test_a_log_in_is_no_confirmation(plan: PartnerPlan, world: World) -> None:
    asked = send(logged_in(world.signatory), plan)
    assert asked["Location"].startswith(CONFIRM)
    assert states() == []


def test_a_wrong_password_signs_nothing(plan: PartnerPlan, world: World) -> None:
    client = logged_in(world.signatory)
    answer = confirm(client, send(client, plan), password="feil")
    assert (answer.status_code, states()) == (200, [])


@pytest.mark.parametrize(("seconds", "asks"), [(60, False), (130, True), (299, True)])
def test_a_confirmation_is_two_minutes_old_at_most(
    plan: PartnerPlan, world: World, seconds: int, asks: bool
) -> None:
    client = logged_in(world.signatory)
    send(client, plan)
    client.post(CONFIRM, {"password": PASSWORD})
    session = client.session
    session["account_authentication_methods"][-1]["at"] = time.time() - seconds
    session["asked_at_the_act"]["at"] = time.time() - seconds - 5
    session.save()
    assert send(client, plan)["Location"].startswith(CONFIRM) == asks
    assert bool(states()) != asks


def test_a_confirmation_serves_one_act(plan: PartnerPlan, world: World) -> None:
    client = logged_in(world.signatory)
    confirm(client, send(client, plan))
    client.post(address(plan, "sign_withdraw", party="fylket"))
    assert states() == [("COUNTY", "WITHDRAWN")]
    assert send(client, plan)["Location"].startswith(CONFIRM)


def test_what_was_asked_for_is_not_done_by_confirming_something_else(
    plan: PartnerPlan, world: World
) -> None:
    client = logged_in(world.signatory)
    send(client, plan)
    client.post(f"{CONFIRM}?next=/konto/tofaktor/", {"password": PASSWORD})
    assert states() == []


def test_what_was_confirmed_for_something_else_signs_nothing(
    plan: PartnerPlan, world: World
) -> None:
    """Neither before anything was to be signed, nor for the other party."""
    world.signatory.memberships.create(
        role=Role.LUP_SIGNATORY, valid_from=timezone.localdate() - timedelta(days=9)
    )
    client = logged_in(world.signatory)
    client.post(CONFIRM, {"password": PASSWORD})
    assert send(client, plan)["Location"].startswith(CONFIRM)
    client.post(CONFIRM, {"password": PASSWORD})
    assert send(client, plan, "lup")["Location"].startswith(CONFIRM)
    assert states() == []


@pytest.mark.parametrize(
    ("asked_ago", "sub", "confirms"),
    [(5, "person-1", True), (600, "person-1", False), (None, "person-1", False), (5, "to", False)],
)
def test_who_comes_by_a_log_in_service_confirms_there(
    world: World,
    plan: PartnerPlan,
    openid: Service,
    settings: Settings,
    asked_ago: int | None,
    sub: str,
    confirms: bool,
) -> None:
    """The service must have asked them just now, and it must be the same person."""
    set_up_service(settings, openid)
    world.signatory.set_unusable_password()
    world.signatory.save()
    world.signatory.socialaccount_set.create(provider="ansattporten", uid="person-1")
    user_with(Role.LUP_SIGNATORY).socialaccount_set.create(provider="ansattporten", uid="to")
    County.objects.filter(pk=world.county.pk).update(organisation_number=NUMBER)
    client = Client()
    openid.log_in(client)
    assert client.get(address(plan)).status_code == 200
    asked = send(client, plan)
    assert asked["Location"].startswith(f"{LOGIN}stadfest/?next=")
    assert client.get(asked["Location"]).status_code == 200
    moment = {} if asked_ago is None else {"auth_time": int(time.time()) - asked_ago}
    openid.says(sub=sub, **moment)
    there = client.post(asked["Location"])["Location"]
    assert ("prompt=login" in there, "max_age=0" in there) == (True, True)
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    answer = client.get(back.removeprefix("https://testserver").removeprefix("http://testserver"))
    assert answer.status_code == (302 if confirms else 403)
    assert states() == ([("COUNTY", "WAITING")] if confirms else [])


# --- What was shown ---------------------------------------------------------------------------


def test_a_stale_page_signs_nothing_and_shows_the_new_file(
    plan: PartnerPlan, world: World, sealed_pdf: bytes
) -> None:
    client = logged_in(world.signatory)
    shown = filled_in(plan)
    version = the_version(plan)
    add_file(version=version, kind=FileKind.SIGNED, content=sealed_pdf + b"\n", sequence=1)
    answer = client.post(address(plan, "sign_here", party="fylket"), shown, follow=True)
    assert (states(), "changed since it was shown" in answer.content.decode()) == ([], True)
    assert version.files.get(sequence=1).sha256 in answer.content.decode()


def test_a_file_that_changes_while_one_confirms_is_not_signed(
    plan: PartnerPlan, world: World, sealed_pdf: bytes
) -> None:
    client = logged_in(world.signatory)
    asked = send(client, plan)
    add_file(
        version=the_version(plan), kind=FileKind.SIGNED, content=sealed_pdf + b"\n", sequence=1
    )
    assert (confirm(client, asked).status_code, states()) == (302, [])


def test_another_version_than_was_shown_is_not_signed(
    plan: PartnerPlan, world: World, sealed_pdf: bytes
) -> None:
    client = logged_in(world.signatory)
    shown = filled_in(plan)
    move_plan(plan=plan, to=PlanState.NEGOTIATION, by=world.editor, reason="Feil tal")
    late = client.post(address(plan, "sign_here", party="fylket"), shown, follow=True)
    assert "isn&#x27;t for signature any more" in late.content.decode()
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.FOR_SIGNATURE, title="Ny tittel")
    make_version(plan, signed=False, pdf=sealed_pdf)
    answer = client.post(address(plan, "sign_here", party="fylket"), shown, follow=True)
    assert (states(), "changed since it was shown" in answer.content.decode()) == ([], True)


def test_the_page_shows_what_has_changed_since_the_last_signed_version(
    world: World, browser_of: Callable[[User], Client]
) -> None:
    made = make_plan(county=world.county, measures=1, state=PlanState.ACTIVE)
    PartnerPlan.objects.filter(pk=made.pk).update(
        title="Ein ny tittel", state=PlanState.FOR_SIGNATURE
    )
    make_version(made, signed=False)
    page = browser_of(world.editor).get(address(made))
    [item] = page.context["state"].difference.items
    assert (item.kind, "Ein ny tittel" in page.content.decode()) == ("PLAN", True)


# --- What is typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "A",
        "12",
        "Namn\u202eetternamn",
        "Namn\nLupplan",
        "Namn\u200bnamn",
        "<script>alert(1)</script>",
        "名前 名前",
        "Nаmn med kyrillisk а",
        "🙂 Namn",
        "N" * 101,
        "Namn\x00",
    ],
)
def test_names_that_the_signature_can_not_show_are_refused(
    plan: PartnerPlan, world: World, name: str
) -> None:
    client = logged_in(world.signatory)
    answer = send(client, plan, name=name)
    assert (answer.status_code, states()) == (422, [])
    assert answer.context["turns"][0].sign_form.errors.keys() == {"name"}
    assert "<script>alert" not in answer.content.decode()


def test_without_having_read_it_nothing_is_signed(plan: PartnerPlan, world: World) -> None:
    client = logged_in(world.signatory)
    form = filled_in(plan)
    del form["read"]
    answer = client.post(address(plan, "sign_here", party="fylket"), form)
    assert answer.status_code == 422
    assert 'value="Fylkesdirektør"' in answer.content.decode()


def test_what_was_typed_is_kept_when_the_session_has_ended(plan: PartnerPlan, world: World) -> None:
    client = logged_in(world.signatory)
    client.cookies.clear()
    answer = send(client, plan)
    assert re.search(r"next=/konto/innskrive/", answer["Location"].replace("%2F", "/"))


# --- Whose turn it is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "party", "status"),
    [
        (Role.COUNTY_SIGNATORY, "lup", 403),
        (Role.LUP_SIGNATORY, "fylket", 403),
        (Role.COUNTY_EDITOR, "fylket", 403),
        (Role.LUP_ADVISER, "lup", 403),
        (Role.COUNTY_SIGNATORY, "andre", 404),
    ],
)
def test_one_signs_for_ones_own_party_alone(
    world: World, plan: PartnerPlan, role: Role, party: str, status: int
) -> None:
    county = {"county": world.county} if role.startswith("COUNTY") else {}
    client = logged_in(user_with(role, **county))
    assert send(client, plan, party).status_code == status


def test_another_countys_signatory_knows_of_nothing(plan: PartnerPlan) -> None:
    client = logged_in(user_with(Role.COUNTY_SIGNATORY, county=CountyFactory.create()))
    assert client.get(address(plan)).status_code == 404
    assert send(client, plan).status_code == 404


def test_by_the_agreement_one_signs_first(
    world: World, plan: PartnerPlan, lup_signatory: User
) -> None:
    type(plan.agreement).objects.filter(pk=plan.agreement_id).update(signs_first="LUP")
    client = logged_in(world.signatory)
    page = client.get(address(plan))
    assert [turn.sign_form for turn in page.context["turns"]] == [None]
    answer = client.post(address(plan, "sign_here", party="fylket"), filled_in(plan), follow=True)
    assert (states(), "the other party signs first" in answer.content.decode()) == ([], True)
    signs(logged_in(lup_signatory), plan, "lup")
    signs(client, plan, "fylket")
    assert Signature.objects.count() == 2


def test_those_who_sign_first_are_told_first(world: World, lup_signatory: User) -> None:
    made = make_plan(county=world.county, measures=1)
    type(made.agreement).objects.filter(pk=made.agreement_id).update(signs_first="LUP")
    make_ready(set_state(made, PlanState.NEGOTIATION), by=world.editor)
    made = PartnerPlan.objects.with_parties().get(pk=made.pk)
    move_plan(plan=made, to=PlanState.FOR_SIGNATURE, by=world.editor)
    assert list(Notice.objects.filter(kind="plan.to_sign").values_list("user", flat=True)) == [
        lup_signatory.pk
    ]


def test_nobody_signs_for_both(world: World, plan: PartnerPlan) -> None:
    world.signatory.memberships.create(
        role=Role.LUP_SIGNATORY, valid_from=timezone.localdate() - timedelta(days=9)
    )
    client = logged_in(world.signatory)
    assert len(client.get(address(plan)).context["turns"]) == 2
    confirm(client, send(client, plan))
    for _asked_and_done in range(2):
        answer = client.post(address(plan, "sign_here", party="lup"), filled_in(plan), follow=True)
        assert "signed for the other party" in answer.content.decode()
        version_jobs.do_due()
    assert list(Signature.objects.values_list("party", flat=True)) == ["COUNTY"]


def test_asked_twice_it_is_done_once(plan: PartnerPlan, world: World) -> None:
    client = logged_in(world.signatory)
    confirm(client, send(client, plan))
    confirm(client, send(client, plan))
    assert states() == [("COUNTY", "WAITING")]


def test_who_comes_second_is_not_told_that_they_sign(plan: PartnerPlan, world: World) -> None:
    """Two signatories of one party, and a page that was opened before the first of them signed."""
    first = logged_in(world.signatory)
    confirm(first, send(first, plan))
    second = logged_in(user_with(Role.COUNTY_SIGNATORY, county=world.county))
    page = second.get(confirm(second, send(second, plan))["Location"]).content.decode()
    assert "Somebody else is signing" in page
    assert "Your signature is being made" not in page
    assert VersionJob.objects.get().by == world.signatory


# --- While it waits ---------------------------------------------------------------------------


def test_a_service_that_is_down_is_waited_for_and_can_be_taken_back(
    plan: PartnerPlan, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **kwargs: object) -> bytes:
        raise TryLater("The time-stamp service doesn't answer.")

    client = logged_in(world.signatory)
    confirm(client, send(client, plan))
    monkeypatch.setattr("plans.services.signing.sign.sign", down)
    version_jobs.do_due()
    page = client.get(address(plan)).content.decode()
    assert ("time-stamp service" in page, "Nothing is half signed" in page) == (True, True)
    assert the_version(plan).files.count() == 1
    client.post(address(plan, "sign_withdraw", party="fylket"))
    assert states() == [("COUNTY", "WITHDRAWN")]
    again = client.post(address(plan, "sign_withdraw", party="fylket"), follow=True)
    assert "nothing to take back" in again.content.decode()


def test_a_failed_pdf_says_why_and_can_be_tried_again(
    world: World, plan: PartnerPlan, browser_of: Callable[[User], Client]
) -> None:
    version = the_version(plan)
    job = ask(version=version, kind=JobKind.RENDER, by=None)
    VersionJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="Altfor lang.")
    add = address(plan, "sign_retry", job=job.pk)
    assert browser_of(world.adviser).post(add).status_code == 403
    assert browser_of(world.outsider).post(add).status_code == 404
    assert browser_of(world.editor).post(add).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.WAITING, "")
    assert Event.objects.filter(verb="version.retried").count() == 1


def test_the_page_while_the_pdf_is_being_made(
    world: World, browser_of: Callable[[User], Client]
) -> None:
    made = make_plan(county=world.county, measures=1)
    PartnerPlan.objects.filter(pk=made.pk).update(state=PlanState.FOR_SIGNATURE)
    version = PlanVersion.objects.create(plan=made, number=1, content="{}", fingerprint="0" * 64)
    job = ask(version=version, kind=JobKind.RENDER, by=None)
    browser = browser_of(world.signatory)
    page = browser.get(address(made)).content.decode()
    assert ("is being made" in page, "every 2s" in page) == (True, True)
    VersionJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="Altfor lang.")
    page = browser.get(address(made)).content.decode()
    assert ("Altfor lang." in page, "Try again" in page, "every 2s" in page) == (True, True, False)


def test_return_voids_the_signature_and_withdraws_what_is_asked_for(
    world: World, plan: PartnerPlan, lup_signatory: User
) -> None:
    signs(logged_in(lup_signatory), plan, "lup")
    client = logged_in(world.signatory)
    confirm(client, send(client, plan))
    move_plan(plan=plan, to=PlanState.NEGOTIATION, by=world.signatory, reason="Feil tal")
    assert version_jobs.do_due() == 0
    assert states() == [("LUP", "DONE"), ("COUNTY", "WITHDRAWN")]
    page = client.get(address(plan)).content.decode()
    assert ("Feil tal" in page, "Had been signed by Signatar Éin" in page) == (True, True)
    assert "sign_form" not in page


def test_a_file_of_another_plan_is_not_given(
    world: World, plan: PartnerPlan, settings: Settings
) -> None:
    other = make_plan(agreement=plan.agreement, year=2023)
    file = the_version(plan).files.get()
    client = logged_in(world.editor)
    assert client.get(address(other, "signing_file", sha256=file.sha256)).status_code == 404


def test_the_administrator_sees_the_work_and_has_it_tried_again(
    plan: PartnerPlan, browser_of: Callable[[User], Client]
) -> None:
    job = ask(version=the_version(plan), kind=JobKind.RENDER, by=None)
    VersionJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="Altfor lang.")
    administrator = browser_of(user_with(Role.ADMINISTRATOR))
    listed = reverse("admin:plans_versionjob_changelist")
    assert "Altfor lang." in administrator.get(listed).content.decode()
    for said in ("Tried again: 1.", "Left as it is: 1."):
        chosen = {"action": "try_again", "_selected_action": job.pk}
        assert said in administrator.post(listed, chosen, follow=True).content.decode()
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    one = reverse("admin:plans_versionjob_change", args=[job.pk])
    assert administrator.post(one, {"state": "DONE"}).status_code == 403


# --- Between asking and signing ---------------------------------------------------------------


def given_up(plan: PartnerPlan, by: User, party: SigningParty = SigningParty.COUNTY) -> VersionJob:
    """Return a signature that was asked for and given up."""
    job = ask(
        version=the_version(plan),
        kind=JobKind.SIGN,
        party=party,
        by=by,
        asked={"name": "Signatar Éin", "role": "", "way": "HERE"},
    )
    VersionJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="Nede.")
    job.refresh_from_db()
    return job


def test_what_was_given_up_does_not_let_somebody_sign_for_both(
    world: World, plan: PartnerPlan, browser_of: Callable[[User], Client]
) -> None:
    world.signatory.memberships.create(
        role=Role.LUP_SIGNATORY, valid_from=timezone.localdate() - timedelta(days=9)
    )
    job = given_up(plan, world.signatory)
    signs(logged_in(world.signatory), plan, "lup")
    browser_of(world.editor).post(address(plan, "sign_retry", job=job.pk))
    version_jobs.do_due()
    assert states() == [("COUNTY", "FAILED"), ("LUP", "DONE")]
    assert list(Signature.objects.values_list("party", flat=True)) == ["LUP"]


def test_nobody_signs_by_a_job_once_their_role_is_over(
    world: World, plan: PartnerPlan, browser_of: Callable[[User], Client]
) -> None:
    job = given_up(plan, world.signatory)
    world.signatory.memberships.update(valid_to=timezone.localdate())
    browser_of(world.editor).post(address(plan, "sign_retry", job=job.pk))
    version_jobs.do_due()
    assert (states(), Signature.objects.count()) == ([("COUNTY", "FAILED")], 0)


def test_a_signature_that_waits_is_not_made_once_the_role_is_over(
    world: World, plan: PartnerPlan
) -> None:
    client = logged_in(world.signatory)
    confirm(client, send(client, plan))
    world.signatory.memberships.update(valid_to=timezone.localdate())
    version_jobs.do_due()
    assert (states(), Signature.objects.count()) == ([("COUNTY", "FAILED")], 0)
