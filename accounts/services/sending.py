"""Sending the queue's mails: each by one worker, again after a failure, and not for ever."""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.enums import MailState, Role
from accounts.models import Mail, User
from audit.services import record

logger = logging.getLogger(__name__)

# How long to wait after the first failure, the second …; after one more it has failed for good.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
# Well above what a mail server takes to answer (EMAIL_TIMEOUT for each of a few steps).
STUCK_AFTER = timedelta(minutes=10)


@task()
def send_queued(pk: int) -> bool:
    """Send a mail of the queue in the background; what ``send`` does, as a task."""
    return send(pk)


def send_after_commit(mail: Mail) -> None:
    """Have a mail sent in the background once it is there for everybody.

    If nothing takes the task, the worker finds the row by itself.
    """

    # No lambda or partial: Django wants a name for what fails.
    def enqueue() -> None:
        send_queued.enqueue(mail.pk)

    transaction.on_commit(enqueue, robust=True)


def send(pk: int) -> bool:
    """Send a mail if its turn has come and nobody else sends it; say whether it was sent now.

    A failure is written on the row, which is tried again later: nothing is raised.
    """
    claimed = (
        Mail.objects.due(timezone.now())
        .filter(pk=pk)
        .update(state=MailState.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    mail = Mail.objects.select_related("user").get(pk=pk)
    if not _may_get(mail):
        _settle(mail, state=MailState.FAILED, last_error=_("The receiver has no access any more."))
        return False
    try:
        _message(mail).send()
    except Exception as error:
        logger.exception("Mail %s was not sent", pk)
        _put_off(mail, f"{type(error).__name__}: {error}")
        return False
    emptied = {"text": "", "html": ""} if mail.secret else {}
    _settle(mail, state=MailState.SENT, sent_at=timezone.now(), last_error="", **emptied)
    return True


def send_due(most: int = 200) -> int:
    """Send what is due, at most ``most`` of them; return how many were sent."""
    due = Mail.objects.due(timezone.now()).values_list("pk", flat=True)[:most]
    return sum(send(pk) for pk in list(due))


def reap() -> int:
    """Take back the mails of workers that were killed while they sent; return how many.

    Nobody knows whether such a mail has gone out; its Message-ID is the same the second time.
    """
    reaped = 0
    for mail in Mail.objects.stuck(timezone.now() - STUCK_AFTER):
        why = _("The worker was stopped while it sent this, so it may have come twice.")
        reaped += _put_off(mail, why)
    return reaped


def send_again(*, mail: Mail, by: User) -> bool:
    """Put a failed mail back into the queue; False if it hasn't failed, or has been emptied."""
    with transaction.atomic():
        put_back = (
            Mail.objects.filter(pk=mail.pk, state=MailState.FAILED)
            .exclude(text="")
            .update(state=MailState.WAITING, attempts=0, next_attempt_at=timezone.now())
        )
        if not put_back:
            return False
        record(by=by, verb="mail.sent_again", target=mail)
        send_after_commit(mail)
    return True


def _may_get(mail: Mail) -> bool:
    """Whether the receiver may still have the mail: it may have waited for half a day."""
    if mail.user is None:
        return True
    if mail.secret:
        return mail.user.is_active
    return User.objects.holding(*Role).filter(pk=mail.user.pk).exists()


def _put_off(mail: Mail, error: str) -> int:
    """Write down what went wrong and when to try again; the last time, that it failed."""
    error = error.replace("\0", "")[:500]
    if mail.attempts > len(WAITS):
        return _settle(mail, state=MailState.FAILED, last_error=error)
    next_attempt_at = timezone.now() + WAITS[mail.attempts - 1]
    return _settle(mail, state=MailState.WAITING, last_error=error, next_attempt_at=next_attempt_at)


def _settle(mail: Mail, **values: Any) -> int:
    """Write how the attempt ended, unless another worker has begun one since, or sent it."""
    standing = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts)
    return standing.exclude(state=MailState.SENT).update(**values)


def _message(mail: Mail) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.receiver],
        headers={
            "Message-ID": f"<lupplan-{mail.pk}-{mail.made_at:%Y%m%d%H%M%S%f}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **mail.headers,
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message
