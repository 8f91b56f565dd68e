"""The background worker: django-tasks-db's, which also looks after the queue of mails
and what else is registered (accounts/duties.py)."""

import logging
import time
from datetime import timedelta

from django.db import close_old_connections, connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from accounts import duties
from accounts.services import sending

logger = logging.getLogger(__name__)

# Well above what any task takes; a PDF of a whole plan takes seconds.
TASK_STUCK_AFTER = timedelta(hours=1)
SECONDS_AFTER_A_FAULT = 10


class Worker(TaskWorker):
    """Runs the tasks that are ready, and the mails that are due, until it is told to stop."""

    def __init__(self, *, interval: float = 1, batch: bool = False) -> None:
        """``interval`` is in seconds; with ``batch`` it stops when nothing is left to do."""
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=True,  # so that its run() comes back to ours
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.once = batch

    def run(self) -> None:
        """Work. A database that is away for a while is waited for."""
        while self.running:
            seconds = self.interval
            try:
                self._round()
            except Exception:
                if self.once:
                    raise
                logger.exception("The worker goes on in %s seconds", SECONDS_AFTER_A_FAULT)
                connections.close_all()
                seconds = SECONDS_AFTER_A_FAULT
            if self.once:
                return
            if self.running:
                time.sleep(seconds)

    def _round(self) -> None:
        """Do all that is there to do now."""
        close_old_connections()
        super().run()
        if not self.running:
            return
        # A signal to stop waits until the mail that is being sent has been sent.
        self.running_task = True
        try:
            reap_tasks()
            sending.reap()
            sending.send_due()
            for duty in duties.registered():
                duty()
        finally:
            self.running_task = False


def reap_tasks() -> int:
    """Fail the tasks of workers that were killed while they ran them; return how many.

    They are not run again: nobody knows how far they came. What must be done is found by other
    means, as mails are by their rows.
    """
    stuck = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - TASK_STUCK_AFTER)
    return stuck.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        traceback="The worker was stopped while it ran this.",
    )
