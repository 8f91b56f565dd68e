"""Log-in by OpenID Connect, against a provider that is a process of its own."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from audit.services import verify
from municipalities.models import Municipality
from tests.accounts.conftest import PASSWORD
from tests.accounts.openid import LOGIN, NUMBER, Service, details, set_up
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.municipalities import CountyFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(openid: Service, settings: Settings) -> Service:
    set_up(settings, openid)
    return openid


@pytest.fixture
def municipality(service: Service) -> Municipality:
    return MunicipalityFactory.create(organisation_number=NUMBER)


def is_in(client: Client) -> bool:
    return client.get("/arbeid/").status_code == 200


def failures() -> list[dict[str, Any]]:
    assert verify() == Event.objects.count()
    return [event.new for event in Event.objects.filter(verb="sign_in.failed").order_by("pk")]


def test_a_municipality_s_person_becomes_its_contact(
    client: Client, service: Service, municipality: Municipality
) -> None:
    answer = service.log_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/arbeid/")
    user = User.objects.get(email="radgjevar@test.example")
    assert (user.name, user.has_usable_password()) == ("Rådgjevar", False)
    [role] = user.memberships.all()
    assert (role.role, role.municipality, role.valid_from, role.valid_to) == (
        Role.MUNICIPAL_CONTACT,
        municipality,
        timezone.localdate(),
        None,
    )
    assert is_in(client)
    # Nothing of the person is kept that nobody needs, the national identity number least of all.
    [account] = user.socialaccount_set.all()
    assert account.extra_data == {"organisations": [NUMBER], "memberships": [role.pk]}
    assert [(event.verb, event.target_label) for event in Event.objects.order_by("pk")] == [
        ("user.made", "Rådgjevar"),
        ("role.given", "Rådgjevar"),
        ("sign_in", "Rådgjevar"),
    ]
    # Again, from somewhere else: the same user, the same role.
    service.log_in(Client())
    assert User.objects.filter(email="radgjevar@test.example").count() == 1
    assert Membership.objects.filter(user=user).count() == 1


def test_a_county_s_person_becomes_its_editor(client: Client, service: Service) -> None:
    county = CountyFactory.create(organisation_number=NUMBER)
    service.log_in(client)
    [role] = Membership.objects.all()
    assert (role.role, role.county) == (Role.COUNTY_EDITOR, county)


def test_what_we_ask_for(client: Client, service: Service, municipality: Municipality) -> None:
    service.back(client, "?auth_params=acr_values%3Dlow%26prompt%3Dnone&scope=admin")
    asked = service.asked()
    assert asked["acr_values"] == "substantial high"
    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert "prompt" not in asked
    assert asked["code_challenge_method"] == "S256"
    assert asked["authorization_details"] == (
        '[{"type": "ansattporten:altinn:resource", "resource": "urn:altinn:resource:lupplan"}]'
    )
    first = asked["nonce"]
    service.back(client)
    assert service.asked()["nonce"] != first


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "ein annan"}, "OAuth2Error: nonce is wrong"),
        ({"nonce": None}, 'OAuth2Error: id_token: Token is missing the "nonce" claim'),
        ({"acr": "low"}, "OAuth2Error: acr is low"),
        ({"acr": None}, "OAuth2Error: acr is None"),
        ({"aud": "ein annan"}, "OAuth2Error: id_token: Audience doesn't match"),
        ({"aud": ["lupplan", "ein annan"]}, "OAuth2Error: azp is missing"),
        ({"azp": "ein annan"}, "OAuth2Error: azp is another client"),
        ({"iss": "https://evil.example"}, "OAuth2Error: id_token: Invalid issuer"),
        ({"exp": 1_600_000_000}, "OAuth2Error: id_token: Signature has expired"),
        ({"forged": True}, "OAuth2Error: id_token: Signature verification failed"),
    ],
)
def test_a_token_that_can_not_be_trusted(
    client: Client,
    service: Service,
    municipality: Municipality,
    claims: dict[str, Any],
    reason: str,
) -> None:
    service.says(**claims)
    answer = service.log_in(client)
    assert "socialaccount/authentication_error.html" in [t.name for t in answer.templates]
    assert not is_in(client)
    assert User.objects.count() == 0
    assert failures() == [{"service": "ansattporten", "reason": reason}]


def test_a_code_works_once(client: Client, service: Service, municipality: Municipality) -> None:
    back = service.back(client)
    assert client.get(back).status_code == 302
    client.post("/konto/logout/")
    # The same answer again: our state is used up. With a state of its own: the provider's code is.
    assert client.get(back).status_code == 401
    code = parse_qs(urlsplit(back).query)["code"][0]
    fresh = parse_qs(urlsplit(service.back(client)).query)["state"][0]
    assert client.get(f"{LOGIN}tilbake/?code={code}&state={fresh}").status_code == 401
    assert not is_in(client)


def test_an_answer_to_somebody_else_s_log_in(
    client: Client, service: Service, municipality: Municipality
) -> None:
    other = Client()
    assert other.get(service.back(client)).status_code == 401
    # Nor does a stolen code fit another browser's state: PKCE and nonce are of one log-in.
    code = parse_qs(urlsplit(service.back(client)).query)["code"][0]
    state = parse_qs(urlsplit(service.back(other)).query)["state"][0]
    assert other.get(f"{LOGIN}tilbake/?code={code}&state={state}").status_code == 401
    assert not is_in(other)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "0192:312345678",
        details("987654321"),
        details(NUMBER, resource="urn:altinn:resource:another"),
        details(NUMBER, type="ansattporten:altinn:service"),
    ],
)
def test_an_organisation_that_nobody_knows(
    client: Client, service: Service, municipality: Municipality, authorization: Any
) -> None:
    service.says(authorization_details=authorization)
    answer = service.log_in(client)
    assert answer.status_code == 403
    assert failures() == [{"service": "ansattporten", "reason": "unknown organisation"}]
    assert (User.objects.count(), is_in(client)) == (0, False)


@pytest.mark.parametrize("address", ["radgjevar@test.example", "RADGJEVAR@TEST.example"])
def test_an_address_that_belongs_to_somebody_opens_nothing(
    client: Client, service: Service, municipality: Municipality, address: str
) -> None:
    UserFactory.create(email="radgjevar@test.example")
    service.says(email=address)
    answer = service.log_in(client)
    assert answer.status_code == 403
    assert failures() == [{"service": "ansattporten", "reason": "e-mail address taken"}]
    assert (Membership.objects.count(), is_in(client)) == (0, False)


@pytest.mark.parametrize("claims", [{"email": None}, {"email_verified": False}])
def test_nobody_new_without_an_address_of_their_own(
    client: Client, service: Service, municipality: Municipality, claims: dict[str, Any]
) -> None:
    service.says(**claims)
    assert service.log_in(client).status_code == 403
    assert failures() == [{"service": "ansattporten", "reason": "no account"}]
    assert User.objects.count() == 0


def test_one_adds_the_service_oneself_and_then_logs_in_by_it(
    client: Client, service: Service, municipality: Municipality
) -> None:
    user = UserFactory.create(email="radgjevar@test.example")
    user.set_password(PASSWORD)
    user.save()
    service.says(email=None)
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    asked = service.log_in(client, "?process=connect")
    # The password once more first: somebody at an open screen shall not add a way in.
    assert asked["Location"].startswith("/konto/stadfest/")
    assert user.socialaccount_set.count() == 0
    client.post(asked["Location"], {"password": PASSWORD})
    assert user.socialaccount_set.count() == 1
    elsewhere = Client()
    assert service.log_in(elsewhere).status_code == 302
    assert elsewhere.session["_auth_user_id"] == str(user.pk)
    [role] = user.memberships.all()
    assert role.municipality == municipality


def test_a_role_ends_with_the_right_that_gave_it(
    client: Client, service: Service, municipality: Municipality
) -> None:
    service.log_in(client)
    user = User.objects.get()
    Membership.objects.update(valid_from="2020-01-01")
    by_hand = MembershipFactory.create(user=user, role=Role.LUP_ADVISER)
    new = MunicipalityFactory.create(organisation_number="987654321")
    service.says(authorization_details=details("987654321"))
    service.log_in(Client())
    today = timezone.localdate()
    rows = Membership.objects.filter(user=user).order_by("pk")
    assert [(row.municipality, row.valid_to) for row in rows] == [
        (municipality, today),
        (None, None),
        (new, None),
    ]
    assert by_hand.pk == rows[1].pk


def test_a_level_of_assurance_is_a_second_factor(
    client: Client, service: Service, settings: Settings
) -> None:
    CountyFactory.create(organisation_number=NUMBER)
    settings.MFA_REQUIRED_ROLES = ["COUNTY_EDITOR"]
    service.log_in(client)
    assert is_in(client)
    again = Client()
    again.force_login(User.objects.get())
    assert again.get("/arbeid/")["Location"] == "/konto/tofaktor/"


def test_one_comes_back_to_the_page_one_asked_for(
    client: Client, service: Service, municipality: Municipality
) -> None:
    assert service.log_in(client, "?next=/planar/")["Location"] == "/planar/"
    away = service.log_in(Client(), "?next=https://evil.example/")
    assert away["Location"] == "/arbeid/"


def test_sixty_tries_a_minute_from_one_address(client: Client, service: Service) -> None:
    answers = [client.get(f"{LOGIN}tilbake/").status_code for _try in range(61)]
    assert (answers[0], answers[59], answers[60]) == (401, 401, 429)
    # An answer that no log-in of ours asked for is not worth an event.
    assert failures() == []


def test_the_button_and_where_its_form_may_lead(client: Client, service: Service) -> None:
    page = client.get("/konto/login/?next=/planar/").content.decode()
    assert f'action="{LOGIN}?process=login&amp;next=%2Fplanar%2F"' in page
    assert client.get(LOGIN).status_code == 200
