"""Fail unless every text in code and templates is translated to Nynorsk and Bokmål.

The texts are collected anew into a copy of the project, as `make messages` would do in place, so
that a text nobody has collected yet is found too.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts import po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("nn", "nb")
# %(name)s, %s, %d and %%, and {name}: what a translation must keep.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[sdif%]|\{\w*\}")


def main() -> int:
    """Print each fault as ``file:line: what``, and return how many there are, at most 1."""
    with tempfile.TemporaryDirectory(prefix="lupplan-messages-") as folder:
        copy = Path(folder) / "copy"
        _copy_project(copy)
        subprocess.run(["scripts/collect_messages.sh"], cwd=copy, check=True, capture_output=True)
        faults = [fault for language in LANGUAGES for fault in _faults(copy, language)]
    for fault in faults:
        print(fault)
    return min(len(faults), 1)


def _copy_project(copy: Path) -> None:
    """Copy what is or could be committed; the tools of .venv are linked, not copied."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        source = ROOT / name
        if source.is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")


def _faults(copy: Path, language: str) -> Iterator[str]:
    name = Path("locale") / language / "LC_MESSAGES" / "django.po"
    compiled = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", str(name)],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    if compiled.returncode:
        yield from (line for line in compiled.stderr.splitlines() if "warning:" not in line)
    for entry in po.read(copy / name):
        if not all(entry.msgstr):
            yield f"{name}: not translated: {entry.msgid!r} ({entry.places})"
        elif entry.fuzzy:
            yield f"{name}: fuzzy, to be looked over: {entry.msgid!r} ({entry.places})"
        else:
            yield from (f"{name}: {fault}" for fault in misplaced(entry))


def misplaced(entry: po.Entry) -> Iterator[str]:
    """Yield a fault for each translation of ``entry`` with other placeholders than its source."""
    sources = filter(None, (entry.msgid, entry.msgid_plural))
    allowed = [sorted(PLACEHOLDER.findall(source)) for source in sources]
    for text in entry.msgstr:
        if sorted(PLACEHOLDER.findall(text)) not in allowed:
            yield f"placeholders differ: {entry.msgid!r} and {text!r}"


if __name__ == "__main__":
    sys.exit(main())
