"""The plan as a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from plans.document import PlanDocument, fingerprint, read_plan, to_json
from plans.exports.pdf import PdfError
from plans.models import Measure, PartnerPlan
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.views.pages import address, html

LogIn = Callable[[User], Client]


def test_the_json_is_the_document_and_its_tag_the_fingerprint(
    plan: PartnerPlan, reader: Client
) -> None:
    document = read_plan(plan).document
    answer = reader.get(address(plan, "json"))
    assert answer.content == to_json(document)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["ETag"] == f'"{fingerprint(document)}"'
    again = reader.get(address(plan, "json"), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture
def typesetter(monkeypatch: pytest.MonkeyPatch, files: Path) -> list[PlanDocument]:
    """Stand in for the typesetter, which takes seconds; return what it was asked to set."""
    asked: list[PlanDocument] = []

    def plan_pdf(document: PlanDocument) -> bytes:
        asked.append(document)
        return b"%PDF-1.7 " + str(len(asked)).encode()

    monkeypatch.setattr("plans.services.pdf_store.plan_pdf", plan_pdf)
    return asked


def test_the_pdf_is_set_once_and_has_a_good_name(
    plan: PartnerPlan, reader: Client, typesetter: list[PlanDocument]
) -> None:
    answers = [reader.get(address(plan, "pdf")) for _ in range(2)]
    assert [answer.content for answer in answers] == [b"%PDF-1.7 1"] * 2
    headers = answers[0].headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="partnarplan-fjordane-2022.pdf"'
    assert headers["Cache-Control"] == "no-cache"
    assert "X-Robots-Tag" not in headers
    again = reader.get(address(plan, "pdf"), headers={"If-None-Match": headers["ETag"]})
    assert again.status_code == 304
    Measure.objects.in_plan(plan.pk).update(title="Noko anna")
    changed = reader.get(address(plan, "pdf"), headers={"If-None-Match": headers["ETag"]})
    assert changed.content == b"%PDF-1.7 2"


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
    plan: PartnerPlan, reader: Client, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(document: PlanDocument) -> bytes:
        raise PdfError("no memory")

    monkeypatch.setattr("plans.services.pdf_store.plan_pdf", fails)
    answer = reader.get(address(plan, "pdf"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "ETag" not in answer.headers
    assert f'href="{address(plan)}?tekst=alt"' in html(answer)
    assert "no memory" not in html(answer)
