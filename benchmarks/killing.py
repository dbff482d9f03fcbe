"""Kill an import again and again: `python -m benchmarks.killing --kills 500`. The store is the same as without.

Each import runs in a process of its own that is killed (SIGKILL) at a random moment, then started again on the same store, until it ends by
itself; then everything is compared with the store of an import that nobody disturbed, and a new store is begun.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from audit.clock import SystemClock, random_id
from audit.database import open_database
from audit.verify import verify_database
from corpus import keeping, records, tables
from corpus.index import SearchIndex
from corpus.ingest import ingest
from corpus.profiles import load_profiles
from corpus.workers import LocalWorkers, Unguarded
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Settings

SEED = 20_261_125
SAMPLES = Path(str(files("corpus") / "samples"))
FIRST_MOMENT = 0.02  # seconds after its start; before it the import has not begun


@dataclass(frozen=True)
class Told:
    """What the killing showed."""

    kills: int
    stores: int
    differing: tuple[str, ...]
    seconds: float

    def tree(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "kills": self.kills,
            "stores": self.stores,
            "differing": list(self.differing),
            "seconds": round(self.seconds, 1),
        }


def begin(settings: Settings) -> None:
    """Make an empty home with its service account."""
    ctx = open_context(settings)
    try:
        service_account(ctx)
    finally:
        close_context(ctx)


def bring(settings: Settings, paths: Sequence[Path], *, processes: bool = False) -> None:
    """Import into a home that was begun."""
    database, workers = open_database(settings.database_url), LocalWorkers(2) if processes else Unguarded()
    ctx = open_context(settings)
    actor = service_account(ctx).actor()
    close_context(ctx)
    try:
        ingest(
            database, SystemClock(), random_id, paths=paths, profiles=load_profiles(SAMPLES / "profiles"), actor=actor, zone="UTC",
            workers=workers,
        )  # fmt: skip
    finally:
        workers.close()
        database.close()


def state(settings: Settings) -> dict[str, Any]:
    """Return everything of a store that does not depend on ids or times, with what is wrong with it."""
    database = open_database(settings.database_url)
    try:
        with database.read() as conn:
            listed = records.documents(conn, current_only=False)
            told = {
                "documents": sorted(
                    [d.name, d.part, d.version, d.sha256, keeping.result_digest(keeping.stored_rows(conn, d.id))]
                    for d in listed
                ),
                "sequences": sorted(d.sequence for d in listed),
                "vectors": conn.scalar(select(func.count()).select_from(tables.embeddings)),
                "altered": keeping.altered(conn),
                "integrity": str(verify_database(conn).integrity),
            }
        index = SearchIndex(settings.home / "index")
        index.sync(database)
        told["indexed"] = index.words.size()
        return told
    finally:
        database.close()


def kill_imports(folder: Path, paths: Sequence[Path], *, kills: int, url: str = "", processes: bool = False) -> Told:
    """Kill imports until `kills` were killed and the store they were of is complete."""
    rng = random.Random(SEED)  # noqa: S311 - seeded on purpose
    started = time.perf_counter()
    whole = settings_of(folder / "whole")
    begin(whole)
    begun = time.perf_counter()
    bring(whole, paths, processes=processes)
    undisturbed, expected = time.perf_counter() - begun, state(whole)
    killed = stores = 0
    differing: list[str] = []
    while killed < kills:
        settings = settings_of(folder / f"store{stores}", url)
        begin(settings)
        while not _import_disturbed(settings, paths, rng.uniform(FIRST_MOMENT, 0.6 * undisturbed), processes=processes):
            killed += 1
            if killed >= kills:
                bring(settings, paths, processes=processes)
                break
        stores += 1
        found = state(settings)
        differing += [f"store {stores}: {name}" for name in expected if found[name] != expected[name]]
    return Told(killed, stores, tuple(differing), time.perf_counter() - started)


def settings_of(home: Path, url: str = "") -> Settings:
    """Return the settings of a home of this benchmark."""
    return settings_from({"VERASCRIBE_DATABASE_URL": url} if url else {}, home=str(home))


def _import_disturbed(settings: Settings, paths: Sequence[Path], after: float, *, processes: bool) -> bool:
    """Run an import in a process and kill it after a time; return whether it had ended by itself."""
    child = os.fork()  # this process has one thread, and starting Python anew would take most of the time
    if child == 0:
        os.setsid()
        try:
            bring(settings, paths, processes=processes)
        except BaseException:  # noqa: BLE001 - told by the status
            os._exit(1)
        os._exit(0)
    end = time.monotonic() + after
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if status:
                raise ChildProcessError(status)
            return True
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def main() -> int:
    """Kill as often as asked and print what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = kill_imports(Path(folder), sources(), kills=asked.kills)
    print(json.dumps(told.tree()))
    return 1 if told.differing else 0


def sources() -> list[Path]:
    """Return the files that are imported: 45 of the sample corpus, tables and narratives."""
    return [SAMPLES / name for name in ("synthetic", "narratives", "sops")]


if __name__ == "__main__":
    sys.exit(main())
