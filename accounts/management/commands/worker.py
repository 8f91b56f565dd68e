"""manage.py worker: background tasks and the queue of mails."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.worker import Worker


class Command(BaseCommand):
    """Work until stopped: SIGTERM and Ctrl-C let it end what it is at. Several may run at once."""

    help = "Runs background tasks, sends the mails that are due, tries failed ones again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--batch", action="store_true", help="do what there is to do now, and end"
        )
        parser.add_argument(
            "--interval",
            type=float,
            default=1,
            metavar="SECONDS",
            help="how long to wait when there is nothing to do (default: 1)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(interval=max(options["interval"], 0.1), batch=options["batch"])
        worker.configure_signals()
        worker.run()
