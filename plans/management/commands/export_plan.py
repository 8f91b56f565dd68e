"""manage.py export_plan: any export of a plan, without a browser."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.document import PlanDocument, extract, read_plan, to_json
from plans.enums import ArchiveVariant
from plans.exports.archive import BadWords, DamagedFile, archive_package
from plans.exports.pdf import PdfError, TooLong, plan_html
from plans.models import PartnerPlan
from plans.services.archiving import NotSigned, archive_words, gather
from plans.services.pdf_store import stored_pdf

FORMATS: dict[str, Callable[[PlanDocument], bytes]] = {
    "pdf": stored_pdf,
    "json": to_json,
    "html": lambda document: plan_html(document).encode(),
}


def _archive(plan: PartnerPlan) -> bytes:
    return archive_package(gather(plan, ArchiveVariant.FULL), archive_words())


# What is made of more than the plan's document.
WHOLE: dict[str, Callable[[PartnerPlan], bytes]] = {"archive": _archive}


class Command(BaseCommand):
    """Write a plan, or a municipality's extract of it, to a file."""

    help = "Exports the plan of a county and a year to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", metavar="COUNTY", help="the county's slug: more-og-romsdal")
        parser.add_argument("year", metavar="YEAR", type=int)
        parser.add_argument("--format", choices=sorted({*FORMATS, *WHOLE}), default="pdf")
        parser.add_argument("--output", metavar="FILE", type=Path, required=True)
        parser.add_argument("--municipality", metavar="NNNN", help="its extract, such as 1506")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = self._content(**options)
        except NotSigned as error:
            raise CommandError("Nobody has signed the plan yet.") from error
        except (PdfError, TooLong, DamagedFile, BadWords) as error:
            raise CommandError(str(error)) from error
        output: Path = options["output"]
        # Beside it first: a file that was there is replaced whole or not at all.
        beside = output.with_name(f".{output.name}.part")
        try:
            beside.write_bytes(content)
            beside.replace(output)
        except OSError as error:
            raise CommandError(f"Could not write {output}: {error.strerror}") from error
        self.stdout.write(f"{output}: {len(content)} bytes")

    def _content(self, county: str, year: int, municipality: str | None, **options: Any) -> bytes:
        plan = self._plan(county, year)
        if options["format"] in WHOLE:
            if municipality:
                raise CommandError(
                    f"There is no {options['format']} of one municipality's extract."
                )
            return WHOLE[options["format"]](plan)
        return FORMATS[options["format"]](self._document(plan, municipality))

    def _plan(self, county: str, year: int) -> PartnerPlan:
        plan = (
            PartnerPlan.objects.with_parties()
            .filter(agreement__county__slug=county, year=year)
            .first()
        )
        if plan is None:
            raise CommandError(f"There is no plan for {county} {year}.")
        return plan

    def _document(self, plan: PartnerPlan, number: str | None) -> PlanDocument:
        document = read_plan(plan).document
        if number is None:
            return document
        try:
            return extract(document, number)
        except KeyError as error:
            of = f"{plan.agreement.county.slug} {plan.year}"
            raise CommandError(f"The plan for {of} knows no municipality {number}.") from error
