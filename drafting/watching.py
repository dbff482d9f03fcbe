"""Watch folders: import what is new or changed, round by round, until somebody stops it.

What is current is not imported again, so a watch may be killed and started anew at any time. A file that is still being written is
left until two rounds find it the same.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from audit.errors import Invalid
from corpus.ingest import ImportResult
from corpus.listing import Listing, listing
from corpus.model import WHOLE, Refusal
from corpus.storable import writable

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
    unread: set[Path | str] = set()
    before: dict[Path, Mark] | None = None
    number = 0
    while rounds is None or number < rounds:
        if number:
            pause(seconds)
        number += 1
        found = listing([path for path in paths if path.exists()])
        now = _marks(found.files)
        due = [
            path
            for path, mark in now.items()
            if taken.get(path) != mark and before in (None, {**(before or {}), path: mark})
        ]
        before = now
        taken.update({path: now[path] for path in due})
        result = _told(once, due) if due else ImportResult()
        _add_unread(result, found, unread)
        if due or result.passed_over or result.refused:
            yield result


def _add_unread(result: ImportResult, found: Listing, told: set[Path | str]) -> None:
    """Add what stands in the folders and is not read, each once a watch."""
    result.passed_over += [(name, why) for name, why in found.passed_over.items() if name not in told]
    fresh = [(path, said) for path, said in found.refused.items() if path not in told]
    result.refused += [Refusal(writable(path.name), WHOLE, "", " ".join(said)) for path, said in fresh]
    told.update(found.passed_over, found.refused)


def _marks(files: Sequence[Path]) -> dict[Path, Mark]:
    """Return the source files of the watched folders with size and time of change."""
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
        return ImportResult(refused=[Refusal(due[0].name, WHOLE, "", str(problem))])


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
        whole.passed_over += one.passed_over
        whole.warnings += one.warnings
        whole.clashes += one.clashes
        whole.differing += one.differing
        whole.withdrawn += one.withdrawn
        whole.notes += one.notes
        whole.seconds += one.seconds
    return whole
