"""Loading: nothing twice, what changed is corrected, and a wrong file is explained."""

import shutil
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from municipalities import services
from municipalities.enums import Certainty
from municipalities.models import (
    CooperationMembership,
    County,
    FormerName,
    Municipality,
    ProcurementCooperation,
)
from municipalities.reference import DATA_DIR, ReferenceDataError
from municipalities.services import Counts, load_reference_data, total

pytestmark = pytest.mark.django_db

# Successors are counted with the file that names them.
ALL = {
    "counties.csv": 31 + 23,
    "municipalities.csv": 780 + 427,
    "former_names.csv": 10,
    "cooperations.csv": 3,
    "cooperation_memberships.csv": 30,
    "working_groups.csv": 4,
    "working_group_memberships.csv": 4,
}


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files, to be spoilt."""
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy)
    return copy


def edit(folder, file, old, new):
    """Replace a text that must stand in ``file`` exactly once."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_the_first_load_creates_and_the_second_changes_nothing(django_assert_num_queries):
    assert load_reference_data() == {file: Counts(created=rows) for file, rows in ALL.items()}
    before = list(Municipality.objects.values())

    # One read for each of seven tables and two of successors; a savepoint and its release.
    with django_assert_num_queries(11):
        again = load_reference_data()

    assert again == {file: Counts(unchanged=rows) for file, rows in ALL.items()}
    assert list(Municipality.objects.values()) == before


def test_what_changed_in_the_files_is_corrected_and_nothing_else(folder):
    load_reference_data()
    edit(folder, "municipalities.csv", "33291,2026-01-01", "33400,2027-01-01")
    edit(folder, "former_names.csv", "1853,Evenes,,2022-01-01", "1853,Evenes,,2021-07-01")
    edit(folder, "counties.csv", "2020-01-01,15;46", "2020-01-01,46")

    done = load_reference_data(folder=folder)

    assert total(done) == Counts(changed=3, unchanged=sum(ALL.values()) - 3)
    molde = Municipality.objects.get(number="1506")
    assert (molde.population, molde.population_date) == (33400, date(2027, 1, 1))
    assert FormerName.objects.get(municipality__number="1853").valid_to == date(2021, 7, 1)
    assert [row.number for row in County.objects.get(number="14").successors.all()] == ["46"]


def test_new_lines_are_added(folder):
    load_reference_data()
    with (folder / "cooperation_memberships.csv").open("a", encoding="utf-8") as handle:
        handle.write("ror-innkjop,1539,2020-01-01,,no,STATED,,\n")

    done = load_reference_data(folder=folder)

    assert done["cooperation_memberships.csv"] == Counts(created=1, unchanged=30)


def test_a_membership_that_an_administrator_added_stays(reference_data):
    cooperation = ProcurementCooperation.objects.get(key="ror-innkjop")
    added = CooperationMembership.objects.create(
        cooperation=cooperation,
        municipality=Municipality.objects.get(number="1539"),
        valid_from=date(2020, 1, 1),
        certainty=Certainty.STATED,
    )

    assert total(load_reference_data()) == Counts(unchanged=sum(ALL.values()))
    assert CooperationMembership.objects.filter(pk=added.pk).exists()


def test_a_correction_by_hand_of_what_the_files_say_is_set_back(reference_data):
    Municipality.objects.filter(number="1506").update(population=1)

    assert load_reference_data()["municipalities.csv"] == Counts(
        changed=1, unchanged=ALL["municipalities.csv"] - 1
    )
    assert Municipality.objects.get(number="1506").population == 33291


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "municipalities.csv",
            "1506,Molde,Molde,,15,2020-01-01",
            "1506,Molde,Molde,,15,1.1.2020",
            'municipalities.csv, line 258: valid_from is "1.1.2020": “1.1.2020” value has an '
            "invalid date format. It must be in YYYY-MM-DD format.",
        ),
        (
            "municipalities.csv",
            "1506,Molde,Molde,,15,2020-01-01",
            "156,Molde,Molde,,15,2020-01-01",
            'municipalities.csv, line 258: number is "156": Write four digits.',
        ),
        (
            "municipalities.csv",
            "1506,Molde,Molde,,15,2020-01-01",
            "1506,Molde,Molde,,16,2020-01-01",
            'municipalities.csv, line 258: county names "16", which isn\'t in counties.csv: '
            "correct it, or add it there.",
        ),
        (
            "municipalities.csv",
            "1506,Molde,Molde,,15,2020-01-01",
            "1505,Molde,Molde,,15,2020-01-01",
            "municipalities.csv, line 258: the same as line 257: take one of them out.",
        ),
        (
            "municipalities.csv",
            "1507,Ålesund,Ålesund,,15,2020-01-01,2024-01-01",
            "1507,Ålesund,Ålesund,,15,2020-01-01,2020-01-01",
            'municipalities.csv, line 259: valid_to is "2020-01-01": The end must come after '
            "the start.",
        ),
        (
            "municipalities.csv",
            "1508;1580",
            "1508;1581",
            'municipalities.csv, line 259: successors names "1581", which isn\'t in '
            "municipalities.csv: correct it, or add it there.",
        ),
        (
            "municipalities.csv",
            "62.7375,7.1591",
            "7.1591,62.7375",
            'municipalities.csv, line 258: latitude is "7.1591": Ensure this value is greater '
            "than or equal to 57.",
        ),
        (
            "municipalities.csv",
            "1506,Molde,Molde,,15",
            "1506,Molde,Molde,15",
            "municipalities.csv, line 258: 15 cells: write 16, with quotes around a text that "
            "has a comma.",
        ),
        (
            "counties.csv",
            "number,name,slug",
            "nummer,name,slug",
            'counties.csv, line 1: the columns are "nummer,name,slug,name_parallel,language_form,'
            'organisation_number,valid_from,valid_to,successors": write "number,name,slug,'
            'name_parallel,language_form,organisation_number,valid_from,valid_to,successors".',
        ),
        (
            "cooperation_memberships.csv",
            "nii,1505,2020-01-01,,yes",
            "nii,1505,2020-01-01,,maybe",
            'cooperation_memberships.csv, line 2: is_host is "maybe": write yes or no.',
        ),
        (
            "cooperation_memberships.csv",
            "iss,1507,2020-01-01,2024-01-01",
            "iss,1507,2020-01-01,",
            "cooperation_memberships.csv, line 24: The membership goes beyond the days on which "
            "1507 Ålesund was in use.",
        ),
        (
            "cooperation_memberships.csv",
            "iss,1525,,2020-01-01",
            "iss,1525,,2020-01-02",
            "cooperation_memberships.csv, line 15: the period overlaps 1525 Stranda, 2020-01-01 "
            "– 2023-12-31 in the file: correct one of them.",
        ),
        (
            "working_groups.csv",
            "LEARNING_ARENA",
            "CHOIR",
            "working_groups.csv, line 5: kind is \"CHOIR\": Value 'CHOIR' is not a valid choice.",
        ),
    ],
)
def test_a_wrong_file_is_explained_and_nothing_is_stored(folder, file, old, new, message):
    edit(folder, file, old, new)

    with pytest.raises(ReferenceDataError) as error:
        load_reference_data(folder=folder)

    assert str(error.value) == message
    assert County.objects.count() == 0


def test_an_overlap_with_the_database_is_explained(folder, reference_data):
    edit(folder, "cooperation_memberships.csv", "nii,1505,2020-01-01", "nii,1505,2019-01-01")

    with pytest.raises(ReferenceDataError) as error:
        load_reference_data(folder=folder)

    assert str(error.value) == (
        "cooperation_memberships.csv, line 2: the period overlaps 1505 Kristiansund, "
        "2020-01-01 –  in the database: correct one of them."
    )


def test_what_only_the_database_sees_is_explained(folder):
    edit(folder, "counties.csv", "ostfold-01", "oslo")

    with pytest.raises(ReferenceDataError, match=r"^counties\.csv: the database refuses it: "):
        load_reference_data(folder=folder)


def test_a_missing_file_is_explained(folder):
    (folder / "cooperations.csv").unlink()

    with pytest.raises(ReferenceDataError) as error:
        load_reference_data(folder=folder)

    assert str(error.value) == f"cooperations.csv is missing: put it in {folder}."


def test_a_file_in_another_encoding_is_explained(folder):
    text = (folder / "counties.csv").read_text(encoding="utf-8").replace("á", "a").replace("ö", "o")
    (folder / "counties.csv").write_text(text, encoding="latin-1")

    with pytest.raises(ReferenceDataError) as error:
        load_reference_data(folder=folder)

    assert str(error.value) == "counties.csv isn't UTF-8: save it as UTF-8."


def test_a_file_saved_by_excel_is_read(folder):
    path = folder / "counties.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig", newline="\r\n")

    assert load_reference_data(folder=folder)["counties.csv"] == Counts(created=54)


def test_the_command_says_what_it_did(capsys):
    call_command("load_reference_data")

    lines = capsys.readouterr().out.splitlines()
    assert " ".join(lines[0].split()) == "counties.csv 54 created 0 changed 0 unchanged"
    assert " ".join(lines[-1].split()) == "total 1312 created 0 changed 0 unchanged"


def test_the_command_ends_with_the_explanation(monkeypatch, tmp_path):
    monkeypatch.setitem(services.load_reference_data.__kwdefaults__, "folder", tmp_path)

    with pytest.raises(CommandError) as error:
        call_command("load_reference_data")

    assert str(error.value) == f"counties.csv is missing: put it in {tmp_path}."
