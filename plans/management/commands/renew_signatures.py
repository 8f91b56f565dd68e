"""manage.py renew_signatures: time stamps on signed plans, before the old ones end."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.services import renewal


class Command(BaseCommand):
    """What the worker asks for by itself, asked for now."""

    help = "Asks for new time stamps on the signed plans whose stamps end soon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say which these are")

    def handle(self, *args: Any, **options: Any) -> None:
        if not renewal.is_possible():
            raise CommandError("SIGNING_TIMESTAMP_URL isn't set, or SIGNING_REVOCATION is off.")
        asked = 0
        for file in renewal.due():
            version = file.version
            self.stdout.write(f"{version.plan}, version {version.number}")
            if not options["dry_run"]:
                asked += renewal.ask_renewal(version=version, by=None)
        if not options["dry_run"]:
            self.stdout.write(f"Asked for: {asked}")
