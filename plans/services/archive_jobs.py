"""Delivering archive packages in the background: asked for, done once, tried again, found again.

Works as plans/services/version_jobs.py: whoever delivers claims the row first, works without
holding anything, and settles it afterwards. Twice the same package is harmless: the place takes
it once.
"""

import hashlib
import logging
import tempfile
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.enums import Role
from accounts.models import User
from audit.services import record
from plans import notices
from plans.enums import ArchiveVariant, JobState
from plans.exports.archive import BadWords, DamagedFile
from plans.exports.archive.package import LANGUAGE
from plans.models import ArchiveDelivery, PartnerPlan
from plans.services.archive_targets import target_at
from plans.services.archiving import NotSigned, archive_name, write_archive
from plans.services.telling import tell_of_plan
from plans.services.version_jobs import GiveUp, TryLater
from plans.urls_for import archive_url

logger = logging.getLogger(__name__)

# How long to wait after the first failure, the second …; after one more it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440))
STUCK_AFTER = timedelta(minutes=30)
IN_MEMORY = 8 * 1024 * 1024  # bytes of a package; more goes to a temporary file


class NoTarget(Exception):
    """The installation has no place to deliver to."""


class AskedAlready(Exception):
    """The same package is on its way already."""


def ask_for_delivery(
    *, plan: PartnerPlan, variant: ArchiveVariant, by: User | None
) -> ArchiveDelivery:
    """Have a plan's package delivered once the transaction is through; return the delivery.

    Raises ``NoTarget``, ``NotSigned`` and ``AskedAlready``.
    """
    target = settings.ARCHIVE_TARGET
    if not target:
        raise NoTarget
    with transaction.atomic():
        plan = PartnerPlan.objects.select_for_update().get(pk=plan.pk)
        if plan.in_force_id is None:
            raise NotSigned
        known = ArchiveDelivery.objects.open().filter(plan=plan, variant=variant, target=target)
        if known.exists():
            raise AskedAlready
        delivery = ArchiveDelivery.objects.create(
            plan=plan, version_id=plan.in_force_id, variant=variant, target=target, by=by
        )
        record(by=by, verb="archive.asked", target=plan, new={"variant": variant})

        def enqueue() -> None:
            deliver.enqueue(delivery.pk)

        transaction.on_commit(enqueue, robust=True)
    return delivery


def deliver_by_itself(*, plan: PartnerPlan) -> None:
    """Ask for the delivery of a plan that was just signed by both, where there is a place for it;
    the plan's row is locked."""
    try:
        ask_for_delivery(plan=plan, variant=ArchiveVariant.FULL, by=None)
    except (NoTarget, AskedAlready):
        return


@task()
def deliver(pk: int) -> bool:
    """Deliver in the background; what ``do`` does, as a task."""
    return do(pk)


def do(pk: int) -> bool:
    """Deliver if its turn has come and nobody else does it; say whether it was done now.

    A failure is written on the row, which is tried again later: nothing is raised.
    """
    now = timezone.now()
    claimed = (
        ArchiveDelivery.objects.due(now)
        .filter(pk=pk)
        .update(state=JobState.RUNNING, claimed_at=now, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    delivery = ArchiveDelivery.objects.select_related(
        "plan__agreement__county", "plan__agreement__programme", "by"
    ).get(pk=pk)
    with translation.override(LANGUAGE):
        try:
            return _end(delivery, _delivered(delivery))
        except GiveUp as error:
            _fail(delivery, str(error))
        except TryLater as error:
            _put_off(delivery, str(error))
        except Exception:
            logger.exception("Delivery %s failed", delivery.pk)
            _put_off(delivery, _("Something went wrong here. It is tried again by itself."))
    return False


def do_due(most: int = 20) -> int:
    """Deliver what is due; return how many were done."""
    due = ArchiveDelivery.objects.due(timezone.now()).order_by("pk")
    return sum(do(pk) for pk in list(due.values_list("pk", flat=True)[:most]))


def reap() -> int:
    """Give back the deliveries of workers that were killed at them; return how many."""
    stuck = ArchiveDelivery.objects.filter(
        state=JobState.RUNNING, claimed_at__lt=timezone.now() - STUCK_AFTER
    )
    # What kills its worker each time isn't tried for ever.
    given_up = stuck.filter(attempts__gt=len(WAITS)).select_related("plan__agreement__county")
    with translation.override(LANGUAGE):
        for delivery in given_up:
            _fail(delivery, _("It was stopped in its midst each time."))
    return stuck.update(state=JobState.WAITING, next_at=timezone.now())


def _delivered(delivery: ArchiveDelivery) -> dict[str, object]:
    """Make the package, put it in its place, and return what the row shall say of it."""
    variant = ArchiveVariant(delivery.variant)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as package:
        try:
            write_archive(delivery.plan, variant, package)
        except DamagedFile as error:
            raise GiveUp(_("A file is not as it was: %(name)s") % {"name": error}) from error
        except FileNotFoundError as error:
            raise TryLater(_("An attachment of the input isn't there.")) from error
        except BadWords as error:
            raise TryLater(
                _("The archive's words can't be read: %(why)s") % {"why": error}
            ) from error
        size = package.tell()
        package.seek(0)
        sha256 = hashlib.file_digest(package, "sha256").hexdigest()
        # By its content: what has changed since gets a place of its own, beside it.
        name = f"{archive_name(delivery.plan, variant)}-{sha256[:12]}.zip"
        target_at(delivery.target).put(name, package, sha256)
    return {"name": name, "size": size, "sha256": sha256}


def _end(delivery: ArchiveDelivery, what: dict[str, object]) -> bool:
    with transaction.atomic():
        ended = _settle(delivery, state=JobState.DONE, error="", done_at=timezone.now(), **what)
        if ended:
            record(
                by=delivery.by,
                verb="archive.delivered",
                target=delivery.plan,
                new={"variant": delivery.variant, "file": what["name"], "sha256": what["sha256"]},
            )
            plan = PartnerPlan.objects.get(pk=delivery.plan_id)
            # An amendment that was signed meanwhile found this one on its way, and asked for none.
            if delivery.variant == ArchiveVariant.FULL and plan.in_force_id != delivery.version_id:
                deliver_by_itself(plan=plan)
    return ended


def _put_off(delivery: ArchiveDelivery, error: str) -> None:
    if delivery.attempts > len(WAITS):
        _fail(delivery, error)
        return
    next_at = timezone.now() + WAITS[delivery.attempts - 1]
    _settle(delivery, state=JobState.WAITING, error=error, next_at=next_at)


def _fail(delivery: ArchiveDelivery, error: str) -> None:
    """Give up, and tell those who can do something about it."""
    with transaction.atomic():
        if not _settle(delivery, state=JobState.FAILED, error=error):
            return
        plan = delivery.plan
        editors = User.objects.holding(Role.COUNTY_EDITOR, county=plan.agreement.county_id)
        tell_of_plan(plan, editors, notices.NOT_ARCHIVED, path=archive_url(plan))


def _settle(delivery: ArchiveDelivery, **values: object) -> bool:
    """Write how the attempt ended, unless another worker has begun one since."""
    mine = ArchiveDelivery.objects.filter(
        pk=delivery.pk, state=JobState.RUNNING, attempts=delivery.attempts
    )
    return bool(mine.update(**values))
