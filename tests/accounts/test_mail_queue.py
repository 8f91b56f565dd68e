"""The queue of mails: sent after the commit, by one worker, again after a failure."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.enums import MailState, Role
from accounts.models import Mail, User
from accounts.services import sending
from accounts.services.digests import forget_old
from accounts.services.mails import queue_mail
from accounts.worker import Worker, reap_tasks
from audit.models import Event
from tests.accounts.mailing import html_of, queued, somebody
from tests.factories.accounts import UserFactory, user_with

SECRET = "https://testserver/konto/invitasjon/hemmeleg/"
DATABASE_TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


class Broken(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server")


BROKEN = override_settings(EMAIL_BACKEND="tests.accounts.test_mail_queue.Broken")


def states() -> list[tuple[str, int]]:
    return list(Mail.objects.order_by("pk").values_list("state", "attempts"))


@pytest.mark.django_db
def test_it_is_sent_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queued(html="<p>Tekst</p>", headers={"List-Unsubscribe": "<https://x.example/>"})
        assert (mail.outbox, states()) == ([], [("WAITING", 0)])
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (["ho@test.example"], "Emne", "Tekst")
    assert html_of(message) == "<p>Tekst</p>"
    assert message.extra_headers["List-Unsubscribe"] == "<https://x.example/>"
    assert states() == [("SENT", 1)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_of_what_was_undone() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queued()
        raise ZeroDivisionError
    assert (mail.outbox, states()) == ([], [])


@pytest.mark.django_db(transaction=True)
@BROKEN
def test_a_mail_server_that_is_away_breaks_nothing() -> None:
    with transaction.atomic():
        user = UserFactory.create()
        queued()
    assert User.objects.filter(pk=user.pk).exists()
    assert states() == [("WAITING", 1)]


@pytest.mark.django_db(transaction=True)
def test_a_task_queue_that_is_away_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise RuntimeError("no queue")

    monkeypatch.setattr("django_tasks.backends.immediate.ImmediateBackend.enqueue", refuse)
    queued()
    assert states() == [("WAITING", 0)]
    call_command("worker", "--batch")  # finds the row by itself
    assert states() == [("SENT", 1)]


@pytest.mark.django_db
def test_failures_are_tried_again_after_growing_waits() -> None:
    row = queued()
    waits = []
    with BROKEN:
        for _attempt in range(6):
            assert sending.send_due() == 0
            row.refresh_from_db()
            assert "ConnectionRefusedError: no mail server" in row.last_error
            if row.state == MailState.WAITING:
                assert row.claimed_at is not None
                waits.append(round((row.next_attempt_at - row.claimed_at) / timedelta(minutes=1)))
                assert sending.send_due() == 0  # its turn hasn't come
                assert Mail.objects.get().attempts == row.attempts
            Mail.objects.update(next_attempt_at=timezone.now())
    assert waits == [1, 5, 30, 120, 720]
    assert states() == [("FAILED", 6)]
    assert (sending.send_due(), mail.outbox) == (0, [])


@pytest.mark.django_db
def test_the_mail_of_a_killed_worker_is_taken_back() -> None:
    row = queued()
    claimed = timezone.now() - sending.STUCK_AFTER
    Mail.objects.update(state="SENDING", attempts=1, claimed_at=claimed + timedelta(minutes=1))
    assert sending.reap() == 0  # somebody may still be at it
    Mail.objects.update(claimed_at=claimed - timedelta(seconds=1))
    assert sending.reap() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("WAITING", 1)
    assert row.last_error != ""
    Mail.objects.update(next_attempt_at=timezone.now())
    assert (sending.send_due(), len(mail.outbox)) == (1, 1)


@pytest.mark.django_db
def test_a_mail_that_kills_every_worker_fails_in_the_end() -> None:
    queued()
    long_ago = timezone.now() - timedelta(days=1)
    Mail.objects.update(state="SENDING", attempts=6, claimed_at=long_ago)
    assert (sending.reap(), states()) == (1, [("FAILED", 6)])


@pytest.mark.django_db
def test_a_worker_that_was_given_up_changes_nothing_of_what_another_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = queued()

    def slow(message: object) -> int:
        # While the server was silent the row was taken back, and another sends it now.
        Mail.objects.update(state="SENDING", attempts=2)
        raise TimeoutError

    monkeypatch.setattr("accounts.services.sending.EmailMultiAlternatives.send", slow)
    assert sending.send(row.pk) is False
    assert states() == [("SENDING", 2)]


@pytest.mark.django_db
def test_a_mail_that_was_sent_just_before_it_is_taken_back_stays_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queued()
    Mail.objects.update(state="SENDING", attempts=1)
    stuck = list(Mail.objects.all())
    Mail.objects.update(state="SENT", sent_at=timezone.now())
    monkeypatch.setattr("accounts.models.mail.MailQuerySet.stuck", lambda mails, since: stuck)
    assert (sending.reap(), states()) == (0, [("SENT", 1)])


@pytest.mark.django_db
def test_sent_twice_it_has_one_message_id() -> None:
    row = queued()
    sending.send(row.pk)
    Mail.objects.update(state="WAITING", sent_at=None)
    sending.send(row.pk)
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    assert first.endswith("@testserver>")


@pytest.mark.django_db
def test_the_same_key_is_queued_once() -> None:
    queued(dedupe_key="a")
    values: dict[str, Any] = {"to": "x@test.example", "subject": "", "text": "", "language": "nn"}
    assert queue_mail(**values, dedupe_key="a") is None
    queued()
    queued()
    assert Mail.objects.count() == 3


@pytest.mark.django_db
def test_hostile_words_stay_where_they_belong() -> None:
    row = queued(subject="Emne\r\nBcc: tjuv@test.example\n\n\x00Tekst" + "x" * 500, text="a\x00b")
    assert sending.send(row.pk) is True
    (message,) = mail.outbox
    head = message.message()
    assert head["Bcc"] is None
    assert message.subject.startswith("Emne Bcc: tjuv@test.example Tekst")
    assert (len(row.subject), message.body) == (200, "ab")
    bad = queued(to="a@test.example\nBcc: tjuv@test.example")
    assert sending.send(bad.pk) is False
    assert Mail.objects.get(pk=bad.pk).state == "WAITING"


@pytest.mark.django_db
def test_who_has_no_access_any_more_gets_no_mail() -> None:
    user = somebody()
    rows = [queued(user=user), queued(user=UserFactory.create())]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert [sending.send(row.pk) for row in rows] == [False, False]
    assert (mail.outbox, states()) == ([], [("FAILED", 1), ("FAILED", 1)])
    # Somebody without a role may still need a new password.
    assert sending.send(queued(user=UserFactory.create(), secret=True).pk) is True


@pytest.mark.django_db
def test_a_secret_is_gone_once_it_is_sent() -> None:
    row = queued(text=SECRET, html=f"<a href='{SECRET}'>x</a>", secret=True)
    sending.send(row.pk)
    assert SECRET in str(mail.outbox[0].body)
    assert SECRET not in repr(Mail.objects.values())
    assert Mail.objects.get().subject == "Emne"


@pytest.mark.django_db
def test_old_mails_tasks_and_links_are_taken_away() -> None:
    now = timezone.now()
    old = queued()
    link = queued(text=SECRET, secret=True)
    unsent = queued(text=SECRET, secret=True)
    fresh = queued(text=SECRET, secret=True)
    Mail.objects.filter(pk=old.pk).update(
        state="SENT", sent_at=now, made_at=now - timedelta(days=181)
    )
    Mail.objects.filter(pk=link.pk).update(state="FAILED", made_at=now - timedelta(days=15))
    Mail.objects.filter(pk=unsent.pk).update(made_at=now - timedelta(days=15))
    Mail.objects.filter(pk=fresh.pk).update(state="FAILED", made_at=now - timedelta(days=13))
    forget_old()
    kept = list(Mail.objects.order_by("pk").values_list("pk", "text"))
    assert kept == [(link.pk, ""), (unsent.pk, ""), (fresh.pk, SECRET)]
    assert sending.send(unsent.pk) is False


# --- The worker -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@override_settings(TASKS=DATABASE_TASKS)
def test_the_worker_does_what_the_web_process_left() -> None:
    queued()
    assert (mail.outbox, DBTaskResult.objects.ready().count()) == ([], 1)
    call_command("worker", "--batch")
    assert (len(mail.outbox), DBTaskResult.objects.successful().count()) == (1, 1)
    assert states() == [("SENT", 1)]


@pytest.mark.django_db(transaction=True)
def test_the_worker_waits_for_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    queued()
    Mail.objects.update(state="WAITING", sent_at=None)
    worker, rounds = Worker(), []

    def sleep(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 2:
            worker.running = False
        monkeypatch.undo()
        monkeypatch.setattr("accounts.worker.time.sleep", sleep)

    def away() -> int:
        raise ConnectionError("database")

    monkeypatch.setattr("accounts.worker.time.sleep", sleep)
    monkeypatch.setattr("accounts.services.sending.send_due", away)
    worker.run()
    assert rounds == [10, 1]
    assert [state for state, _attempts in states()] == ["SENT"]


@pytest.mark.django_db
def test_the_task_of_a_killed_worker_does_not_run_for_ever() -> None:
    with override_settings(TASKS=DATABASE_TASKS):
        sending.send_queued.enqueue(0)
    DBTaskResult.objects.update(
        status="RUNNING", started_at=timezone.now() - timedelta(hours=1, seconds=1)
    )
    assert (reap_tasks(), DBTaskResult.objects.failed().count()) == (1, 1)


# --- What the administrator sees --------------------------------------------------------------


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(user_with(Role.ADMINISTRATOR))
    return client


@pytest.mark.django_db
def test_the_administrator_sees_the_queue_and_no_secret(administrator: Client) -> None:
    stop = f"https://testserver{reverse('people:stop_mail', args=['merke'])}"
    plain = queued(text=f"Ope <b>ord</b>\n{stop}\nSlutt")
    secret = queued(text=SECRET, html=SECRET, secret=True)
    Mail.objects.filter(pk=secret.pk).update(state="FAILED", last_error="Feil")
    page = administrator.get(reverse("admin:accounts_mail_changelist")).content.decode()
    assert ("Feil" in page, SECRET in page) == (True, False)
    assert reverse("admin:django_tasks_database_dbtaskresult_changelist") in page
    for row, word, there in ((plain, "Ope &lt;b&gt;ord&lt;/b&gt;", True), (secret, SECRET, False)):
        address = reverse("admin:accounts_mail_change", args=[row.pk])
        answer = administrator.get(address)
        assert (answer.status_code, word in answer.content.decode()) == (200, there)
        assert "merke" not in answer.content.decode()
        assert administrator.post(address, {"subject": "X"}).status_code == 403
    assert administrator.get(reverse("admin:accounts_mail_add")).status_code == 403
    delete = reverse("admin:accounts_mail_delete", args=[plain.pk])
    assert administrator.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.django_db
def test_the_administrator_sends_failed_ones_again(
    administrator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    failed, waiting, emptied = queued(), queued(), queued(text="", secret=True)
    Mail.objects.exclude(pk=waiting.pk).update(state="FAILED", attempts=6)
    form = {"action": "put_back", "_selected_action": [failed.pk, waiting.pk, emptied.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(reverse("admin:accounts_mail_changelist"), form)
    assert answer.status_code == 302
    assert states() == [("SENT", 1), ("WAITING", 0), ("FAILED", 6)]
    assert [event.verb for event in Event.objects.all()] == ["mail.sent_again"]
