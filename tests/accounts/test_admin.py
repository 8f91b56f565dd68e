"""The administrator's writes in the admin site are events, and a changed role ends sessions."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from audit.services import verify
from tests.factories.accounts import MembershipFactory, UserFactory, user_with
from tests.factories.municipalities import CountyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(user_with(Role.ADMINISTRATOR))
    return client


def form(user: User, *roles: dict[str, Any], kept: int = 0) -> dict[str, Any]:
    """Return what the browser sends for a user with ``roles``, of which ``kept`` were there."""
    data = {
        "email": user.email,
        "name": user.name,
        "language": "nn",
        "is_active": "on",
        "memberships-TOTAL_FORMS": len(roles),
        "memberships-INITIAL_FORMS": kept,
        "_save": "",
    }
    for place, role in enumerate(roles):
        data |= {f"memberships-{place}-{name}": value for name, value in role.items()}
        data[f"memberships-{place}-user"] = user.pk
    return data


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_a_role_that_is_given_is_an_event(administrator: Client) -> None:
    user, county = UserFactory.create(), CountyFactory.create()
    role = {"role": "COUNTY_EDITOR", "county": county.pk, "valid_from": "2020-01-01"}
    answer = administrator.post(
        reverse("admin:accounts_user_change", args=[user.pk]), form(user, role)
    )
    assert answer.status_code == 302
    assert Membership.objects.get(user=user).county == county
    assert verbs() == ["role.given", "admin.changed"]
    assert Event.objects.filter(verb="role.given").get().new["role"] == "COUNTY_EDITOR"
    verify()


def test_a_role_that_is_cut_short_is_an_event_and_ends_sessions(administrator: Client) -> None:
    held = MembershipFactory.create(role=Role.LUP_ADVISER)
    there = Client()
    there.force_login(held.user)
    role = {"id": held.pk, "role": "LUP_ADVISER", "valid_from": "2019-01-01"}
    administrator.post(
        reverse("admin:accounts_user_change", args=[held.user_id]),
        form(held.user, {**role, "valid_to": "2020-01-01"}, kept=1),
    )
    event = Event.objects.filter(verb="role.changed").get()
    assert (event.old["valid_to"], event.new["valid_to"]) == (None, "2020-01-01")
    assert there.get(reverse("plans:work")).status_code == 302


def test_a_role_that_is_taken_away_is_an_event(administrator: Client) -> None:
    held = MembershipFactory.create(role=Role.LUP_ADVISER)
    role = {"id": held.pk, "role": "LUP_ADVISER", "valid_from": "2019-01-01", "DELETE": "on"}
    administrator.post(
        reverse("admin:accounts_user_change", args=[held.user_id]),
        form(held.user, role, kept=1),
    )
    assert verbs() == ["role.ended", "sessions.ended", "admin.changed"]


def test_a_save_that_changes_no_role_leaves_the_sessions(administrator: Client) -> None:
    user = UserFactory.create()
    there = Client()
    there.force_login(user)
    administrator.post(reverse("admin:accounts_user_change", args=[user.pk]), form(user))
    assert there.get(reverse("plans:work")).status_code == 200


def test_reference_data_that_is_changed_is_an_event(administrator: Client) -> None:
    county = CountyFactory.create()
    answer = administrator.post(
        reverse("admin:municipalities_county_delete", args=[county.pk]), {"post": "yes"}
    )
    assert answer.status_code == 302
    assert verbs() == ["admin.deleted"]
