"""`ingest`, `search`, `records`: bring source files in and find them again."""

from pathlib import Path
from typing import Annotated, Any

import typer

from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened, progress_bar

Json = Annotated[bool, OPTIONS]
Product = Annotated[str | None, typer.Option(help="Product code.")]
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
    from audit.identity import Role, permit  # noqa: PLC0415
    from corpus.ingest import ingest as bring_in  # noqa: PLC0415

    with opened() as ctx, progress_bar() as tell:
        account, actor = acting(ctx)
        permit(account, Role.WRITER, Role.SERVICE)
        done = bring_in(
            ctx.database, ctx.clock, ctx.new_id, paths=[p.absolute() for p in paths], profiles=ctx.profiles, product=product,
            profile_name=profile, actor=actor, zone=ctx.zone, progress=tell, workers=ctx.workers, ocr=ocr,
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
        "notes": done.notes,
        "seconds": round(done.seconds, 3),
    }
    cells = done.cells
    lines = [
        f"{len(done.documents)} document(s) imported, {len(done.unchanged)} unchanged, {done.measurements} measurements, {done.passages} passages",
        f"cells: {cells.cells_in} in = {cells.imported} imported + {cells.refused} refused + {cells.missing} declared missing",
        *(f"refused: {r['file']} {r['locator']}: '{r['literal'][:40]}': {r['reason']}" for r in refused),
        *(f"note: {note}" for note in done.notes),
    ]
    emit(tree, as_json=as_json, text="\n".join(lines))
    if refused:
        raise typer.Exit(FOUND)


def search(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    product: Product = None,
    k: Annotated[int, typer.Option("-k", help="How many hits.", min=1, max=1000)] = 10,
    kind: Annotated[str | None, typer.Option(help="Kind of document or record.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Find records and passages: exact identifiers first, then by words and meaning."""
    from corpus.search import search as find  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        if ctx.index is not None:
            ctx.index.sync(ctx.database)
        hits = find(ctx.database, ctx.index, text=text, product=product, k=k, kind=kind)
    listed: list[dict[str, Any]] = [
        {"id": h.id, "score": h.score, "text": h.text, "document": h.document, "locator": str(h.locator)} for h in hits
    ]
    emit(
        {"hits": listed},
        as_json=as_json,
        text="\n".join(f"{h['locator']}: {h['text'][:160]}" for h in listed) or "Nothing found.",
    )


def records(
    product: Product = None,
    kind: Annotated[str | None, typer.Option(help="Record kind, as deviation.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
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
