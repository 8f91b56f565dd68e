"""`manage.py load_reference_data`: stores what stands in municipalities/data."""

from django.core.management.base import BaseCommand, CommandError

from municipalities.reference import ReferenceDataError
from municipalities.services import load_reference_data, total


class Command(BaseCommand):
    """Load counties, municipalities, cooperations and working groups; may be run again."""

    help = "Load counties, municipalities, cooperations and working groups; may be run again."

    def handle(self, *args: object, **options: object) -> None:
        """Load, and say how much was new."""
        try:
            done = load_reference_data()
        except ReferenceDataError as error:
            raise CommandError(str(error)) from error
        for name, counts in [*done.items(), ("total", total(done))]:
            self.stdout.write(
                f"{name:<32} {counts.created:>5} created {counts.changed:>5} changed "
                f"{counts.unchanged:>5} unchanged",
            )
