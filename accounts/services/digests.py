"""Mail about notices: at once what is asked of somebody, the rest once a day."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from accounts import reminders
from accounts.enums import MailState, Role
from accounts.models import Mail, Notice, User
from accounts.models.invitation import VALID_FOR
from accounts.notices import kind_of, registered
from accounts.services.letters import compose
from accounts.services.mails import queue_mail
from accounts.services.stops import stopped_by

logger = logging.getLogger(__name__)

MAILS_KEPT = timedelta(days=180)
TASKS_KEPT = timedelta(days=30)


@dataclass
class Reminded:
    """What a day's run did: digests made, and what failed (see the log for how)."""

    digests: int = 0
    failed: list[str] = field(default_factory=list)


@task()
def mail_asked(user_ids: list[int]) -> None:
    """Mail users what is asked of them and no mail has taken along, each in one mail."""
    asked = {kind.code for kind in registered() if kind.asked}
    for user in User.objects.holding(*Role).filter(pk__in=user_ids):
        _mail(user, kinds=asked)


def remind(day: date) -> Reminded:
    """Run every rule for reminders, then make the day's digests, at most one for each person.

    Running it again for the same day, or twice at once, sends nothing more: reminders are told
    once, and the key of a day's digest is unique. What fails doesn't stop the rest.
    """
    done = Reminded()
    for rule in reminders.registered():
        try:
            with transaction.atomic():
                rule(day)
        except Exception:
            logger.exception("The reminders %s failed", rule)
            done.failed.append(getattr(rule, "__name__", str(rule)))
    waiting = Notice.objects.filter(mailed_at__isnull=True)
    receivers = User.objects.holding(*Role)
    # Who has no access gets no mail, nor a heap of old ones on coming back.
    waiting.exclude(user__in=receivers.values("pk")).update(mailed_at=timezone.now())
    for user in receivers.filter(pk__in=waiting.values("user")):
        try:
            done.digests += _mail(user, dedupe_key=f"digest:{user.pk}:{day}")
        except Exception:
            logger.exception("The digest of user %s failed", user.pk)
            done.failed.append(f"user {user.pk}")
    return done


def forget_old() -> None:
    """Take away mails and tasks that nobody needs, and links that let nobody in any more."""
    now = timezone.now()
    over = [MailState.SENT, MailState.FAILED]
    Mail.objects.filter(state__in=over, made_at__lt=now - MAILS_KEPT).delete()
    old_secrets = Mail.objects.filter(secret=True, made_at__lt=now - VALID_FOR).exclude(text="")
    waiting_no_more = old_secrets.filter(state__in=[MailState.FAILED, MailState.WAITING])
    waiting_no_more.update(state=MailState.FAILED, text="", html="")
    DBTaskResult.objects.finished().filter(finished_at__lt=now - TASKS_KEPT).delete()


def _mail(
    user: User, *, kinds: Collection[str] | None = None, dedupe_key: str | None = None
) -> bool:
    """Mail ``user`` the waiting notices (of ``kinds``); say whether there was one to send.

    If the mail with that key has been made, they go on waiting.
    """
    with transaction.atomic(), translation.override(user.language):
        waiting = Notice.objects.waiting().filter(user=user).select_for_update()
        notices = list(waiting if kinds is None else waiting.filter(kind__in=kinds))
        stopped = stopped_by(user) if notices else set()
        wanted = [
            notice
            for notice in notices
            if (kind := kind_of(notice.kind))
            and kind.topic not in stopped
            and kind.concerns(user, notice.params)
        ]
        if wanted:
            letter = compose(user, wanted, digest=dedupe_key is not None)
            mail = queue_mail(
                to=user.email,
                user=user,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                language=user.language,
                headers=letter.headers,
                dedupe_key=dedupe_key,
            )
            if mail is None:
                return False
        taken = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
        taken.update(mailed_at=timezone.now())
    return bool(wanted)
