"""The plan's texts, introductions, focus areas and title on the workbench; making a plan."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from plans.enums import PartKind, PlanState
from plans.models import FocusArea, PartnerPlan
from tests.factories.plans import AgreementFactory, area_of, make_measure, make_plan, part_of
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county)


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def test_a_text_is_written_in_its_own_language(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    answer = browser_of(world.editor).post(
        url("text_edit", plan, "lup-done"),
        {"version": 1, "body": "LUP har bistått fylket.", "language": "nb"},
    )
    text = plan.texts.get(kind="LUP_DONE")
    assert answer["Location"] == f"{url('bench', plan)}#tekst-lup-done"
    assert (text.body, text.language, text.version) == ("LUP har bistått fylket.", "nb", 2)


def test_two_who_write_the_same_text(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    address = url("text_edit", plan, "background")
    browser.post(address, {"version": 1, "body": "Ein", "language": "nn"})
    answer = browser.post(address, {"version": 1, "body": "To", "language": "nn"})
    assert answer.status_code == 409
    assert [(d.mine, d.theirs) for d in answer.context["form"].differences] == [("To", "Ein")]


def test_a_text_that_does_not_exist(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    assert browser_of(world.editor).get(url("text_edit", plan, "novel")).status_code == 404


def test_a_text_longer_than_the_pdf_can_take(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    answer = browser_of(world.editor).post(
        url("text_edit", plan, "background"),
        {"version": 1, "body": "x" * 20_001, "language": "nn"},
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["body"]


def test_the_introduction_of_a_part(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser_of(world.editor).post(
        url("part_edit", plan, 2), {"version": 1, "introduction": "For alle.", "language": "nn"}
    )
    assert part_of(plan, PartKind.MUNICIPALITIES).introduction == "For alle."
    assert browser_of(world.editor).get(url("part_edit", plan, 3)).status_code == 404


def test_a_focus_area_is_added_changed_and_moved(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    browser = browser_of(world.editor)
    browser.post(url("area_new", plan, 1), {"title": "Klima", "description": "", "language": "nn"})
    area = FocusArea.objects.get(title="Klima")
    assert (area.part, area.position) == (part_of(plan), 2)

    browser.post(
        url("area_edit", plan, area.key),
        {"version": 1, "title": "Klima og natur", "description": "Kort.", "language": "nn"},
    )
    first = make_measure(area_of(plan), 1)
    second = make_measure(area, 2)
    browser.post(url("area_move", plan, area.key), {"move": "up"})
    for row in (area, first, second):
        row.refresh_from_db()
    assert (area.title, area.position) == ("Klima og natur", 1)
    assert (first.number, second.number) == ("1.2", "1.1")


def test_a_focus_area_with_measures_is_not_deleted(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    area = area_of(plan)
    make_measure(area, 1)
    browser = browser_of(world.editor)
    browser.post(url("area_delete", plan, area.key))
    area.refresh_from_db()
    assert area.position == 1


def test_a_deleted_focus_area_comes_back_at_the_end(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    area = area_of(plan)
    other = FocusArea.objects.create(part=area.part, position=2, title="Neste")
    browser = browser_of(world.editor)
    browser.post(url("area_delete", plan, area.key))
    other.refresh_from_db()
    assert other.position == 1
    assert browser.get(url("bench", plan)).context["deleted_areas"] == (area,)
    browser.post(url("area_restore", plan, area.key))
    area.refresh_from_db()
    assert area.position == 2


def test_the_title(world: World, plan: PartnerPlan, browser_of: LogIn) -> None:
    browser_of(world.editor).post(url("title_edit", plan), {"version": 1, "title": "Ny tittel"})
    plan.refresh_from_db()
    assert plan.title == "Ny tittel"
    assert Event.objects.about(plan)[0].old == {"title": "Partnarplan 2022"}


def test_an_editor_makes_the_plan_of_a_year(world: World, browser_of: LogIn) -> None:
    agreement = AgreementFactory(county=world.county)
    answer = browser_of(world.editor).post(
        reverse("plans:plan_new"), {"agreement": agreement.pk, "year": 2023, "title": "Plan 2023"}
    )
    plan = PartnerPlan.objects.get(year=2023)
    assert answer["Location"] == url("bench", plan)
    assert (plan.state, plan.parts.count(), plan.texts.count()) == (PlanState.DRAFT, 2, 6)


@pytest.mark.parametrize("year", ["2019", "2025", "2022", "i fjor"])
def test_a_year_that_cannot_have_a_plan(
    world: World, plan: PartnerPlan, browser_of: LogIn, year: str
) -> None:
    answer = browser_of(world.editor).post(
        reverse("plans:plan_new"),
        {"agreement": plan.agreement_id, "year": year, "title": "Plan"},
    )
    assert answer.status_code == 422
    assert PartnerPlan.objects.count() == 1


def test_another_countys_agreement_cannot_be_used(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    AgreementFactory(county=world.outsider.memberships.get().county)
    answer = browser_of(world.outsider).post(
        reverse("plans:plan_new"),
        {"agreement": plan.agreement_id, "year": "2023", "title": "Plan"},
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["agreement"]
