"""Putting a mail into the queue, with the deed that causes it."""

from django.db import transaction
from django.utils.text import Truncator

from accounts.models import Mail, User
from accounts.services.sending import send_after_commit


def queue_mail(
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    html: str = "",
    user: User | None = None,
    headers: dict[str, str] | None = None,
    dedupe_key: str | None = None,
    secret: bool = False,
) -> Mail | None:
    """Write a mail into the queue in the caller's transaction; it is sent after the commit.

    Returns None if one with the same ``dedupe_key`` has been queued, by whomever and whenever.
    ``secret`` is for mails with a link that lets one in: the row is emptied once it is sent.
    ``user`` is the receiver, if they have an account: who has lost it gets no mail.
    """
    values = {
        "receiver": to,
        "user": user,
        "subject": _one_line(subject),
        "text": text.replace("\0", ""),
        "html": html.replace("\0", ""),
        "language": language,
        "headers": headers or {},
        "secret": secret,
    }
    with transaction.atomic():
        if dedupe_key is None:
            mail, made = Mail.objects.create(**values), True
        else:
            mail, made = Mail.objects.get_or_create(dedupe_key=dedupe_key, defaults=values)
        if not made:
            return None
        send_after_commit(mail)
    return mail


def _one_line(subject: str) -> str:
    """Return a subject that is no more than that: without line breaks and control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in subject).split())
    return Truncator(line).chars(200)
