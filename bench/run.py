"""make bench: run the benchmarks, print a table, and write the same as JSON (ARGS=--json=FILE)."""

import argparse
import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Measure pages and PDFs, and say what they cost beside the floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="paired rounds; medians are shown")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), metavar="FILE")
    parser.add_argument("--no-pdf", action="store_true", help="pages alone")
    options = parser.parse_args()

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from django.core.management import call_command

    from bench.data import make_data
    from bench.pages import measure_pages
    from bench.pdfs import measure_pdfs

    call_command("collectstatic", interactive=False, verbosity=0)
    data = make_data()
    results = {"pages": measure_pages(data, options.rounds)}
    if not options.no_pdf:
        results["pdf"] = measure_pdfs(data, max(options.rounds // 3, 3))
    for rows in results.values():
        _print_table(rows)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    print(f"The same as JSON: {options.json}")


def _print_table(rows: list[dict[str, object]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(columns))]
    for line in cells:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)))
    print()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    main()
