"""`ingest` and `extract`: bring source files in, once or as they come, and say what their source states of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened, progress_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.extracts import Extract
    from corpus.ingest import ImportResult

Json = Annotated[bool, OPTIONS]
Ocr = Annotated[bool, typer.Option("--ocr", envvar="VERASCRIBE_OCR", help="Recognise scanned pages, as derived text.")]
app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH...")],
    profile: Annotated[
        str | None, typer.Option(help="Name or file of an import profile; else found by header and file name.")
    ] = None,
    product: Annotated[str | None, typer.Option(help="Product code.")] = None,
    extract: Annotated[
        Path | None, typer.Option(help="TOML file with what the source states: system, query, date, totals.", dir_okay=False)
    ] = None,
    watch: Annotated[
        int | None, typer.Option(help="Look again every so many seconds, until Ctrl-C.", metavar="SECONDS")
    ] = None,
    rounds: Annotated[int | None, typer.Option(help="End a watch after so many looks.", min=1)] = None,
    ocr: Ocr = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Import files: every cell is imported, refused or declared missing."""
    from drafting.extracts import read_stated, state  # noqa: PLC0415
    from drafting.importing import import_files  # noqa: PLC0415

    said = read_stated(extract) if extract is not None else None
    with opened(create=True) as ctx, progress_bar() as tell:
        _, actor = acting(ctx)

        def once(due: "Sequence[Path]") -> "ImportResult":
            return import_files(
                ctx, paths=due, actor=actor, product=product, profile_name=profile, ocr=ocr, progress=tell
            )  # fmt: skip

        absolute = [path.absolute() for path in paths]
        done = once(absolute) if watch is None else _watched(once, absolute, watch, rounds, quiet=as_json)
        extracts = state(ctx, said=said, actor=actor) if said is not None else []
    done.warnings += [told for one in extracts for told in one.warnings if told not in done.warnings]
    tree = {**_tree(done), **({"extracts": [_extract(one) for one in extracts]} if said is not None else {})}
    emit(tree, as_json=as_json, text="\n".join([*_lines(done), *(_told(one) for one in extracts)]))
    differing = [one for one in (*done.differing, *extracts) if one.differences and one.confirmation is None]
    if done.refused or done.clashes or differing:
        raise typer.Exit(FOUND)


def _watched(once: "Any", paths: "Sequence[Path]", seconds: int, rounds: int | None, *, quiet: bool) -> "ImportResult":
    """Import round by round until Ctrl-C or the last round; what each round did is printed at once."""
    import time  # noqa: PLC0415

    from drafting.watching import merged, watch  # noqa: PLC0415

    results: list[ImportResult] = []
    try:
        for result in watch(once, paths=paths, seconds=seconds, pause=time.sleep, rounds=rounds):
            results.append(result)
            if not quiet:
                typer.echo("\n".join(_lines(result)))
    except KeyboardInterrupt:
        typer.echo("Stopped; what was imported is kept.", err=True)
    return merged(results)


def _tree(done: "ImportResult") -> dict[str, Any]:
    return {
        "documents": len(done.documents),
        "records": done.records,
        "measurements": done.measurements,
        "passages": done.passages,
        "cells": {**done.cells.tree(), "files_refused_whole": done.refused_whole},
        "refused": [{"file": r.file, "locator": r.locator, "literal": r.literal, "reason": r.reason} for r in done.refused],
        "unchanged": done.unchanged,
        "skipped": [
            *({"file": document.shown, "why": why, "rows": list(rows)} for document in done.documents for why, rows in document.skipped.items()),
            *({"file": file, "why": why, "rows": []} for file, why in done.passed_over),
        ],
        "clashes": [
            {"kind": c.kind, "identifier": c.identifier, "first": c.first, "second": c.second} for c in done.clashes
        ],
        "withdrawn": [
            {"file": document.shown, "version": document.version, "reason": why.reason} for document, why in done.withdrawn
        ],
        "warnings": done.warnings,
        "notes": done.notes,
        "seconds": round(done.seconds, 3),
    }  # fmt: skip


def _lines(done: "ImportResult") -> list[str]:
    return [
        f"{len(done.documents)} document(s) imported, {len(done.unchanged)} unchanged, {done.measurements} measurements, {done.passages} passages",
        f"cells: {done.balance}",
        *(f"warning: {said}" for said in done.warnings),
        *(f"refused: {r.file} {r.locator}: '{r.literal[:40]}': {r.reason}" for r in done.refused),
        *(f"no records: {d.shown}, {why}: {_rows(rows)}" for d in done.documents for why, rows in d.skipped.items()),
        *(f"not read: {file}: {why}" for file, why in done.passed_over[:SHOWN]),
        *(
            [f"not read: {len(done.passed_over) - SHOWN} more file(s), named with --json"]
            if len(done.passed_over) > SHOWN
            else []
        ),
        *(f"note: {note}" for note in done.notes),
    ]


SHOWN = 20


def _rows(rows: "Sequence[int]") -> str:
    rest = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"row {', '.join(map(str, rows[:SHOWN]))}{rest}"


@app.command("list")
def list_extracts(as_json: Json = False) -> None:  # noqa: FBT002
    """List what sources stated of the current files, and which of it a second person confirmed."""
    from corpus import extracts  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        with ctx.database.read() as conn:
            found = extracts.current(conn)
    emit(
        {"extracts": [_extract(one) for one in found]}, as_json=as_json, text="\n".join(map(_told, found)) or "No extracts."
    )


@app.command()
def confirm(
    extract: Annotated[str, typer.Argument(help="Id of the extract.")],
    reason: Annotated[str, typer.Option(help="Why it is accepted, where totals differ.")] = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Confirm an extract as a second person."""
    from drafting.extracts import confirm as second_person  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        made = second_person(ctx, extract_id=extract, reason=reason, actor=actor)
    emit(_extract(made), as_json=as_json, text=_told(made))


def _extract(extract: "Extract") -> dict[str, Any]:
    second = extract.confirmation
    return {
        "id": extract.id, "file": extract.document, "system": extract.system, "query": extract.query,
        "extracted_on": extract.extracted_on, "extracted_by": extract.extracted_by, "stated_by": extract.user_id,
        "totals": [
            {"total": one.total, "stated": one.stated, "read": one.read, "equal": one.equal, "note": one.note} for one in extract.compared
        ],
        "differences": len(extract.differences), "confirmed_by": second.user_id if second else None,
        "reason": second.reason if second else None,
    }  # fmt: skip


def _told(extract: "Extract") -> str:
    totals = "; ".join(one.told for one in extract.compared) or "no totals stated"
    by = extract.confirmation
    why = f"{' although totals differ' if extract.differences else ''}: {by.reason}" if by and by.reason else ""
    second = f"confirmed by {by.user_id}{why}" if by else "waits for a second person"
    return f"extract {extract.id}: {extract.document} from {extract.system}, {extract.extracted_on}: {totals}; {second}"
