"""`manage.py demo`: the example plans, a user per role, and nothing twice."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from accounts.models import Notice, User
from audit.models import Event
from audit.services import verify
from plans.capacity import quarters
from plans.completeness import missing
from plans.demo.users import DEMO_USERS, PASSWORD
from plans.document import PlanDocument, measures_concerning, read_plan
from plans.enums import MeasureKind, PartKind, PlanState
from plans.models import Contribution, Measure, PartnerPlan, Rollover
from plans.models.standing import standing_of

pytestmark = pytest.mark.django_db


def run(**options: int) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """The demo, loaded once for all that look at it, with keys of its own; how many mails that
    sent."""
    keys = override_settings(SIGNING_KEYS=str(tmp_path_factory.mktemp("keys")))
    with keys, django_db_blocker.unblock(), transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):
            run()
        yield len(mail.outbox)
        transaction.set_rollback(True)


@pytest.fixture
def documents(demo: int) -> dict[int, PlanDocument]:
    plans = PartnerPlan.objects.with_parties()
    return {plan.year: read_plan(plan).document for plan in plans}


def test_the_example_plans(documents: dict[int, PlanDocument]) -> None:
    assert {year: document.state for year, document in documents.items()} == {
        2020: PlanState.CLOSED,
        2021: PlanState.AMENDING,
        2022: PlanState.NEGOTIATION,
        2023: PlanState.DRAFT,
    }
    assert all(document.is_example for document in documents.values())
    for year in (2020, 2021):
        document = documents[year]
        county, municipalities = document.parts
        assert (len(county.measures) >= 12, len(municipalities.measures) >= 16) == (True, True)
        assert len(document.measures) >= 28
        assert {measure.kind for measure in document.measures} == set(MeasureKind)
        assert {q for measure in document.measures for q in measure.quarters} == {1, 2, 3, 4}
        assert {key for measure in document.measures for key in measure.cooperations} == {
            "iss",
            "nii",
            "ror-innkjop",
        }
        assert all(
            measures_concerning(document, municipality.number)
            for municipality in document.own_municipalities
        )
        assert missing(document) == ()


def test_the_agreement_holds_the_facts(documents: dict[int, PlanDocument]) -> None:
    document = documents[2020]
    agreement = document.agreement
    assert (agreement.partner_since, agreement.first_year, agreement.last_year) == (
        2016,
        2020,
        2024,
    )
    assert document.programme.founded == 2010
    assert document.programme.owners == (
        "KS",
        "NHO",
        "Direktoratet for forvaltning og IKT (Difi)",
        "Innovasjon Norge",
        "Noregs forskingsråd",
    )
    # Renamed on 1 September 2020: the plans of two years name two owners.
    assert (
        "Direktoratet for forvaltning og økonomistyring (DFØ)" in documents[2021].programme.owners
    )
    assert len(document.own_municipalities) == 26
    assert document.municipality_by_number["1507"].name == "Ålesund"
    assert "1508" not in document.municipality_by_number


def test_a_second_time_changes_nothing(documents: dict[int, PlanDocument]) -> None:
    plan = PartnerPlan.objects.with_parties().get(year=2022)
    PartnerPlan.objects.filter(pk=plan.pk).update(title="Endra av nokon")
    before = verify()
    assert "Example plans made: 0" in run()
    assert verify() == before
    plan.refresh_from_db()
    assert plan.title == "Endra av nokon"
    assert User.objects.count() == len(DEMO_USERS)


def test_every_demo_user_can_log_in(documents: dict[int, PlanDocument]) -> None:
    for demo in DEMO_USERS:
        client = Client()
        assert client.login(username=demo.email, password=PASSWORD), demo.email
        assert client.get(reverse("plans:work")).status_code == 200


def test_scale_adds_counties_years_and_measures(demo: int) -> None:
    assert "Synthetic plans made: 10" in run(scale=1)
    assert "Synthetic plans made: 0" in run(scale=1)
    synthetic = PartnerPlan.objects.exclude(agreement__county__number="15").with_measure_count()
    assert {plan.measure_count for plan in synthetic} == {60}
    assert {plan.year for plan in synthetic} == set(range(2020, 2030))


def test_what_a_draft_lacks_is_named(documents: dict[int, PlanDocument]) -> None:
    lacks = [
        (lack.measure.number, str(lack.what)) for lack in missing(documents[2023]) if lack.measure
    ]
    assert ("2.1", "kven som har ansvaret") in lacks
    assert ("1.2", "føremål") in lacks
    part = documents[2023].parts[1]
    assert part.kind == PartKind.MUNICIPALITIES


def test_the_plan_in_negotiation_has_lived(documents: dict[int, PlanDocument]) -> None:
    plan = PartnerPlan.objects.with_parties().get(year=2022)
    standing = standing_of(plan)
    assert (standing.unanswered, standing.proposals, standing.threads) == (2, 1, 4)
    assert [(q.number, q.over) for q in quarters(documents[2022], standing.capacity) if q.over] == [
        (3, Decimal(1))
    ]
    moves = Event.objects.about(plan).filter(verb="plan.moved").values_list("new__state", flat=True)
    assert list(moves) == [PlanState.NEGOTIATION, PlanState.CONSULTATION]
    states = Contribution.objects.filter(plan=plan).values_list("state", flat=True)
    assert Counter(states) == {
        "ACCEPTED": 7,
        "DECLINED": 1,
        "UNDER_CONSIDERATION": 1,
        "RECEIVED": 1,
        "DRAFT": 1,
    }
    rests_on = {m.number: len(m.contributions) for m in documents[2022].measures if m.contributions}
    assert rests_on == {"2.1": 2, "2.4": 2, "2.5": 1, "2.6": 1, "2.7": 1, "2.9": 1}
    verify()


def test_the_next_year_came_of_decisions(documents: dict[int, PlanDocument]) -> None:
    rollover = Rollover.objects.get()
    assert rollover.result is not None
    assert (rollover.source.year, rollover.result.year) == (2022, 2023)
    decisions = Counter(rollover.decisions.values_list("decision", flat=True))
    assert decisions == {"CONTINUE": 3, "CHANGE": 6, "END": 3, "POSTPONE": 2}
    made = Measure.objects.in_plan(rollover.result.pk)
    assert (made.filter(continues__isnull=False).count(), made.count()) == (9, 11)
    boat = made.get(title="Rettleie utviklinga i hurtigbåtkontrakten")
    years = [row.part.plan.year for row in Measure.objects.in_chain_of(boat.key)]
    assert years == [2021, 2022, 2023]


def test_the_demo_mails_nobody(demo: int) -> None:
    assert demo == 0
    assert Notice.objects.exists()
