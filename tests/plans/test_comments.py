"""Comments: who reads and writes what, answering, changing, taking away, resolving."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Notice, User
from audit.models import Event
from plans.document import concerned, read_plan
from plans.enums import Audience, MunicipalityScope, PlanState
from plans.models import Comment, Measure, PartnerPlan, Thread
from plans.models.concerned import concerned_in_county
from plans.models.surroundings import surroundings
from plans.services import comments as service
from plans.services.measures import delete_measure
from plans.services.saving import Conflict, PlanIsFrozen
from tests.factories.accounts import user_with
from tests.factories.plans import make_plan, part_of
from tests.factories.versions import set_state
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
SECRET = "Løyndom"
HOSTILE = ["<script>alert(1)</script>", "a & b < c", "{{ plan }}", "‮snudd"]


@dataclass
class Scene:
    plan: PartnerPlan
    measure: Measure
    other: Measure
    contact: User


@pytest.fixture
def scene(world: World) -> Scene:
    """A plan in negotiation; the first municipality has a contact and the first measure."""
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION, measures=2)
    first, other = Measure.objects.in_plan(plan.pk).select_related("part")[:2]
    first.municipalities.add(world.municipalities[0])
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    return Scene(plan, first, other, contact)


def url(scene: Scene, name: str, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[scene.plan.agreement.county.slug, scene.plan.year, *rest])


def begin(scene: Scene, by: User, **values: object) -> Thread:
    given: dict[str, object] = {"measure": scene.measure, "body": "Når er dette?", **values}
    return service.open_thread(plan=scene.plan, by=by, **given)  # type: ignore[arg-type]


def move(scene: Scene, state: PlanState) -> None:
    set_state(scene.plan, state)


def bodies(thread: Thread) -> list[str]:
    return list(thread.comments.values_list("body", flat=True))


def test_a_conversation_from_the_first_word_to_resolved(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    adviser, editor = browser_of(world.adviser), browser_of(world.editor)
    form = {"body": "Kan vi ta dette i haust?", "language": "nn", "audience": "PARTIES"}
    answer = adviser.post(url(scene, "measure_thread_new", scene.measure.key), form)
    thread = Thread.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url(scene, "thread", thread.pk))
    assert (thread.measure, thread.audience, thread.opened_by) == (
        scene.measure,
        "PARTIES",
        world.adviser,
    )
    page = editor.get(url(scene, "measure_comments", scene.measure.key)).content.decode()
    assert "Kan vi ta dette i haust?" in page
    answer = editor.post(
        url(scene, "thread_answer", thread.pk), {"body": "Ja.", "language": "nn"}, follow=True
    )
    assert bodies(thread) == ["Kan vi ta dette i haust?", "Ja."]
    assert editor.post(url(scene, "thread_resolve", thread.pk)).status_code == 302
    thread.refresh_from_db()
    assert thread.resolved_by == world.editor
    # Nothing is said in a resolved thread.
    late = adviser.post(url(scene, "thread_answer", thread.pk), {"body": "Nei!", "language": "nn"})
    assert late.status_code == 422
    assert "Nei!" in late.content.decode()
    assert adviser.post(url(scene, "thread_reopen", thread.pk)).status_code == 302
    thread.refresh_from_db()
    assert thread.resolved_at is None
    verbs = Event.objects.filter(target_type="plans.thread").values_list("verb", flat=True)
    assert sorted(verbs) == [
        "comment.written",
        "comment.written",
        "thread.opened",
        "thread.reopened",
        "thread.resolved",
    ]


def test_on_the_plan_and_on_a_part(world: World, scene: Scene, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    form = {"body": "Om alt", "language": "nn", "audience": "PARTIES"}
    assert browser.post(url(scene, "thread_new"), form).status_code == 302
    assert browser.post(f"{url(scene, 'thread_new')}?del=2", form).status_code == 302
    for number in ("3", "x", "9" * 5000):
        assert browser.get(f"{url(scene, 'thread_new')}?del={number}").status_code == 404
    begin(scene, world.editor)
    found = Thread.objects.in_plan(scene.plan)
    assert [(t.part and t.part.number, t.measure) for t in found] == [
        (None, None),
        (None, scene.measure),
        (2, None),
    ]
    page = browser.get(url(scene, "comments"))
    assert [len(threads) for _about, threads in page.context["groups"]] == [1, 1, 1]
    # The municipalities are asked about measures alone.
    form["audience"] = "CONCERNED"
    assert browser.post(url(scene, "thread_new"), form).status_code == 422


@pytest.mark.parametrize("audience", list(Audience))
def test_who_reads_a_thread(
    world: World, scene: Scene, browser_of: LogIn, audience: Audience
) -> None:
    thread = begin(scene, world.editor, audience=audience, body=SECRET)
    neighbour = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[2])
    readers = {
        Audience.COUNTY: [world.editor, world.signatory],
        Audience.PARTIES: [world.editor, world.signatory, world.adviser],
        Audience.CONCERNED: [world.editor, world.signatory, world.adviser, scene.contact],
    }[audience]
    listed, opened, on_measure = [], [], []
    everybody = [world.editor, world.signatory, world.adviser, scene.contact, neighbour]
    for user in everybody:
        browser = browser_of(user)
        if SECRET in browser.get(url(scene, "comments") + "?vis=alle").content.decode():
            listed.append(user)
        answer = browser.get(url(scene, "thread", thread.pk))
        if answer.status_code == 200:
            assert SECRET in answer.content.decode()
            opened.append(user)
        page = browser.get(url(scene, "measure_comments", scene.measure.key))
        if SECRET in page.content.decode():
            on_measure.append(user)
        if user not in readers:
            for name in ("thread_answer", "thread_resolve", "thread_reopen"):
                answer = browser.post(url(scene, name, thread.pk), {"body": "x"})
                assert answer.status_code == 404
    assert opened == on_measure == readers
    assert listed == [user for user in readers if user != scene.contact]
    assert browser_of(neighbour).get(
        url(scene, "measure_comments", scene.measure.key)
    ).status_code == (404)
    # The count on the workbench and on the measure's page tells nobody of more.
    talk = surroundings(scene.plan, {Audience.PARTIES, Audience.CONCERNED}).talk
    assert (scene.measure.key in talk) == (audience != Audience.COUNTY)
    page = browser_of(scene.contact).get(url(scene, "measure", scene.measure.number))
    assert page.context["open_threads"] == (1 if audience == Audience.CONCERNED else 0)


def test_a_contact_opens_only_what_the_municipalities_read(scene: Scene, browser_of: LogIn) -> None:
    browser = browser_of(scene.contact)
    address = url(scene, "measure_thread_new", scene.measure.key)
    form = {"body": "Molde er med", "language": "nn", "audience": "PARTIES"}
    assert browser.post(address, form).status_code == 422
    form["audience"] = "CONCERNED"
    assert browser.post(address, form).status_code == 302
    assert Thread.objects.get().audience == "CONCERNED"
    own = browser.get(url(scene, "thread", Thread.objects.get().pk))
    assert (own.status_code, own.context["resolvable"]) == (200, {Thread.objects.get().pk})
    other = url(scene, "measure_thread_new", scene.other.key)
    assert (browser.get(other).status_code, browser.post(other, form).status_code) == (404, 404)


def test_a_measure_concerns_whom_the_document_says(world: World, scene: Scene) -> None:
    """The rule over rows and the one over the document are two writings of one rule."""
    measures = list(Measure.objects.in_plan(scene.plan.pk).select_related("part"))
    measures[1].cooperations.add(world.cooperation)
    measures[2].municipality_scope = MunicipalityScope.ALL
    measures[2].save()
    measures[3].responsible_kind = "MUNICIPALITY"
    measures[3].responsible_municipality = world.municipalities[2]
    measures[3].save()
    document = read_plan(scene.plan).document
    by_key = {measure.key: measure for measure in document.measures}
    for measure in measures:
        said = [m.number for m in concerned(document, by_key[measure.key])]
        assert [m.number for m in concerned_in_county(measure, scene.plan)] == said
    assert said == [world.municipalities[2].number]


def test_in_a_draft_only_the_county_speaks(world: World, scene: Scene, browser_of: LogIn) -> None:
    move(scene, PlanState.DRAFT)
    browser = browser_of(world.signatory)
    page = browser.get(url(scene, "measure_thread_new", scene.measure.key))
    assert page.context["form"].fields["audience"].initial == Audience.COUNTY
    for user in (world.adviser, scene.contact, world.outsider):
        assert browser_of(user).get(url(scene, "comments")).status_code == 404


@pytest.mark.parametrize("state", [PlanState.FOR_SIGNATURE, PlanState.ACTIVE, PlanState.CLOSED])
def test_later_it_is_read_and_nothing_more(
    world: World, scene: Scene, browser_of: LogIn, state: PlanState
) -> None:
    thread = begin(scene, world.editor, audience=Audience.CONCERNED)
    comment = thread.comments.get()
    move(scene, state)
    for user in (world.editor, world.adviser, scene.contact):
        browser = browser_of(user)
        assert browser.get(url(scene, "thread", thread.pk)).status_code == 200
        assert browser.get(url(scene, "measure_comments", scene.measure.key)).status_code == 200
        for name, key in [
            ("thread_answer", thread.pk),
            ("thread_resolve", thread.pk),
            ("thread_reopen", thread.pk),
            ("comment_edit", comment.pk),
            ("comment_delete", comment.pk),
            ("measure_thread_new", scene.measure.key),
        ]:
            assert browser.post(url(scene, name, key), {"body": "x"}).status_code == 403
    for act in (
        lambda: service.answer_thread(thread=thread, body="x", by=world.editor),
        lambda: service.resolve_thread(thread=thread, by=world.editor),
        lambda: service.reopen_thread(thread=thread, by=world.editor),
        lambda: service.take_away_comment(comment=comment, by=world.editor),
        lambda: begin(scene, world.editor),
    ):
        with pytest.raises(PlanIsFrozen):
            act()
    assert bodies(thread) == ["Når er dette?"]


def test_the_plan_goes_on_while_somebody_writes(
    world: World, scene: Scene, browser_of: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = begin(scene, world.editor)
    monkeypatch.setattr("plans.rules.EDITABLE_STATES", tuple(PlanState))
    move(scene, PlanState.FOR_SIGNATURE)
    browser = browser_of(world.editor)
    form = {"body": "Det eg skreiv", "language": "nn"}
    answer = browser.post(url(scene, "thread_answer", thread.pk), form)
    assert answer.status_code == 422
    assert "Det eg skreiv" in answer.content.decode()
    answer = browser.post(url(scene, "thread_resolve", thread.pk), follow=True)
    assert [m.level_tag for m in answer.context["messages"]] == ["error"]


def test_ones_own_comment_is_changed_and_taken_away(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    thread = begin(scene, world.adviser)
    comment = thread.comments.get()
    edit, delete = url(scene, "comment_edit", comment.pk), url(scene, "comment_delete", comment.pk)
    for user in (world.editor, world.signatory):
        for address in (edit, delete):
            assert browser_of(user).post(address, {"body": "Kapra"}).status_code == 403
    browser = browser_of(world.adviser)
    form = {"body": "Når då?", "language": "nb", "version": "1"}
    assert browser.post(edit, form).status_code == 302
    comment.refresh_from_db()
    assert (comment.body, comment.language, comment.version) == ("Når då?", "nb", 2)
    assert comment.edited_at is not None
    # From another window that was opened before.
    stale = browser.post(edit, {**form, "body": "Frå det andre vindauget"})
    assert stale.status_code == 409
    assert "Frå det andre vindauget" in stale.content.decode()
    assert browser.get(delete).status_code == 200
    assert browser.post(delete).status_code == 302
    comment.refresh_from_db()
    assert (comment.body, comment.is_taken_away) == ("", True)
    page = browser.get(url(scene, "thread", thread.pk)).content.decode()
    assert "Når då?" not in page
    assert browser.post(edit, form).status_code == 403
    assert browser.post(delete).status_code == 403
    # The log says that, not what.
    assert not [e for e in Event.objects.all() if "Når" in f"{e.old}{e.new}{e.target_label}"]


def test_in_a_resolved_thread_nothing_is_changed(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    thread = begin(scene, world.adviser)
    comment = thread.comments.get()
    service.resolve_thread(thread=thread, by=world.editor)
    browser = browser_of(world.adviser)
    for name in ("comment_edit", "comment_delete"):
        assert browser.post(url(scene, name, comment.pk), {"body": "x"}).status_code == 403
    with pytest.raises(service.ThreadIsResolved):
        service.edit_comment(
            comment=comment, body="x", language="nn", expected_version=1, by=world.adviser
        )
    with pytest.raises(service.ThreadIsResolved):
        service.take_away_comment(comment=comment, by=world.adviser)


def test_an_older_edition_is_not_written_over(world: World, scene: Scene) -> None:
    comment = begin(scene, world.adviser).comments.get()
    values = {"language": "nn", "by": world.adviser, "comment": comment}
    service.edit_comment(body="Ein", expected_version=1, **values)
    with pytest.raises(Conflict):
        service.edit_comment(body="To", expected_version=1, **values)
    same = service.edit_comment(body="Ein", expected_version=1, **values)
    assert same.version == 2


def test_who_resolves(world: World, scene: Scene, browser_of: LogIn) -> None:
    thread = begin(scene, world.adviser)
    other = user_with(Role.LUP_ADVISER)
    for user, status in [
        (world.signatory, 403),
        (other, 403),
        (world.adviser, 302),
        (world.editor, 302),
    ]:
        assert browser_of(user).post(url(scene, "thread_resolve", thread.pk)).status_code == status
        assert browser_of(user).get(url(scene, "thread_resolve", thread.pk)).status_code == 405
    # The second one changed nothing.
    thread.refresh_from_db()
    assert thread.resolved_by == world.adviser


def test_which_are_listed(world: World, scene: Scene, browser_of: LogIn) -> None:
    open_one = begin(scene, world.adviser)
    done = begin(scene, world.editor)
    service.resolve_thread(thread=done, by=world.editor)
    gone = begin(scene, world.editor, measure=scene.other)
    delete_measure(measure=scene.other, by=world.editor)
    browser = browser_of(world.adviser)

    def listed(shown: str) -> set[Thread]:
        return set(browser.get(f"{url(scene, 'comments')}?vis={shown}").context["page"])

    assert listed("opne") == listed("tull") == {open_one}
    assert listed("avslutta") == {done}
    assert listed("mine") == {open_one}
    assert listed("alle") == {open_one, done, gone}
    assert set(service.open_threads(scene.plan)) == {open_one}


def test_who_is_told(world: World, scene: Scene) -> None:
    thread = begin(scene, world.adviser)

    def told() -> list[tuple[User, str]]:
        found = [(notice.user, notice.kind) for notice in Notice.objects.order_by("pk")]
        Notice.objects.all().delete()
        return found

    assert told() == [(world.editor, "comment.written")]
    service.answer_thread(thread=thread, body="Ja", by=world.editor)
    assert told() == [(world.adviser, "comment.written")]
    # Somebody who took part and isn't LUP's any more hears nothing.
    world.adviser.memberships.all().delete()
    service.answer_thread(thread=thread, body="Nei", by=world.signatory)
    assert told() == [(world.editor, "comment.written")]


def test_the_notice_leads_to_the_comment(world: World, scene: Scene) -> None:
    thread = begin(scene, world.adviser)
    notice = Notice.objects.get()
    address = url(scene, "thread", thread.pk)
    assert notice.path == f"{address}#comment-{thread.comments.get().pk}"
    assert notice.params == {
        "who": str(world.adviser),
        "about": "1.1 Tiltak 1.1",
        "thread": thread.pk,
        "plan": scene.plan.title,
        "plan_id": scene.plan.pk,
    }


def test_hostile_and_impossible_text(world: World, scene: Scene, browser_of: LogIn) -> None:
    browser = browser_of(world.editor)
    address = url(scene, "measure_thread_new", scene.measure.key)
    form = {"language": "nn", "audience": "PARTIES"}
    for body in ("", "   ", "nul\x00", "a" * 5001, "a" * 1_000_000):
        assert browser.post(address, {**form, "body": body}).status_code == 422
    for field, value in [("audience", "ALLE"), ("language", "xx"), ("tell", "person:0")]:
        assert browser.post(address, {**form, "body": "x", field: value}).status_code == 422
    assert browser.post(address, {**form, "body": "a" * 5000}).status_code == 302
    for body in HOSTILE:
        assert browser.post(address, {**form, "body": body}).status_code == 302
    page = browser.get(url(scene, "measure_comments", scene.measure.key)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a &amp; b &lt; c" in page
    thread = Thread.objects.latest("pk")
    for key in ("0", "9" * 30):
        where = url(scene, "thread", thread.pk).replace(f"/{thread.pk}/", f"/{key}/")
        assert browser.get(where).status_code == 404


def test_a_thread_of_another_plan_is_not_here(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    elsewhere = make_plan(state=PlanState.NEGOTIATION, measures=1)
    measure = Measure.objects.in_plan(elsewhere.pk).select_related("part")[0]
    thread = service.open_thread(plan=elsewhere, measure=measure, body="x", by=world.adviser)
    for user in (world.editor, world.adviser):
        browser = browser_of(user)
        for name in ("thread", "thread_answer"):
            assert browser.get(url(scene, name, thread.pk)).status_code == 404
        comment = thread.comments.get().pk
        assert browser.get(url(scene, "comment_edit", comment)).status_code == 404
        assert browser.get(url(scene, "measure_comments", measure.key)).status_code == 404


def test_the_form_comes_and_goes_in_its_place(
    world: World, scene: Scene, browser_of: LogIn
) -> None:
    thread = begin(scene, world.adviser)
    browser = browser_of(world.editor)
    address, htmx = url(scene, "thread_answer", thread.pk), {"HX-Request": "true"}
    page = browser.get(address, headers=htmx).content.decode()
    assert f'id="answer-{thread.pk}"' in page
    assert f'hx-target="#thread-{thread.pk}"' in page
    wrong = browser.post(address, {"body": ""}, headers=htmx)
    assert (wrong.status_code, wrong["HX-Retarget"]) == (422, f"#answer-{thread.pk}")
    right = browser.post(address, {"body": "Ja", "language": "nn"}, headers=htmx, follow=True)
    assert f'id="thread-{thread.pk}"' in right.content.decode()


@pytest.mark.parametrize("threads", [1, 60])
def test_queries_do_not_grow(world: World, scene: Scene, browser_of: LogIn, threads: int) -> None:
    for _place in range(threads):
        begin(scene, world.adviser, audience=Audience.CONCERNED, body="@fylkesredaktør sjå")
    first = Thread.objects.first()
    assert first is not None
    counts = {}
    pages = {
        "comments": (world.editor, url(scene, "comments")),
        "measure_comments": (world.editor, url(scene, "measure_comments", scene.measure.key)),
        "contact": (scene.contact, url(scene, "measure_comments", scene.measure.key)),
        "thread": (world.editor, url(scene, "thread", first.pk)),
        "thread_answer": (world.editor, url(scene, "thread_answer", first.pk)),
        "bench": (world.editor, url(scene, "bench")),
        "measure": (world.editor, url(scene, "measure", "1.1")),
        "measure_of_contact": (scene.contact, url(scene, "measure", "1.1")),
    }
    for name, (user, address) in pages.items():
        browser = browser_of(user)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts[name] = len(queries)
    assert counts == {
        "comments": 11,
        "measure_comments": 12,
        "contact": 12,
        "thread": 11,
        "thread_answer": 8,
        "bench": 12,
        "measure": 11,
        "measure_of_contact": 12,
    }


def test_the_database_refuses_what_the_services_never_write(world: World, scene: Scene) -> None:
    thread = begin(scene, world.editor)
    part = part_of(scene.plan)
    for values in (
        {"part": part},
        {"measure": None, "audience": "CONCERNED"},
        {"audience": "ALLE"},
        {"resolved_by": world.editor},
        {"measure": None, "part": part_of(make_plan(agreement=scene.plan.agreement, year=2023))},
        {"measure": Measure.objects.in_plan(make_plan(year=2021, measures=1).pk)[0]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Thread.objects.filter(pk=thread.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(thread=thread).update(body="")
