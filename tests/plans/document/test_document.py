"""From rows to the document, to JSON and back."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.document import (
    UnreadableDocument,
    extract,
    fingerprint,
    from_json,
    measures_concerning,
    read_plan,
    reasons,
    to_json,
)
from plans.document.concern import ALL, CHOSEN, COOPERATION, LEADS, Reason
from plans.enums import PartKind
from plans.models import Measure, PartnerPlan, ProgrammeOwner
from plans.services.measures import delete_measure
from tests.factories.municipalities import (
    CooperationMembershipFactory,
    FormerNameFactory,
    MunicipalityFactory,
)
from tests.factories.plans import area_of, make_measure, make_plan
from tests.plans.conftest import World


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=2)


def test_the_document_says_what_the_rows_say(world: World, plan: PartnerPlan) -> None:
    first, second, _third = world.municipalities
    ProgrammeOwner.objects.create(
        programme=plan.agreement.programme, name="KS", valid_from=date(2010, 1, 1)
    )
    ProgrammeOwner.objects.create(
        programme=plan.agreement.programme,
        name="Difi",
        valid_from=date(2011, 1, 1),
        valid_to=date(2020, 9, 1),
    )
    measure = make_measure(
        area_of(plan, PartKind.MUNICIPALITIES),
        3,
        title="Felles dialog",
        responsible_kind="MUNICIPALITY",
        responsible_municipality=first,
        responsible_role="innkjøpssjef",
        lup_days_q2=Decimal("2.5"),
        cost_nok=150_000,
    )
    measure.municipalities.set([second])
    measure.cooperations.set([world.cooperation])

    document = read_plan(plan).document
    found = document.measure("2.3")
    assert found is not None
    assert found.title == "Felles dialog"
    assert found.responsible is not None
    assert found.responsible.name == f"{first.name} kommune"
    assert found.municipalities == (second.number,)
    assert found.cooperations == ("lag",)
    assert found.quarters == (1, 2)
    assert found.lup_days_total == Decimal("2.5")
    assert [m.number for m in document.measures] == ["1.1", "1.2", "2.1", "2.2", "2.3"]
    assert document.programme.owners == ("KS",)
    assert [m.number for m in document.own_municipalities] == [
        m.number for m in world.municipalities
    ]
    assert document.cooperations[0].members == (first.number, second.number)


def test_json_and_back_is_the_same_document(plan: PartnerPlan) -> None:
    document = read_plan(plan).document
    assert from_json(to_json(document)) == document
    assert json.loads(to_json(document))["schema"] == "lupplan.plan/1"


def test_the_fingerprint_changes_with_the_commitments_alone(plan: PartnerPlan) -> None:
    before = fingerprint(read_plan(plan).document)
    Measure.objects.in_plan(plan.pk).update(status="DONE")
    assert fingerprint(read_plan(plan).document) == before
    Measure.objects.filter(pk=Measure.objects.in_plan(plan.pk)[0].pk).update(cost_nok=1)
    assert fingerprint(read_plan(plan).document) != before


def test_the_json_is_the_same_in_another_process(plan: PartnerPlan) -> None:
    data = to_json(read_plan(plan).document)
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings';"
        "import django; django.setup();"
        "from plans.document import from_json, to_json;"
        "sys.stdout.buffer.write(to_json(from_json(sys.stdin.buffer.read())))"
    )
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima")):
        again = subprocess.run(
            [sys.executable, "-c", script],
            input=data,
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": "/usr/bin:/bin"},
        ).stdout
        assert again == data


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b"\xff", b'{"schema": "lupplan.plan/1"}', b"null"]
)
def test_other_json_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        from_json(data)


def test_a_document_of_another_schema_is_refused(plan: PartnerPlan) -> None:
    document = replace(read_plan(plan).document, schema="lupplan.plan/99")
    with pytest.raises(UnreadableDocument, match="lupplan.plan/99"):
        from_json(to_json(document))


def test_a_plan_of_300_measures_takes_as_many_queries_as_one_of_3(world: World) -> None:
    counts = []
    for year, measures in ((2022, 3), (2023, 150)):
        if year == 2022:
            plan = make_plan(county=world.county, year=year, measures=measures)
        else:
            plan = make_plan(agreement=plan.agreement, year=year, measures=measures)
        for measure in Measure.objects.in_plan(plan.pk):
            measure.municipalities.set(world.municipalities)
            measure.cooperations.set([world.cooperation])
        with CaptureQueriesContext(connection) as queries:
            read_plan(plan)
        counts.append(len(queries))
    assert counts == [6, 6]


def test_why_a_measure_concerns_a_municipality(world: World, plan: PartnerPlan) -> None:
    first, second, third = world.municipalities
    area = area_of(plan, PartKind.MUNICIPALITIES)
    lead = make_measure(area, 3, responsible_kind="MUNICIPALITY", responsible_municipality=first)
    lead.cooperations.set([world.cooperation])
    lead.municipalities.set([third])
    make_measure(area, 4, municipality_scope="ALL")
    document = read_plan(plan).document
    third_of_two, fourth_of_two = document.measure("2.3"), document.measure("2.4")
    assert third_of_two is not None
    assert fourth_of_two is not None
    through = Reason(COOPERATION, world.cooperation.name)
    assert reasons(document, third_of_two, first.number) == (Reason(LEADS), through)
    assert reasons(document, third_of_two, second.number) == (through,)
    assert reasons(document, third_of_two, third.number) == (Reason(CHOSEN),)
    assert reasons(document, fourth_of_two, third.number) == (Reason(ALL),)
    assert reasons(document, fourth_of_two, world.ended.number) == ()
    assert [m.number for m in measures_concerning(document, third.number)] == ["2.3", "2.4"]


def test_a_neighbour_of_the_cooperation_is_concerned_but_not_by_what_is_for_all(
    world: World, plan: PartnerPlan
) -> None:
    neighbour = MunicipalityFactory.create()
    CooperationMembershipFactory.create(cooperation=world.cooperation, municipality=neighbour)
    area = area_of(plan, PartKind.MUNICIPALITIES)
    make_measure(area, 3).cooperations.set([world.cooperation])
    make_measure(area, 4, municipality_scope="ALL")
    document = read_plan(plan).document
    assert [m.number for m in measures_concerning(document, neighbour.number)] == ["2.3"]
    assert neighbour.number not in [m.number for m in document.own_municipalities]


def test_the_extract_keeps_numbers_and_both_parts(world: World, plan: PartnerPlan) -> None:
    chosen = world.municipalities[0]
    Measure.objects.in_plan(plan.pk)[3].municipalities.set([chosen])
    document = read_plan(plan).document
    part = extract(document, chosen.number)
    assert [m.number for m in part.measures] == ["2.2"]
    assert [len(p.focus_areas) for p in part.parts] == [0, 1]
    assert part.extract_of == chosen.number
    assert fingerprint(part) != fingerprint(document)
    with pytest.raises(KeyError):
        extract(document, world.ended.number)


def test_municipalities_are_called_what_they_were_called_then(
    world: World, plan: PartnerPlan
) -> None:
    municipality = world.municipalities[0]
    FormerNameFactory(municipality=municipality, name="Gamlenamnet", valid_to=date(2023, 1, 1))
    later = make_plan(agreement=plan.agreement, year=2023)
    then = read_plan(plan).document.municipality_by_number[municipality.number]
    now = read_plan(later).document.municipality_by_number[municipality.number]
    assert (then.name, now.name) == ("Gamlenamnet", municipality.name)


def test_a_deleted_measure_is_not_in_the_document(world: World, plan: PartnerPlan) -> None:
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    delete_measure(measure=measure, by=world.editor)
    read = read_plan(plan)
    assert [m.title for m in read.document.measures] == ["Tiltak 1.2", "Tiltak 2.1", "Tiltak 2.2"]
    assert read.deleted == (measure,)
