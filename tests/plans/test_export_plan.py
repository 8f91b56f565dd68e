"""`manage.py export_plan`: a file, or one line that says why not."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from plans.document import from_json, read_plan
from plans.enums import PlanState
from plans.exports.pdf import PdfError
from plans.models import Measure, PartnerPlan
from tests.factories.plans import make_plan
from tests.factories.versions import bare_version, make_version, set_state
from tests.plans.conftest import World


def export(*arguments: object) -> str:
    out = StringIO()
    call_command("export_plan", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_json_is_the_document(world: World, tmp_path: Path) -> None:
    plan = make_plan(county=world.county, measures=1)
    file = tmp_path / "plan.json"
    said = export("fjordane", 2022, "--format", "json", "--output", file)
    assert from_json(file.read_bytes()) == read_plan(plan).document
    assert said == f"{file}: {file.stat().st_size} bytes\n"


def test_html_is_the_printed_page(world: World, tmp_path: Path) -> None:
    make_plan(county=world.county, measures=1)
    file = tmp_path / "plan.html"
    export("fjordane", 2022, "--format", "html", "--output", file)
    assert "Tiltak 2.1" in file.read_text(encoding="utf-8")


def test_an_extract_holds_one_municipalitys_measures(world: World, tmp_path: Path) -> None:
    plan = make_plan(county=world.county, measures=2)
    chosen = world.municipalities[0]
    Measure.objects.in_plan(plan.pk)[3].municipalities.set([chosen])
    file = tmp_path / "utdrag.json"
    arguments = ("fjordane", 2022, "--format", "json", "--output", file)
    export(*arguments, "--municipality", chosen.number)
    areas = [
        area for part in json.loads(file.read_bytes())["parts"] for area in part["focus_areas"]
    ]
    assert [measure["number"] for area in areas for measure in area["measures"]] == ["2.2"]


def test_pdf(world: World, tmp_path: Path) -> None:
    make_plan(county=world.county, measures=1)
    file = tmp_path / "plan.pdf"
    export("fjordane", 2022, "--output", file)
    assert file.read_bytes().startswith(b"%PDF-1.7")


@pytest.fixture
def amended(world: World) -> PartnerPlan:
    """A plan with two signed versions, and rows that say something else still."""
    plan = make_plan(county=world.county, measures=1, state=PlanState.ACTIVE)
    Measure.objects.in_plan(plan.pk).update(title="I den andre")
    make_version(plan, pdf=b"%PDF- den andre")
    Measure.objects.in_plan(plan.pk).update(title="Berre i radene")
    return set_state(plan, PlanState.AMENDING)


@pytest.mark.parametrize(
    ("options", "title", "pdf"),
    [
        ((), "I den andre", b"%PDF- den andre"),
        (("--version", 2), "I den andre", b"%PDF- den andre"),
        (("--version", "1"), "Tiltak 1.1", b"%PDF-"),
    ],
)
def test_of_a_signed_plan_a_version_is_given(
    amended: PartnerPlan, tmp_path: Path, options: tuple[object, ...], title: str, pdf: bytes
) -> None:
    file = tmp_path / "fil"
    export("fjordane", 2022, "--format", "json", "--output", file, *options)
    number = int(str(options[1])) if options else 2
    assert file.read_bytes() == amended.versions.get(number=number).content.encode()
    assert from_json(file.read_bytes()).measures[0].title == title
    export("fjordane", 2022, "--format", "html", "--output", file, *options)
    assert title in file.read_text(encoding="utf-8")
    assert "Berre i radene" not in file.read_text(encoding="utf-8")
    export("fjordane", 2022, "--output", file, *options)
    assert file.read_bytes() == pdf


def test_a_version_whose_pdf_is_not_made(world: World, tmp_path: Path) -> None:
    bare_version(make_plan(county=world.county, measures=1))
    with pytest.raises(CommandError, match="The version's PDF isn't made yet"):
        export("fjordane", 2022, "--output", tmp_path / "plan.pdf")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fjordane", 2021), "There is no plan for fjordane 2021."),
        (("ukjent", 2022), "There is no plan for ukjent 2022."),
        (
            ("fjordane", 2022, "--municipality", "1508"),
            "The plan for fjordane 2022 knows no municipality 1508.",
        ),
        (("fjordane", 2022, "--version", 1), "The plan for fjordane 2022 has no version 1."),
        (("fjordane", 2022, "--version", 10**30), "The plan for fjordane 2022 has no version 10+."),
    ],
)
def test_what_is_not_there(
    world: World, tmp_path: Path, arguments: tuple[object, ...], message: str
) -> None:
    make_plan(county=world.county)
    with pytest.raises(CommandError, match=message):
        export(*arguments, "--output", tmp_path / "plan.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(world: World, tmp_path: Path) -> None:
    make_plan(county=world.county)
    with pytest.raises(CommandError, match="Could not write"):
        export("fjordane", 2022, "--format", "json", "--output", tmp_path / "finst-ikkje" / "x")


def test_a_pdf_that_fails_leaves_the_old_file(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(document: object) -> bytes:
        raise PdfError("The worker ended.")

    monkeypatch.setattr(
        "plans.management.commands.export_plan.FORMATS", {"pdf": fail, "json": fail}
    )
    make_plan(county=world.county)
    file = tmp_path / "plan.pdf"
    file.write_bytes(b"den gamle")
    with pytest.raises(CommandError, match="The worker ended."):
        export("fjordane", 2022, "--output", file)
    assert file.read_bytes() == b"den gamle"
