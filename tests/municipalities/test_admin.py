"""The administration: every list and form opens, and costs the same with many rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from municipalities.models import County, Municipality, ProcurementCooperation, WorkingGroup
from tests.factories.municipalities import (
    CooperationMembershipFactory,
    FormerNameFactory,
    WorkingGroupMembershipFactory,
)

MODELS = [
    "county",
    "municipality",
    "procurementcooperation",
    "cooperationmembership",
    "workinggroup",
    "workinggroupmembership",
]


def fill(times):
    CooperationMembershipFactory.create_batch(times)
    WorkingGroupMembershipFactory.create_batch(times)


def queries(client, url):
    client.get(url)  # content types are kept from the first time on
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_the_same_queries_with_many_rows(admin_client, model):
    url = reverse(f"admin:municipalities_{model}_changelist")
    fill(1)
    few = queries(admin_client, url)
    fill(6)

    assert queries(admin_client, url) == few


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "body"),
    [
        (CooperationMembershipFactory, "procurementcooperation"),
        (WorkingGroupMembershipFactory, "workinggroup"),
    ],
)
def test_a_body_takes_the_same_queries_with_many_members(admin_client, factory, body):
    first = factory.create()
    owner = getattr(first, first.body_field)
    url = reverse(f"admin:municipalities_{body}_change", args=[owner.pk])
    few = queries(admin_client, url)
    factory.create_batch(6, **{first.body_field: owner})

    assert queries(admin_client, url) == few


@pytest.mark.django_db
def test_forms_open(admin_client):
    membership = CooperationMembershipFactory.create()
    part = WorkingGroupMembershipFactory.create()
    FormerNameFactory.create(municipality=membership.municipality)

    for row in (
        membership,
        part,
        membership.municipality,
        membership.municipality.county,
        membership.cooperation,
        part.group,
    ):
        url = reverse(f"admin:municipalities_{row._meta.model_name}_change", args=[row.pk])
        assert admin_client.get(url).status_code == 200


def found(response):
    return [row.number for row in response.context["cl"].queryset]


@pytest.mark.usefixtures("reference_data")
def test_a_municipality_is_found_by_number_and_by_any_of_its_names(admin_client):
    url = reverse("admin:municipalities_municipality_changelist")

    assert found(admin_client.get(url, {"q": "1506"})) == ["1506"]
    assert found(admin_client.get(url, {"q": "Tråante"})) == ["5001"]
    assert found(admin_client.get(url, {"q": "Deatnu"})) == ["2025", "5441", "5628"]


@pytest.mark.usefixtures("reference_data")
def test_the_lists_can_be_kept_to_what_is_valid(admin_client):
    url = reverse("admin:municipalities_municipality_changelist")

    assert len(found(admin_client.get(url, {"valid": "today"}))) == 357
    assert len(found(admin_client.get(url, {"valid": "other"}))) == 423
    url = reverse("admin:municipalities_county_changelist")
    assert len(found(admin_client.get(url, {"valid": "today"}))) == 15
    assert County.objects.count() == 31


@pytest.mark.usefixtures("reference_data")
def test_the_form_of_a_municipality_says_what_is_wrong(admin_client):
    row = Municipality.objects.get(number="1511")
    url = reverse("admin:municipalities_municipality_change", args=[row.pk])
    form = admin_client.get(url).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields if name != "successors"}
    names = {"former_names-TOTAL_FORMS": "0", "former_names-INITIAL_FORMS": "0"}

    response = admin_client.post(url, {**data, **names, "valid_to": "1837-01-01"})
    assert list(response.context["adminform"].form.errors) == ["valid_to"]

    response = admin_client.post(url, {**data, **names, "language_note": "Stadfesta"})
    assert response.status_code == 302
    row.refresh_from_db()
    assert row.language_note == "Stadfesta"
    assert ProcurementCooperation.objects.count() == 3
    assert WorkingGroup.objects.count() == 4
