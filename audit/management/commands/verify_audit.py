"""manage.py verify_audit: walk the audit chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import services


class Command(BaseCommand):
    """Check every link of the audit log; exit 1 at the first broken one."""

    help = "Walks the audit chain; exits with 1 at the first broken link."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = services.verify()
        except services.BrokenChain as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(f"The audit log is whole: {count} events.")
