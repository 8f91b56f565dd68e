"""Renewing what proves the signatures of signed versions, before it can no longer be proved.

A time stamp holds as long as its service's certificate. Before that ends, the file gets a new time
stamp on all that is in it (PAdES B-LTA, ETSI EN 319 142-1, 5.4), and so on for as long as it is
kept. A file that has none yet gets its first once both have signed.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from plans.enums import FileKind, JobKind, JobState
from plans.models import PlanVersion, VersionFile, VersionJob
from plans.services.version_files import add_file, newest_file
from plans.services.version_jobs import HANDLERS, Finish, GiveUp, TryLater, ask
from plans.signing import sign
from plans.signing.errors import Refused, ServiceDown
from plans.signing.keys import BadKey
from plans.signing.longterm import long_term

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(hours=1)
# After a renewal that was given up; a person may ask before.
ASK_AGAIN_AFTER = timedelta(days=1)

_next_look = 0.0  # this process's clock, seconds


def is_possible() -> bool:
    """Say whether the settings name what a renewal takes: a time-stamp service, and asking whether
    certificates were revoked."""
    return bool(settings.SIGNING_TIMESTAMP_URL and settings.SIGNING_REVOCATION)


def look() -> int:
    """Ask for the renewals that are due, once an hour at most; return how many were asked for.

    A duty of the worker: it raises nothing.
    """
    global _next_look
    if not is_possible() or time.monotonic() < _next_look:
        return 0
    _next_look = time.monotonic() + LOOK_EVERY.total_seconds()
    if not cache.add("plans.renewal", 1, LOOK_EVERY.total_seconds()):
        return 0  # another worker has looked
    try:
        return sum(ask_renewal(version=file.version, by=None) for file in due())
    except Exception:
        logger.exception("Looking for signatures to renew failed")
        return 0


def due(at: datetime | None = None) -> Iterator[VersionFile]:
    """Give the newest file, without its content, of each signed version whose time stamp is to be
    renewed now: it has none yet, or one whose certificate ends within SIGNING_RENEW_DAYS."""
    limit = (at or timezone.now()) + timedelta(days=settings.SIGNING_RENEW_DAYS)
    for file in _newest_files().iterator():
        ends = _stamp_ends(file) if file.kind == FileKind.RENEWED else None
        if ends is None or ends < limit:
            yield file


def ask_renewal(*, version: PlanVersion, by: User | None) -> bool:
    """Ask for the renewal of a version's proof; False where it is asked for already, or was given
    up within the last day."""
    recent = version.jobs.filter(kind=JobKind.RENEW, made_at__gt=timezone.now() - ASK_AGAIN_AFTER)
    if by is None and recent.filter(state=JobState.FAILED).exists():
        return False
    if version.jobs.open().filter(kind=JobKind.RENEW).exists():
        return False
    try:
        with transaction.atomic():
            ask(version=version, kind=JobKind.RENEW, by=by)
    except IntegrityError:  # asked for by another, at the same time
        return False
    return True


def renew(job: VersionJob) -> Finish:
    """Put a new time stamp on the newest file of the job's version."""
    version = job.version
    file = newest_file(version)
    if file is None or not PlanVersion.objects.signed().filter(pk=version.pk).exists():
        raise GiveUp(_("The version isn't signed by both."))
    if not is_possible():
        raise GiveUp(_("The settings name no time-stamp service."))
    try:
        proof = long_term()
        assert proof is not None  # is_possible has looked
        renewed = sign.renew(bytes(file.content), long_term=proof)
    except ServiceDown as error:
        raise TryLater(str(error)) from error
    except (BadKey, Refused) as error:
        raise GiveUp(str(error)) from error

    def finish() -> None:
        # A place that was taken meanwhile is refused by the database, and the job tried again.
        kept = add_file(
            version=version, kind=FileKind.RENEWED, content=renewed, sequence=file.sequence + 1
        )
        record(
            by=job.by,
            verb="version.renewed",
            target=version.plan,
            new={"version": version.number, "sha256": kept.sha256},
        )

    return finish


def _newest_files() -> QuerySet[VersionFile]:
    newest = VersionFile.objects.filter(version=OuterRef("version")).order_by("-sequence")
    return (
        VersionFile.objects.filter(
            Exists(PlanVersion.objects.signed().filter(pk=OuterRef("version"))),
            sequence=Subquery(newest.values("sequence")[:1]),
        )
        .select_related("version__plan__agreement__county")
        .defer("content", "version__content")
        .order_by("pk")
    )


def _stamp_ends(file: VersionFile) -> datetime | None:
    """Return when the file's newest time stamp ends. Files never change, so it is read once."""
    key = f"plans.renewal.{file.pk}.{file.sha256}"
    ends: datetime | None = cache.get(key)
    if ends is None:
        ends = sign.stamps_expire_at(bytes(file.content))
        cache.set(key, ends, timeout=None)
    return ends


HANDLERS[JobKind.RENEW] = renew
