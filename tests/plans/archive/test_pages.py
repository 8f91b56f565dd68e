"""The page of the archive, what is taken and delivered there, and the commands."""

import hashlib
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from plans.enums import ArchiveVariant, JobState, PlanState
from plans.models import ArchiveDelivery, ContributionFile, PartnerPlan
from tests.factories.plans import make_plan
from tests.plans.archive.conftest import packed
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
PAGE = "/arbeid/fjordane/2022/arkiv/"

pytestmark = pytest.mark.usefixtures("english")


def body(response: Any) -> bytes:
    """Return what was streamed; the client closes it then."""
    return b"".join(response.streaming_content)


def says(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_the_package_is_handed_out(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    response = browser_of(world.signatory).get(f"{PAGE}full.zip")
    assert body(response) == packed(plan)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == (
        'attachment; filename="partnarplan-fjordane-2022.zip"'
    )
    assert response["Cache-Control"] == "private, no-store"


def test_lup_takes_the_one_without_personal_data(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.adviser)
    assert browser.get(f"{PAGE}full.zip").status_code == 403
    response = browser.get(f"{PAGE}skjerma.zip")
    assert body(response) == packed(plan, ArchiveVariant.SCREENED)
    page = browser.get(PAGE).content.decode()
    assert "full.zip" not in page
    assert "skjerma.zip" in page
    assert "lever/" not in page


@pytest.mark.usefixtures("plan")
def test_other_packages_there_are_none(world: World, browser_of: LogIn) -> None:
    for name in ("anna.zip", "FULL.zip", "full.tar"):
        assert browser_of(world.editor).get(f"{PAGE}{name}").status_code == 404


def test_what_cannot_be_packed_says_why(
    world: World, plan: PartnerPlan, browser_of: LogIn, settings: Any, tmp_path: Path
) -> None:
    browser = browser_of(world.editor)
    default_storage.delete(ContributionFile.objects.order_by("pk")[0].path)
    gone = browser.get(f"{PAGE}full.zip")
    assert gone.status_code == 409
    assert says(gone) == ["The package can't be made: an attachment of the input isn't there."]
    settings.ARCHIVE_WORDS = str(tmp_path / "ingen.toml")
    unread = browser.get(f"{PAGE}skjerma.zip")
    assert unread.status_code == 409
    assert says(unread) == ["The package can't be made: the archive's words can't be read."]


def test_it_is_delivered_and_shown(
    world: World,
    plan: PartnerPlan,
    folder: Path,
    browser_of: LogIn,
    django_capture_on_commit_callbacks: Any,
) -> None:
    browser = browser_of(world.editor)
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post(f"{PAGE}lever/", {"variant": "full"}, follow=True)
    assert says(response) == ["It is being delivered. How it went is shown below."]
    delivery = ArchiveDelivery.objects.get()
    assert (delivery.by, delivery.state) == (world.editor, JobState.DONE)
    page = browser.get(PAGE).content.decode()
    assert delivery.name in page
    assert delivery.sha256[:12] in page
    assert str(folder) not in page
    # Until then once is enough.
    ArchiveDelivery.objects.update(state=JobState.WAITING)
    again = browser.post(f"{PAGE}lever/", {"variant": "full"}, follow=True)
    assert says(again) == ["It is on its way already."]


def test_a_failure_says_why_and_when_it_is_tried_again(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    ArchiveDelivery.objects.create(
        plan=plan,
        version=plan.in_force,
        variant="FULL",
        target="/nowhere",
        attempts=1,
        error="Mappa <manglar>.",
    )
    page = browser_of(world.editor).get(PAGE).content.decode()
    assert "Mappa &lt;manglar&gt;." in page
    assert "It is tried again at" in page


@pytest.mark.usefixtures("plan")
def test_nothing_is_delivered_where_there_is_no_archive(world: World, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    assert "No archive is set up here" in browser.get(PAGE).content.decode()
    response = browser.post(f"{PAGE}lever/", {"variant": "full"}, follow=True)
    assert says(response) == ["No archive is set up here to deliver to."]
    response = browser.post(f"{PAGE}lever/", {"variant": "anna"}, follow=True)
    assert says(response) == ["Choose which package to deliver."]


@pytest.mark.parametrize("deliveries", [1, 30])
def test_the_page_takes_so_many_queries(
    world: World, plan: PartnerPlan, browser_of: LogIn, deliveries: int
) -> None:
    for place in range(deliveries):
        ArchiveDelivery.objects.create(
            plan=plan, version=plan.in_force, variant="FULL", target=f"/{place}", by=world.editor
        )
    browser = browser_of(world.editor)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(PAGE).status_code == 200
    assert len(queries) == 5


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_commands_write_the_same_package(plan: PartnerPlan, tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{place}.zip" for place in (1, 2, 3))
    said = run("archive", "fjordane", 2022, "--output", one)
    assert said == f"{one}: {one.stat().st_size} bytes\n"
    run("export_plan", "fjordane", 2022, "--format", "archive", "--output", two)
    run("archive", "fjordane", 2022, "--screened", "--output", three)
    assert one.read_bytes() == two.read_bytes() == packed(plan)
    assert three.read_bytes() == packed(plan, ArchiveVariant.SCREENED)
    assert len(list(tmp_path.iterdir())) == 3


def test_the_command_delivers(plan: PartnerPlan, folder: Path) -> None:
    said = run("archive", "fjordane", 2022, "--deliver")
    (file,) = folder.iterdir()
    assert said == f"{folder}: {file.name}, {file.stat().st_size} bytes\n"
    assert file.name.endswith(f"{hashlib.sha256(packed(plan)).hexdigest()[:12]}.zip")


def test_the_commands_say_what_is_wrong(
    world: World, plan: PartnerPlan, tmp_path: Path, settings: Any
) -> None:
    make_plan(agreement=plan.agreement, year=2023, state=PlanState.NEGOTIATION)
    place = tmp_path / "ingen" / "pakke.zip"
    for arguments, why in (
        (("archive", "fjordane", 1999), "There is no plan for fjordane 1999."),
        (("archive", "fjordane", 2023), "Nobody has signed the plan for fjordane 2023 yet."),
        (("archive", "fjordane", 2022, "--deliver"), "ARCHIVE_TARGET isn't set."),
        (("archive", "fjordane", 2022, "--output", place), "No such file or directory"),
        (
            ("export_plan", "fjordane", 2023, "--format", "archive", "--output", "x.zip"),
            "Nobody has signed the plan for fjordane 2023 yet.",
        ),
    ):
        with pytest.raises(CommandError, match=why):
            run(*arguments)
    settings.ARCHIVE_TARGET = str(tmp_path / "ingen")
    with pytest.raises(CommandError, match="Not delivered: "):
        run("archive", "fjordane", 2022, "--deliver")
    with pytest.raises(CommandError, match="It is on its way already"):
        run("archive", "fjordane", 2022, "--deliver")
