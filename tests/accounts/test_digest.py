"""Mail about notices: at once what is asked of somebody, the rest once a day."""

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import reminders
from accounts.enums import Role
from accounts.models import Mail, MailStop, Membership, Notice, User
from accounts.notices import NoticeKind
from accounts.services.digests import remind
from accounts.services.letters import MOST_LINES
from accounts.services.notices import tell
from tests.accounts.mailing import ASKED, COMMENTED, SAID, html_of, somebody, words_of
from tests.factories.accounts import UserFactory

DAY, NEXT = "2026-03-02", "2026-03-03"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only the rules be there that the test registers."""
    monkeypatch.setattr(reminders, "_registered", {})


def said(user: User, what: str = "It", kind: NoticeKind = SAID) -> None:
    tell([user], kind, path="/planar/x/2026/", params={"what": what})


def run(day: str = DAY) -> None:
    call_command("remind", "--date", day)


# --- At once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_one_deed_asks_of_somebody_comes_at_once_in_one_mail() -> None:
    user, other = somebody(), somebody()
    with transaction.atomic():
        tell([user, other], ASKED, path="/a/", params={"what": "A"})
        tell([user], ASKED, path="/b/", params={"what": "B"})
        said(user)
        assert (mail.outbox, Mail.objects.count()) == ([], 0)
    to_user, to_other = mail.outbox
    assert (to_user.to, to_other.to) == ([user.email], [other.email])
    assert (to_user.subject, to_other.subject) == ("2 varsel frå Lupplan", "Please answer A.")
    assert "https://testserver/b/" in str(to_user.body)
    assert [n.kind for n in Notice.objects.waiting()] == [SAID.code]
    with transaction.atomic():
        said(user, "C", ASKED)
    assert [message.subject for message in mail.outbox[2:]] == ["Please answer C."]


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_asks_nothing() -> None:
    user = somebody()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        said(user, "A", ASKED)
        raise ZeroDivisionError
    assert (mail.outbox, Notice.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_cannot_be_made_breaks_nothing_and_comes_with_the_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = somebody()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no template")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.services.digests.compose", broken)
        said(user, "A", ASKED)
    assert (mail.outbox, Notice.objects.waiting().count()) == ([], 1)
    run()
    assert [message.subject for message in mail.outbox] == ["Please answer A."]


# --- Once a day -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_rest_comes_once_a_day() -> None:
    user, quiet = somebody(), somebody()
    said(user, "A")
    said(user, "B", COMMENTED)
    assert mail.outbox == []
    run()
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([user.email], "2 varsel frå Lupplan")
    run()
    said(user, "C")
    run()
    assert len(mail.outbox) == 1
    run(NEXT)
    assert [message.subject for message in mail.outbox[1:]] == ["C happened."]
    assert quiet.notices.count() == 0


@pytest.mark.django_db
def test_a_rule_runs_before_the_digest_and_reminds_once(
    no_rules: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = somebody()

    def due(day: date) -> None:
        tell([user], SAID, path="/", params={"what": str(day)}, once_key=f"due:{day}")

    reminders.register(due)
    with django_capture_on_commit_callbacks(execute=True):
        run()
        run()
    assert [message.subject for message in mail.outbox] == [f"{DAY} happened."]
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_a_rule_that_fails_stops_neither_the_others_nor_the_digests(
    no_rules: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = somebody()

    def broken(day: date) -> None:
        tell([user], SAID, path="/", params={"what": "half"})
        raise RuntimeError

    def sound(day: date) -> None:
        tell([user], SAID, path="/", params={"what": "sound"}, once_key="1")

    reminders.register(broken, sound)
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(CommandError, match="broken"),
    ):
        run()
    assert [message.subject for message in mail.outbox] == ["sound happened."]


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["i dag", "2026-02-30", "9" * 5000, "2026-03-02T00"])
def test_what_is_no_date_is_refused(day: str) -> None:
    with pytest.raises(CommandError, match="is no date"):
        run(day)


@pytest.mark.django_db
def test_nobody_without_access_gets_mail(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    former, gone, roleless = somebody(), somebody(), UserFactory.create()
    for user in (former, gone, roleless):
        said(user)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Membership.objects.filter(user=former).update(valid_to=date(2020, 1, 1))
    with django_capture_on_commit_callbacks(execute=True):
        run()
        said(roleless, kind=ASKED)
    assert mail.outbox == []
    # Nor a heap of old ones on coming back.
    Membership.objects.filter(user=former).update(valid_to=None)
    assert remind(date(2026, 3, 3)).digests == 0


@pytest.mark.django_db
def test_a_stopped_topic_is_left_out_and_not_saved_up(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    user = somebody()
    for topic in ("plan", "contributions"):
        MailStop.objects.create(user=user, topic=topic)
    said(user, "A")
    said(user, "B", COMMENTED)
    with django_capture_on_commit_callbacks(execute=True):
        said(user, "C", ASKED)
        run()
    assert [message.subject for message in mail.outbox] == ["A comment on B."]
    assert Notice.objects.waiting().count() == 0


@pytest.mark.django_db
def test_who_may_no_longer_know_of_it_gets_no_mail_about_it(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    users = [somebody(), somebody()]

    def still_for(user: User, params: dict[str, Any]) -> bool:
        return {users[0].pk: True}[user.pk]  # a plan that is gone raises

    kind = NoticeKind(SAID.code, "plan", "%(what)s happened.", "", still_for=still_for)  # type: ignore[arg-type]
    monkeypatch.setattr("accounts.notices._registered", {SAID.code: kind})
    for user in users:
        said(user)
    with django_capture_on_commit_callbacks(execute=True):
        run()
    assert [message.to for message in mail.outbox] == [[users[0].email]]
    assert Notice.objects.waiting().count() == 0


# --- What it says -----------------------------------------------------------------------------


def digest_of(user: User, capture: DjangoCaptureOnCommitCallbacks) -> Any:
    with capture(execute=True):
        run()
    (message,) = mail.outbox
    return message


@pytest.mark.django_db
def test_both_parts_say_the_same(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    user = somebody()
    said(user, "Første")
    said(user, 'Den "andre" & tredje')
    said(user, "D", COMMENTED)
    message = digest_of(user, django_capture_on_commit_callbacks)
    text, html = str(message.body), html_of(message)
    assert words_of(text) == words_of(html)
    assert text.count("You follow the plan.") == html.count("You follow the plan.") == 1
    assert text.count("https://testserver/planar/x/2026/") == 3
    assert text.count("https://testserver/konto/varsel/stopp/") == 2
    assert "You wrote it." in text
    for foreign in ("<img", "src=", "url(", "@import", "<link"):
        assert foreign not in html
    header = message.extra_headers["List-Unsubscribe"]
    assert header.startswith("<https://testserver/konto/varsel/stopp/")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # The one press stops what was in the mail, and no more.
    Client().post(header.strip("<>"), {"List-Unsubscribe": "One-Click"})
    assert set(user.mail_stops.values_list("topic", flat=True)) == {"plan", "comments"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_it_is_in_the_receivers_language(
    language: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = somebody(language=language)
    words: dict[str, Any] = {"words": lambda params: {"what": str(Role(params["what"]).label)}}
    kind = NoticeKind(code=SAID.code, topic="plan", sentence="%(what)s.", why="", **words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.notices._registered", {SAID.code: kind})
        said(user, "COUNTY_EDITOR", kind)
        message = digest_of(user, django_capture_on_commit_callbacks)
    assert f'<html lang="{language}">' in html_of(message)
    assert message.extra_headers["Content-Language"] == language
    with translation.override(language):
        assert message.subject == f"{Role.COUNTY_EDITOR.label}."


@pytest.mark.django_db
def test_hostile_values_are_words_on_one_line(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    user = somebody()
    said(user, f"{SCRIPT}\r\nBcc: x@test.example\n\nhttps://tjuv.example/\u2028\u202e" + "y" * 5000)
    message = digest_of(user, django_capture_on_commit_callbacks)
    assert (message.message()["Bcc"], message.bcc, message.to) == (None, [], [user.email])
    assert "\n" not in message.subject
    lines = str(message.body).splitlines()
    (line,) = [line for line in lines if SCRIPT in line]
    assert line.startswith(f"- {SCRIPT} Bcc: x@test.example https://tjuv.example/ yyy")
    assert len(line) < 300
    assert SCRIPT not in html_of(message)
    assert "&lt;script&gt;" in html_of(message)


@pytest.mark.django_db
def test_a_notice_that_does_not_fit_its_sentence_loses_nobodys_digest(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    user = somebody()
    tell([user], SAID, path="/", params={"else": 1})
    Notice.objects.create(user=user, kind="of.earlier", path="/")
    said(user, "A")
    message = digest_of(user, django_capture_on_commit_callbacks)
    assert "- A happened." in str(message.body)
    client = Client()
    client.force_login(user)
    page = client.get(reverse("people:notices"))
    assert (page.status_code, len(page.context["told"])) == (200, 2)


@pytest.mark.django_db
def test_a_long_digest_is_cut_and_says_so(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    user = somebody()
    for n in range(MOST_LINES + 2):
        said(user, str(n))
    message = digest_of(user, django_capture_on_commit_callbacks)
    body = str(message.body)
    assert body.count(" happened.") == MOST_LINES
    assert "2 varsel til står på sida med alle varsla dine." in body
    assert words_of(body) == words_of(html_of(message))
