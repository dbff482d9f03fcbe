"""Import: cells per second against other ways to read the same files."""

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import row, seconds


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
