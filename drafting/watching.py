"""Watch folders: import what is new or changed, round by round, until somebody stops it.

What is current is not imported again, so a watch may be killed and started anew at any time. A file that is still being written is
left until two rounds find it the same.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from audit.errors import Invalid
from corpus.ingest import ImportResult, list_files
from corpus.model import Refusal

SHORTEST, LONGEST = 1, 86_400  # seconds between two rounds
Once = Callable[[Sequence[Path]], ImportResult]
Mark = tuple[int, int]  # size and time of change


def watch(
    once: Once, *, paths: Sequence[Path], seconds: int, pause: Callable[[float], object], rounds: int | None = None
) -> Iterator[ImportResult]:
    """Yield what each round imported, the first one at once; rounds that find nothing yield nothing."""
    if not SHORTEST <= seconds <= LONGEST:
        raise Invalid(f"Watch every {SHORTEST} to {LONGEST} seconds.", remedy="As in: --watch 30")
    taken: dict[Path, Mark] = {}
    before: dict[Path, Mark] | None = None
    number = 0
    while rounds is None or number < rounds:
        if number:
            pause(seconds)
        number += 1
        now = _marks(paths)
        due = [
            path
            for path, mark in now.items()
            if taken.get(path) != mark and before in (None, {**(before or {}), path: mark})
        ]
        before = now
        if due:
            taken.update({path: now[path] for path in due})
            yield _told(once, due)


def _marks(paths: Sequence[Path]) -> dict[Path, Mark]:
    """Return the source files of the watched folders with size and time of change."""
    present = [path for path in paths if path.exists()]
    try:
        files = list_files(present) if present else []
    except Invalid:
        return {}
    found: dict[Path, Mark] = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:  # it went away between the two looks
            continue
        found[path] = (status.st_size, status.st_mtime_ns)
    return found


def _told(once: Once, due: Sequence[Path]) -> ImportResult:
    """Import; a single file that is refused ends no watch."""
    try:
        return once(due)
    except Invalid as problem:
        return ImportResult(refused=[Refusal(due[0].name, "whole file", "", str(problem))])


def merged(results: Sequence[ImportResult]) -> ImportResult:
    """Return several rounds as one result."""
    whole = ImportResult()
    for one in results:
        whole.documents += one.documents
        whole.records = {
            kind: whole.records.get(kind, 0) + one.records.get(kind, 0) for kind in {**whole.records, **one.records}
        }
        whole.measurements += one.measurements
        whole.passages += one.passages
        whole.cells += one.cells
        whole.refused += one.refused
        whole.unchanged += one.unchanged
        whole.warnings += one.warnings
        whole.clashes += one.clashes
        whole.withdrawn += one.withdrawn
        whole.notes += one.notes
        whole.seconds += one.seconds
    return whole
