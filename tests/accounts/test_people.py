"""The list of people, ending a role, and one's own account."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User, UserSession
from audit.models import Event
from tests.factories.accounts import MembershipFactory, UserFactory, user_with
from tests.factories.municipalities import CountyFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def logged_in(user: User, browser: str = "") -> Client:
    client = Client(headers={"User-Agent": browser})
    client.force_login(user)
    # This way of logging in sends no headers.
    UserSession.objects.filter(session_key=client.session.session_key).update(browser=browser)
    return client


def contact_in(county: object, **days: date) -> Membership:
    return MembershipFactory.create(
        role=Role.MUNICIPAL_CONTACT, municipality=MunicipalityFactory.create(county=county), **days
    )


def test_an_ended_role_ends_its_sessions_at_once() -> None:
    county = CountyFactory.create()
    held = contact_in(county)
    there = [logged_in(held.user), logged_in(held.user)]
    editor = logged_in(user_with(Role.COUNTY_EDITOR, county=county))
    address = reverse("people:end_role", args=[held.pk])
    assert editor.get(address).status_code == 200
    assert [client.get(reverse("people:account")).status_code for client in there] == [200, 200]
    assert editor.post(address).status_code == 302
    assert [client.get(reverse("people:account")).status_code for client in there] == [302, 302]
    held.refresh_from_db()
    assert held.valid_to == timezone.localdate()
    assert User.objects.get(pk=held.user_id).roles == []
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["role.ended", "sessions.ended"]
    # Twice changes nothing; the editor's own session goes on.
    assert editor.post(address).status_code == 302
    assert Event.objects.count() == 2


@pytest.mark.parametrize("starts", [0, 30])
def test_a_role_that_nobody_held_for_a_day_goes(starts: int) -> None:
    county = CountyFactory.create()
    held = contact_in(county, valid_from=timezone.localdate() + timedelta(days=starts))
    logged_in(user_with(Role.COUNTY_EDITOR, county=county)).post(
        reverse("people:end_role", args=[held.pk])
    )
    assert not Membership.objects.filter(pk=held.pk).exists()
    assert Event.objects.filter(verb="role.ended").count() == 1


def test_whose_roles_an_editor_ends() -> None:
    county = CountyFactory.create()
    editor = user_with(Role.COUNTY_EDITOR, county=county)
    colleague = MembershipFactory.create(role=Role.COUNTY_SIGNATORY, county=county)
    own = Membership.objects.get(user=editor)
    foreign = contact_in(CountyFactory.create())
    national = MembershipFactory.create(role=Role.LUP_ADVISER)
    client = logged_in(editor)
    got = {
        name: client.post(reverse("people:end_role", args=[row.pk])).status_code
        for name, row in {
            "colleague": colleague,
            "own": own,
            "foreign": foreign,
            "national": national,
        }.items()
    }
    assert got == {"colleague": 403, "own": 403, "foreign": 404, "national": 404}


def test_an_administrator_ends_all_but_own_roles() -> None:
    administrator = user_with(Role.ADMINISTRATOR)
    adviser = MembershipFactory.create(role=Role.LUP_ADVISER)
    client = logged_in(administrator)
    own = Membership.objects.get(user=administrator)
    got = [client.post(reverse("people:end_role", args=[r.pk])).status_code for r in (adviser, own)]
    assert got == [302, 403]


@pytest.mark.parametrize("people", [2, 30])
def test_the_list_takes_as_many_queries_however_long_it_is(people: int) -> None:
    county = CountyFactory.create()
    for _ in range(people):
        contact_in(county)
    contact_in(CountyFactory.create())
    client = logged_in(user_with(Role.COUNTY_EDITOR, county=county))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("people:list"))
    assert page.context["members"].paginator.count == people + 1
    assert len(queries) == 6


def test_one_corrects_ones_own_name_and_language() -> None:
    user = UserFactory.create(name="Gale namn")
    client = logged_in(user)
    answer = client.post(reverse("people:account"), {"name": "Rett namn", "language": "nb"})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.language) == ("Rett namn", "nb")
    assert client.get(reverse("people:account")).headers["Content-Language"] == "nb"
    event = Event.objects.get()
    assert (event.verb, event.new["fields"]) == ("user.changed", ["name", "language"])
    assert client.post(reverse("people:account"), {"name": "", "language": "xx"}).status_code == 422


def test_one_takes_ones_own_data_and_nobody_elses() -> None:
    user = user_with(Role.LUP_ADVISER)
    other = UserFactory.create()
    logged_in(other)
    client = logged_in(user, browser="Nettlesar 1")
    answer = client.post(reverse("people:own_data"))
    data = json.loads(answer.content)
    assert data["email"] == user.email
    assert data["roles"] == [
        {"role": "LUP_ADVISER", "organisation": "", "from": "2019-01-01", "to": None}
    ]
    assert [row["browser"] for row in data["sessions"]] == ["Nettlesar 1"]
    assert [row["what"] for row in data["events"]] == ["user.exported"]
    assert other.email not in answer.content.decode()
    assert client.get(reverse("people:own_data")).status_code == 405


def test_one_ends_another_of_ones_own_sessions() -> None:
    user = UserFactory.create()
    here, there = logged_in(user, "her"), logged_in(user, "der")
    assert [row.browser for row in here.get(reverse("people:account")).context["sessions"]] == [
        "der",
        "her",
    ]
    pk = UserSession.objects.get(browser="der").pk
    stranger = logged_in(UserFactory.create())
    assert stranger.post(reverse("people:end_session", args=[pk])).status_code == 404
    assert here.post(reverse("people:end_session", args=[pk])).status_code == 302
    statuses = [c.get(reverse("people:account")).status_code for c in (here, there)]
    assert statuses == [200, 302]


def test_one_ends_all_other_sessions() -> None:
    user = UserFactory.create()
    here, there, far = (logged_in(user, name) for name in ("her", "der", "borte"))
    assert here.post(reverse("people:end_other_sessions")).status_code == 302
    statuses = [c.get(reverse("people:account")).status_code for c in (here, there, far)]
    assert statuses == [200, 302, 302]
    sessions = here.get(reverse("people:account")).context["sessions"]
    assert [row.browser for row in sessions] == ["her"]
