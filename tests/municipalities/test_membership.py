"""Members of cooperations and working groups, as they were on a day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from municipalities.enums import Certainty
from municipalities.models import CooperationMembership, ProcurementCooperation, WorkingGroup
from tests.factories.municipalities import (
    CooperationMembershipFactory,
    FormerNameFactory,
    MunicipalityFactory,
    ProcurementCooperationFactory,
    WorkingGroupFactory,
    WorkingGroupMembershipFactory,
)
from tests.municipalities.test_municipality import refused_by_form_and_database

pytestmark = pytest.mark.django_db

FACTORIES = [CooperationMembershipFactory, WorkingGroupMembershipFactory]


def codes(refusal):
    return [error.code for error in refusal.value.error_dict["__all__"]]


def body_of(membership):
    return getattr(membership, membership.body_field)


@pytest.mark.parametrize("factory", FACTORIES)
def test_members_are_those_of_the_day(factory):
    first = factory.create(municipality__number="6002", valid_to=date(2022, 7, 1))
    body = body_of(first)
    second = factory.create(
        **{first.body_field: body}, municipality__number="6001", valid_from=date(2022, 7, 1)
    )

    assert body.members_on(date(2019, 12, 31)) == []
    assert body.members_on(date(2022, 6, 30)) == [first.municipality]
    assert body.members_on(date(2022, 7, 1)) == [second.municipality]
    assert body.members_in_year(2021) == [first.municipality]
    assert body.members_in_year(2022) == [second.municipality, first.municipality]
    assert body.members_in_year(2023) == [second.municipality]


def test_a_member_that_left_and_came_back_stands_once_in_the_year():
    first = CooperationMembershipFactory.create(valid_to=date(2022, 3, 1))
    CooperationMembershipFactory.create(
        cooperation=first.cooperation,
        municipality=first.municipality,
        valid_from=date(2022, 6, 1),
    )

    assert first.cooperation.members_in_year(2022) == [first.municipality]


def test_members_take_one_query_without_preparation(django_assert_num_queries):
    cooperation = ProcurementCooperationFactory.create()
    CooperationMembershipFactory.create_batch(5, cooperation=cooperation)

    with django_assert_num_queries(1):
        names = [member.name for member in cooperation.members_on(date(2021, 1, 1))]

    assert len(names) == 5


@pytest.mark.parametrize("bodies", [1, 4])
def test_members_of_many_take_three_queries(bodies, django_assert_num_queries):
    for cooperation in ProcurementCooperationFactory.create_batch(bodies):
        memberships = CooperationMembershipFactory.create_batch(3, cooperation=cooperation)
        FormerNameFactory.create(municipality=memberships[0].municipality)

    day = date(2021, 1, 1)
    with django_assert_num_queries(3):
        names = [
            member.name_on(day)
            for cooperation in ProcurementCooperation.objects.with_members()
            for member in cooperation.members_on(day)
        ]

    assert len(names) == 3 * bodies
    assert names.count("Gamlenamnet") == bodies


def test_the_bodies_of_a_municipality_are_those_of_the_day():
    membership = CooperationMembershipFactory.create(valid_to=date(2022, 1, 1))
    CooperationMembershipFactory.create(cooperation=membership.cooperation)
    part = WorkingGroupMembershipFactory.create(municipality=membership.municipality)
    WorkingGroupFactory.create()

    def cooperations(day):
        return list(ProcurementCooperation.objects.having_member(membership.municipality, on=day))

    assert cooperations(date(2021, 12, 31)) == [membership.cooperation]
    assert cooperations(date(2022, 1, 1)) == []
    groups = WorkingGroup.objects.having_member(membership.municipality, on=date(2022, 1, 1))
    assert list(groups) == [part.group]


def test_a_list_is_as_certain_as_its_least_certain_member():
    cooperation = ProcurementCooperationFactory.create()
    day = date(2021, 1, 1)

    assert cooperation.certainty_on(day) == Certainty.NOT_CONFIRMED
    CooperationMembershipFactory.create(cooperation=cooperation)
    assert cooperation.certainty_on(day) == Certainty.STATED
    CooperationMembershipFactory.create(cooperation=cooperation, certainty=Certainty.DERIVED)
    assert cooperation.certainty_on(day) == Certainty.DERIVED
    assert cooperation.certainty_on(date(2019, 1, 1)) == Certainty.NOT_CONFIRMED


def test_one_stated_member_does_not_make_an_unconfirmed_list_certain():
    cooperation = ProcurementCooperationFactory.create(certainty=Certainty.NOT_CONFIRMED)
    CooperationMembershipFactory.create(cooperation=cooperation, is_host=True)

    assert cooperation.certainty_on(date(2021, 1, 1)) == Certainty.NOT_CONFIRMED


@pytest.mark.parametrize("factory", FACTORIES)
def test_memberships_of_the_same_municipality_may_not_overlap(factory):
    first = factory.create(valid_to=date(2022, 1, 1))
    again = type(first)(
        **{first.body_field: body_of(first)},
        municipality=first.municipality,
        certainty=Certainty.STATED,
        valid_from=date(2021, 12, 31),
    )

    with pytest.raises(ValidationError) as refusal:
        again.full_clean()
    assert codes(refusal) == ["overlap"]

    again.valid_from = date(2022, 1, 1)
    again.full_clean()


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("start", [date(2020, 1, 1), None])
def test_the_database_takes_a_membership_once(factory, start):
    first = factory.create(valid_from=start)

    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(
            **{first.body_field: body_of(first)},
            municipality=first.municipality,
            valid_from=start,
        )


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (date(2020, 1, 1), date(2024, 1, 1), False),
        (date(2019, 12, 31), date(2024, 1, 1), True),
        (date(2020, 1, 1), None, True),
        (date(2020, 1, 1), date(2024, 1, 2), True),
        (None, date(2024, 1, 1), False),
    ],
)
def test_a_number_is_a_member_only_while_it_is_in_use(start, end, refused):
    ended = MunicipalityFactory.create(ended=True)
    membership = CooperationMembership(
        cooperation=ProcurementCooperationFactory.create(),
        municipality=ended,
        certainty=Certainty.STATED,
        valid_from=start,
        valid_to=end,
    )

    if refused:
        with pytest.raises(ValidationError) as refusal:
            membership.full_clean()
        assert codes(refusal) == ["outside_municipality"]
    else:
        membership.full_clean()


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_database_keeps_what_can_be_said_of_a_membership(factory):
    membership = factory.create()

    refused_by_form_and_database(membership, certainty="PERHAPS")
    membership.certainty = Certainty.STATED
    refused_by_form_and_database(membership, valid_to=membership.valid_from)


def test_the_database_keeps_what_can_be_said_of_a_body():
    refused_by_form_and_database(ProcurementCooperationFactory.create(), certainty="PERHAPS")
    refused_by_form_and_database(WorkingGroupFactory.create(), certainty="PERHAPS")
    refused_by_form_and_database(WorkingGroupFactory.create(), kind="CHOIR")


@pytest.mark.parametrize("factory", FACTORIES)
def test_nothing_with_a_membership_can_be_deleted(factory):
    membership = factory.create()

    for row in (body_of(membership), membership.municipality):
        with pytest.raises(models.ProtectedError):
            row.delete()
