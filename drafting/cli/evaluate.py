"""`eval`: measures of the parts against judged cases."""

import os
from pathlib import Path
from typing import Annotated

import typer

from drafting.cli.shared import OPTIONS, emit, options

app = typer.Typer(no_args_is_help=True)


@app.callback()
def root() -> None:
    """Measure a part against judged cases."""


@app.command()
def retrieval(
    folder: Annotated[
        Path, typer.Argument(help="BEIR-format folder: corpus.jsonl, queries.jsonl, qrels/test.tsv.", metavar="DIR")
    ],
    as_json: Annotated[bool, OPTIONS] = False,  # noqa: FBT002
) -> None:
    """Measure search with the configured embedding: words, meaning, and both together. The home is not opened."""
    from corpus.beir import evaluate, read_collection  # noqa: PLC0415 - keeps --help light
    from corpus.embedders import chosen_embedder  # noqa: PLC0415 - as above
    from drafting.bootstrap import settings_from  # noqa: PLC0415 - as above

    settings = settings_from(os.environ, home=options().home)
    embedder = chosen_embedder(settings.embedding)
    found = evaluate(read_collection(folder), embedder)
    pace = f"built in {found.build_seconds} s, {found.queries_per_second} queries a second"
    lines = [
        f"{found.queries} queries over {found.documents} documents with {embedder.name}: {pace}",
        *(f"{arm}: {', '.join(f'{name} {value:.4f}' for name, value in figures.items())}" for arm, figures in found.arms.items()),
    ]  # fmt: skip
    emit({**found.tree(), "embedder": embedder.name}, as_json=as_json, text="\n".join(lines))
