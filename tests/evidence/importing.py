"""Import a folder in a process of its own and print what became of each file, and what the process took, as JSON."""

import json
import resource
import sys
import time
from pathlib import Path

from conftest import create_tables

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.clock import SystemClock
from audit.database import open_database
from corpus import records
from corpus.ingest import ingest
from corpus.profiles import load_profiles
from corpus.workers import Limits, LocalWorkers

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
WHO = Actor("a1", "import", "Import Service", "service")
LIMITS = Limits(seconds=20, memory_mib=2048)


def _peak_mib() -> int:
    """Return the most memory this program ever held; what its parent held before it began is not in it, unlike `ru_maxrss`."""
    status = Path("/proc/self/status")
    if status.is_file():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(folder: Path, home: Path) -> None:
    """Import the folder into a new database in `home`."""
    database = open_database(f"sqlite:///{home / 'torture.sqlite'}")
    database.write(create_tables)
    workers = LocalWorkers(2, LIMITS)
    numbers = iter(range(10**9))
    at = [time.monotonic()]
    slowest: dict[str, float] = {}

    def progress(name: str, _number: int, _of: int) -> None:
        at.append(time.monotonic())
        slowest[name] = at[-1] - at[-2]

    result = ingest(
        database, SystemClock(), lambda: f"id{next(numbers):06d}", paths=[folder],
        profiles=load_profiles(SAMPLES / "profiles"), actor=WHO, zone="UTC", workers=workers, progress=progress,
    )  # fmt: skip
    workers.close()
    with database.read() as conn:
        entries = trail.entries(conn, object_kind="source_document")
        stored = [d.name for d in records.documents(conn)]
    refused = {e.object_id: e.reason for e in entries if e.action is Action.SOURCE_REFUSED}
    report = {
        "stored": stored,
        "refused": refused,
        "refusals": [[r.file, r.locator, r.reason] for r in result.refused],
        "peak_mib": _peak_mib(),
        "slowest": sorted(slowest.items(), key=lambda item: -item[1])[:15],
        "seconds": at[-1] - at[0],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
