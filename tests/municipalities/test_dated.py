"""Half-open periods: the same rule in Python and in the database."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from municipalities.models import County, FormerName, Municipality
from tests.factories.municipalities import (
    CountyFactory,
    FormerNameFactory,
    MunicipalityFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (date(2023, 12, 31), True),
        (date(2024, 1, 1), False),
    ],
)
def test_the_first_day_counts_and_the_end_does_not(day, holds):
    row = MunicipalityFactory.create(valid_from=date(2020, 1, 1), valid_to=date(2024, 1, 1))

    assert row.is_valid_on(day) is holds
    assert list(Municipality.objects.valid_on(day)) == ([row] if holds else [])


@pytest.mark.parametrize(
    ("year", "holds"),
    [(2019, False), (2020, True), (2023, True), (2024, False)],
)
def test_a_year_needs_one_day(year, holds):
    row = MunicipalityFactory.create(valid_from=date(2020, 12, 31), valid_to=date(2023, 1, 2))

    assert row.is_valid_in_year(year) is holds
    assert list(Municipality.objects.valid_in_year(year)) == ([row] if holds else [])


def test_an_end_on_new_year_leaves_the_new_year_out():
    row = MunicipalityFactory.create(valid_from=date(2020, 1, 1), valid_to=date(2024, 1, 1))

    assert row.is_valid_in_year(2024) is False
    assert list(Municipality.objects.valid_in_year(2024)) == []


def test_without_an_end_it_holds_on():
    row = MunicipalityFactory.create(valid_from=date(2020, 1, 1))

    assert row.last_day is None
    assert row.is_valid_on(date(2999, 1, 1)) is True
    assert list(Municipality.objects.valid_on(date(2999, 1, 1))) == [row]


def test_an_unknown_start_holds_as_far_back_as_anybody_asks():
    row = CountyFactory.create(valid_from=None, valid_to=date(2020, 1, 1))

    assert row.is_valid_on(date(1814, 5, 17)) is True
    assert list(County.objects.valid_on(date(1814, 5, 17))) == [row]
    assert list(County.objects.valid_in_year(2020)) == []


def test_people_read_the_last_day():
    assert MunicipalityFactory.create(valid_to=date(2024, 1, 1)).last_day == date(2023, 12, 31)


@pytest.mark.parametrize("end", [date(2020, 1, 1), date(2019, 12, 31)])
@pytest.mark.parametrize("factory", [CountyFactory, MunicipalityFactory, FormerNameFactory])
def test_a_period_without_a_day_is_refused_by_form_and_database(factory, end):
    row = factory.create(valid_from=date(2020, 1, 1))
    row.valid_to = end

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert list(refusal.value.error_dict) == ["valid_to"]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_period_of_one_day_is_let_through():
    row = MunicipalityFactory.create(valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 2))

    row.full_clean()
    assert list(Municipality.objects.valid_on(date(2020, 1, 1))) == [row]


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (None, date(2020, 1, 1), True),
        (date(2022, 12, 31), date(2025, 1, 1), True),
        (date(2020, 1, 1), date(2021, 1, 1), True),
        (date(2023, 1, 1), date(2025, 1, 1), False),
    ],
)
def test_two_rows_of_the_same_owner_may_not_share_a_day(start, end, refused):
    first = FormerNameFactory.create(valid_from=date(2019, 1, 1), valid_to=date(2023, 1, 1))
    second = FormerName(
        municipality=first.municipality, name="Eit anna", valid_from=start, valid_to=end
    )
    elsewhere = FormerName(
        municipality=MunicipalityFactory.create(), name="Eit anna", valid_from=start, valid_to=end
    )

    elsewhere.full_clean()
    first.full_clean()
    if refused:
        with pytest.raises(ValidationError) as refusal:
            second.full_clean()
        assert [error.code for error in refusal.value.error_dict["__all__"]] == ["overlap"]
    else:
        second.full_clean()
