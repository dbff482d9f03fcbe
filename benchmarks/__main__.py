"""`make bench`: print each ratio against its reference as JSON; say what was skipped and why.

A folder of larger files may be given: `make bench BENCH=--data=FOLDER`; without it the shipped real files are measured.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

ROUNDS = 5


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a work."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def row(name: str, value: float, reference: str, goal: str, **beside: Any) -> dict[str, Any]:
    """Return one line of the result."""
    return {"name": name, "ratio": round(value, 4), "reference": reference, "goal": goal, **beside}


def imports(folder: Path) -> list[dict[str, Any]]:
    """Import cells per second against pandas reading the same files, and against LangChain's CSVLoader into Chroma."""
    import pandas as pd

    from corpus.ingest import ingest
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from

    paths = sorted(folder.glob("*.csv"))
    cells = 0

    def ours() -> None:
        nonlocal cells
        with tempfile.TemporaryDirectory() as home:
            ctx = open_context(settings_from({}, home=home))
            actor = service_account(ctx).actor()
            done = ingest(ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC")
            cells = done.cells.cells_in
            close_context(ctx)

    mine = seconds(ours, 3)
    pandas = seconds(lambda: [pd.read_csv(p, sep=";") for p in paths])
    found = [
        row(
            "import cells per second / pandas reading the same files",
            pandas / mine,
            "pandas.read_csv, no store, no locators",
            "stated",
            cells=cells,
            cells_per_second=round(cells / mine),
        )
    ]
    try:
        chain = seconds(lambda: langchain_path(paths), 1)
    except Exception as error:  # noqa: BLE001 - the reference may not run here; that is said
        return [*found, {"name": "import / LangChain CSVLoader into Chroma", "skipped": f"{type(error).__name__}: {error}"}]
    return [
        *found,
        row(
            "import speed / LangChain CSVLoader into Chroma",
            chain / mine,
            "CSVLoader + Chroma with the same vectors",
            "stated",
        ),
    ]


def langchain_path(paths: list[Path]) -> None:
    """Load the same files the usual way: a document a row, embedded into Chroma."""
    import warnings

    warnings.simplefilter("ignore")
    import chromadb
    from langchain_community.document_loaders import CSVLoader

    from corpus.embedding import HashedNgrams

    embedder = HashedNgrams()
    client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(f"bench{time.time_ns()}")
    for path in paths:
        loaded = CSVLoader(str(path), csv_args={"delimiter": ";"}).load()
        for start in range(0, len(loaded), 500):
            texts = [d.page_content for d in loaded[start : start + 500]]
            ids = [f"{path.name}:{start + n}" for n in range(len(texts))]
            vectors = [[float(x) for x in vector] for vector in (embedder.embed(texts))]
            collection.add(ids=ids, documents=texts, embeddings=vectors)  # type: ignore[arg-type]


def facts(folder: Path) -> list[dict[str, Any]]:
    """Facts of an annual product review of 207 real batches against one SQL pass over its measurements."""
    from sqlalchemy import select

    from corpus import tables
    from corpus.ingest import ingest
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from
    from drafting.evidence import measured
    from drafting.evidence.scope import ReportScope, load
    from drafting.generate import draft_report

    with tempfile.TemporaryDirectory() as home:
        ctx = open_context(settings_from({}, home=home))
        actor = service_account(ctx).actor()
        ingest(
            ctx.database,
            ctx.clock,
            ctx.new_id,
            paths=sorted(folder.glob("*.csv")),
            profiles=ctx.profiles,
            actor=actor,
            zone="UTC",
        )
        scope = ReportScope("r", "apr_us", "17", "2018-11-01", "2021-04-30")
        table = tables.measurements.c

        def one_pass() -> Decimal:
            query = select(table.attribute, table.value).where(table.product == "17", table.value.is_not(None))
            with ctx.database.read() as conn:
                return sum((Decimal(r.value) for r in conn.execute(query)), Decimal(0))

        def ours() -> None:
            with ctx.database.read() as conn:
                loaded = load(conn, scope)
            for attribute in loaded.measurements:
                measured.facts(loaded, attribute)

        reference, mine = seconds(one_pass), seconds(ours)
        whole = seconds(
            lambda: draft_report(
                ctx, kind="apr_us", product="17", period_from="2018-11-01", period_to="2021-04-30", actor=actor
            ),
            3,
        )
        close_context(ctx)
    return [
        row(
            "facts of an APR of 207 batches / one SQL pass",
            mine / reference,
            "SELECT of its measurements, decimals summed",
            "<= 20",
            seconds=round(mine, 3),
        ),
        row("whole draft beside it / one SQL pass", whole / reference, "the same pass", "stated", seconds=round(whole, 3)),
    ]


def main() -> int:
    """Run the benchmarks and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(str(files("corpus") / "samples" / "zagar")))
    folder = parser.parse_args().data
    if not folder.is_dir():
        sys.stderr.write(f"There is no folder {folder}.\n")
        return 2
    skipped = [{"name": "screen reruns per second", "skipped": "not measured by this version"}]
    print(json.dumps({"data": folder.name, "rows": [*imports(folder), *facts(folder)], "skipped": skipped}, indent=2))
    return 0


sys.exit(main())
