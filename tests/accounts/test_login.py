"""Log-in with e-mail and password, a forgotten password, limits, and what the audit log keeps."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from audit.models import Event
from audit.services import verify
from tests.accounts.conftest import PASSWORD
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"


@pytest.fixture
def user() -> User:
    user = UserFactory.create(email="ho@test.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client: Client, email: str, password: str, **query: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **query})


def events() -> list[tuple[str, str, dict[str, object]]]:
    assert verify() == Event.objects.count()
    return [(event.verb, event.target_label, event.new) for event in Event.objects.order_by("pk")]


def test_in_and_out_again(client: Client, user: User) -> None:
    answer = log_in(client, "HO@test.example", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, reverse("plans:work"))
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.post("/konto/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert events() == [
        ("sign_in", "Ho", {"how": ["password"]}),
        ("sign_out", "Ho", {}),
    ]


def test_one_comes_to_the_page_one_asked_for_and_to_no_other_site(
    client: Client, user: User
) -> None:
    asked = client.get("/arbeid/")
    assert asked["Location"] == f"{LOGIN}?next=/arbeid/"
    answer = client.post(asked["Location"], {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/arbeid/"
    client.post("/konto/logout/")
    away = client.post(
        f"{LOGIN}?next=https://evil.example/", {"login": user.email, "password": PASSWORD}
    )
    assert away["Location"] == reverse("plans:work")


def test_a_wrong_password_and_an_unknown_address_answer_the_same(
    client: Client, user: User
) -> None:
    pages = []
    for email in (user.email, "ukjend@test.example"):
        page = log_in(client, email, "feil passord er feil").content.decode()
        page = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page)
        pages.append(page.replace(email, ""))
    assert pages[0] == pages[1]
    assert events() == [
        ("sign_in.failed", "Ho", {"reason": "password"}),
        ("sign_in.failed", "", {"reason": "unknown address"}),
    ]


def test_a_closed_account_gets_in_nowhere(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert log_in(client, user.email, PASSWORD)["Location"] == "/konto/stengd/"
    assert client.get("/konto/stengd/").status_code == 200
    assert client.get("/arbeid/").status_code == 302


def test_five_wrong_passwords_stop_the_right_one_also_from_elsewhere(
    client: Client, user: User
) -> None:
    for _attempt in range(5):
        log_in(client, user.email, "feil passord er feil")
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(elsewhere, user.email, PASSWORD).status_code == 200
    assert "_auth_user_id" not in elsewhere.session


def test_thirty_pages_a_minute_from_one_address(client: Client, user: User) -> None:
    answers = [client.post(LOGIN, {}).status_code for _attempt in range(31)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    before = User.objects.count()
    page = client.post(
        "/konto/registrer/",
        {"email": "ny@test.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert page.templates[0].name == "account/signup_closed.html"
    assert User.objects.count() == before


def test_a_forgotten_password(
    client: Client,
    user: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/konto/passord/gloymt/", {"email": user.email})
    assert answer["Location"] == "/konto/passord/gloymt/sendt/"
    [letter] = mail.outbox
    assert letter.to == [user.email]
    link = re.search(r"https://testserver(/\S+)", letter.body)
    assert link is not None
    form = client.get(link[1])
    assert form["Location"].endswith("set-password/")
    new = "eit heilt anna passord 7"
    client.post(form["Location"], {"password1": new, "password2": new})
    assert log_in(client, user.email, new).status_code == 302
    used = Client().get(link[1])
    assert used.context["token_fail"] is True
    assert events() == [
        ("password.reset", "Ho", {}),
        ("sign_in", "Ho", {"how": ["password"]}),
    ]


def test_reset_tells_nobody_who_has_an_account(
    client: Client,
    user: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        known = client.post("/konto/passord/gloymt/", {"email": user.email})
        unknown = client.post("/konto/passord/gloymt/", {"email": "ukjend@test.example"})
    assert known["Location"] == unknown["Location"]
    # Both send a letter, so neither takes longer.
    assert [letter.to for letter in mail.outbox] == [[user.email], ["ukjend@test.example"]]


def test_a_new_password_ends_the_other_sessions(client: Client, user: User) -> None:
    log_in(client, user.email, PASSWORD)
    other = Client()
    log_in(other, user.email, PASSWORD)
    new = "eit heilt anna passord 7"
    answer = client.post(
        "/konto/passord/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert client.get("/arbeid/").status_code == 200
    assert other.get("/arbeid/").status_code == 302
    assert events()[-1] == ("password.changed", "Ho", {})
