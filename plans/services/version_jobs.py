"""The work on versions in the background: asked for, done once, tried again, found again.

A job is a row (plans.models.VersionJob). Whoever does it claims the row first, works without
holding anything, and writes what came of it together with the job's end in one transaction: a
worker that is killed leaves a claimed row, which ``reap`` gives back when its lease is over. Of one
version's jobs one is done at a time: each starts from the file that the one before it left.

Whatever locks both takes the plan's row first, then the job's.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.models import User
from plans.enums import JobKind, JobState
from plans.models import PartnerPlan, PlanVersion, VersionJob

logger = logging.getLogger(__name__)

# How long to wait after the first failure, the second …; after one more it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0.25, 1, 5, 15, 60, 240))
# How long a claim holds. Well above what setting the longest plan takes
# (plans.exports.pdf.process), and what signing and a slow time-stamp service take together.
LEASES = {
    JobKind.RENDER: timedelta(minutes=7),
    JobKind.SIGN: timedelta(minutes=3),
    JobKind.RENEW: timedelta(minutes=3),
}
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

    _start_after_commit(job.pk)
    return job


def ask_again(job: VersionJob) -> bool:
    """Put a job that was given up back into the queue; False where it wasn't, or where the same has
    been asked for anew meanwhile."""
    given_up = VersionJob.objects.filter(pk=job.pk, state=JobState.FAILED)
    try:
        with transaction.atomic():
            if not given_up.update(
                state=JobState.WAITING, attempts=0, next_at=timezone.now(), error=""
            ):
                return False
    except IntegrityError:
        return False
    _start_after_commit(job.pk)
    return True


def withdraw(*, version: PlanVersion, kind: JobKind | None = None, party: str = "") -> int:
    """Take back what was asked for and isn't done, of a kind and for a party if these are given;
    return how many jobs that were. The plan's row is locked.

    What a worker is at just now it throws away when it comes to the end.
    """
    jobs = VersionJob.objects.open().filter(version=version)
    if kind is not None:
        jobs = jobs.filter(kind=kind)
    if party:
        jobs = jobs.filter(party=party)
    return jobs.update(state=JobState.WITHDRAWN, done_at=timezone.now())


@task()
def do_job(pk: int) -> bool:
    """Do a job in the background; what ``do`` does, as a task."""
    return do(pk)


def do(pk: int) -> bool:
    """Do a job if its turn has come and nobody else does it; say whether it was done now.

    A failure is written on the row, which is tried again later: nothing is raised.
    """
    job = _claimed(pk)
    if job is None:
        return False
    with translation.override(LANGUAGE):
        done = _attempt(job)
    # Those who had to wait for this one needn't wait for the worker's next round.
    due = VersionJob.objects.due(timezone.now()).filter(version=job.version_id)
    for waiting in due.values_list("pk", flat=True):
        _start_after_commit(waiting)
    return done


def do_due(most: int = 50) -> int:
    """Do what is due; return how many were done."""
    due = VersionJob.objects.due(timezone.now()).values_list("pk", flat=True)[:most]
    return sum(do(pk) for pk in list(due))


def reap() -> int:
    """Give back the jobs of workers that were killed at them; return how many."""
    now, reaped = timezone.now(), 0
    for kind, lease in LEASES.items():
        stuck = VersionJob.objects.filter(
            state=JobState.RUNNING, kind=kind, claimed_at__lt=now - lease
        )
        # What kills its worker each time isn't tried for ever.
        with translation.override(LANGUAGE):
            reaped += stuck.filter(attempts__gt=len(WAITS)).update(
                state=JobState.FAILED, error=_("It was stopped in its midst each time.")
            )
        reaped += stuck.update(state=JobState.WAITING, next_at=now)
    return reaped


def _start_after_commit(pk: int) -> None:
    """Have a job done in the background once it is there for everybody. If nothing takes the task,
    the worker finds the row by itself."""

    # No lambda or partial: Django wants a name for what fails.
    def enqueue() -> None:
        do_job.enqueue(pk)

    transaction.on_commit(enqueue, robust=True)


def _claimed(pk: int) -> VersionJob | None:
    """Take a job whose turn has come; None where somebody else has it, or is at another one of the
    same version."""
    now = timezone.now()
    try:
        with transaction.atomic():
            claimed = (
                VersionJob.objects.due(now)
                .filter(pk=pk)
                .update(state=JobState.RUNNING, claimed_at=now, attempts=F("attempts") + 1)
            )
    except IntegrityError:  # plans_versionjob_one_running
        return None
    if not claimed:
        return None
    return VersionJob.objects.select_related(
        "version__plan__agreement__county", "version__plan__agreement__programme", "by"
    ).get(pk=pk)


def _attempt(job: VersionJob) -> bool:
    try:
        return _finish(job, HANDLERS[JobKind(job.kind)](job))
    except GiveUp as error:
        _settle(job, state=JobState.FAILED, error=str(error))
    except TryLater as error:
        _put_off(job, str(error))
    except Exception:
        logger.exception("Work on %s failed", job)
        _put_off(job, _("Something went wrong here. It is tried again by itself."))
    return False


def _finish(job: VersionJob, finish: Finish) -> bool:
    with transaction.atomic():
        # First the plan's row, as everybody does who writes of a plan and its jobs.
        list(PartnerPlan.objects.select_for_update().filter(pk=job.version.plan_id))
        # Reaped and claimed by another, or withdrawn: it is no longer this worker's to end.
        if not _settle(job, state=JobState.DONE, error="", done_at=timezone.now()):
            return False
        finish()
    return True


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
