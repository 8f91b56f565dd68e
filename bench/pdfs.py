"""Seconds and bytes of the PDF, beside Chromium's print of the same HTML."""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.data import Data
from plans.document import read_plan
from plans.exports.pdf import plan_html, plan_pdf

CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-pdf-header-footer",
]


def measure_pdfs(data: Data, rounds: int) -> list[dict[str, object]]:
    """Return wall seconds and size of the 60-measure plan's PDF, cold, and Chromium's where there
    is a Chromium; the ratio is the median of rounds."""
    document = read_plan(data.drafts[60]).document
    pdf = plan_pdf(document)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, "plan.html"), Path(folder, "plan.pdf")
        page.write_text(plan_html(document), encoding="utf-8")
        for _round in range(rounds):
            ours.append(_seconds(lambda: plan_pdf(document)))
            if program:
                theirs.append(_seconds(lambda: _print(program, page, printed)))
        their_size = printed.stat().st_size if program else 0
    found: list[dict[str, object]] = [
        {
            "what": "PDF of 60 measures, cold",
            "seconds": round(statistics.median(ours), 2),
            "kB": round(len(pdf) / 1000),
        }
    ]
    if program:
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        found.append(
            {
                "what": "Chromium's print of the same HTML",
                "seconds": round(statistics.median(theirs), 2),
                "kB": round(their_size / 1000),
                "ours ÷ Chromium": round(ratio, 2),
                "target": "≤ 1.5",
            }
        )
    return found


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
