"""The plan as a file."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from plans.document import PlanDocument, fingerprint, read_plan, to_json
from plans.enums import FileKind, JobKind, JobState, PlanState
from plans.exports.pdf import PdfError
from plans.models import Measure, PartnerPlan, VersionJob
from plans.services.version_files import add_file
from tests.factories.plans import make_plan
from tests.factories.versions import bare_version
from tests.plans.conftest import World
from tests.plans.views.pages import address, html

LogIn = Callable[[User], Client]


def test_the_json_of_a_signed_plan_is_the_versions_very_bytes(
    plan: PartnerPlan, reader: Client
) -> None:
    version = plan.versions.get()
    answer = reader.get(address(plan, "json"))
    assert answer.content == version.content.encode()
    assert hashlib.sha256(answer.content).hexdigest() == version.fingerprint
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["ETag"] == f'"{version.fingerprint}"'
    with CaptureQueriesContext(connection) as queries:
        again = reader.get(address(plan, "json"), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not any('"content"' in query["sql"] for query in queries)


def test_the_json_of_a_draft_is_its_document(world: World, browser_of: LogIn) -> None:
    draft = make_plan(county=world.county, measures=1)
    document = read_plan(draft).document
    answer = browser_of(world.editor).get(address(draft, "json"))
    assert answer.content == to_json(document)
    assert answer.headers["ETag"] == f'"{fingerprint(document)}"'


@pytest.fixture
def typesetter(monkeypatch: pytest.MonkeyPatch, files: Path) -> list[PlanDocument]:
    """Stand in for the typesetter, which takes seconds; return what it was asked to set."""
    asked: list[PlanDocument] = []

    def plan_pdf(document: PlanDocument) -> bytes:
        asked.append(document)
        return b"%PDF-1.7 " + str(len(asked)).encode()

    monkeypatch.setattr("plans.services.pdf_store.plan_pdf", plan_pdf)
    return asked


def test_the_pdf_of_a_draft_is_set_once_and_has_a_good_name(
    world: World, browser_of: LogIn, typesetter: list[PlanDocument]
) -> None:
    draft = make_plan(county=world.county, measures=1)
    browser = browser_of(world.editor)
    answers = [browser.get(address(draft, "pdf")) for _ in range(2)]
    assert [answer.content for answer in answers] == [b"%PDF-1.7 1"] * 2
    headers = answers[0].headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="partnarplan-fjordane-2022.pdf"'
    again = browser.get(address(draft, "pdf"), headers={"If-None-Match": headers["ETag"]})
    assert again.status_code == 304
    Measure.objects.in_plan(draft.pk).update(title="Noko anna")
    changed = browser.get(address(draft, "pdf"), headers={"If-None-Match": headers["ETag"]})
    assert changed.content == b"%PDF-1.7 2"


def test_the_pdf_of_a_signed_plan_is_its_newest_file(
    plan: PartnerPlan, reader: Client, typesetter: list[PlanDocument]
) -> None:
    version = plan.versions.get()
    file = add_file(version=version, kind=FileKind.RENEWED, content=b"%PDF-1.7 ny", sequence=3)
    answer = reader.get(address(plan, "pdf"))
    assert answer.content == b"%PDF-1.7 ny"
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="partnarplan-fjordane-2022.pdf"'
    assert headers["Cache-Control"] == "no-cache"
    assert headers["ETag"] == f'"{file.sha256}"'
    assert "X-Robots-Tag" not in headers
    again = reader.get(address(plan, "pdf"), headers={"If-None-Match": headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert typesetter == []


def test_of_a_plan_to_be_signed_the_waiting_file_is_given(
    world: World, browser_of: LogIn, typesetter: list[PlanDocument]
) -> None:
    plan = make_plan(county=world.county, measures=1, state=PlanState.FOR_SIGNATURE)
    version = plan.versions.get()
    browser = browser_of(world.adviser)
    assert browser.get(address(plan, "pdf")).content == b"%PDF-"
    assert browser.get(address(plan, "json")).content == version.content.encode()
    assert typesetter == []


@pytest.mark.parametrize(
    ("state", "title", "error_shown"),
    [
        (JobState.WAITING, "The PDF is being made", False),
        (JobState.FAILED, "The PDF could not be made", True),
    ],
)
def test_a_version_whose_pdf_is_not_made_yet(
    world: World, browser_of: LogIn, state: JobState, title: str, error_shown: bool
) -> None:
    plan = make_plan(county=world.county, measures=1, state=PlanState.NEGOTIATION)
    version = bare_version(plan)
    error = "Teksten er for lang." if error_shown else ""
    VersionJob.objects.create(version=version, kind=JobKind.RENDER, state=state, error=error)
    browser = browser_of(world.editor)
    browser.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
    for page in (address(plan, "pdf"), address(plan, "version_pdf", number=1)):
        answer = browser.get(page)
        assert answer.status_code == 503
        assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("5", "no-store")
        assert "ETag" not in answer.headers
        assert title in html(answer)
        assert ("Teksten er for lang." in html(answer)) is error_shown
        assert f'href="{address(plan, "version", number=1)}"' in html(answer)


def test_the_extract_as_pdf(
    plan: PartnerPlan, world: World, reader: Client, typesetter: list[PlanDocument]
) -> None:
    number = world.municipalities[0].number
    answer = reader.get(address(plan, "municipality_pdf", number=number))
    name = f"partnarplan-fjordane-2022-{number}-kommune-{number}.pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert [document.extract_of for document in typesetter] == [number]


def test_an_unsigned_plan_is_kept_from_proxies_and_robots(
    world: World, browser_of: LogIn, typesetter: list[PlanDocument]
) -> None:
    draft = make_plan(county=world.county, measures=1)
    browser = browser_of(world.editor)
    for name in ("plan", "pdf", "json", "municipalities"):
        headers = browser.get(address(draft, name)).headers
        assert headers["Cache-Control"] == "private, no-cache", name
        assert headers["X-Robots-Tag"] == "none", name


def test_a_pdf_that_can_not_be_made(
    world: World, browser_of: LogIn, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(county=world.county, measures=1)

    def fails(document: PlanDocument) -> bytes:
        raise PdfError("no memory")

    monkeypatch.setattr("plans.services.pdf_store.plan_pdf", fails)
    answer = browser_of(world.editor).get(address(plan, "pdf"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "ETag" not in answer.headers
    assert f'href="{address(plan)}?tekst=alt"' in html(answer)
    assert "no memory" not in html(answer)
