"""The work on versions in the background: asked for, done once, tried again, found again.

A job is a row (plans.models.VersionJob). Whoever does it claims the row first, works without
holding anything, and writes what came of it together with the job's end in one transaction: a
worker that is killed leaves a claimed row, which ``reap`` gives back.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.models import User
from plans.enums import JobKind, JobState
from plans.models import PlanVersion, VersionJob

logger = logging.getLogger(__name__)

# How long to wait after the first failure, the second …; after one more it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0.25, 1, 5, 15, 60, 240))
# Well above what setting the longest plan takes (plans.exports.pdf.process).
STUCK_AFTER = timedelta(minutes=6)
# What people read in ``error``: the plan's own language, since nobody's screen is there.
LANGUAGE = "nn"


class GiveUp(Exception):
    """Trying again won't help; the message says why, for people."""


class TryLater(Exception):
    """Something that was needed didn't answer; the message says what, for people."""


Finish = Callable[[], None]
Handler = Callable[[VersionJob], Finish]
# By kind: does the work, writes nothing, and returns what writes its outcome. That runs in a
# transaction in which the job is known to be this worker's still.
HANDLERS: dict[JobKind, Handler] = {}


def ask(
    *,
    version: PlanVersion,
    kind: JobKind,
    by: User | None,
    party: str = "",
    asked: dict[str, object] | None = None,
) -> VersionJob:
    """Have something done with a version once the transaction is through; return its job.

    Raises ``IntegrityError`` where the same is asked for already and not yet done.
    """
    job = VersionJob.objects.create(
        version=version, kind=kind, by=by, party=party, asked=asked or {}
    )

    def enqueue() -> None:
        do_job.enqueue(job.pk)

    transaction.on_commit(enqueue, robust=True)
    return job


def ask_again(job: VersionJob) -> bool:
    """Put a job that was given up back into the queue; False where it wasn't."""
    given_up = VersionJob.objects.filter(pk=job.pk, state=JobState.FAILED)
    if not given_up.update(state=JobState.WAITING, attempts=0, next_at=timezone.now(), error=""):
        return False

    def enqueue() -> None:
        do_job.enqueue(job.pk)

    transaction.on_commit(enqueue, robust=True)
    return True


@task()
def do_job(pk: int) -> bool:
    """Do a job in the background; what ``do`` does, as a task."""
    return do(pk)


def do(pk: int) -> bool:
    """Do a job if its turn has come and nobody else does it; say whether it was done now.

    A failure is written on the row, which is tried again later: nothing is raised.
    """
    now = timezone.now()
    claimed = (
        VersionJob.objects.due(now)
        .filter(pk=pk)
        .update(state=JobState.RUNNING, claimed_at=now, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    job = VersionJob.objects.select_related(
        "version__plan__agreement__county", "version__plan__agreement__programme", "by"
    ).get(pk=pk)
    with translation.override(LANGUAGE):
        try:
            _finish(job, HANDLERS[JobKind(job.kind)](job))
        except GiveUp as error:
            _settle(job, state=JobState.FAILED, error=str(error))
            return False
        except TryLater as error:
            _put_off(job, str(error))
            return False
        except Exception:
            logger.exception("Work on %s failed", job)
            _put_off(job, _("Something went wrong here. It is tried again by itself."))
            return False
    return True


def do_due(most: int = 50) -> int:
    """Do what is due; return how many were done."""
    due = VersionJob.objects.due(timezone.now()).values_list("pk", flat=True)[:most]
    return sum(do(pk) for pk in list(due))


def reap() -> int:
    """Give back the jobs of workers that were killed at them; return how many."""
    stuck = VersionJob.objects.filter(
        state=JobState.RUNNING, claimed_at__lt=timezone.now() - STUCK_AFTER
    )
    return stuck.update(state=JobState.WAITING, next_at=timezone.now())


def _finish(job: VersionJob, finish: Finish) -> None:
    with transaction.atomic():
        # Locks the row: reaped and claimed by another, it is no longer this worker's to end.
        if not _settle(job, state=JobState.DONE, error="", done_at=timezone.now()):
            return
        finish()


def _put_off(job: VersionJob, error: str) -> None:
    if job.attempts > len(WAITS):
        _settle(job, state=JobState.FAILED, error=error)
        return
    next_at = timezone.now() + WAITS[job.attempts - 1]
    _settle(job, state=JobState.WAITING, error=error, next_at=next_at)


def _settle(job: VersionJob, **values: object) -> bool:
    """Write how the attempt ended, unless another worker has begun one since."""
    mine = VersionJob.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    return bool(mine.update(**values))
