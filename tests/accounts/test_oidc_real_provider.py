"""Log-in by OpenID Connect against a provider that others have made and that never lies.

What only a lying provider can show (a forged signature, another audience) is in test_oidc.py.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from allauth.socialaccount.internal.statekit import STATES_SESSION_KEY
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from audit.services import verify
from municipalities.models import Municipality
from tests.accounts.openid import ASKED, LEVEL, NUMBER, client_key, set_up
from tests.accounts.real_openid import RealService, started
from tests.factories.accounts import UserFactory
from tests.factories.municipalities import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealService]:
    with started(tmp_path_factory.mktemp("provider")) as process:
        yield process


@pytest.fixture
def app(process: RealService, settings: Settings) -> dict[str, Any]:
    """Lupplan's set-up of the log-in service."""
    set_up(settings, process)
    app: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS["oidc"]["APPS"][0]["settings"]
    app["scope"] = ["openid", "profile", "email"]
    return app


@pytest.fixture
def service(process: RealService, app: dict[str, Any]) -> RealService:
    return process


@pytest.fixture
def municipality(service: RealService) -> Municipality:
    return MunicipalityFactory.create(organisation_number=NUMBER)


def is_in(client: Client) -> bool:
    return client.get("/arbeid/").status_code == 200


def failures() -> list[str]:
    assert verify() == Event.objects.count()
    return [
        event.new["reason"] for event in Event.objects.filter(verb="sign_in.failed").order_by("pk")
    ]


def only(address: str, name: str) -> str:
    [value] = parse_qs(urlsplit(address).query)[name]
    return value


def changed(address: str, **values: str) -> str:
    parts = urlsplit(address)
    return parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **values})).geturl()


def test_a_municipality_s_person_becomes_its_contact(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    answer = service.log_in(client)
    assert failures() == []
    assert (answer.status_code, answer["Location"]) == (302, "/arbeid/")
    [user] = User.objects.all()
    assert (user.email, user.name) == ("radgjevar@test.example", "Rådgjevar")
    [role] = user.memberships.all()
    assert (role.role, role.municipality, role.valid_from, role.valid_to) == (
        Role.MUNICIPAL_CONTACT,
        municipality,
        timezone.localdate(),
        None,
    )
    [account] = user.socialaccount_set.all()
    assert account.uid == "person-1"
    assert account.extra_data == {"organisations": [NUMBER], "memberships": [role.pk]}
    assert is_in(client)


def test_what_the_provider_understood(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    address = service.there(client)
    service.back(address)
    asked = service.asked()
    assert asked["nonce"] == only(address, "nonce")
    assert asked["code_challenge_method"] == "S256"
    assert asked["acr_values"] == f"{LEVEL} high"
    assert asked["authorization_details"] == (
        f'[{{"type": "{ASKED[0]["type"]}", "resource": "{ASKED[0]["resource"]}"}}]'
    )


def test_a_level_that_is_too_low(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    service.says(acr="low")
    assert service.log_in(client).status_code == 401
    assert failures() == ["OAuth2Error: acr is low"]
    assert (User.objects.count(), is_in(client)) == (0, False)


def test_a_nonce_of_another_log_in(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    # The address is changed on its way: the provider answers, truly, what it was asked.
    address = service.there(client)
    other = only(service.there(Client()), "nonce")
    answer = client.get(service.back(changed(address, nonce=other)))
    assert answer.status_code == 401
    assert failures() == ["OAuth2Error: nonce is wrong"]
    assert (User.objects.count(), is_in(client)) == (0, False)


def test_a_code_works_once(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    back = service.back(service.there(client))
    begun = client.session[STATES_SESSION_KEY]
    assert client.get(back).status_code == 302
    client.post("/konto/logout/")
    # The same answer again: our state is used up, and nothing is asked of the provider.
    assert client.get(back).status_code == 401
    assert failures() == []
    # With state, verifier and nonce as they were: the provider's code is used up.
    again = Client()
    session = again.session
    session[STATES_SESSION_KEY] = begun
    session.save()
    assert again.get(back).status_code == 401
    [reason] = failures()
    assert "invalid_grant" in reason
    assert (is_in(client), is_in(again)) == (False, False)


def test_a_stolen_code_does_not_fit_another_log_in(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    back = service.back(service.there(client))
    thief = Client()
    state = only(service.there(thief), "state")
    assert thief.get(changed(back, state=state)).status_code == 401
    [reason] = failures()
    assert "invalid_grant" in reason
    assert not is_in(thief)


def test_another_client_s_key(
    client: Client,
    service: RealService,
    municipality: Municipality,
    app: dict[str, Any],
    tmp_path: Any,
) -> None:
    app["private_key"] = client_key(tmp_path)[1]
    assert service.log_in(client).status_code == 401
    [reason] = failures()
    assert "invalid_client" in reason
    assert User.objects.count() == 0


@pytest.mark.parametrize("organisations", [(), ("987654321",)])
def test_an_organisation_that_nobody_knows(
    client: Client,
    service: RealService,
    municipality: Municipality,
    organisations: tuple[str, ...],
) -> None:
    service.says(organisations=organisations)
    assert service.log_in(client).status_code == 403
    assert failures() == ["unknown organisation"]
    assert (User.objects.count(), is_in(client)) == (0, False)


def test_a_kind_of_right_that_the_provider_does_not_know(
    client: Client, service: RealService, municipality: Municipality, app: dict[str, Any]
) -> None:
    app["authorization_details"] = [{**ASKED[0], "type": "ansattporten:another"}]
    back = service.back(service.there(client))
    assert only(back, "error") == "invalid_authorization_details"
    assert client.get(back).status_code == 401
    assert (User.objects.count(), is_in(client)) == (0, False)


def test_an_address_that_belongs_to_somebody_opens_nothing(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    UserFactory.create(email="radgjevar@test.example")
    assert service.log_in(client).status_code == 403
    assert failures() == ["e-mail address taken"]
    assert (Membership.objects.count(), is_in(client)) == (0, False)


def test_nobody_new_with_an_address_that_is_not_verified(
    client: Client, service: RealService, municipality: Municipality
) -> None:
    service.says(email_verified=False)
    assert service.log_in(client).status_code == 403
    assert failures() == ["no account"]
    assert User.objects.count() == 0
