"""manage.py export_plan: any export of a plan, without a browser."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plans.document import PlanDocument, PlanProgress, Published, extract, read_published, to_json
from plans.enums import MemoKind
from plans.exports.pdf import PdfError, TooLong, plan_html
from plans.models import PartnerPlan
from plans.services.memo_files import memo_docx_of, memo_pdf_of
from plans.services.pdf_store import stored_pdf
from plans.services.version_files import newest_file

FORMATS: dict[str, Callable[[PlanDocument], bytes]] = {
    "pdf": stored_pdf,
    "json": to_json,
    "html": lambda document: plan_html(document).encode(),
}
# What isn't made of the plan's document alone.
PLAN_FORMATS: dict[str, Callable[[PartnerPlan], bytes]] = {
    "memo-pdf": lambda plan: memo_pdf_of(plan, MemoKind.PLAN),
    "memo-docx": lambda plan: memo_docx_of(plan, MemoKind.PLAN),
}


class Command(BaseCommand):
    """Write a plan, or a municipality's extract of it, to a file: of a plan that was signed what is
    in force, or another of its versions; of others what is written now."""

    help = "Exports the plan of a county and a year to a file."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Every command has Django's --version, which here is the plan's.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", metavar="COUNTY", help="the county's slug: more-og-romsdal")
        parser.add_argument("year", metavar="YEAR", type=int)
        parser.add_argument("--format", choices=sorted({**FORMATS, **PLAN_FORMATS}), default="pdf")
        parser.add_argument("--output", metavar="FILE", type=Path, required=True)
        parser.add_argument("--municipality", metavar="NNNN", help="its extract, such as 1506")
        parser.add_argument(
            "--version",
            metavar="N",
            type=int,
            dest="number",
            help="that version, also one that is void or waits for signatures",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = f"{options['county']} {options['year']}"
        published = _published(options["county"], options["year"], options["number"])
        if options["format"] in PLAN_FORMATS and (options["municipality"] or options["number"]):
            raise CommandError(
                "A memo is of the whole plan: leave --municipality and --version out."
            )
        try:
            content = _content(published, options["format"], options["municipality"])
        except KeyError as error:
            number = options["municipality"]
            raise CommandError(f"The plan for {name} knows no municipality {number}.") from error
        except (PdfError, TooLong) as error:
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


def _published(county: str, year: int, number: int | None) -> Published:
    plans = PartnerPlan.objects.with_parties().with_version()
    plan = plans.filter(agreement__county__slug=county, year=year).first()
    if plan is None:
        raise CommandError(f"There is no plan for {county} {year}.")
    if number is None:
        return read_published(plan)
    version = plan.versions.filter(number=number).first()
    if version is None:
        raise CommandError(f"The plan for {county} {year} has no version {number}.")
    return Published(plan=plan, version=version, progress=PlanProgress(status={}))


def _content(published: Published, form: str, municipality: str | None) -> bytes:
    """Return the export; ``KeyError`` for a municipality that the plan doesn't know."""
    if form in PLAN_FORMATS:
        return PLAN_FORMATS[form](published.plan)
    if municipality is not None:
        return FORMATS[form](extract(published.document, municipality))
    version = published.version
    if form == "pdf" and version is not None:
        file = newest_file(version)
        if file is None:
            raise CommandError("The version's PDF isn't made yet; `manage.py worker` makes it.")
        return bytes(file.content)
    return FORMATS[form](published.document)
