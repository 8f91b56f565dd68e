"""manage.py verify_pdf: the verdict on a signed PDF, without a browser."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from plans.services.verification import Report, verify
from plans.services.verification_words import CHANGES, FAULTS, headline
from plans.signing.verdict import Signed


class Command(BaseCommand):
    """Say whether a file is an untouched plan with valid signatures of both parties.

    The exit status is 0 only then: a version that has been replaced passes, and one that is void or
    still waits for a signature doesn't.
    """

    help = "Checks a signed PDF. Exit status 0: untouched, with valid signatures of both parties."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            pdf = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Could not read {path}: {error.strerror}") from error
        report = verify(pdf)
        if options["json"]:
            self.stdout.write(json.dumps(_for_machines(report), ensure_ascii=False, indent=2))
        else:
            with translation.override("en"):
                self.stdout.write("\n".join(_for_people(report)))
        if not report.is_valid:
            sys.exit(1)


def _for_machines(report: Report) -> dict[str, object]:
    version, verdict = report.version, report.verdict
    return {
        "valid": report.is_valid,
        "origin": report.origin,
        "sha256": report.sha256,
        "county": version.plan.agreement.county.slug if version else None,
        "year": version.plan.year if version else None,
        "version": version.number if version else None,
        "standing": report.standing,
        "in_force": report.newest.number if report.newest else None,
        "untouched": verdict.untouched,
        "complete": verdict.complete,
        "faults": list(verdict.faults),
        "changes": list(verdict.changes),
        "seal": _signature(verdict.seal) if verdict.seal else None,
        "signatures": [_signature(signed) for signed in verdict.signed],
    }


def _signature(signed: Signed) -> dict[str, object]:
    return {
        "field": signed.field,
        "name": signed.signer,
        "organisation": signed.organisation,
        "signed_at": signed.signed_at.isoformat() if signed.signed_at else None,
        "stamped_at": signed.stamped_at.isoformat() if signed.stamped_at else None,
        "stamped_by": signed.stamped_by,
        "level": signed.level,
        "issuer": signed.issuer,
        "belief": signed.belief,
    }


def _for_people(report: Report) -> list[str]:
    verdict, version = report.verdict, report.version
    lines = [headline(report).text]
    if version is not None:
        lines.append(f"{version.plan}, version {version.number}, {report.standing}")
    lines += [str(FAULTS[fault]) for fault in verdict.faults]
    lines += [f"Changed: {CHANGES[change]}." for change in verdict.changes]
    for signed in verdict.signed:
        when = signed.stamped_at or signed.signed_at or "no time"
        clock = signed.stamped_by or "the signer's own clock"
        lines.append(
            f"Signed by {signed.signer}, {signed.organisation}, {when} ({clock}), "
            f"PAdES {signed.level or 'none'}, {signed.belief}"
        )
    return lines
