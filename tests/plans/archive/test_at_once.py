"""Two at once: who ask for the same delivery, and who deliver it."""

from pathlib import Path
from typing import Any

import pytest

from audit.services import verify
from plans.enums import ArchiveVariant, JobState, PlanState
from plans.models import ArchiveDelivery, PartnerPlan
from plans.services import archive_jobs
from plans.services.archive_jobs import ask_for_delivery
from tests.factories.plans import make_plan
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once, sorts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_plan(world: World, folder: Path) -> PartnerPlan:
    return make_plan(county=world.county, measures=1, state=PlanState.ACTIVE)


def test_of_two_who_ask_one_is_told(
    world: World, signed_plan: PartnerPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_jobs, "do", lambda pk: False)

    def ask() -> ArchiveDelivery:
        return ask_for_delivery(plan=signed_plan, variant=ArchiveVariant.FULL, by=world.editor)

    assert sorts(at_once(ask, ask)) == ["ArchiveDelivery", "AskedAlready"]
    assert ArchiveDelivery.objects.count() == 1
    verify()


def test_of_two_workers_one_delivers(signed_plan: PartnerPlan, folder: Path, settings: Any) -> None:
    delivery = ArchiveDelivery.objects.create(
        plan=signed_plan,
        version_id=signed_plan.in_force_id,
        variant=ArchiveVariant.FULL,
        target=settings.ARCHIVE_TARGET,
    )
    outcomes = at_once(*[lambda: archive_jobs.do(delivery.pk)] * 3)
    assert sorted(map(str, outcomes)) == ["False", "False", "True"]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (JobState.DONE, 1)
    assert [file.name for file in folder.iterdir()] == [delivery.name]
    verify()
