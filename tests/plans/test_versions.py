"""Freezing: what goes to signing is a version, its PDF comes by a job, a return makes it void."""

from typing import Any

import pytest

from audit.models import Event
from audit.services import verify
from plans.document import PlanDocument, from_json, read_plan
from plans.enums import FileKind, JobState, PlanState
from plans.exports.pdf import PdfError, TooLong
from plans.models import Measure, PartnerPlan, PlanVersion, VersionJob
from plans.services import version_files, version_jobs, versions
from plans.services.transitions import move_plan
from plans.services.version_jobs import WAITS
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.readiness import make_ready

S = PlanState

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan in negotiation that lacks nothing."""
    return make_ready(
        make_plan(county=world.county, state=S.NEGOTIATION, measures=1), by=world.editor
    )


@pytest.fixture
def frozen(plan: PartnerPlan, world: World) -> PlanVersion:
    """The version that its going to signature made."""
    move_plan(plan=plan, to=S.FOR_SIGNATURE, by=world.editor)
    return PlanVersion.objects.get()


@pytest.fixture
def set_text(monkeypatch: pytest.MonkeyPatch) -> list[PlanDocument]:
    """Let no PDF be set; give the documents that one was asked for of."""
    asked: list[PlanDocument] = []

    def plan_pdf(document: PlanDocument, **_options: object) -> bytes:
        asked.append(document)
        return b"%PDF-"

    monkeypatch.setattr(version_files, "plan_pdf", plan_pdf)
    monkeypatch.setattr(version_files.fields, "with_signature_fields", lambda pdf: pdf + b"fields")
    monkeypatch.setattr(version_files.sign, "seal", lambda pdf, **_kwargs: pdf + b"seal")
    return asked


def job_of(version: PlanVersion) -> VersionJob:
    return version.jobs.get()


def test_going_to_signature_freezes_the_plan(
    plan: PartnerPlan, frozen: PlanVersion, world: World
) -> None:
    document = from_json(frozen.content.encode())
    plan = PartnerPlan.objects.with_parties().get(pk=plan.pk)
    now = read_plan(plan).document
    assert (document.version, document.state) == (1, S.FOR_SIGNATURE)
    assert document.parts == now.parts
    assert document.changed_at == now.changed_at
    assert (frozen.number, frozen.frozen_by) == (1, world.editor)
    event = Event.objects.about(plan).get(verb="version.frozen")
    assert event.new == {"version": 1, "fingerprint": frozen.fingerprint}
    assert (job_of(frozen).state, versions.waiting(plan)) == (JobState.WAITING, frozen)
    assert plan.is_signed is False


def test_the_pdf_comes_of_the_document_that_was_frozen(
    frozen: PlanVersion, set_text: list[PlanDocument]
) -> None:
    Measure.objects.update(title="Endra etterpå")
    assert version_jobs.do(job_of(frozen).pk)
    assert set_text == [from_json(frozen.content.encode())]
    file = frozen.files.get()
    assert (file.sequence, file.kind, bytes(file.content)) == (
        0,
        FileKind.SEALED,
        b"%PDF-fieldsseal",
    )
    assert job_of(frozen).state == JobState.DONE
    assert not version_jobs.do(job_of(frozen).pk)
    assert Event.objects.filter(verb="version.sealed").count() == 1


@pytest.mark.parametrize(
    ("error", "state"), [(PdfError("crash"), JobState.WAITING), (TooLong("x"), JobState.FAILED)]
)
def test_a_failure_says_why_and_loses_nothing(
    frozen: PlanVersion,
    set_text: list[PlanDocument],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    state: JobState,
) -> None:
    def fails(_document: PlanDocument, **_options: object) -> bytes:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(version_files, "plan_pdf", fails)
        assert not version_jobs.do(job_of(frozen).pk)
    job = job_of(frozen)
    assert (job.state, job.attempts, bool(job.error)) == (state, 1, True)
    assert not frozen.files.exists()
    again = VersionJob.objects.filter(pk=job.pk)
    again.update(next_at=job.made_at)
    version_jobs.ask_again(job)
    assert version_jobs.do(job.pk)
    assert (job_of(frozen).state, job_of(frozen).error) == (JobState.DONE, "")


def test_it_is_given_up_in_the_end(
    frozen: PlanVersion, monkeypatch: pytest.MonkeyPatch, set_text: list[PlanDocument]
) -> None:
    def fails(_document: PlanDocument, **_options: object) -> bytes:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(version_files, "plan_pdf", fails)
    for _attempt in range(len(WAITS) + 1):
        assert job_of(frozen).state == JobState.WAITING
        VersionJob.objects.update(next_at=job_of(frozen).made_at)
        version_jobs.do(job_of(frozen).pk)
    assert job_of(frozen).state == JobState.FAILED
    assert "unforeseen" not in job_of(frozen).error


def test_without_a_key_that_seals_it_waits_and_says_so(
    frozen: PlanVersion, set_text: list[PlanDocument], settings: Any, tmp_path: Any
) -> None:
    settings.SIGNING_KEYS = str(tmp_path)
    version_jobs.do(job_of(frozen).pk)
    assert job_of(frozen).state == JobState.WAITING
    assert "segl" in job_of(frozen).error


def test_a_return_makes_the_version_void_and_the_next_has_the_next_number(
    plan: PartnerPlan, frozen: PlanVersion, world: World
) -> None:
    plan = PartnerPlan.objects.with_parties().get(pk=plan.pk)
    plan = move_plan(plan=plan, to=S.NEGOTIATION, by=world.signatory, reason="Feil tal")
    assert (frozen.void.reason, frozen.void.by) == ("Feil tal", world.signatory)
    assert versions.waiting(plan) is None
    assert not PlanVersion.objects.standing().exists()
    plan = move_plan(plan=plan, to=S.FOR_SIGNATURE, by=world.editor)
    newest = PlanVersion.objects.standing().get()
    assert (newest.number, from_json(newest.content.encode()).version) == (2, 2)
    assert versions.waiting(plan) == newest
    verify()
