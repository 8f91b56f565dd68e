"""Municipalities and counties: names as they were, and what the database refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from municipalities.models import County, Municipality
from tests.factories.municipalities import CountyFactory, FormerNameFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def refused_by_form_and_database(row, **values):
    """Set ``values`` on a saved row and assert that neither takes them."""
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**values)


def test_the_county_body_has_a_name_of_its_own():
    assert CountyFactory.create(number="15", name="Møre og Romsdal").full_name == (
        "Møre og Romsdal fylkeskommune"
    )
    assert CountyFactory.create(number="03", name="Oslo").full_name == "Oslo kommune"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(1990, 1, 1), "Gamlenamnet"),
        (date(2022, 12, 31), "Gamlenamnet"),
        (date(2023, 1, 1), "Kommune - Gïelte"),
        (date(2040, 1, 1), "Kommune - Gïelte"),
    ],
)
def test_the_name_is_the_one_of_the_day(day, name):
    former = FormerNameFactory.create(municipality__name_official="Kommune - Gïelte")

    assert former.municipality.name_on(day) == name


def test_names_of_many_take_two_queries(django_assert_num_queries):
    FormerNameFactory.create()
    MunicipalityFactory.create_batch(5)

    with django_assert_num_queries(2):
        names = [row.name_on(date(2020, 6, 1)) for row in Municipality.objects.with_names()]

    assert names.count("Gamlenamnet") == 1
    assert len(names) == 6


def test_a_county_has_its_own_municipalities():
    county, other = CountyFactory.create_batch(2)
    mine = MunicipalityFactory.create(county=county)
    MunicipalityFactory.create(county=other)

    assert list(Municipality.objects.in_county(county.number)) == [mine]


@pytest.mark.parametrize("number", ["150", "15o6", "", "１５０６", "151\n"])
def test_a_municipality_number_is_four_digits(number):
    refused_by_form_and_database(MunicipalityFactory.create(), number=number)


@pytest.mark.parametrize("number", ["1", "1x", ""])
def test_a_county_number_is_two_digits(number):
    refused_by_form_and_database(CountyFactory.create(), number=number)


@pytest.mark.parametrize("number", ["92122196", "92122196a"])
def test_an_organisation_number_is_nine_digits_or_empty(number):
    refused_by_form_and_database(MunicipalityFactory.create(), organisation_number=number)
    refused_by_form_and_database(CountyFactory.create(), organisation_number=number)
    MunicipalityFactory.create(organisation_number="").full_clean()
    MunicipalityFactory.create(organisation_number="921221967").full_clean()


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("56.9", "10"), ("72.1", "10"), ("60", "3.9"), ("60", "32.1"), ("60", None), (None, "10")],
)
def test_a_centre_is_both_coordinates_of_a_place_in_norway(latitude, longitude):
    refused_by_form_and_database(
        MunicipalityFactory.create(), latitude=latitude, longitude=longitude
    )


def test_a_centre_may_lie_at_the_edges_or_be_unknown():
    MunicipalityFactory.create(latitude="57", longitude="4").full_clean()
    MunicipalityFactory.create(latitude="72", longitude="32").full_clean()
    MunicipalityFactory.create(latitude=None, longitude=None).full_clean()


def test_a_population_has_a_date():
    refused_by_form_and_database(
        MunicipalityFactory.create(), population=33291, population_date=None
    )
    refused_by_form_and_database(
        MunicipalityFactory.create(), population=None, population_date=date(2026, 1, 1)
    )
    MunicipalityFactory.create(population=33291, population_date=date(2026, 1, 1)).full_clean()


def test_a_language_form_is_one_of_the_four():
    refused_by_form_and_database(MunicipalityFactory.create(), language_form="DANISH")
    refused_by_form_and_database(CountyFactory.create(), language_form="DANISH")


def test_a_number_and_a_slug_are_used_once():
    MunicipalityFactory.create(number="9998")
    CountyFactory.create(number="98", slug="fylket")

    for again in (
        lambda: MunicipalityFactory.create(number="9998"),
        lambda: CountyFactory.create(number="98", slug="eit-anna"),
        lambda: CountyFactory.create(number="97", slug="fylket"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


def test_a_former_name_has_an_end():
    refused_by_form_and_database(FormerNameFactory.create(), valid_to=None)


def test_two_former_names_do_not_end_on_the_same_day():
    former = FormerNameFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        FormerNameFactory.create(municipality=former.municipality, name="Eit anna")


def test_what_others_point_to_cannot_be_deleted():
    former = FormerNameFactory.create()

    for row in (former.municipality, former.municipality.county):
        with pytest.raises(models.ProtectedError):
            row.delete()


def test_successors_go_one_way():
    old, new = MunicipalityFactory.create_batch(2)
    old.successors.add(new)

    assert list(old.successors.all()) == [new]
    assert list(new.predecessors.all()) == [old]
    assert list(new.successors.all()) == []
    assert list(County.objects.filter(successors__isnull=False)) == []
