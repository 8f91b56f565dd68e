"""Renewing the proof of signed versions: which are due, what the job makes, how it fails."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from audit.models import Event
from plans.enums import FileKind, JobKind, JobState
from plans.models import PlanVersion, VersionJob
from plans.services import renewal, version_jobs
from plans.services.version_files import add_file
from plans.signing import sign
from tests.factories.plans import make_plan
from tests.factories.versions import make_version
from tests.plans.signing.engine import authority as names
from tests.plans.signing.engine.authority import Authority
from tests.plans.signing.engine.conftest import Papers, signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(scope="session")
def signed_pdf(papers: Papers, authority: Authority) -> bytes:
    """A sealed PDF with a signature without proof."""
    return signed(papers.sealed, authority.key(names.COUNTY))


@pytest.fixture
def version(services: Authority, signed_pdf: bytes) -> PlanVersion:
    """A version that both have signed, whose newest file is ``signed_pdf``."""
    plan = make_plan()
    return make_version(plan, pdf=signed_pdf)


@pytest.fixture(autouse=True)
def never_looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(renewal, "_next_look", 0.0)
    cache.clear()
    yield
    cache.clear()


def _do() -> VersionJob:
    version_jobs.do_due()
    return VersionJob.objects.get(kind=JobKind.RENEW)


def _due() -> list[int]:
    return [file.sequence for file in renewal.due()]


def test_a_signed_version_is_renewed_once(version: PlanVersion) -> None:
    assert renewal.look() == 1
    assert _do().state == JobState.DONE
    newest = version.files.get(sequence=3)
    assert newest.kind == FileKind.RENEWED
    assert bytes(newest.content).startswith(bytes(version.files.get(sequence=2).content))
    assert sign.stamps_expire_at(bytes(newest.content)) is not None
    (event,) = Event.objects.filter(verb="version.renewed")
    assert event.new == {"version": version.number, "sha256": newest.sha256}
    assert event.actor_id is None
    assert _due() == []


def test_it_is_renewed_again_before_the_time_stamp_ends(
    version: PlanVersion, services: Authority, settings: Any
) -> None:
    renewal.look()
    _do()
    ends: datetime = services.certificate("stamps").not_valid_after
    in_time = ends - timedelta(days=settings.SIGNING_RENEW_DAYS)
    assert list(renewal.due(in_time - timedelta(hours=1))) == []
    assert [file.sequence for file in renewal.due(in_time + timedelta(hours=1))] == [3]


def test_workers_look_once_an_hour(version: PlanVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    assert renewal.look() == 1
    VersionJob.objects.all().delete()
    assert renewal.look() == 0  # this worker
    monkeypatch.setattr(renewal, "_next_look", 0.0)
    assert renewal.look() == 0  # another


def test_looking_costs_nothing_without_a_service(
    version: PlanVersion, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.SIGNING_TIMESTAMP_URL = ""
    with django_assert_num_queries(0):
        assert renewal.look() == 0


def test_looking_takes_as_many_queries_however_many_versions(
    version: PlanVersion, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert _due() == [2]
    make_version(make_plan())
    make_version(make_plan())
    with django_assert_num_queries(1):
        assert _due() == [2, 2, 2]


def test_what_is_not_signed_by_both_is_left_alone(services: Authority) -> None:
    plan = make_plan()
    make_version(plan, signed=False)
    assert _due() == []
    assert renewal.look() == 0


def test_it_is_asked_for_once_and_not_at_once_after_it_was_given_up(version: PlanVersion) -> None:
    assert renewal.ask_renewal(version=version, by=None)
    assert not renewal.ask_renewal(version=version, by=None)
    VersionJob.objects.update(state=JobState.FAILED)
    assert not renewal.ask_renewal(version=version, by=None)
    VersionJob.objects.update(made_at=datetime.now(UTC) - timedelta(days=2))
    assert renewal.ask_renewal(version=version, by=None)


def test_a_service_that_is_away_is_tried_again(version: PlanVersion, services: Authority) -> None:
    renewal.look()
    with services.answering("/tsa/", lambda: ("503 Busy", "text/plain", b"")):
        job = _do()
    assert (job.state, job.error) == (JobState.WAITING, "The time-stamp service has trouble.")
    assert version.files.count() == 3
    VersionJob.objects.update(next_at=datetime.now(UTC))
    assert _do().state == JobState.DONE
    assert version.files.count() == 4


def test_a_signature_that_proves_nothing_is_given_up(services: Authority, papers: Papers) -> None:
    pdf = signed(papers.sealed, services.key(names.REVOKED))
    make_version(make_plan(), pdf=pdf)
    renewal.look()
    job = _do()
    assert (job.state, job.error) == (JobState.FAILED, "The certificate has been revoked.")


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_renewed(
    version: PlanVersion, caplog: pytest.LogCaptureFixture
) -> None:
    broken = make_version(make_plan())
    add_file(version=broken, kind=FileKind.RENEWED, content=b"%PDF-broken", sequence=3)
    assert renewal.look() == 1
    assert VersionJob.objects.get().version == version
    assert "can't be read" in caplog.text


def test_looking_never_raises(
    version: PlanVersion, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(renewal, "ask_renewal", lambda **_: 1 / 0)
    assert renewal.look() == 0
    assert "signatures to renew failed" in caplog.text


def test_the_command_says_what_is_due_and_asks(version: PlanVersion, settings: Any) -> None:
    said = io.StringIO()
    call_command("renew_signatures", "--dry-run", stdout=said)
    assert said.getvalue() == f"{version.plan}, version {version.number}\n"
    assert not VersionJob.objects.exists()
    call_command("renew_signatures", stdout=said)
    assert said.getvalue().endswith("Asked for: 1\n")
    settings.SIGNING_REVOCATION = False
    with pytest.raises(CommandError, match="SIGNING_TIMESTAMP_URL"):
        call_command("renew_signatures")
