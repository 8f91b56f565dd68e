"""manage.py archive: a plan's archive package, written to a file or delivered."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.enums import ArchiveVariant, JobState
from plans.exports.archive import BadWords, DamagedFile
from plans.models import PartnerPlan
from plans.services.archive_jobs import AskedAlready, NoTarget, ask_for_delivery, do
from plans.services.archiving import NotSigned, archive_name, write_archive


class Command(BaseCommand):
    """Write a plan's archive package to a file, or deliver it to the archive."""

    help = "Makes the archive package of the plan of a county and a year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", metavar="COUNTY", help="the county's slug: more-og-romsdal")
        parser.add_argument("year", metavar="YEAR", type=int)
        parser.add_argument("--screened", action="store_true", help="without personal data")
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--output", metavar="FILE", type=Path, help="where to write it")
        where.add_argument("--deliver", action="store_true", help="to ARCHIVE_TARGET")

    def handle(self, *args: Any, **options: Any) -> None:
        county, year = options["county"], options["year"]
        found = PartnerPlan.objects.with_parties().filter(agreement__county__slug=county, year=year)
        plan = found.first()
        if plan is None:
            raise CommandError(f"There is no plan for {county} {year}.")
        variant = ArchiveVariant.SCREENED if options["screened"] else ArchiveVariant.FULL
        try:
            if options["deliver"]:
                self._deliver(plan, variant)
            else:
                self._write(plan, variant, options["output"])
        except NotSigned as error:
            raise CommandError(f"Nobody has signed the plan for {county} {year} yet.") from error

    def _write(self, plan: PartnerPlan, variant: ArchiveVariant, output: Path | None) -> None:
        place = output or Path(f"{archive_name(plan, variant)}.zip")
        # Beside it first: a file that was there is replaced whole or not at all.
        beside = place.with_name(f".{place.name}.part")
        try:
            try:
                with beside.open("w+b") as file:
                    write_archive(plan, variant, file)
                beside.replace(place)
            finally:
                beside.unlink(missing_ok=True)
        except DamagedFile as error:
            raise CommandError(f"{error} is not as it was.") from error
        except BadWords as error:
            raise CommandError(f"ARCHIVE_WORDS: {error}") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self.stdout.write(f"{place}: {place.stat().st_size} bytes")

    def _deliver(self, plan: PartnerPlan, variant: ArchiveVariant) -> None:
        try:
            delivery = ask_for_delivery(plan=plan, variant=variant, by=None)
        except NoTarget as error:
            raise CommandError("ARCHIVE_TARGET isn't set.") from error
        except AskedAlready as error:
            raise CommandError("It is on its way already.") from error
        do(delivery.pk)  # unless a worker was quicker
        delivery.refresh_from_db()
        if delivery.state != JobState.DONE:
            why = delivery.error or delivery.get_state_display()
            raise CommandError(f"Not delivered: {why}")
        self.stdout.write(f"{delivery.target}: {delivery.name}, {delivery.size} bytes")
