"""Stopping mail about a topic, and getting it again."""

from collections.abc import Collection, Sequence

from django.core import signing
from django.db import transaction

from accounts.models import MailStop, User
from accounts.notices import TOPICS
from audit.services import record

# What is signed for this is good for nothing else, and nothing else for this.
_SALT = "accounts.stop-mail"


class BadToken(Exception):
    """The token was not made here, or names nobody."""


def token_of(user: User, topics: Sequence[str]) -> str:
    """Return what lets its holder stop ``user``'s mail about ``topics``, and do nothing else.

    It has no end: one must be able to stop mail from an old one.
    """
    return signing.dumps({"user": user.pk, "topics": list(topics)}, salt=_SALT)


def read_token(token: str) -> tuple[User, list[str]]:
    """Return whose mail a token stops, and about what. Raises ``BadToken``."""
    try:
        named = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken from error
    topics = [topic for topic in named["topics"] if topic in TOPICS]
    user = User.objects.filter(pk=named["user"]).first()
    if user is None or not topics:
        raise BadToken
    return user, topics


def stopped_by(user: User) -> set[str]:
    """Return the topics about which ``user`` wants no mail."""
    return set(MailStop.objects.filter(user=user).values_list("topic", flat=True))


def stop_mail(*, user: User, topics: Collection[str], by: User | None) -> None:
    """Send ``user`` no more mail about ``topics``. ``by`` is None for whoever holds a token."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        new = [topic for topic in topics if topic not in stopped_by(user)]
        if not new:
            return
        MailStop.objects.bulk_create(MailStop(user=user, topic=topic) for topic in new)
        record(by=by, verb="mail.stopped", target=user, new={"topics": new})


def resume_mail(*, user: User, topics: Collection[str], by: User | None) -> None:
    """Send ``user`` mail about ``topics`` again, from what happens now on."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        old = [topic for topic in topics if topic in stopped_by(user)]
        if not old:
            return
        MailStop.objects.filter(user=user, topic__in=old).delete()
        record(by=by, verb="mail.resumed", target=user, old={"topics": old})


def choose_topics(*, user: User, wanted: Collection[str]) -> None:
    """Let ``user`` get mail about the topics ``wanted``, and about no others."""
    with transaction.atomic():
        resume_mail(user=user, topics=wanted, by=user)
        stop_mail(user=user, topics=[t for t in TOPICS if t not in wanted], by=user)
