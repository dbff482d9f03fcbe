"""`ingest`, `search`, `records`: bring source files in and find them again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.errors import Invalid
from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened, progress_bar

if TYPE_CHECKING:
    from drafting.context import Context

Json = Annotated[bool, OPTIONS]
Product = Annotated[str | None, typer.Option(help="Product code.")]
Since = Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")]
Ocr = Annotated[bool, typer.Option("--ocr", envvar="VERASCRIBE_OCR", help="Recognise scanned pages, as derived text.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(ingest)
    app.command()(search)
    app.command()(records)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH...")],
    profile: Annotated[str | None, typer.Option(help="Name or file of an import profile; else found by the header.")] = None,
    product: Product = None,
    ocr: Ocr = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Import files: every cell is imported, refused or declared missing."""
    from drafting.importing import import_files  # noqa: PLC0415

    with opened() as ctx, progress_bar() as tell:
        _, actor = acting(ctx)
        done = import_files(
            ctx, paths=[p.absolute() for p in paths], actor=actor, product=product, profile_name=profile, ocr=ocr, progress=tell
        )  # fmt: skip
    refused = [{"file": r.file, "locator": r.locator, "literal": r.literal, "reason": r.reason} for r in done.refused]
    tree = {
        "documents": len(done.documents),
        "records": done.records,
        "measurements": done.measurements,
        "passages": done.passages,
        "cells": done.cells.tree(),
        "refused": refused,
        "unchanged": done.unchanged,
        "warnings": done.warnings,
        "notes": done.notes,
        "seconds": round(done.seconds, 3),
    }
    cells = done.cells
    lines = [
        f"{len(done.documents)} document(s) imported, {len(done.unchanged)} unchanged, {done.measurements} measurements, {done.passages} passages",
        f"cells: {cells.cells_in} in = {cells.imported} imported + {cells.refused} refused + {cells.missing} declared missing",
        *(f"warning: {said}" for said in done.warnings),
        *(f"refused: {r['file']} {r['locator']}: '{r['literal'][:40]}': {r['reason']}" for r in refused),
        *(f"note: {note}" for note in done.notes),
    ]
    emit(tree, as_json=as_json, text="\n".join(lines))
    if refused:
        raise typer.Exit(FOUND)


def search(
    text: Annotated[str, typer.Argument(help="What to look for.")] = "",
    product: Product = None,
    k: Annotated[int, typer.Option("-k", help="How many hits.", min=1, max=1000)] = 10,
    kind: Annotated[str | None, typer.Option(help="Kind of document or record.")] = None,
    since: Since = None,
    until: Until = None,
    batch: Annotated[str | None, typer.Option(help="Only what belongs to this batch.")] = None,
    like: Annotated[str | None, typer.Option(help="Earlier deviations like this one, with what they share.")] = None,
    rerank: Annotated[bool, typer.Option(help="Order the first hits by how much of the question they hold.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Find records and passages: exact identifiers first, then by words and meaning."""
    from corpus.rerank import CoverageReranker  # noqa: PLC0415
    from corpus.search import search as find  # noqa: PLC0415

    if bool(text.strip()) == bool(like):
        raise Invalid("Say what to look for.", remedy="Give a text, or --like and a deviation.")
    with opened() as ctx, progress_bar() as tell:
        acting(ctx)
        if ctx.index is not None:
            ctx.index.sync(ctx.database, tell)
        if like:
            _alike(ctx, like, k, as_json=as_json)
            return
        hits = find(
            ctx.database, ctx.index, text=text, product=product, k=k, kind=kind, since=since, until=until, batch=batch,
            reranker=CoverageReranker() if rerank else None,
        )  # fmt: skip
    listed: list[dict[str, Any]] = [
        {"id": h.id, "score": h.score, "text": h.text, "document": h.document, "locator": str(h.locator)} for h in hits
    ]
    emit(
        {"hits": listed},
        as_json=as_json,
        text="\n".join(f"{h['locator']}: {h['text'][:160]}" for h in listed) or "Nothing found.",
    )


def _alike(ctx: "Context", identifier: str, k: int, *, as_json: bool) -> None:
    from corpus.similar import similar  # noqa: PLC0415

    found = similar(ctx.database, ctx.index, identifier=identifier, k=k)
    listed = [
        {
            "id": s.passage.id, "record": s.record.identifier, "date": s.record.date, "title": s.record.get("title"),
            "text": s.passage.text, "document": s.passage.document_name, "locator": str(s.passage.locator),
            "same": dict(s.fields), "words": list(s.words),
        }
        for s in found
    ]  # fmt: skip
    lines = (
        f"{s.record.identifier} {s.record.date} {s.record.get('title')}: same {', '.join(s.fields) or 'nothing'}; words {', '.join(s.words)}"
        for s in found
    )
    emit({"like": identifier, "hits": listed}, as_json=as_json, text="\n".join(lines) or "No earlier deviation is like it.")


def records(
    product: Product = None,
    kind: Annotated[str | None, typer.Option(help="Record kind, as deviation.")] = None,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List records."""
    from corpus.records import current_records  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        with ctx.database.read() as conn:
            found = current_records(conn, product=product, kind=kind, since=since, until=until)
    listed = [
        {
            "id": r.id, "kind": r.kind, "identifier": r.identifier, "product": r.product, "strength": r.strength, "date": r.date,
            "locator": str(r.locator()), "synthetic": r.document.synthetic, "fields": dict(r.fields),
        }
        for r in found
    ]  # fmt: skip
    text = "\n".join(f"{r['kind']} {r['identifier']} {r['date'] or ''} {r['locator']}" for r in listed)
    emit({"records": listed}, as_json=as_json, text=text or "No records.")
