"""What a mail about notices says: as plain text and as HTML, in the language that is active."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext

from accounts.models import Notice, User
from accounts.notices import TOPICS, kind_of
from accounts.services.stops import token_of

# More of them stand on the page of notices.
MOST_LINES = 60


@dataclass(frozen=True)
class Line:
    """One notice: what happened, where, and why one is told."""

    sentence: str
    address: str
    why: str


@dataclass(frozen=True)
class Group:
    """The notices of a topic, and the address where one stops mail about it."""

    title: str
    lines: Sequence[Line]
    stop: str

    @property
    def why(self) -> str:
        """Why one gets them, if it is the same for all."""
        whys = {line.why for line in self.lines}
        return whys.pop() if len(whys) == 1 else ""


@dataclass(frozen=True)
class Letter:
    """A mail, before it is in the queue."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def compose(user: User, notices: Sequence[Notice], *, digest: bool) -> Letter:
    """Return the mail that tells ``user`` of ``notices``, all of registered kinds."""
    shown = notices[:MOST_LINES]
    groups = _groups(user, shown)
    subject = _subject(notices)
    context = {
        "subject": subject,
        "groups": groups,
        "digest": digest,
        "more": len(notices) - len(shown),
        "all_notices": absolute(reverse("people:notices")),
        "language": get_language(),
    }
    topics = [topic for topic in TOPICS if any(_topic(notice) == topic for notice in notices)]
    return Letter(
        subject=subject,
        text=render_to_string("accounts/mail/notices.txt", context).strip() + "\n",
        html=render_to_string("accounts/mail/notices.html", context),
        headers={
            # RFC 2369 and RFC 8058: the receiver's mail program may stop them with one press.
            "List-Unsubscribe": f"<{stop_address(user, topics)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def absolute(path: str) -> str:
    """Return the whole address of a path on this site."""
    return f"{settings.SITE_URL}/{path.lstrip('/')}"


def stop_address(user: User, topics: Sequence[str]) -> str:
    """Return where ``user`` stops mail about ``topics``, without log-in."""
    return absolute(reverse("people:stop_mail", args=[token_of(user, topics)]))


def _groups(user: User, notices: Sequence[Notice]) -> list[Group]:
    groups = []
    for topic, title in TOPICS.items():
        lines = [_line(notice) for notice in notices if _topic(notice) == topic]
        if lines:
            groups.append(Group(str(title), lines, stop_address(user, [topic])))
    return groups


def _line(notice: Notice) -> Line:
    kind = kind_of(notice.kind)
    assert kind is not None
    said = kind.say(notice.params)
    return Line(said.sentence, absolute(notice.path), said.why)


def _topic(notice: Notice) -> str:
    kind = kind_of(notice.kind)
    return kind.topic if kind else ""


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return Truncator(_line(notices[0]).sentence).chars(150)
    count = len(notices)
    return ngettext("%(count)s notice from Lupplan", "%(count)s notices from Lupplan", count) % {
        "count": count
    }
