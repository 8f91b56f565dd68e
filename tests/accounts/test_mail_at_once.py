"""Two workers, and two runs of the day's reminders, at the same moment: one mail."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from accounts import reminders
from accounts.models import Mail, Notice
from accounts.services import digests, sending
from accounts.services.digests import mail_asked, remind
from accounts.services.mails import queue_mail
from accounts.services.notices import tell
from tests.accounts.mailing import ASKED, SAID, queued, somebody
from tests.accounts.test_concurrency import AT_ONCE, at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 3, 2)
NOBODY = [None] * AT_ONCE


@pytest.fixture(autouse=True)
def nothing_sent_by_itself() -> Iterator[None]:
    """Let the tests themselves say when the workers work."""
    with override_settings(
        TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    ):
        yield


@pytest.mark.parametrize("mails", [1, 7])
def test_several_workers_send_each_mail_once(mails: int) -> None:
    for n in range(mails):
        queued(subject=str(n))
    assert at_once(lambda n: sending.send_due()) == NOBODY
    assert sorted(message.subject for message in mail.outbox) == [str(n) for n in range(mails)]
    assert set(Mail.objects.values_list("state", "attempts")) == {("SENT", 1)}


def test_several_reapers_take_a_mail_back_once() -> None:
    queued()
    Mail.objects.update(
        state="SENDING", attempts=1, claimed_at=timezone.now() - 2 * sending.STUCK_AFTER
    )
    assert at_once(lambda n: sending.reap()) == NOBODY
    assert list(Mail.objects.values_list("state", "attempts")) == [("WAITING", 1)]


def test_several_runs_of_a_day_make_one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "_registered", {})
    users = [somebody() for _n in range(3)]

    def due(day: date) -> None:
        tell(users, SAID, path="/", params={"what": "It"}, once_key=f"due:{day}")

    reminders.register(due)
    tell(users, SAID, path="/", params={"what": "More"})
    failed: list[list[str]] = []
    assert at_once(lambda n: failed.append(remind(DAY).failed)) == NOBODY
    assert failed == [[]] * AT_ONCE
    assert Notice.objects.count() == 6
    assert sorted(Mail.objects.values_list("user", flat=True)) == [user.pk for user in users]


def test_what_is_asked_is_mailed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    user = somebody()
    tell([user], ASKED, path="/", params={"what": "A"})
    compose, together = digests.compose, Barrier(AT_ONCE)

    def when_all_are_here(*args: Any, **kwargs: Any) -> Any:
        # They can't all be, for one has the notices; without that, each would make a mail now.
        with suppress(BrokenBarrierError):
            together.wait(timeout=1)
        return compose(*args, **kwargs)

    monkeypatch.setattr(digests, "compose", when_all_are_here)
    assert at_once(lambda n: mail_asked.call([user.pk])) == NOBODY
    assert Mail.objects.count() == 1


def test_the_same_is_told_once_by_several() -> None:
    user = somebody()
    told = at_once(lambda n: tell([user], SAID, path="/", params={"what": "A"}, once_key="k"))
    assert (told, Notice.objects.count()) == (NOBODY, 1)


def test_one_key_is_queued_once() -> None:
    def queue(n: int) -> None:
        queue_mail(to="x@test.example", subject="", text="", language="nn", dedupe_key="k")

    assert (at_once(queue), Mail.objects.count()) == (NOBODY, 1)
