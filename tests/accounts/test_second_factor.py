"""Codes from an app, recovery codes, and the roles that can't do without."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from tests.accounts.conftest import PASSWORD
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db
APP = "/konto/tofaktor/totp/activate/"


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the six digits that an app shows (RFC 6238), ``steps`` × 30 s from now."""
    key = base64.b32decode(secret)
    moment = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(key, moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.fixture
def user() -> User:
    user = user_with(Role.ADMINISTRATOR)
    user.set_password(PASSWORD)
    user.save()
    return user


def logged_in(user: User) -> Client:
    client = Client()
    answer = client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def set_up(client: Client) -> str:
    """Set up the app for whoever is logged in, and return its secret."""
    assert client.get(APP)["Location"].startswith("/konto/stadfest/")
    assert client.post("/konto/stadfest/", {"password": PASSWORD}).status_code == 302
    secret: str = client.get(APP).context["form"].secret
    answer = client.post(APP, {"code": code_of(secret)})
    assert answer.status_code == 302
    return secret


# allauth tells of a new app when the transaction has ended.
@pytest.mark.django_db(transaction=True)
def test_the_app_is_asked_for_from_then_on(user: User) -> None:
    secret = set_up(logged_in(user))
    client = logged_in(user)
    assert client.get("/arbeid/").status_code == 302
    asked = client.get("/konto/tofaktor/authenticate/")
    assert asked.status_code == 200
    wrong = client.post("/konto/tofaktor/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    # The code that set the app up can't be used once more: this is the next one.
    right = client.post("/konto/tofaktor/authenticate/", {"code": code_of(secret, steps=1)})
    assert right["Location"] == "/arbeid/"
    assert client.get("/arbeid/").status_code == 200
    kept = [(event.verb, event.old, event.new) for event in Event.objects.order_by("pk")]
    assert kept == [
        ("sign_in", {}, {"how": ["password"]}),
        ("mfa.added", {}, {"kind": "totp"}),
        ("mfa.added", {}, {"kind": "recovery_codes"}),
        ("sign_in.failed", {}, {"reason": "totp"}),
        ("sign_in", {}, {"how": ["password", "mfa"]}),
    ]


def test_a_code_works_once(user: User) -> None:
    secret = set_up(logged_in(user))
    code = code_of(secret, steps=1)
    for status in (302, 200):
        client = logged_in(user)
        answer = client.post("/konto/tofaktor/authenticate/", {"code": code})
        assert answer.status_code == status


def test_a_recovery_code_works_once(user: User) -> None:
    first = logged_in(user)
    set_up(first)
    page = first.get("/konto/tofaktor/recovery-codes/").content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(codes) == 10
    assert first.get("/konto/tofaktor/recovery-codes/download/").status_code == 200
    for status in (302, 200):
        answer = logged_in(user).post("/konto/tofaktor/authenticate/", {"code": codes[0]})
        assert answer.status_code == status


def test_six_digits_can_not_be_guessed(user: User) -> None:
    secret = set_up(logged_in(user))
    client = logged_in(user)
    for _attempt in range(10):
        client.post("/konto/tofaktor/authenticate/", {"code": "000000"})
    right = client.post("/konto/tofaktor/authenticate/", {"code": code_of(secret, steps=1)})
    assert right.status_code == 200


def test_without_the_app_a_demanding_role_opens_nothing(user: User, settings: Settings) -> None:
    settings.MFA_REQUIRED_ROLES = ["ADMINISTRATOR"]
    client = logged_in(user)
    for address in ("/arbeid/", "/admin/", "/", "/planar/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/konto/tofaktor/")
    assert client.get("/hjelp/").status_code == 200
    assert client.get("/konto/tofaktor/").status_code == 200
    set_up(client)
    assert client.get("/arbeid/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_others_are_not_asked(user: User, settings: Settings) -> None:
    settings.MFA_REQUIRED_ROLES = ["COUNTY_SIGNATORY"]
    assert logged_in(user).get("/arbeid/").status_code == 200


def test_taking_the_app_away_asks_for_a_code_first(user: User) -> None:
    first = logged_in(user)
    set_up(first)
    session = first.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    answer = first.post("/konto/tofaktor/totp/deactivate/")
    assert answer["Location"].startswith("/konto/tofaktor/reauthenticate/") or answer[
        "Location"
    ].startswith("/konto/stadfest/")
    assert first.get("/konto/tofaktor/").context["authenticators"]["totp"] is not None


@pytest.mark.parametrize(
    "address",
    [
        "/konto/login/",
        "/konto/tofaktor/webauthn/add/",
        "/konto/tofaktor/webauthn/",
        "/konto/tofaktor/recovery-codes/generate/",
        "/konto/tofaktor/totp/deactivate/",
        "/konto/passord/",
        "/konto/stadfest/",
        "/konto/logout/",
    ],
)
def test_pages_are_ours_and_run_no_inline_script(user: User, address: str) -> None:
    client = Client()
    if address != "/konto/login/":
        client = logged_in(user)
        set_up(client)
    page = client.get(address)
    assert page.status_code == 200
    html = page.content.decode()
    assert 'class="lp-header"' in html
    scripts = re.findall(r"<script([^>]*)>", html)
    assert [s for s in scripts if "src=" not in s and 'type="application/json"' not in s] == []
    for data in re.findall(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', html, re.S):
        json.loads(data)


def test_the_administrator_takes_a_lost_app_away_and_sees_no_secret(user: User) -> None:
    other = user_with(Role.LUP_ADVISER)
    other.set_password(PASSWORD)
    other.save()
    secret = set_up(logged_in(other))
    app = Authenticator.objects.get(user=other, type="totp")
    client = logged_in(user)
    page = client.get(f"/admin/mfa/authenticator/{app.pk}/change/")
    assert page.status_code == 200
    assert secret not in page.content.decode()
    assert client.get("/admin/mfa/authenticator/add/").status_code == 403
    for missing in ("account/emailaddress", "socialaccount/socialapp", "socialaccount/socialtoken"):
        assert client.get(f"/admin/{missing}/").status_code == 404
    gone = client.post(f"/admin/mfa/authenticator/{app.pk}/delete/", {"post": "yes"})
    assert gone.status_code == 302
    assert logged_in(other).get("/arbeid/").status_code == 200
    event = Event.objects.filter(verb="mfa.removed").get()
    assert (event.actor, event.target_id, event.old) == (user, str(other.pk), {"kind": "totp"})
