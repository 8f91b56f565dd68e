"""Views of the table that are kept under a name: one's own, and those that are shared."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.enums import Role
from accounts.models import User
from plans.enums import PlanState
from plans.models import PartnerPlan, SavedView
from plans.services.saved_views import MOST_VIEWS
from tests.factories.accounts import user_with
from tests.factories.plans import area_of, make_plan
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=2, state=PlanState.NEGOTIATION)


def to(plan: PartnerPlan, name: str, query: str = "", **kwargs: object) -> str:
    where = {"county": plan.agreement.county.slug, "year": plan.year, **kwargs}
    return reverse(f"plans:{name}", kwargs=where) + (f"?{query}" if query else "")


def save(client: Client, plan: PartnerPlan, query: str, name: str, shared: str = "") -> int:
    return client.post(to(plan, "view_new", query), {"name": name, "shared": shared}).status_code


def offered(client: Client, plan: PartnerPlan) -> list[str]:
    return [view.name for view in client.get(to(plan, "table")).context["views"]]


def test_a_view_is_saved_with_known_parameters_alone_and_used(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    browser = browser_of(world.editor)
    query = "kol=status&sorter=-tittel&q=1.1&page=7&endra=x&hms=1&del="
    answer = browser.post(to(plan, "view_new", query), {"name": "  Mi vising "})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Mi vising", "q=1.1&sorter=-tittel&kol=status",
                                                    False)  # fmt: skip
    assert answer["Location"] == to(plan, "table", view.query)
    page = browser.get(answer["Location"])
    assert [row.measure.number for row in page.context["page"]] == ["1.1"]
    assert f'?{view.query.replace("&", "&amp;")}" aria-current="page"' in page.content.decode()


def test_a_shared_view_is_for_all_who_work_with_the_countys_plans(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    editor = browser_of(world.editor)
    assert save(editor, plan, "del=1", "Delt", "on") == 302
    assert save(editor, plan, "del=2", "Eigen") == 302
    assert offered(editor, plan) == ["Delt", "Eigen"]
    assert offered(browser_of(world.signatory), plan) == ["Delt"]
    assert offered(browser_of(world.adviser), plan) == ["Delt"]
    other = make_plan(county=world.outsider.roles[0].county)
    assert offered(browser_of(world.outsider), other) == []
    # The county's plans of other years too.
    assert offered(editor, make_plan(agreement=plan.agreement, year=2023)) == ["Delt", "Eigen"]


def test_only_ones_own_can_be_changed_and_deleted(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    editor = browser_of(world.editor)
    save(editor, plan, "del=1", "Delt", "on")
    view = SavedView.objects.get()
    for user in (world.signatory, world.adviser):
        other = browser_of(user)
        for name in ("view_edit", "view_delete"):
            assert other.get(to(plan, name, pk=view.pk)).status_code == 404
            assert other.post(to(plan, name, pk=view.pk), {"name": "x"}).status_code == 404
    # Nor through another county's plan.
    user_with_two = world.outsider
    SavedView.objects.create(owner=user_with_two, county=world.county, name="Framand")
    own = make_plan(county=user_with_two.roles[0].county)
    foreign = SavedView.objects.get(name="Framand")
    address = to(own, "view_edit", pk=foreign.pk)
    assert browser_of(user_with_two).get(address).status_code == 404

    renamed = editor.post(to(plan, "view_edit", pk=view.pk), {"name": "Ny"})
    assert renamed.status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query, view.shared) == ("Ny", "del=1", False)
    assert editor.get(to(plan, "view_delete", pk=view.pk)).status_code == 200
    assert editor.post(to(plan, "view_delete", pk=view.pk)).status_code == 302
    assert editor.post(to(plan, "view_delete", pk=view.pk)).status_code == 404
    assert [found.name for found in SavedView.objects.all()] == ["Framand"]


def test_a_name_is_ones_own_once_in_a_county(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    editor, signatory = browser_of(world.editor), browser_of(world.signatory)
    assert save(editor, plan, "", "Same") == 302
    assert save(editor, plan, "del=1", "Same") == 422
    assert save(signatory, plan, "", "Same") == 302
    assert save(editor, plan, "", "Anna") == 302
    other = SavedView.objects.get(name="Anna")
    answer = editor.post(to(plan, "view_edit", pk=other.pk), {"name": "Same"})
    assert answer.status_code == 422
    # Keeping its own name is no clash.
    assert editor.post(to(plan, "view_edit", pk=other.pk), {"name": "Anna"}).status_code == 302


def test_a_view_that_names_what_is_not_there_is_shown_without_it(
    world: World, browser_of: LogIn, plan: PartnerPlan
) -> None:
    editor = browser_of(world.editor)
    save(editor, plan, f"satsing={area_of(plan).key}&slag=COURSE", "Satsing")
    # Kept from an older release: nothing of it is known any more.
    SavedView.objects.create(
        owner=world.editor, county=world.county, name="Gammal", query="borte=1&kol=borte&sorter=x"
    )
    next_year = make_plan(agreement=plan.agreement, year=2023, measures=1)
    for view in SavedView.objects.all():
        page = editor.get(to(next_year, "table", view.query))
        assert page.status_code == 200
        assert len(page.context["shown"].rows) == 2


def test_hostile_names_and_queries(world: World, browser_of: LogIn, plan: PartnerPlan) -> None:
    editor = browser_of(world.editor)
    assert save(editor, plan, "", "") == 422
    assert save(editor, plan, "", "a" * 81) == 422
    assert save(editor, plan, "", "nul\x00") == 422
    assert save(editor, plan, urlencode({"q": "x" * 5000}), "Lang") == 302
    assert SavedView.objects.get().query == ""
    long = "&".join(f"{name}={'%F0%9F%8E%89' * 199}" for name in ("q", "slag", "ansvar"))
    assert save(editor, plan, long, "For lang") == 302
    assert not SavedView.objects.filter(name="For lang").exists()
    for pk in (0, 10**30):
        assert editor.get(to(plan, "view_edit", pk=pk)).status_code == 404
    script = "<script>alert(1)</script>"
    assert save(editor, plan, urlencode({"q": script}), script) == 302
    assert script not in editor.get(to(plan, "table")).content.decode()
    assert script not in editor.get(to(plan, "view_list")).content.decode()


def test_there_is_a_limit(world: World, browser_of: LogIn, plan: PartnerPlan) -> None:
    SavedView.objects.bulk_create(
        SavedView(owner=world.editor, county=world.county, name=f"v{place}")
        for place in range(MOST_VIEWS)
    )
    assert save(browser_of(world.editor), plan, "", "Ein til") == 422
    assert SavedView.objects.count() == MOST_VIEWS


def test_somebody_who_lost_the_role_uses_no_view(world: World, browser_of: LogIn) -> None:
    plan = make_plan(county=world.county)
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    assert browser_of(contact).get(to(plan, "view_list")).status_code == 404
