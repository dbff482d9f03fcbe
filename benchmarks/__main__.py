"""`make bench`: print each ratio against its reference as JSON; say what was skipped and why.

A folder of larger files may be given: `make bench BENCH=--data=FOLDER`; without it the shipped real files are measured.
Import at scale and killed imports are runs of their own: `python -m benchmarks.scale`, `python -m benchmarks.killing`.
"""

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks import facts, formats, importing, mutations, pages, retrieval, screens

PARTS = ("import", "formats", "pages", "search", "facts", "screens", "mutations")


def measured(part: str, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Run one part; return its lines, those that were skipped included."""
    folder = asked.data
    if part == "import":
        return importing.imports(folder)
    if part == "formats":
        return formats.formats(folder)
    if part == "pages":
        return pages.pages()
    if part == "search":
        return retrieval.retrieval()
    if part == "mutations":
        return mutations.mutations(count=asked.mutations, keep=asked.keep)
    return facts.facts(folder) if part == "facts" else screens.screens()


def main() -> int:
    """Run the benchmarks and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(str(files("corpus") / "samples" / "zagar")))
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part only; may be given again")
    parser.add_argument("--mutations", type=int, default=mutations.COUNT, help="how many files are mutated")
    parser.add_argument("--keep", type=Path, help="folder for the mutated files that end without a named outcome")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.stderr.write(f"There is no folder {asked.data}.\n")
        return 2
    found = [line for part in PARTS if part in (asked.only or PARTS) for line in measured(part, asked)]
    rows, skipped = [x for x in found if "skipped" not in x], [x for x in found if "skipped" in x]
    print(json.dumps({"data": asked.data.name, "rows": rows, "skipped": skipped}, indent=2))
    return 0


sys.exit(main())
