"""Seconds, bytes and memory of the PDF, of what is done with it, and of Chromium's print of it."""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.data import Data
from bench.memory import peak_mb
from plans.document import PlanDocument, extract, read_plan
from plans.enums import PlanState
from plans.exports.pdf import plan_html, plan_pdf, plan_pdfs
from plans.signing import fields, guarded, sign
from plans.signing.check import Trust
from plans.signing.config import certificates
from plans.signing.demo_pki import ROOT, make_demo_keys
from plans.signing.keys import Key, from_pkcs12

CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-pdf-header-footer",
]
RENDER, PRINT = "PDF of 60 measures, cold", "Chromium's print of the same HTML"
SIGN, CHECK = "seal and one signature (B-B)", "check of an upload, seal and two signatures"
TARGETS = {PRINT: "≤ 1.5", SIGN: "≤ 0.35", CHECK: "≤ 1.2"}
ORGANISATIONS = {"segl": "Lupplan", "lup": "Leverandørutviklingsprogrammet", "fylke": "Fylke"}


@dataclass(frozen=True)
class Keys:
    """Who seals and signs, and what to believe of it."""

    seal: Key
    parties: tuple[Key, Key]
    trust: Trust


def measure_pdfs(data: Data, rounds: int) -> list[dict[str, object]]:
    """Return wall seconds, and their ratio to the PDF's, as medians of rounds; for Chromium, where
    there is one, it is ours to theirs, as it is for bytes and memory."""
    document = replace(
        read_plan(data.drafts[60]).document, version=1, state=PlanState.FOR_SIGNATURE.value
    )
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, "plan.html"), Path(folder, "plan.pdf")
        page.write_text(plan_html(document), encoding="utf-8")
        acts = {RENDER: lambda: plan_pdf(document), **_acts(document, _keys(Path(folder, "keys")))}
        if program := shutil.which("chromium") or shutil.which("google-chrome"):
            acts[PRINT] = lambda: _print(program, page, printed)
        seconds: dict[str, list[float]] = {name: [] for name in acts}
        for _round in range(rounds):
            for name, act in acts.items():
                seconds[name].append(_seconds(act))
        found = [_row(name, seconds) for name in acts]
        if program:
            found += _sizes(len(plan_pdf(document)), printed.stat().st_size, acts)
    return found


def _acts(document: PlanDocument, keys: Keys) -> dict[str, Callable[[], object]]:
    """Return by name what is done with a PDF."""
    municipalities = document.own_municipalities
    pdf = fields.with_signature_fields(plan_pdf(document))
    sealed = sign.seal(pdf, key=keys.seal, reason="Segla")
    both = _signed(_signed(sealed, keys, 0), keys, 1)
    extracts = f"all {len(municipalities)} extracts"
    TARGETS[extracts] = "≤ 2.5"

    def check() -> None:
        verdict = guarded.check_guarded(both, sealed=sealed, trust=keys.trust)
        assert verdict.untouched, verdict

    return {
        SIGN: lambda: _signed(sign.seal(pdf, key=keys.seal, reason="Segla"), keys, 0),
        CHECK: check,
        extracts: lambda: list(
            plan_pdfs(extract(document, found.number) for found in municipalities)
        ),
    }


def _signed(pdf: bytes, keys: Keys, place: int) -> bytes:
    return sign.sign(
        pdf,
        field=fields.PARTIES[place],
        key=keys.parties[place],
        name="Signatar",
        reason="Signerer partnarplanen",
        stamp="Signatar\nFylke",
    )


def _keys(folder: Path) -> Keys:
    make_demo_keys(folder, ORGANISATIONS)
    keys = {
        name: from_pkcs12((folder / f"{name}.p12").read_bytes(), None) for name in ORGANISATIONS
    }
    trust = Trust(
        roots=tuple(certificates(folder / ROOT)),
        organisations={
            fields.SEAL: ORGANISATIONS["segl"],
            fields.PARTIES[0]: ORGANISATIONS["fylke"],
            fields.PARTIES[1]: ORGANISATIONS["lup"],
        },
    )
    return Keys(keys["segl"], (keys["fylke"], keys["lup"]), trust)


def _row(name: str, seconds: dict[str, list[float]]) -> dict[str, object]:
    ours = seconds[RENDER]
    pairs = list(zip(seconds[name], ours, strict=True))
    ratios = [b / a for a, b in pairs] if name == PRINT else [a / b for a, b in pairs]
    return {
        "what": name,
        "seconds": round(statistics.median(seconds[name]), 2),
        "ratio": round(statistics.median(ratios), 2),
        "target": TARGETS.get(name, ""),
    }


def _sizes(
    ours: int, theirs: int, acts: dict[str, Callable[[], object]]
) -> Iterator[dict[str, object]]:
    megabytes = peak_mb(acts[RENDER])
    their_megabytes = peak_mb(acts[PRINT])
    for what, unit, one, other, target in (
        ("size", "kB", ours / 1000, theirs / 1000, "≤ 0.35"),
        ("memory", "MB", megabytes, their_megabytes, "≤ 0.5"),
    ):
        yield {
            "what": f"{what} against Chromium's: {one:.0f} and {other:.0f} {unit}",
            "ratio": round(one / other, 2) if other else "",
            "target": target,
        }


def _print(program: str, page: Path, printed: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                program,
                *CHROMIUM,
                f"--user-data-dir={profile}",
                f"--print-to-pdf={printed}",
                str(page),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def _seconds(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before
