"""The judges: veraPDF and DSS (conformance/, built by scripts/judges.sh), poppler and qpdf."""

import json
import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".make/conformance"
# What Maven brought besides the judges: schemas and the like.
ARTIFACTS = BUILT / "artifacts"

_SIGNATURE = re.compile(
    r"Signature Field Name: (?P<field>.*?)$.*?"
    r"(?P<total>Total|Not total) document signed$.*?"
    r"Signature Validation: (?P<verdict>.*?)$",
    flags=re.M | re.S,
)


@dataclass(frozen=True)
class Signature:
    """What DSS says of one signature; the names are those of conformance/'s Signatures."""

    field: str
    format: str
    indication: str
    sub_indication: str
    intact: bool
    permits: str
    errors: list[str]
    looks_changed: list[str]
    changed: list[str]


@dataclass(frozen=True)
class Poppler:
    """What pdfsig says of one signature; ``total`` is whether it covers the whole file."""

    field: str
    total: bool
    verdict: str


@dataclass
class Verdict:
    """What the judges say of a file. Of the standards: the rules that it breaks, as veraPDF numbers
    them. ``qpdf`` is empty where the file is sound. What no judge was asked is None."""

    broken: dict[str, list[str]] | None = None
    signatures: list[Signature] | None = None
    poppler: list[Poppler] = field(default_factory=list)
    qpdf: str = ""
    error: str = ""


def judge(
    standards: Iterable[Path], signatures: Iterable[Path], trusted: Iterable[Path]
) -> dict[str, Verdict]:
    """Return by name what the judges say of the files, those to hold against the standards and
    those whose signatures count; ``trusted`` are the issuers' certificates."""
    trust = [argument for path in trusted for argument in ("--trust", str(path))]
    standards, signatures = list(standards), list(signatures)
    verdicts = {path.name: Verdict() for path in (*standards, *signatures)}
    with ThreadPoolExecutor() as pool:
        of_standards = pool.submit(_java, "standards", *map(str, standards))
        of_signatures = pool.submit(_java, "signatures", *trust, *map(str, signatures))
        for path in {*standards, *signatures}:
            verdicts[path.name].qpdf = _qpdf(path)
        for path in signatures:
            verdicts[path.name].poppler = _pdfsig(path)
        for said in (*of_standards.result(), *of_signatures.result()):
            verdict = verdicts[str(said["file"])]
            verdict.error += str(said.get("error", ""))
            if "3a" in said:
                verdict.broken = {name: said[name] for name in ("3a", "ua1")}
            if "signatures" in said:
                verdict.signatures = [Signature(**found) for found in said["signatures"]]
    return verdicts


def _java(*arguments: str) -> list[dict[str, Any]]:
    if not (BUILT / "classes").is_dir():
        pytest.fail("The judges aren't built: run `make conformance`.", pytrace=False)
    # It runs for a minute at most: the second compiler never pays, nor do several collectors.
    options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g", "-Djava.awt.headless=true"]
    done = subprocess.run(
        ["java", *options, "-cp", f"{BUILT}/classes:{BUILT}/lib/*", "lupplan.Judge", *arguments],
        check=True,
        stdout=subprocess.PIPE,
        timeout=900,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _pdfsig(path: Path) -> list[Poppler]:
    # -nocert: the demo's authority isn't in anybody's list, and poppler takes no other.
    said = subprocess.run(
        ["pdfsig", "-nocert", path], capture_output=True, text=True, check=False, timeout=60
    )
    return [
        Poppler(found["field"], found["total"] == "Total", found["verdict"])
        for found in _SIGNATURE.finditer(said.stdout)
    ]


def _qpdf(path: Path) -> str:
    said = subprocess.run(
        ["qpdf", "--check", path], capture_output=True, text=True, check=False, timeout=60
    )
    return "" if said.returncode == 0 else said.stdout + said.stderr
