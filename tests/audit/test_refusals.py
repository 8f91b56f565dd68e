"""Refused writes are events; refused looks and what answers 404 are not."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from audit.models import Event
from audit.services import verify
from plans.enums import PlanState
from plans.models import Measure
from tests.factories.accounts import user_with
from tests.factories.municipalities import CountyFactory
from tests.factories.plans import make_plan

pytestmark = pytest.mark.django_db


def test_a_refused_write_is_an_event() -> None:
    county = CountyFactory.create()
    plan = make_plan(county=county, state=PlanState.ACTIVE, measures=1)
    measure = Measure.objects.in_plan(plan.pk)[0]
    address = reverse("plans:measure_edit", args=[county.slug, plan.year, measure.key])
    user = user_with(Role.COUNTY_SIGNATORY, county=county)
    client = Client()
    client.force_login(user)
    before = Event.objects.count()
    assert client.get(address).status_code == 403
    assert Event.objects.count() == before
    assert client.post(address, {"title": "Løyndom"}).status_code == 403
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor_id, event.new) == (
        "refused",
        user.pk,
        {"method": "POST", "address": address},
    )
    assert verify() == before + 1


def test_what_one_may_not_know_of_and_strangers_leave_no_event() -> None:
    plan = make_plan()
    before = Event.objects.count()
    stranger = Client()
    stranger.force_login(user_with(Role.COUNTY_EDITOR, county=CountyFactory.create()))
    address = reverse("plans:title_edit", args=[plan.agreement.county.slug, plan.year])
    assert [stranger.post(address).status_code, Client().post(address).status_code] == [404, 302]
    assert Event.objects.count() == before
