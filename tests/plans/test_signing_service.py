"""Signing with a key that an external service keeps, against a service that is a process of its
own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import User
from plans.enums import JobState, PlanState, SigningWay
from plans.models import PartnerPlan, Signature, VersionFile, VersionJob
from plans.services import version_jobs
from tests.factories.accounts import user_with
from tests.factories.plans import make_plan
from tests.factories.versions import make_version
from tests.plans.conftest import World
from tests.plans.signing.engine import csc_server
from tests.plans.test_signing import address, confirm, logged_in, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(scope="module")
def running(signing_keys: None) -> Iterator[str]:
    """The service, with LUP's key: its address."""
    from django.conf import settings

    key = Path(settings.SIGNING_KEYS, "lup.p12")
    with subprocess.Popen(
        [sys.executable, "-m", csc_server.__name__, str(key)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.communicate()  # its standard input ends, and so does it


@pytest.fixture
def service(running: str, settings: Settings) -> Settings:
    cache.clear()
    settings.SIGNING_SERVICE_URL = running
    settings.SIGNING_SERVICE_TOKEN = csc_server.TOKEN
    settings.SIGNING_SERVICE_PIN = csc_server.PIN
    settings.SIGNING_SERVICE_CREDENTIALS = {"lup": "c1"}
    return settings


@pytest.fixture
def plan(world: World, sealed_pdf: bytes) -> PartnerPlan:
    """A plan for signature whose PDF is made."""
    made = make_plan(county=world.county, measures=1)
    PartnerPlan.objects.filter(pk=made.pk).update(state=PlanState.FOR_SIGNATURE)
    make_version(made, signed=False, pdf=sealed_pdf)
    return PartnerPlan.objects.with_parties().get(pk=made.pk)


@pytest.fixture
def lup_signatory(db: None) -> User:
    return user_with(Role.LUP_SIGNATORY)


def asks(user: User, plan: PartnerPlan) -> Any:
    """Ask for a signature by the service, and return the page as it is after the first attempt."""
    client = logged_in(user)
    assert confirm(client, send(client, plan, "lup", way="SERVICE")).status_code == 302
    version_jobs.do_due()
    return client.get(address(plan)).content.decode()


def test_the_service_signs(service: Settings, plan: PartnerPlan, lup_signatory: User) -> None:
    page = asks(lup_signatory, plan)
    signature = Signature.objects.get()
    assert (signature.way, signature.name, signature.organisation) == (
        SigningWay.SERVICE,
        "Signatar Éin",
        "Leverandørutviklingsprogrammet",
    )
    before, after = VersionFile.objects.order_by("sequence")
    assert bytes(after.content).startswith(bytes(before.content))
    assert "In a signing service" in page


def test_only_who_has_a_service_chooses_it(
    service: Settings, world: World, plan: PartnerPlan, lup_signatory: User
) -> None:
    for user, there in ((lup_signatory, True), (world.signatory, False)):
        page = logged_in(user).get(address(plan)).content.decode()
        assert ('name="way"' in page) == there


def test_a_service_that_refuses_says_why(
    service: Settings, plan: PartnerPlan, lup_signatory: User
) -> None:
    service.SIGNING_SERVICE_CREDENTIALS = {"lup": "shut"}
    page = asks(lup_signatory, plan)
    assert ("is shut" in page, "Try again" in page) == (True, True)
    assert (VersionJob.objects.get().state, Signature.objects.count()) == (JobState.FAILED, 0)


def test_a_service_that_is_away_is_waited_for(
    service: Settings, plan: PartnerPlan, lup_signatory: User
) -> None:
    running, service.SIGNING_SERVICE_URL = service.SIGNING_SERVICE_URL, "http://127.0.0.1:9"
    page = asks(lup_signatory, plan)
    assert ("Nothing is half signed" in page, "Take it back" in page) == (True, True)
    job = VersionJob.objects.get()
    assert (job.state, VersionFile.objects.count()) == (JobState.WAITING, 1)
    service.SIGNING_SERVICE_URL = running
    VersionJob.objects.update(next_at=job.made_at)
    assert version_jobs.do_due() == 1
    assert Signature.objects.get().way == SigningWay.SERVICE
