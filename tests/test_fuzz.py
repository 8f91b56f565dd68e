"""Every form with hostile text: no fault of the server, nothing half-written, all of it escaped."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.enums import Role
from accounts.models import Invitation, Membership, Notice, User
from accounts.services.invitations import invite
from audit.models import Event
from audit.services import verify
from municipalities.models import Municipality
from plans.enums import PlanState
from plans.models import (
    Contribution,
    ContributionArea,
    ContributionRound,
    ContributionUse,
    FocusArea,
    LupCapacity,
    Measure,
    PartnerPlan,
    PlanPart,
    PlanText,
    RoundInvitation,
)
from tests.factories.accounts import user_with
from tests.factories.contributions import SAID, make_contribution, make_round
from tests.factories.municipalities import (
    CountyFactory,
    MunicipalityFactory,
    ProcurementCooperationFactory,
)
from tests.factories.plans import AgreementFactory, area_of, make_plan
from tests.factories.versions import set_state

SCRIPT = "<script>alert(7)</script>"
IMAGE = "\"><img src=x onerror='alert(7)'>"
HOSTILE = [
    SCRIPT,
    IMAGE,
    "{{ settings.SECRET_KEY }}{% load x %}",
    "=cmd|' /C calc'!A0",
    "\u202eesrever\u2066\u200f\u0000",
    "nul\x00midt i",
    "\ud800lone\udfff",
    "\N{FAMILY}\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f" * 3,
    "a" * 1_000_000,
    "\x01\x07\x1b[31m\x7f\x85\u2028\u2029\ufffe\uffff",
    "'; DROP TABLE plans_measure; --",
    "../../../../etc/passwd",
    "%s%n%(x)s{0}",
    "9" * 5000,
    str(10**30),
    "-1",
    "1e999",
    "NaN",
    "٣",
    "a@b.no\nBcc: c@d.no",
    "\r\n\r\n",
    "Z̸̡̛͔" * 60,
]
TEXTS = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=200)
ROWS: tuple[type[models.Model], ...] = (
    PartnerPlan,
    PlanText,
    PlanPart,
    FocusArea,
    Measure,
    Measure.municipalities.through,
    Measure.cooperations.through,
    User,
    Membership,
    Invitation,
    LupCapacity,
    Notice,
    ContributionRound,
    RoundInvitation,
    Contribution,
    ContributionUse,
    ContributionArea,
    Event,
)
Form = dict[str, str]


def rows(*, events: bool = True) -> list[list[dict[str, Any]]]:
    """Return all that a form could write, with the log's events or without them."""
    models = [model for model in ROWS if events or model is not Event]
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def send(client: Client, address: str, form: Form) -> Any:
    """Send a form as bytes that a browser never would: lone surrogates and all."""
    body = "&".join(
        f"{name}={quote(value, errors='surrogatepass')}" for name, value in form.items()
    )
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def attack(
    client: Client,
    address: str,
    filled: Form,
    *,
    then: tuple[str, ...] = (),
    saves: bool = True,
    logs_refusal: bool = False,
) -> None:
    """Send ``filled`` with hostile texts in some of its fields, again and again.

    ``then`` are the pages that show what was saved; ``logs_refusal``: a refused try is an event.
    """

    @settings(max_examples=40, deadline=None, database=None, derandomize=True)
    @given(st.dictionaries(st.sampled_from(sorted(filled)), TEXTS, min_size=1, max_size=2))
    def each(typed: Form) -> None:
        form = {**filled, **typed}
        if "version" in filled and "version" not in typed:
            # The newest: else all but the first would stop at a conflict.
            form["version"] = str(client.get(address).context["form"]["version"].value())
        before = rows(events=not logs_refusal)
        answer = send(client, address, form)
        assert answer.status_code in (200, 302, 400, 409, 422, 429)
        if answer.status_code == 302:
            saved.append(form)
        else:
            assert rows(events=not logs_refusal) == before
        pages = [answer, *(client.get(page) for page in then)]
        for page in pages:
            assert page.status_code < 500
            content = page.content.decode()
            assert SCRIPT not in content
            assert "<img src=x" not in content

    saved: list[Form] = []
    each()
    # Some of it is text like any other, which is saved and shown.
    assert bool(saved) == saves
    verify()


@pytest.fixture
def plan(db: None) -> PartnerPlan:
    return make_plan(county=CountyFactory.create(slug="fjordane"), measures=1)


@pytest.fixture
def editor(plan: PartnerPlan) -> Client:
    client = Client()
    client.force_login(user_with(Role.COUNTY_EDITOR, county=plan.agreement.county))
    return client


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def test_the_measure_form(plan: PartnerPlan, editor: Client) -> None:
    municipality = MunicipalityFactory.create(county=plan.agreement.county)
    measure = Measure.objects.in_plan(plan.pk)[0]
    filled = {
        "version": "1",
        "title": "Kurs",
        "kind": "COURSE",
        "description": "Om kurset",
        "purpose": "",
        "expected_result": "",
        "language": "nn",
        "target_groups": "COUNTY",
        "responsible": "LUP",
        "responsible_role": "rådgjevar",
        "municipality_scope": "CHOSEN",
        "municipalities": str(municipality.pk),
        "cooperations": "",
        "period_unit": "DATES",
        "starts_on": "2022-01-01",
        "ends_on": "2022-02-01",
        "lup_days_q1": "1.5",
        "cost_nok": "5",
    }
    filled.pop("cooperations")
    attack(
        editor,
        url("measure_edit", plan, measure.key),
        filled,
        then=(
            url("measure", plan, "1.1"),
            url("bench", plan),
            url("measure_history", plan, measure.key),
        ),
    )


def test_lups_days(plan: PartnerPlan) -> None:
    PartnerPlan.objects.update(state=PlanState.NEGOTIATION)
    adviser = Client()
    adviser.force_login(user_with(Role.LUP_ADVISER))
    days = {f"days_q{quarter}": "1.5" for quarter in range(1, 5)}
    assert adviser.post(url("lup_days_edit", plan), days).status_code == 302
    filled = {"version": "1", **days}
    attack(
        adviser,
        url("lup_days_edit", plan),
        filled,
        then=(url("lup_days", plan), url("bench", plan)),
    )


def test_a_reason_for_going_back(plan: PartnerPlan, editor: Client) -> None:
    for text in HOSTILE:
        set_state(PartnerPlan.objects.get(), PlanState.FOR_SIGNATURE)
        answer = send(editor, url("move", plan, "tilbake"), {"reason": text})
        assert answer.status_code in (302, 422)
        page = editor.get(url("life", plan))
        assert page.status_code == 200
        assert SCRIPT not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
    verify()


@pytest.mark.parametrize("name", ["municipalities", "cooperations", "version", "choose"])
@pytest.mark.parametrize("value", [str(10**30), "-1", "9" * 5000, "\x00", "\ud800", "٣", ""])
def test_keys_that_are_none(plan: PartnerPlan, editor: Client, name: str, value: str) -> None:
    filled = {"title": "Kurs", "kind": "COURSE", "language": "nn"}
    filled |= {"municipality_scope": "CHOSEN", "period_unit": "QUARTERS", name: value}
    answer = send(editor, url("measure_new", plan, area_of(plan).key), filled)
    assert answer.status_code in (200, 302, 422)


@pytest.mark.parametrize("field", ["move", "position", "focus_area"])
def test_a_move(plan: PartnerPlan, editor: Client, field: str) -> None:
    measure = Measure.objects.in_plan(plan.pk)[0]
    for text in HOSTILE:
        answer = send(editor, url("measure_move", plan, measure.key), {field: text})
        assert answer.status_code in (302, 404)


@pytest.mark.parametrize(
    ("name", "args", "filled"),
    [
        ("text_edit", ["background"], {"version": "1", "body": "Om", "language": "nn"}),
        ("part_edit", [1], {"version": "1", "introduction": "Om", "language": "nn"}),
        ("title_edit", [], {"version": "1", "title": "Plan"}),
    ],
)
def test_the_texts(
    plan: PartnerPlan, editor: Client, name: str, args: list[object], filled: Form
) -> None:
    attack(
        editor,
        url(name, plan, *args),
        filled,
        then=(url("plan", plan), url("plan_history", plan)),
    )


def test_the_focus_area(plan: PartnerPlan, editor: Client) -> None:
    filled = {"version": "1", "title": "Område", "description": "Om", "language": "nn"}
    address = url("area_edit", plan, area_of(plan).key)
    attack(editor, address, filled, then=(url("plan", plan), url("bench", plan)))


def test_a_new_plan(plan: PartnerPlan, editor: Client) -> None:
    agreement = AgreementFactory.create(
        county=CountyFactory.create(), programme=plan.agreement.programme
    )
    user = User.objects.get(memberships__county=plan.agreement.county)
    user.memberships.create(
        role=Role.COUNTY_EDITOR, county=agreement.county, valid_from="2019-01-01"
    )
    filled = {"agreement": str(agreement.pk), "year": "2022", "title": "Plan"}
    attack(editor, reverse("plans:plan_new"), filled, then=(reverse("plans:work"),))


def place_of(plan: PartnerPlan) -> tuple[str, Municipality]:
    municipality = MunicipalityFactory.create(county=plan.agreement.county)
    return f"MUNICIPAL_CONTACT:municipality:{municipality.pk}", municipality


def test_an_invitation(
    plan: PartnerPlan,
    editor: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    place, _municipality = place_of(plan)
    filled = {"email": "ny@test.example", "place": place, "language": "nn"}
    address = reverse("people:invite")
    # Each of the three is an address, or one of a few codes: no hostile text is either.
    attack(editor, address, filled, then=(reverse("people:list"),), saves=False)
    # What gets as far as the mail: the sender's own name, and a strange address.
    User.objects.update(name=f"{SCRIPT}{IMAGE}")
    strange = f'"{SCRIPT}"@test.example'
    with django_capture_on_commit_callbacks(execute=True):
        assert send(editor, address, {**filled, "email": strange}).status_code == 302
    (message,) = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert (message.to, message.bcc) == ([strange], [])
    html = str(message.alternatives[0][0]) + editor.get(reverse("people:list")).content.decode()
    assert (SCRIPT in html, "<img src=x" in html) == (False, False)
    assert SCRIPT in str(message.body)  # plain text is not to be escaped


def test_accepting_an_invitation(
    plan: PartnerPlan, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    _place, municipality = place_of(plan)
    tokens: list[str] = []
    # Log-in begins a session: what is saved is another form's business.
    for text in HOSTILE:
        with django_capture_on_commit_callbacks(execute=True):
            invite(
                email=f"ny{len(tokens)}@test.example",
                role=Role.MUNICIPAL_CONTACT,
                organisation={"municipality": municipality},
                language="nn",
                link=lambda token: tokens.append(token) or token,  # type: ignore[func-returns-value]
                by=user_with(Role.COUNTY_EDITOR, county=plan.agreement.county),
            )
        address = reverse("people:accept", args=[tokens[-1]])
        before = rows()
        for form in ({"name": text, "password": "kort"}, {"name": "Ny", "password": text}):
            client = Client()
            answer = send(client, address, form)
            assert answer.status_code in (302, 400, 422)
            if answer.status_code == 302:
                break
            assert rows() == before
            assert SCRIPT not in answer.content.decode()
        assert (
            send(Client(), address + quote(text[:50], errors="surrogatepass"), {}).status_code
            == 404
        )
    verify()


def test_ones_own_data(plan: PartnerPlan, editor: Client) -> None:
    filled = {"name": "Redaktør", "language": "nn"}
    address = reverse("people:account")
    attack(editor, address, filled, then=(address, reverse("plans:work")))


def test_log_in(db: None) -> None:
    # By both names of the address that a log-in form may have.
    filled = {"username": "a@b.example", "login": "a@b.example", "password": "feil"}
    attack(Client(), reverse("accounts:login"), filled, saves=False, logs_refusal=True)


def test_forgotten_password(db: None) -> None:
    filled = {"email": "a@b.example"}
    address = reverse("account_reset_password")
    attack(Client(), address, filled, saves=False, logs_refusal=True)


def test_changing_the_password(editor: Client) -> None:
    filled = {"oldpassword": "feil", "password1": "eit-langt-passord-1", "password2": "eit-langt"}
    address = reverse("account_change_password")
    attack(editor, address, filled, saves=False, logs_refusal=True)


@pytest.fixture
def asked(plan: PartnerPlan) -> PartnerPlan:
    """The plan in consultation, with a round that stays open."""
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.CONSULTATION)
    make_round(plan)
    return PartnerPlan.objects.with_parties().get(pk=plan.pk)


def input_url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def test_writing_and_sending_input(asked: PartnerPlan, editor: Client) -> None:
    body = ProcurementCooperationFactory.create(county=asked.agreement.county, key="lag")
    contributor = Client()
    contributor.force_login(user_with(Role.CONTRIBUTOR, cooperation=body))
    filled = {**SAID, "sender": "COOPERATION:lag", "send": "1"}
    inbox = input_url("contribution_inbox", asked)
    own = reverse("plans:contributions_own")
    attack(contributor, input_url("contribution_new", asked), filled, then=(own,))
    assert editor.get(inbox).status_code == 200
    assert SCRIPT not in editor.get(inbox).content.decode()


def test_changing_input(asked: PartnerPlan) -> None:
    body = ProcurementCooperationFactory.create(county=asked.agreement.county)
    contributor = Client()
    contributor.force_login(user_with(Role.CONTRIBUTOR, cooperation=body))
    found = make_contribution(asked, body)
    page = input_url("contribution", asked, found.key)
    filled = {**SAID, "version": ""}
    attack(contributor, input_url("contribution_edit", asked, found.key), filled, then=(page,))


def test_answering_input(asked: PartnerPlan, editor: Client) -> None:
    body = ProcurementCooperationFactory.create(county=asked.agreement.county)
    found = make_contribution(asked, body)
    measure = Measure.objects.in_plan(asked.pk)[0]
    filled = {
        "version": "",
        "decision": "ACCEPTED",
        "answer": "Takk.",
        "measure": str(measure.key),
        "extent": "PART",
        "note": "Kurset",
        "focus_area": "",
    }
    page = input_url("contribution", asked, found.key)
    attack(editor, input_url("contribution_answer", asked, found.key), filled, then=(page,))


def test_a_round_of_input(asked: PartnerPlan, editor: Client) -> None:
    ProcurementCooperationFactory.create(county=asked.agreement.county, key="lag")
    filled = {
        "version": "",
        "closes_on": "2999-12-31",
        "message": "Kva treng de?",
        "cooperations": "COOPERATION:lag",
    }
    then = (input_url("contribution_inbox", asked),)
    attack(editor, input_url("round_edit", asked), filled, then=then)
