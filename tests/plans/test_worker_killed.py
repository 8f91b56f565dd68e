"""A worker that is killed in the midst of its work: another one takes it up, and it is done once.

The workers are real processes on the database of the test. Nothing in them knows of the test: they
are slow because setting a PDF takes seconds, and because the time-stamp service doesn't answer.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from audit.services import verify
from municipalities.models import County
from plans.enums import JobKind, JobState, PlanState, SigningParty
from plans.models import PartnerPlan, PlanVersion, Signature, VersionFile, VersionJob
from plans.services.signing import sign_here
from plans.services.transitions import move_plan
from plans.services.version_jobs import LEASES
from plans.services.versions import waiting
from tests.factories.accounts import user_with
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.readiness import make_ready

pytestmark = pytest.mark.django_db(transaction=True)
MOST_SECONDS = 90
Process = subprocess.Popen[bytes]


@pytest.fixture(autouse=True)
def by_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the work to the workers: nothing is done in the test's own process."""
    monkeypatch.setattr("plans.services.version_jobs._start_after_commit", lambda pk: None)


def database_url() -> str:
    """Return the address of the test's database."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


@contextmanager
def worker(tmp_path: Path, *options: str, **environment: str) -> Iterator[Process]:
    """Run ``manage.py worker`` as it runs in service; it is gone afterwards."""
    root = Path(settings.BASE_DIR)
    log = tmp_path / "worker.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--interval", "0.1", *options],
            cwd=root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "DEBUG": "off",
                "SECRET_KEY": "only-for-tests-" + "t" * 40,
                "ALLOWED_HOSTS": "testserver",
                "DATABASE_URL": database_url(),
                "CACHE_URL": "locmemcache://",
                "EMAIL_URL": "memorymail://",
                "DEFAULT_FROM_EMAIL": "Lupplan <lupplan@test.example>",
                "SITE_URL": "https://testserver",
                "SIGNING_KEYS": settings.SIGNING_KEYS,
                "SIGNING_REVOCATION": "off",
                **environment,
            },
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something in the database that another process writes."""
    end = time.monotonic() + MOST_SECONDS
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"It didn't come to it: {what}")
        threading.Event().wait(0.02)


def is_running(kind: JobKind) -> bool:
    return VersionJob.objects.filter(kind=kind, state=JobState.RUNNING).exists()


def kill(process: Process) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def work_on(tmp_path: Path) -> None:
    """Let another worker do what is due, once the claims of the one that was killed are over."""
    longest = max(LEASES.values()) + timedelta(seconds=1)
    VersionJob.objects.filter(state=JobState.RUNNING).update(claimed_at=timezone.now() - longest)
    with worker(tmp_path, "--batch") as process:
        status = process.wait(timeout=MOST_SECONDS)
    assert status == 0, (tmp_path / "worker.log").read_text()


@pytest.fixture
def silent_service() -> Iterator[tuple[str, threading.Event]]:
    """A time-stamp service that takes a connection and never answers: its address, and what is set
    when somebody has come."""
    came, over = threading.Event(), threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)

    def accept() -> None:
        kept = []
        while not over.is_set():
            try:
                kept.append(server.accept()[0])
            except TimeoutError:
                continue
            came.set()
        for each in kept:
            each.close()

    thread = threading.Thread(target=accept)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", came
    over.set()
    thread.join()
    server.close()


def test_killed_while_it_sets_the_pdf_and_while_it_signs(
    world: World, tmp_path: Path, silent_service: tuple[str, threading.Event]
) -> None:
    County.objects.exclude(pk=world.county.pk).filter(number="61").update(number="59")
    County.objects.filter(pk=world.county.pk).update(number="61")
    plan = make_ready(make_plan(county=world.county, measures=1), by=world.editor)
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    plan = PartnerPlan.objects.with_parties().get(pk=plan.pk)
    move_plan(plan=plan, to=PlanState.FOR_SIGNATURE, by=world.editor)

    with worker(tmp_path) as process:
        until(lambda: is_running(JobKind.RENDER), "the PDF is being set")
        kill(process)
    assert VersionFile.objects.count() == 0
    job = VersionJob.objects.get()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    work_on(tmp_path)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.DONE, 2, "")
    assert list(VersionFile.objects.values_list("sequence", flat=True)) == [0]

    version = waiting(plan)
    assert version is not None
    people = {
        SigningParty.COUNTY: world.signatory,
        SigningParty.LUP: user_with(Role.LUP_SIGNATORY),
    }
    for party, user in people.items():
        sign_here(version=version, party=party, by=user, name="Signatar Éin")
    address, came = silent_service
    with worker(tmp_path, SIGNING_TIMESTAMP_URL=address) as process:
        assert came.wait(timeout=MOST_SECONDS)
        assert is_running(JobKind.SIGN)
        kill(process)
    assert (VersionFile.objects.count(), Signature.objects.count()) == (1, 0)
    work_on(tmp_path)
    until(lambda: not VersionJob.objects.open().exists(), "all is done")
    assert PlanVersion.objects.count() == 1
    assert list(VersionFile.objects.values_list("sequence", flat=True)) == [0, 1, 2]
    assert sorted(Signature.objects.values_list("party", flat=True)) == ["COUNTY", "LUP"]
    plan.refresh_from_db()
    assert (plan.state, plan.in_force) == (PlanState.ACTIVE, version)
    verify()
