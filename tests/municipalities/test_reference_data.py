"""What the shipped files say, read through the models: counts, mergers, names, memberships."""

from datetime import date

import pytest

from municipalities.enums import Certainty, GroupKind, LanguageForm
from municipalities.models import (
    CooperationMembership,
    County,
    Municipality,
    ProcurementCooperation,
    WorkingGroup,
    WorkingGroupMembership,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

EVE_OF_REFORM = date(2019, 12, 31)


def numbers(rows):
    return [row.number for row in rows]


def test_counts():
    def count(day):
        valid = Municipality.objects.valid_on(day)
        return valid.count(), valid.in_county("15").count()

    assert {
        str(day): count(day)
        for day in (
            EVE_OF_REFORM,
            date(2020, 1, 1),
            date(2020, 6, 1),
            date(2023, 12, 31),
            date(2024, 1, 1),
            date(2024, 6, 1),
        )
    } == {
        "2019-12-31": (422, 35),
        "2020-01-01": (356, 26),
        "2020-06-01": (356, 26),
        "2023-12-31": (356, 26),
        "2024-01-01": (357, 27),
        "2024-06-01": (357, 27),
    }
    assert [
        Municipality.objects.valid_in_year(year).in_county("15").count()
        for year in (2019, 2020, 2023, 2024)
    ] == [35, 26, 26, 27]
    assert [
        County.objects.valid_on(day).count()
        for day in (EVE_OF_REFORM, date(2020, 1, 1), date(2024, 1, 1))
    ] == [18, 11, 15]


def test_a_plan_of_2020_knows_1507_and_one_of_2024_its_successors():
    def alesund(year):
        found = Municipality.objects.valid_in_year(year).in_county("15")
        return numbers(found.filter(name__in=["Ålesund", "Haram"]))

    assert alesund(2019) == ["1504", "1534"]
    assert alesund(2020) == alesund(2023) == ["1507"]
    assert alesund(2024) == ["1508", "1580"]


def test_successors():
    expected = {
        "1444": ["1577"],
        "1504": ["1507"],
        "1506": [],
        "1507": ["1508", "1580"],
        "1571": ["5055"],
    }
    found = Municipality.objects.filter(number__in=expected)
    assert {row.number: numbers(row.successors.all()) for row in found} == expected
    assert numbers(County.objects.get(number="05").successors.all()) == ["30", "34"]
    assert numbers(County.objects.get(number="15").predecessors.all()) == ["14"]


def test_a_municipality_number_begins_with_its_county_number_and_lies_within_its_days():
    for row in Municipality.objects.select_related("county"):
        assert row.number[:2] == row.county.number
        assert row.county.is_valid_on(row.last_day or date(2026, 1, 1))


def test_what_ended_has_a_successor_that_takes_over_the_same_day():
    for model in (Municipality, County):
        for row in model.objects.filter(valid_to__isnull=False).prefetch_related("successors"):
            heirs = row.successors.all()
            assert row.valid_to
            assert len(heirs) > 0
            assert all(heir.is_valid_on(row.valid_to) for heir in heirs)


def test_the_newest_county_of_a_name_has_the_plain_address():
    assert County.objects.get(slug="more-og-romsdal").number == "15"
    assert County.objects.get(slug="ostfold").number == "31"
    assert County.objects.get(slug="ostfold-01").number == "01"
    assert County.objects.get(slug="troms").number == "55"
    assert County.objects.get(slug="trondelag").name == "Trøndelag"
    current = County.objects.filter(valid_to__isnull=True)
    assert [row.slug for row in current if row.slug.endswith(row.number)] == []


def test_parallel_names():
    tana = Municipality.objects.get(number="5628")
    assert (tana.name, tana.name_parallel, tana.name_official) == (
        "Tana",
        "Deatnu",
        "Deatnu - Tana",
    )
    storfjord = Municipality.objects.get(number="5538")
    assert storfjord.name_official == "Storfjord - Omasvuotna - Omasvuono"
    assert storfjord.name_parallel == "Omasvuotna - Omasvuono"
    assert County.objects.get(number="18").name_parallel == "Nordlánnda"


def test_municipality_as_it_was_called_then():
    expected = {
        ("5001", date(2022, 12, 31)): "Trondheim",
        ("5001", date(2023, 1, 1)): "Trondheim - Tråante",
        ("1826", date(2019, 12, 31)): "Hattfjelldal",
        ("1826", date(2020, 1, 1)): "Aarborte - Hattfjelldal",
        ("0301", date(2025, 12, 31)): "Oslo",
        ("0301", date(2026, 1, 1)): "Oslo - Oslove",
        ("1506", date(2020, 1, 1)): "Molde",
    }
    found = {row.number: row for row in Municipality.objects.with_names()}
    assert {(number, day): found[number].name_on(day) for number, day in expected} == expected


def test_language_forms():
    expected = {
        "0301": LanguageForm.UNKNOWN,
        "1506": LanguageForm.NEUTRAL,
        "1507": LanguageForm.NYNORSK,
        "1508": LanguageForm.NEUTRAL,
        "1511": LanguageForm.NYNORSK,
        "1551": LanguageForm.BOKMAL,
        "1571": LanguageForm.UNKNOWN,
        "1580": LanguageForm.UNKNOWN,
    }
    found = Municipality.objects.filter(number__in=expected)
    assert {row.number: row.language_form for row in found} == expected


def test_what_is_uncertain_about_a_language_form_is_said():
    assert County.objects.get(number="15").language_form == LanguageForm.NYNORSK
    haram = Municipality.objects.get(number="1580")
    assert haram.language_note.startswith("Ikkje stadfesta")
    assert haram.organisation_number == ""
    from_2015 = Municipality.objects.filter(valid_to=date(2020, 1, 1)).exclude(
        language_form=LanguageForm.UNKNOWN
    )
    assert [row.number for row in from_2015 if "2015" not in row.language_note] == []
    assert len(from_2015) == 14


def test_no_current_municipality_of_the_county_has_chosen_bokmal():
    current = Municipality.objects.in_county("15").valid_in_year(2020)
    assert numbers(current.filter(language_form=LanguageForm.BOKMAL)) == []


def test_every_current_municipality_has_a_centre_and_a_population():
    today = Municipality.objects.valid_on(date(2026, 1, 1))
    assert numbers(today.filter(latitude__isnull=True)) == []
    assert numbers(today.filter(population__isnull=True)) == []
    molde = Municipality.objects.get(number="1506")
    assert (str(molde.latitude), str(molde.longitude)) == ("62.737500", "7.159100")
    assert (molde.population, molde.population_date) == (33291, date(2026, 1, 1))
    assert molde.organisation_number == "921221967"


def test_the_map_of_a_plan_of_2020_has_every_centre():
    then = Municipality.objects.valid_in_year(2020).in_county("15")
    assert numbers(then.filter(latitude__isnull=True)) == []


def test_organisation_numbers_have_a_right_check_digit():
    rows = [*Municipality.objects.all(), *County.objects.all()]
    found = [row.organisation_number for row in rows if row.organisation_number]
    weights = (3, 2, 7, 6, 5, 4, 3, 2, 1)

    assert len(found) == len(set(found)) == 28
    assert [
        number
        for number in found
        if sum(int(a) * b for a, b in zip(number, weights, strict=True)) % 11
    ] == []


NII = ["1505", "1554", "1557", "1560", "1563", "1566", "1573", "1576", "1579", "5061"]
ISS_2019 = [
    *["1504", "1523", "1524", "1525", "1526", "1528"],
    *["1529", "1531", "1532", "1534", "1535", "1546"],
]
ISS_2020 = ["1507", "1525", "1528", "1531", "1532", "1535", "1578"]


def test_members_of_the_cooperations():
    expected = {
        ("nii", EVE_OF_REFORM): ([], Certainty.NOT_CONFIRMED),
        ("nii", date(2020, 1, 1)): (NII, Certainty.STATED),
        ("nii", date(2024, 6, 1)): (NII, Certainty.STATED),
        ("iss", EVE_OF_REFORM): (ISS_2019, Certainty.STATED),
        ("iss", date(2020, 1, 1)): (ISS_2020, Certainty.DERIVED),
        ("iss", date(2021, 6, 1)): (ISS_2020, Certainty.DERIVED),
        ("iss", date(2023, 12, 31)): (ISS_2020, Certainty.DERIVED),
        ("iss", date(2024, 1, 1)): ([], Certainty.NOT_CONFIRMED),
        ("ror-innkjop", date(2021, 6, 1)): (["1506"], Certainty.NOT_CONFIRMED),
    }
    found = {row.key: row for row in ProcurementCooperation.objects.with_members()}
    assert {
        (key, day): (numbers(found[key].members_on(day)), found[key].certainty_on(day))
        for key, day in expected
    } == expected


def test_the_cooperations_are_those_that_were_found():
    assert [
        (row.key, row.short_name, row.certainty) for row in ProcurementCooperation.objects.all()
    ] == [
        ("iss", "ISS", Certainty.DERIVED),
        ("nii", "NII", Certainty.STATED),
        ("ror-innkjop", "ROR-I", Certainty.NOT_CONFIRMED),
    ]
    hosts = CooperationMembership.objects.filter(is_host=True)
    assert [(row.cooperation.key, row.municipality.number) for row in hosts] == [
        ("iss", "1504"),
        ("nii", "1505"),
        ("ror-innkjop", "1506"),
        ("iss", "1507"),
    ]


def test_working_groups():
    groups = list(WorkingGroup.objects.with_members())

    def members(day):
        return {group.key: numbers(group.members_on(day)) for group in groups}

    others = {"alv": [], "bsrm-kristiansund": ["1505"], "bsrm-molde": ["1506"]}
    assert members(date(2023, 12, 31)) == {**others, "bsrm-alesund": ["1507"]}
    assert members(date(2024, 1, 1)) == {**others, "bsrm-alesund": ["1508"]}
    assert [group.kind for group in groups] == [
        GroupKind.LEARNING_ARENA,
        *[GroupKind.WORKING_GROUP] * 3,
    ]
    assert groups[0].certainty_on(date(2020, 6, 1)) == Certainty.NOT_CONFIRMED


def test_every_membership_passes_its_own_form():
    for cooperation_membership in CooperationMembership.objects.all():
        cooperation_membership.full_clean()
    for group_membership in WorkingGroupMembership.objects.all():
        group_membership.full_clean()
