"""Add up the reports of several pytest runs into one closing line."""

import sys
from pathlib import Path
from xml.etree import ElementTree


def total(reports: list[Path]) -> str:
    """Return ``N passed, N failed, N skipped`` over JUnit ``reports``.

    An error counts as a failure, and a test that has to fail, and does, as passed.
    """
    tests = failed = skipped = 0
    for report in reports:
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            tests += int(suite.attrib["tests"])
            failed += int(suite.attrib["failures"]) + int(suite.attrib["errors"])
            skips = [skip.get("type") for skip in suite.iter("skipped")]
            skipped += len(skips) - skips.count("pytest.xfail")
    return f"{tests - failed - skipped} passed, {failed} failed, {skipped} skipped"


if __name__ == "__main__":
    print(total([Path(name) for name in sys.argv[1:] if Path(name).exists()]))
