"""`make bench`: print each ratio against its reference as JSON; say what was skipped and why.

A folder of larger files may be given: `make bench BENCH=--data=FOLDER`; without it the shipped real files are measured.
Import at scale and killed imports are runs of their own: `python -m benchmarks.scale`, `python -m benchmarks.killing`.
"""

import argparse
import json
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks import (
    accuracy,
    coverage,
    facts,
    formats,
    importing,
    interlock,
    mutated_drafts,
    mutations,
    oversight,
    pages,
    probes,
    retrieval,
    screens,
    statistics,
)

PARTS: dict[str, Callable[[argparse.Namespace], list[dict[str, Any]]]] = {  # lines of each, those that were skipped included
    "import": lambda asked: importing.imports(asked.data),
    "formats": lambda asked: formats.formats(asked.data),
    "pages": lambda _: pages.pages(),
    "search": lambda _: retrieval.retrieval(),
    "facts": lambda asked: facts.facts(asked.data),
    "screens": lambda _: screens.screens(),
    "mutations": lambda asked: mutations.mutations(count=asked.mutations, keep=asked.keep),
    "mutated-drafts": lambda _: mutated_drafts.mutated_drafts(),
    "statistics": lambda asked: statistics.statistics(asked.nist),
    "oversight": lambda _: [*oversight.oversight(), *interlock.interlock()],
    "estimates": lambda _: coverage.coverage(),
    "probes": lambda _: probes.probes(),
    "accuracy": lambda asked: accuracy.accuracy(asked.accuracy),
}


def main() -> int:
    """Run the benchmarks and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(str(files("corpus") / "samples" / "zagar")))
    parser.add_argument("--nist", type=Path, default=Path("tests/evidence/nist"), help="folder of NIST's reference sets")
    parser.add_argument("--only", choices=tuple(PARTS), action="append", help="run this part only; may be given again")
    parser.add_argument("--mutations", type=int, default=mutations.COUNT, help="how many files are mutated")
    parser.add_argument("--keep", type=Path, help="folder for the mutated files that end without a named outcome")
    parser.add_argument("--accuracy", type=Path, default=accuracy.given(), help="folder of the Accuracy shared task's set")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.stderr.write(f"There is no folder {asked.data}.\n")
        return 2
    found = [line for part in PARTS if part in (asked.only or PARTS) for line in PARTS[part](asked)]
    rows, skipped = [x for x in found if "skipped" not in x], [x for x in found if "skipped" in x]
    print(json.dumps({"data": asked.data.name, "rows": rows, "skipped": skipped}, indent=2))
    return 0


sys.exit(main())
