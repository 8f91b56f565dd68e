"""What one had typed when the session ended comes back after log-in, and gets saved."""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.login import typed
from accounts.models import User
from plans.models import PartnerPlan
from tests.accounts.conftest import PASSWORD
from tests.factories.accounts import UserFactory, user_with
from tests.factories.plans import make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> PartnerPlan:
    return make_plan()


@pytest.fixture
def editor(plan: PartnerPlan) -> User:
    user = user_with(Role.COUNTY_EDITOR, county=plan.agreement.county)
    user.set_password(PASSWORD)
    user.save()
    return user


def address(plan: PartnerPlan) -> str:
    return f"/arbeid/{plan.agreement.county.slug}/{plan.year}/tittel/"


def hidden(page: str) -> list[tuple[str, str]]:
    """Return the hidden fields of a page's form, but for the token."""
    main = page[page.index("<main") :]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', main)
    return [(unescape(n), unescape(v)) for n, v in found if n != "csrfmiddlewaretoken"]


def form_of(client: Client, where: str) -> dict[str, str]:
    """Return what the browser would send for the form at ``where``."""
    form = client.get(where).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_the_text_comes_back_and_is_saved(plan: PartnerPlan, editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    where = address(plan)
    text = '<script>alert("æ")</script> & "ny" tittel'
    fields = {**form_of(client, where), "title": text}
    token = client.cookies["csrftoken"].value
    client.session.flush()
    late = client.post(where, {**fields, "csrfmiddlewaretoken": token})
    assert late.status_code == 302
    page = client.get(late["Location"])
    assert page.status_code == 200
    answer = client.post(
        late["Location"],
        {
            "login": editor.email,
            "password": PASSWORD,
            "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
        },
    )
    assert answer["Location"].startswith("/konto/innskrive/")
    kept = client.get(answer["Location"]).content.decode()
    assert "<script>alert" not in kept
    assert dict(hidden(kept)) == fields
    # Without the token of the new session nothing is sent again.
    assert client.post(where, fields).status_code == 403
    saved = client.post(where, {**fields, "csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    assert saved.status_code == 302
    plan.refresh_from_db()
    assert plan.title == text


def test_htmx_is_sent_to_the_log_in_page_as_a_whole(plan: PartnerPlan) -> None:
    answer = Client().post(address(plan), {"title": "Ny"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith("/konto/login/?next=/konto/innskrive/") or answer[
        "HX-Redirect"
    ].startswith("/konto/login/?next=%2Fkonto%2Finnskrive%2F")


def test_nobody_else_gets_it(plan: PartnerPlan, editor: User) -> None:
    client = Client()
    client.post(address(plan), {"title": "Ny"})
    [key] = client.session[typed.SESSION_KEY]
    other = Client()
    other.force_login(UserFactory.create())
    assert other.get(f"/konto/innskrive/{key}/").status_code == 404


def test_what_is_too_long_or_too_much_is_not_kept(plan: PartnerPlan) -> None:
    client = Client()
    where = address(plan)
    client.post(where, {"title": "x" * (typed.MAX_CHARACTERS + 1)})
    assert typed.SESSION_KEY not in client.session
    for number in range(5):
        client.post(where, {"title": str(number)})
    kept = client.session[typed.SESSION_KEY].values()
    assert [dict(each["fields"])["title"] for each in kept] == ["2", "3", "4"]


def test_passwords_are_never_kept() -> None:
    client = Client()
    client.post("/konto/passord/", {"oldpassword": PASSWORD})
    assert typed.SESSION_KEY not in client.session
