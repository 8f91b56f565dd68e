"""The job that sets and seals a version's PDF: which edition, and what it does without services."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as project

from plans.document import PlanDocument
from plans.enums import FileKind, JobState
from plans.exports.pdf import Edition
from plans.models import PartnerPlan, PlanVersion, VersionJob
from plans.services import version_files, version_jobs
from plans.services.versions import freeze
from tests.factories.plans import make_plan
from tests.plans.signing.engine.authority import Authority
from tests.plans.signing.engine.conftest import Papers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def editions(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> list[Edition]:
    """The editions that were asked for; each is given the same PDF."""
    asked: list[Edition] = []

    def plan_pdf(document: PlanDocument, *, edition: Edition) -> bytes:
        asked.append(edition)
        return papers.printed

    monkeypatch.setattr(version_files, "plan_pdf", plan_pdf)
    return asked


@pytest.fixture
def version() -> PlanVersion:
    """A version that was just frozen."""
    plan = make_plan()
    return freeze(plan=PartnerPlan.objects.with_parties().get(pk=plan.pk), by=None)


def _done() -> VersionJob:
    version_jobs.do_due()
    return VersionJob.objects.get()


def test_the_version_s_own_edition_is_sealed(
    version: PlanVersion, editions: list[Edition], papers: Papers
) -> None:
    assert _done().state == JobState.DONE
    plan = version.plan
    place = f"planar/{plan.agreement.county.slug}/{plan.year}/versjonar/1/"
    assert editions == [Edition(address=f"{project.SITE_URL}/{place}", is_demo=True)]
    file = version.files.get()
    assert (file.sequence, file.kind) == (0, FileKind.SEALED)
    assert bytes(file.content).startswith(papers.prepared)


def test_sealing_waits_for_a_time_stamp_service_that_is_away(
    version: PlanVersion, editions: list[Edition], services: Authority
) -> None:
    with services.answering("/tsa/", lambda: ("503 Busy", "text/plain", b"")):
        job = _done()
    assert (job.state, job.error) == (JobState.WAITING, "The time-stamp service has trouble.")
    assert not version.files.exists()
    VersionJob.objects.update(next_at=datetime.now(UTC))
    assert _done().state == JobState.DONE
    assert version.files.count() == 1


def test_sealing_waits_for_a_key(
    version: PlanVersion, editions: list[Edition], settings: Any, tmp_path: Any
) -> None:
    settings.SIGNING_KEYS = str(tmp_path)
    job = _done()
    assert job.state == JobState.WAITING
    assert job.error == "The key that seals can't be used: There is no key for 'segl'."
    assert not version.files.exists()
