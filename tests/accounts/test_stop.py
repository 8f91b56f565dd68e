"""Stopping mail: by the link in a mail, without log-in, and on one's own page."""

import re

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import MailStop, User
from accounts.notices import TOPICS
from accounts.services.notices import tell
from accounts.services.stops import token_of
from audit.models import Event
from audit.services import verify
from tests.accounts.mailing import SAID, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return somebody()


@pytest.fixture
def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def link(user: User, *topics: str) -> str:
    return reverse("people:stop_mail", args=[token_of(user, topics or ("comments",))])


def stopped(user: User) -> set[str]:
    return set(MailStop.objects.filter(user=user).values_list("topic", flat=True))


def test_looking_changes_nothing(user: User) -> None:
    for answer in (Client().get(link(user)), Client().head(link(user))):
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    page = Client().get(link(user)).content.decode()
    assert (str(TOPICS["comments"]) in page, str(TOPICS["plan"]) in page) == (True, False)
    # Whoever has got hold of the link learns no more by it.
    assert (user.email in page, user.name in page) == (False, False)
    assert (stopped(user), Event.objects.count()) == (set(), 0)


def test_the_button_stops_that_topic_and_can_be_undone(user: User) -> None:
    other = somebody()
    client = Client(enforce_csrf_checks=True)
    for _time in range(2):
        answer = client.post(link(user), {"do": "stop"})
        assert (answer.status_code, answer["Location"]) == (302, link(user))
    assert (stopped(user), stopped(other)) == ({"comments"}, set())
    page = client.get(link(user)).content.decode()
    assert re.findall(r'name="do" value="(\w+)"', page) == ["resume"]
    client.post(link(user), {"do": "resume"})
    assert stopped(user) == set()
    events = Event.objects.filter(actor=None).order_by("pk").values_list("verb", flat=True)
    assert list(events) == ["mail.stopped", "mail.resumed"]
    verify()


def test_a_mail_program_stops_it_with_one_press(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(link(user, "plan", "comments"), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, stopped(user)) == (200, {"plan", "comments"})


@pytest.mark.parametrize("form", [{}, {"do": ""}, {"do": "x" * 5000}, {"do": "\x00"}])
def test_a_post_that_asks_for_neither_changes_nothing(user: User, form: dict[str, str]) -> None:
    assert Client().post(link(user), form).status_code == 302
    assert stopped(user) == set()


def test_forged_tokens_open_nothing(user: User) -> None:
    token = token_of(user, ["comments"])
    forged = [
        "x",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.swapcase(),
        signing.dumps({"user": user.pk, "topics": ["plan"]}),
        signing.dumps({"user": user.pk, "topics": ["plan"]}, salt="accounts.other"),
        token_of(User(pk=0), ["plan"]),
        token_of(user, ["nothing"]),
        "9" * 5000,
        "a\x00b",
        "::",
    ]
    for wrong in forged:
        address = reverse("people:stop_mail", args=[wrong])
        answers = [Client().get(address), Client().post(address, {"do": "stop"})]
        assert [answer.status_code for answer in answers] == [404, 404], wrong
    assert MailStop.objects.count() == 0
    assert Client().delete(link(user)).status_code == 405


def test_it_works_for_who_is_sent_to_set_up_a_second_factor(
    user: User, logged_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MFA_REQUIRED_ROLES", ["LUP_ADVISER"])
    assert logged_in.get(reverse("people:notices"))["Location"] == reverse("mfa_index")
    assert logged_in.get(link(user)).status_code == 200
    logged_in.post(link(user), {"do": "stop"})
    assert stopped(user) == {"comments"}


def test_a_token_lets_nobody_in(user: User) -> None:
    client = Client()
    client.post(link(user), {"do": "stop"})
    assert client.get(reverse("people:notices")).status_code == 302
    assert client.get(reverse("people:accept", args=[token_of(user, ["plan"])])).status_code == 404


def test_the_page_is_in_the_mails_language() -> None:
    user = somebody(language="en")
    assert Client().get(link(user))["Content-Language"] == "en"
    chosen = Client()
    chosen.cookies["django_language"] = "nb"
    assert chosen.get(link(user))["Content-Language"] == "nb"


def test_ones_own_notices_the_newest_first(user: User, logged_in: Client) -> None:
    tell([somebody()], SAID, path="/", params={"what": "Another's"})
    for n in range(27):
        tell([user], SAID, path=f"/planar/{n}/", params={"what": f"<b>{n}</b>"})
    page = logged_in.get(reverse("people:notices"))
    body = page.content.decode()
    assert [said.sentence for _notice, said in page.context["told"]][:2] == [
        "<b>26</b> happened.",
        "<b>25</b> happened.",
    ]
    assert '<a class="ds-link" href="/planar/26/">&lt;b&gt;26&lt;/b&gt; happened.</a>' in body
    assert "Another" not in body
    second = logged_in.get(reverse("people:notices"), {"page": 2}).context["told"]
    assert [said.sentence for _notice, said in second] == [
        "<b>1</b> happened.",
        "<b>0</b> happened.",
    ]


@pytest.mark.parametrize("many", [1, 60])
def test_queries_of_the_page(user: User, logged_in: Client, many: int) -> None:
    for n in range(many):
        tell([user], SAID, path="/", params={"what": str(n)})
    with CaptureQueriesContext(connection) as queries:
        logged_in.get(reverse("people:notices"))
    assert len(queries) == 5


def test_one_chooses_topic_by_topic(user: User, logged_in: Client) -> None:
    address = reverse("people:notices")
    MailStop.objects.create(user=user, topic="plan")
    form = logged_in.get(address).context["form"]
    assert form.initial["topics"] == [topic for topic in TOPICS if topic != "plan"]
    assert logged_in.post(address, {"topics": ["plan", "reminders"]}).status_code == 302
    assert stopped(user) == set(TOPICS) - {"plan", "reminders"}
    logged_in.post(address, {"topics": list(TOPICS)})
    assert stopped(user) == set()
    logged_in.post(address, {})
    assert stopped(user) == set(TOPICS)
    count = Event.objects.count()
    logged_in.post(address, {})
    assert Event.objects.count() == count
    assert set(Event.objects.values_list("actor", flat=True)) == {user.pk}


@pytest.mark.parametrize("topic", ["nothing", "\x00", "9" * 5000])
def test_a_topic_that_there_is_not_is_refused(user: User, logged_in: Client, topic: str) -> None:
    answer = logged_in.post(reverse("people:notices"), {"topics": ["plan", topic]})
    assert (answer.status_code, stopped(user)) == (422, set())


def test_it_is_reached_from_the_account(logged_in: Client) -> None:
    assert reverse("people:notices") in logged_in.get(reverse("people:account")).content.decode()


def test_it_is_part_of_ones_own_data(user: User, logged_in: Client) -> None:
    tell([user], SAID, path="/a/", params={"what": "A"})
    logged_in.post(link(user), {"do": "stop"})
    data = logged_in.post(reverse("people:own_data")).json()
    assert data["no_mail_about"] == ["comments"]
    assert [(row["what"], row["address"]) for row in data["notices"]] == [(SAID.code, "/a/")]
    assert data["mails"] == []
