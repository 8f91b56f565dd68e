"""Who is meant by an @, and who is told of it: those who read the thread, and nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import Role
from accounts.models import Notice, User
from municipalities.models import Municipality
from plans.enums import Audience, PlanState
from plans.models import Measure, PartnerPlan
from plans.services.comments import answer_thread, edit_comment, open_thread
from plans.services.mentions import Addressee, circle_of, mentions_in
from plans.templatetags.plan_talk import marked
from tests.factories.accounts import user_with
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.plans import make_plan
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


def named(code: str, *names: str) -> Addressee:
    return Addressee(code, code, names, frozenset(Audience))


PEOPLE = [
    named("a", "Test Ein"),
    named("b", "Test Ein To"),
    named("c", "Test"),
    named("d", "LUP-rådgjevar", "LUP adviser"),
    named("e", "test"),
]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("@Test Ein", "a"),
        ("@test ein to!", "b"),
        ("@Test Ein Tobias", "a"),
        ("@Testing", ""),
        ("@Test", "ce"),
        ("@Test-Ein", "a"),
        ("@Test-Anna", ""),
        ("(@lup-rådgjevar), sjå", "d"),
        ("@LUP RÅDGJEVAR", "d"),
        ("@LUP-ra\u030adgjevar", "d"),
        ("@lup  adviser", "d"),
        ("post@test.example", ""),
        ("x.@test", ""),
        ("@@test", ""),
        ("@", ""),
        ("Test", ""),
        ("@Test Ein og @LUP-rådgjevar", "ad"),
        ("@" * 5000, ""),
        ("@test " * 800, "ce"),
        ("@\u202eTest", ""),
    ],
)
def test_what_is_a_mention(text: str, codes: str) -> None:
    assert mentions_in(text, PEOPLE) == set(codes)


def test_names_of_any_sort_are_just_names() -> None:
    people = [named("a", "A.*(b)"), named("b", ""), named("c", "x" * 150)]
    assert mentions_in("@A.*(b)", people) == {"a"}
    assert mentions_in("@Axx(b) @" + "x" * 150, people) == {"c"}
    assert mentions_in("@test", []) == set()


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1)


@pytest.fixture
def measure(world: World, plan: PartnerPlan) -> Measure:
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    measure.municipalities.add(world.municipalities[0])
    return measure


@pytest.fixture
def contact(world: World) -> User:
    town = world.municipalities[0]
    Municipality.objects.filter(pk=town.pk).update(name="Molde")
    return user_with(Role.MUNICIPAL_CONTACT, municipality=town)


def asked() -> list[User]:
    """Return who was asked since the last time."""
    found = [notice.user for notice in Notice.objects.filter(kind="comment.mentioned")]
    Notice.objects.all().delete()
    return sorted(found, key=lambda user: user.pk)


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_roles_in_any_language_whatever_the_screens(
    world: World, plan: PartnerPlan, measure: Measure, contact: User, language: str
) -> None:
    texts = {
        "@fylkesredaktør": [world.editor],
        "@county editor": [world.editor],
        "@LUP-rådgjevar": [world.adviser],
        "@LUP-rådgiver": [world.adviser],
        "@fylkessignatar": [world.signatory],
        "@kontakt-molde": [contact],
        "@contact-Molde": [contact],
        "@kontakt-smøla": [],
    }
    author = user_with(Role.LUP_SIGNATORY)
    with override(language):
        for text, users in texts.items():
            thread = open_thread(
                plan=plan, measure=measure, body=text, audience=Audience.CONCERNED, by=author
            )
            assert asked() == users, text
            assert list(thread.comments.get().mentioned.all()) == users


def test_nobody_is_told_of_what_they_do_not_read(
    world: World, plan: PartnerPlan, measure: Measure, contact: User
) -> None:
    text = (
        f"@{world.editor.name} @{world.adviser.name} @{contact.name} @kontakt-molde "
        f"@LUP-rådgjevar @{world.outsider.name}"
    )
    expected = {
        Audience.COUNTY: [world.editor],
        Audience.PARTIES: [world.editor, world.adviser],
        Audience.CONCERNED: [world.editor, world.adviser, contact],
    }
    for audience, users in expected.items():
        open_thread(plan=plan, measure=measure, body=text, audience=audience, by=world.signatory)
        assert asked() == users
    # Nor of what is about another measure, or of the plan.
    open_thread(plan=plan, body=text, by=world.signatory)
    assert asked() == [world.editor, world.adviser]
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    plan.refresh_from_db()
    open_thread(plan=plan, measure=measure, body=text, by=world.signatory)
    assert asked() == [world.editor]


def test_oneself_and_the_same_one_twice(world: World, plan: PartnerPlan) -> None:
    thread = open_thread(
        plan=plan,
        body=f"@{world.editor.name} @fylkesredaktør",
        tell_codes=[f"person:{world.adviser.pk}", "role:LUP_ADVISER", "role:COUNTY_EDITOR"],
        by=world.editor,
    )
    assert asked() == [world.adviser]
    answer_thread(thread=thread, body="Utan nokon", by=world.adviser)
    # An ordinary notice, not a question.
    assert [(n.user, n.kind) for n in Notice.objects.all()] == [(world.editor, "comment.written")]


def test_whom_a_changed_comment_names_anew_is_told(world: World, plan: PartnerPlan) -> None:
    thread = open_thread(plan=plan, body="@LUP-rådgjevar", by=world.editor)
    assert asked() == [world.adviser]
    edit_comment(
        comment=thread.comments.get(),
        body="@LUP-rådgjevar og @fylkessignatar",
        language="nn",
        expected_version=1,
        by=world.editor,
    )
    assert asked() == [world.signatory]


def test_the_contact_of_a_municipality_that_was_merged(world: World) -> None:
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=1, year=2023)
    measure = Measure.objects.in_plan(plan.pk).select_related("part")[0]
    successor = MunicipalityFactory.create(county=world.county, name="Nyby")
    world.ended.successors.add(successor)
    measure.municipalities.add(successor)
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.ended)
    circle = circle_of(contact, plan, measure)
    assert circle.audiences == {Audience.CONCERNED}
    assert circle.reading([contact], Audience.CONCERNED) == [contact]


def test_the_list_offers_those_who_read(
    world: World, plan: PartnerPlan, measure: Measure, contact: User, browser_of: LogIn
) -> None:
    where = [plan.agreement.county.slug, plan.year]
    address = reverse("plans:measure_thread_new", args=[*where, measure.key])

    def offered(user: User) -> list[str]:
        form = browser_of(user).get(address).context["form"]
        return [code for code, _label in form.fields["tell"].choices]

    roles = ["role:COUNTY_EDITOR", "role:COUNTY_SIGNATORY", "role:LUP_ADVISER"]
    town = f"contact:{world.municipalities[0].number}"
    persons = {f"person:{u.pk}" for u in (world.editor, world.signatory, world.adviser, contact)}
    assert set(offered(world.editor)) == {*roles, town, *persons}
    # A contact turns to roles, not to persons.
    assert set(offered(contact)) == {*roles, town}

    form = {"body": "x", "language": "nn", "audience": "PARTIES", "tell": [roles[0], town]}
    refused = browser_of(world.adviser).post(address, form)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["tell"]
    form["audience"] = "CONCERNED"
    assert browser_of(world.adviser).post(address, form).status_code == 302
    assert asked() == [world.editor, contact]


def test_without_a_script_the_buttons_tick(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    for _place in range(15):
        user_with(Role.LUP_ADVISER)
    address = reverse("plans:thread_new", args=[plan.agreement.county.slug, plan.year])
    form = {"body": "Det eg skreiv", "language": "nn", "audience": "PARTIES", "choose": "all"}
    page = browser_of(world.editor).post(address, form)
    assert page.status_code == 200
    assert len(page.context["form"]["tell"].value()) == len(page.context["form"].offered) > 15
    assert "Det eg skreiv" in page.content.decode()
    page = browser_of(world.editor).post(address, {**form, "choose": "none"})
    assert page.context["form"]["tell"].value() == []


def test_mentions_stand_out_and_nothing_else_does(
    world: World, plan: PartnerPlan, browser_of: LogIn
) -> None:
    body = "<b>@LUP-rådgjevar</b> & @ukjend\n\nog @fylkesredaktør"
    thread = open_thread(plan=plan, body=body, by=world.editor)
    address = reverse("plans:thread", args=[plan.agreement.county.slug, plan.year, thread.pk])
    page = browser_of(world.adviser).get(address).content.decode()
    assert (
        '<p>&lt;b&gt;<span class="lp-mention">@LUP-rådgjevar</span>&lt;/b&gt; &amp; @ukjend</p>\n\n'
        '<p>og <span class="lp-mention">@fylkesredaktør</span></p>'
    ) in page
    assert marked("<i>", None) == "<p>&lt;i&gt;</p>"
