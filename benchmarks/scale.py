"""Import at scale: `python -m benchmarks.scale [--measurements 1000000] [--passages 100000] [--workers ray] [--url postgresql+psycopg://...]`.

Each share of the corpus is imported by a process of its own into an empty home, so that its peak of memory is its own; then the words index is
built and the search is asked. Prints one JSON line a share, and how time grew from share to share (1.0: as the corpus did).
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.large import Texts, profiles, write_corpus

SHARES = (0.125, 0.25, 0.5, 1.0)
QUESTIONS = 30


def import_share(folder: Path, home: Path, *, url: str, workers: str) -> dict[str, Any]:
    """Import one folder into an empty home in this process, and measure."""
    from audit.clock import SystemClock, random_id
    from audit.verify import verify_database
    from corpus.cluster import RayWorkers
    from corpus.ingest import ingest
    from corpus.workers import LocalWorkers
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from

    environment = {"VERASCRIBE_DATABASE_URL": url} if url else {}
    ctx = open_context(settings_from(environment, home=str(home)))
    pool = RayWorkers() if workers == "ray" else LocalWorkers()
    actor = service_account(ctx).actor()
    begun = time.perf_counter()
    done = ingest(
        ctx.database, SystemClock(), random_id, paths=[folder / "sources"], profiles=profiles(folder / "profiles"), actor=actor,
        zone="UTC", workers=pool,
    )  # fmt: skip
    pool.close()
    imported = time.perf_counter() - begun
    assert ctx.index is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    ctx.index.sync(ctx.database)
    indexed = time.perf_counter() - begun
    found = {
        "measurements": done.measurements,
        "passages": done.passages,
        "documents": len(done.documents),
        "refused": len(done.refused),
        "import_seconds": round(imported, 1),
        "importing_process_peak_mib": round(peak),
        "reader_process_peak_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "words_index_seconds": round(indexed, 1),
        "search_ms": _search_ms(ctx),
    }
    with ctx.database.read() as conn:
        begun = time.perf_counter()
        found["trail"] = str(verify_database(conn).integrity)
        found["verify_seconds"] = round(time.perf_counter() - begun, 1)
    close_context(ctx)
    return found


def _search_ms(ctx: Any) -> dict[str, float]:
    """Return the median time of a search of three words, within a product and over everything (first question left out)."""
    from corpus.search import search

    texts, found = Texts(1), {}
    for name, product in (("one product", "7"), ("everything", None)):
        taken = []
        for _ in range(QUESTIONS + 1):
            begun = time.perf_counter()
            search(ctx.database, ctx.index, text=" ".join(texts.some(3)), product=product, k=10)
            taken.append(time.perf_counter() - begun)
        found[name] = round(1000 * statistics.median(taken[1:]), 1)
    return found


def shares(*, measurements: int, passages: int, url: str, workers: str, wanted: tuple[float, ...]) -> list[dict[str, Any]]:
    """Measure each share in a process of its own."""
    rows: list[dict[str, Any]] = []
    for share in wanted:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            write_corpus(folder / "sources", measurements=int(measurements * share), passages=int(passages * share))
            own = _fresh(url, share)
            line = [sys.executable, "-m", "benchmarks.scale", "--share", made, "--workers", workers, "--url", own]
            told = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True)
            rows.append(
                {"share": share, "store": "postgresql" if url else "sqlite", "workers": workers, **json.loads(told.stdout)}
            )
            print(json.dumps(rows[-1]), flush=True)
    return rows


def _fresh(url: str, share: float) -> str:
    """Make an empty database beside the one that the URL names; "" for SQLite."""
    if not url:
        return ""
    name = f"scale_{time.monotonic_ns()}_{int(share * 1000)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def growth(rows: list[dict[str, Any]]) -> list[float]:
    """Return, from share to share, the exponent of time in size: 1.0 is linear."""
    return [
        round(math.log(b["import_seconds"] / max(a["import_seconds"], 0.1)) / math.log(b["share"] / a["share"]), 2)
        for a, b in pairwise(rows)
    ]


def main() -> None:
    """Measure every share asked for, or (in its own process) one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--measurements", type=int, default=1_000_000)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--workers", choices=("processes", "ray"), default="processes")
    parser.add_argument("--url", default="", help="of a PostgreSQL database; SQLite without")
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    parser.add_argument("--share", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.share:
        print(json.dumps(import_share(asked.share, asked.share / "home", url=asked.url, workers=asked.workers)))
        return
    rows = shares(
        measurements=asked.measurements,
        passages=asked.passages,
        url=asked.url,
        workers=asked.workers,
        wanted=tuple(asked.shares),
    )
    print(json.dumps({"time_grows_by_exponent": growth(rows)}))


if __name__ == "__main__":
    main()
