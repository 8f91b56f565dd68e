"""The versions of a plan: what everybody reads, and what is for those who work with it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from plans.enums import PlanState
from plans.models import Measure, PartnerPlan, PlanVersion, VersionVoid
from tests.factories.plans import area_of, make_measure, make_plan
from tests.factories.versions import bare_version, make_version, set_state
from tests.plans.conftest import World
from tests.plans.views.pages import address, found, html, measure_of

LogIn = Callable[[User], Client]
PAGES = ("version", "version_pdf", "version_json", "version_compare")


@pytest.fixture
def desk(world: World, browser_of: LogIn) -> Client:
    """The county's editor, who reads in English."""
    client = browser_of(world.editor)
    client.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
    return client


def amended(plan: PartnerPlan) -> PlanVersion:
    """Change a measure, add one and take one away; return the version of it, in force."""
    Measure.objects.filter(pk=measure_of(plan, "1.1").pk).update(title="Tiltaket er endra")
    Measure.objects.filter(pk=measure_of(plan, "2.2").pk).update(position=None)
    make_measure(area_of(plan), 3, title="Eit nytt tiltak")
    return make_version(plan)


def states(client: Client, plan: PartnerPlan) -> dict[int, str]:
    """Return what the list says of each version, by number."""
    page = client.get(address(plan, "versions"))
    return {shown.number: shown.state for shown in page.context["versions"]}


# --- The list -------------------------------------------------------------------------------------


def test_the_list_tells_what_became_of_each(plan: PartnerPlan, reader: Client) -> None:
    amended(plan)
    page = reader.get(address(plan, "versions"))
    assert states(reader, plan) == {2: "IN_FORCE", 1: "REPLACED"}
    assert found(r'<h2[^>]*><a href="([^"]+)"', page) == [
        address(plan, "version", number=2),
        address(plan, "version", number=1),
    ]
    assert "Replaced by version 2" in html(page)
    assert html(page).count("Amendment: the whole plan, as changed") == 1


def test_what_is_void_or_waits_is_for_those_who_work(
    plan: PartnerPlan, world: World, reader: Client, desk: Client, browser_of: LogIn
) -> None:
    void = bare_version(plan)
    VersionVoid.objects.create(version=void, by=world.editor, reason="Ein feil i tiltak 1.1")
    waits = make_version(plan, signed=False)
    assert states(reader, plan) == {1: "IN_FORCE"}
    assert states(browser_of(world.outsider), plan) == {1: "IN_FORCE"}
    for client in (desk, browser_of(world.signatory), browser_of(world.adviser)):
        assert states(client, plan) == {3: "WAITING", 2: "VOID", 1: "IN_FORCE"}
    for name in PAGES:
        for number in (void.number, waits.number):
            page = address(plan, name, number=number)
            assert reader.get(page).status_code == 404
            assert desk.get(page).status_code == (503 if number == 2 and "pdf" in name else 200)
    page = address(plan, "version_compare", number=1)
    assert reader.get(page, {"med": void.number}).status_code == 404
    assert "Ein feil i tiltak 1.1" in html(desk.get(address(plan, "version", number=2)))


def test_what_is_not_for_everybody_is_kept_by_nobody_else(plan: PartnerPlan, desk: Client) -> None:
    make_version(plan, signed=False)
    for name in PAGES:
        answer = desk.get(address(plan, name, number=2))
        assert answer.headers["Cache-Control"] == "private, no-cache", name


def test_who_froze_it_is_a_person_to_those_who_work(
    world: World, reader: Client, desk: Client
) -> None:
    plan = make_plan(county=world.county, measures=1, state=PlanState.NEGOTIATION)
    version = PlanVersion.objects.create(
        plan=plan, number=1, content="{}", fingerprint="0" * 64, frozen_by=world.editor
    )
    set_state(plan, PlanState.ACTIVE)
    assert version.plan_id == plan.pk
    page = address(plan, "versions")
    assert str(world.editor) in html(desk.get(page)).partition("<main")[2]
    for client in (reader,):
        content = html(client.get(page))
        assert str(world.editor) not in content
        assert world.editor.email not in content


def test_a_draft_has_no_versions(world: World, reader: Client, desk: Client) -> None:
    draft = make_plan(county=world.county)
    assert reader.get(address(draft, "versions")).status_code == 404
    assert "No version yet" in html(desk.get(address(draft, "versions")))


# --- A version ------------------------------------------------------------------------------------


def test_a_version_says_what_was_signed_for_ever(plan: PartnerPlan, reader: Client) -> None:
    first = plan.versions.get()
    second = amended(plan)
    old = reader.get(address(plan, "version", number=1))
    new = reader.get(address(plan, "version", number=2))
    titles = r'<h4 class="lp-measure__title"[^>]*>([^<]+)</h4>'
    assert found(titles, old) == ["Tiltak 1.1", "Tiltak 1.2", "Tiltak 2.1", "Tiltak 2.2"]
    assert found(titles, new) == [
        "Tiltaket er endra",
        "Tiltak 1.2",
        "Eit nytt tiltak",
        "Tiltak 2.1",
    ]
    assert "which is no longer in force" in html(old)
    assert "It is in force since" in html(new)
    for version, page in ((first, old), (second, new)):
        file = version.files.order_by("-sequence").first()
        assert file is not None
        assert found(r'<code class="lp-hash">([0-9a-f]{64})</code>', page) == [
            version.fingerprint,
            file.sha256,
        ]
        names = [signature.name for signature in version.signatures.all()]
        assert found(r"<li><strong>([^<]+)</strong>", page) == names
    # How the measures go isn't signed.
    assert "Planned" not in html(old)
    assert "tiltak/1.1/" not in html(old)


def test_a_closed_plan_says_so(world: World, reader: Client) -> None:
    plan = make_plan(county=world.county, measures=1, state=PlanState.CLOSED)
    page = html(reader.get(address(plan, "version", number=1)))
    assert "until the plan was closed" in page
    assert "It is in force since" not in page


def test_the_files_of_a_version(plan: PartnerPlan, reader: Client) -> None:
    first = plan.versions.get()
    amended(plan)
    pdf = reader.get(address(plan, "version_pdf", number=1))
    assert pdf.content == b"%PDF-"
    name = 'inline; filename="partnarplan-fjordane-2022-versjon-1.pdf"'
    assert pdf.headers["Content-Disposition"] == name
    json = reader.get(address(plan, "version_json", number=1))
    assert json.content == first.content.encode()
    for answer, page in ((pdf, "version_pdf"), (json, "version_json")):
        tag = answer.headers["ETag"]
        again = reader.get(address(plan, page, number=1), headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("number", [0, 2, 32768, 2**31, 2**63, 10**30])
@pytest.mark.parametrize("name", PAGES)
def test_a_number_that_no_version_has(
    plan: PartnerPlan, reader: Client, name: str, number: int
) -> None:
    assert reader.get(address(plan, name, number=number)).status_code == 404


def test_another_plans_version_is_not_here(plan: PartnerPlan, reader: Client) -> None:
    other = make_plan(agreement=plan.agreement, year=2023, state=PlanState.ACTIVE)
    make_version(other)
    assert reader.get(address(other, "version", number=2)).status_code == 200
    assert reader.get(address(plan, "version", number=2)).status_code == 404


# --- Two versions ---------------------------------------------------------------------------------


def test_two_versions_side_by_side(plan: PartnerPlan, reader: Client) -> None:
    amended(plan)
    pages = [
        reader.get(address(plan, "version_compare", number=2)),
        reader.get(address(plan, "version_compare", number=1), {"med": "2"}),
    ]
    for page in pages:
        heads = [
            " ".join(head.split()) for head in found(r"<section[^>]*>\s*<h2[^>]*>(.*?)</h2>", page)
        ]
        words = [re.sub(r"<svg.*?</svg>|<[^>]+>", "", head).split() for head in heads]
        assert [" ".join(word) for word in words] == [
            "Measure 1.1 Tiltaket er endra Changed",
            "Measure 1.3 Eit nytt tiltak Added",
            "Measure 2.2 Tiltak 2.2 Taken out",
        ]
        marks = r'<{0} class="lp-{1}"><span class="ds-sr-only">[^<]+</span>([^<]+)<'
        first = html(page).partition('class="lp-sides"')[2].partition("</dl>")[0]
        assert re.findall(marks.format("del", "gone"), first) == ["Tiltak", "1.1"]
        assert re.findall(marks.format("ins", "new"), first) == ["Tiltaket", "er endra"]


def test_what_is_compared_is_never_markup(plan: PartnerPlan, reader: Client) -> None:
    evil = "<script>alert(1)</script>\n<b>"
    Measure.objects.in_plan(plan.pk).update(description=evil, title=evil)
    make_version(plan)
    page = html(reader.get(address(plan, "version_compare", number=2)))
    assert "<script>alert" not in page
    assert "<b>" not in page


@pytest.mark.parametrize("other", ["0", "3", "-1", "x", "²", "9" * 40, "1.0", " 1"])
def test_compared_with_what_is_not_there(plan: PartnerPlan, reader: Client, other: str) -> None:
    make_version(plan)
    page = address(plan, "version_compare", number=1)
    assert reader.get(page, {"med": other}).status_code == 404


def test_one_version_has_nothing_to_be_compared_with(plan: PartnerPlan, reader: Client) -> None:
    page = address(plan, "version_compare", number=1)
    assert "There is nothing to compare with" in html(reader.get(page))
    make_version(plan)
    itself = html(reader.get(page, {"med": "1"}))
    assert "Choose another version than the one itself." in itself


def test_the_same_signed_twice_does_not_differ(plan: PartnerPlan, reader: Client) -> None:
    make_version(plan)
    page = html(reader.get(address(plan, "version_compare", number=2)))
    assert "Nothing that was agreed on differs between the two." in page


# --- Speed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("measures", [3, 150])
def test_queries_of_the_pages(world: World, reader: Client, desk: Client, measures: int) -> None:
    plan = make_plan(county=world.county, measures=measures, state=PlanState.ACTIVE)
    make_version(plan)
    counts = {}
    for name, address_of in {
        "versions": address(plan, "versions"),
        **{name: address(plan, name, number=2) for name in PAGES},
    }.items():
        for who, client in (("visitor", reader), ("editor", desk)):
            client.get(address_of)  # the content is kept from here on
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address_of).status_code == 200
            counts[name, who] = len(queries)
    visitor = {"versions": 3, "version": 3, "version_pdf": 5, "version_json": 4}
    editor = {name: count + 3 for name, count in visitor.items()}
    assert counts == {
        **{(name, "visitor"): count for name, count in visitor.items()},
        **{(name, "editor"): count for name, count in editor.items()},
        ("version_compare", "visitor"): 3,
        ("version_compare", "editor"): 6,
    }


def test_when_it_came_into_force(plan: PartnerPlan, reader: Client) -> None:
    """The later of the two signatures counts."""
    shown = reader.get(address(plan, "version", number=1)).context["shown"]
    times = [signature.signed_at for signature in shown.signatures]
    assert shown.signed_at == max(times)
    assert shown.signed_at < datetime.now(UTC)
