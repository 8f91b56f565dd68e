"""manage.py remind: the day's reminders and digests."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services.digests import forget_old, remind


class Command(BaseCommand):
    """Run by a timer once a day; run again, it makes up for what failed and repeats nothing."""

    help = "Tells people of what is due, and makes at most one digest a day for each of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", metavar="YYYY-MM-DD", help="another day than today")

    def handle(self, *args: Any, **options: Any) -> None:
        day = timezone.localdate()
        if options["date"]:
            try:
                day = date.fromisoformat(options["date"])
            except ValueError as error:
                message = f"{options['date']} is no date; write it as {day}."
                raise CommandError(message) from error
        done = remind(day)
        forget_old()
        self.stdout.write(f"Digests made for {day}: {done.digests}")
        if done.failed:
            raise CommandError(f"Failed, see the log: {', '.join(done.failed)}")
