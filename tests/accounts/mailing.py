"""What the tests of mails share."""

import re
from html import unescape
from typing import Any

from django.core import mail

from accounts.enums import Role
from accounts.models import Mail, User
from accounts.notices import NoticeKind, register
from accounts.services.mails import queue_mail
from tests.factories.accounts import user_with

SAID = NoticeKind(
    code="test.happened", topic="plan", sentence="%(what)s happened.", why="You follow the plan."
)
COMMENTED = NoticeKind(
    code="test.commented", topic="comments", sentence="A comment on %(what)s.", why="You wrote it."
)
ASKED = NoticeKind(
    code="test.asked",
    topic="contributions",
    sentence="Please answer %(what)s.",
    why="You are asked because you hold a role.",
    asked=True,
)
register(SAID, COMMENTED, ASKED)


def somebody(**fields: Any) -> User:
    """Return a user who holds a role, so that mail may reach them."""
    user = user_with(Role.LUP_ADVISER)
    User.objects.filter(pk=user.pk).update(**fields)
    user.refresh_from_db()
    return user


def queued(**values: Any) -> Mail:
    """Return a mail of the queue."""
    mail_row = queue_mail(
        **{"to": "ho@test.example", "subject": "Emne", "text": "Tekst", "language": "nn", **values}
    )
    assert mail_row is not None
    return mail_row


def html_of(message: mail.EmailMessage) -> str:
    """Return the HTML of a mail that was sent."""
    assert isinstance(message, mail.EmailMultiAlternatives)
    ((body, kind),) = message.alternatives
    assert kind == "text/html"
    return str(body)


def words_of(text: str) -> list[str]:
    """Return the words of a mail's text, whichever of its two parts."""
    if "<body>" in text:
        text = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2 \1 ", text.partition("<body>")[2])
        text = unescape(re.sub(r"<[^>]+>", " ", text))
    return sorted(re.findall(r"https?://\S+|\w+", text))
