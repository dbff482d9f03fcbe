"""`audit verify|export|log`: the trail."""

from pathlib import Path
from typing import Annotated

import typer

from drafting.cli.shared import OPTIONS, acting, emit, moment, opened

Json = Annotated[bool, OPTIONS]
UNWRITTEN = "\nThe home can only be read: no entry says that it was verified."
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def verify(
    exported: Annotated[
        Path | None, typer.Argument(help="An exported trail; else the home's own.", metavar="BUNDLE")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Re-derive everything and report every finding. Exit 0 nothing broken, 1 broken, 4 nothing can be told."""
    from audit.__main__ import report  # noqa: PLC0415
    from audit.errors import Invalid  # noqa: PLC0415
    from audit.verify import verify_lines  # noqa: PLC0415
    from drafting.alarms import verify_trail  # noqa: PLC0415

    if exported is not None:
        path = exported / "trail.jsonl" if exported.is_dir() else exported
        if not path.is_file():
            raise Invalid(
                f"There is no exported trail at {path}.", remedy="Name the folder or the .jsonl file of an export."
            )
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise Invalid(
                f"{path.name} is not UTF-8 text, so it is no trail as exported: {error}", remedy="Export it again."
            ) from error
        verdict, unwritten = verify_lines(lines), ""
    else:
        with opened() as ctx:
            _, actor = acting(ctx)
            verdict = verify_trail(ctx, actor=actor)
            unwritten = UNWRITTEN if ctx.database.read_only else ""
    emit(verdict.tree(), as_json=as_json, text=report(verdict) + unwritten)
    raise typer.Exit(verdict.exit_status)


@app.command()
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Write the trail as JSON lines that verify, and as CSV for a spreadsheet."""
    from audit.canonical import digest  # noqa: PLC0415
    from audit.chain import entry_of  # noqa: PLC0415
    from audit.export import table  # noqa: PLC0415
    from drafting.overseeing.sight import withheld  # noqa: PLC0415
    from drafting.trail_reading import Chosen, Copy, copy_trail  # noqa: PLC0415

    with opened() as ctx:
        account, actor = acting(ctx)
        lines = copy_trail(ctx, Copy.JSONL, Chosen(), actor=actor)
        with ctx.database.read() as conn:
            out = withheld(conn, account, ctx.clock.now())
    listed = [entry_of(line) for line in lines.decode("utf-8").split("\n")[:-2]]  # the last line closes the copy
    readable = [entry for entry in listed if entry.seq not in out]
    output.mkdir(parents=True, exist_ok=True)
    (output / "trail.jsonl").write_bytes(lines)
    (output / "trail.csv").write_bytes(table(readable).encode("utf-8-sig"))
    tree = {"path": str(output), "entries": len(listed), "hidden": len(out), "sha256": digest(lines)}
    text = f"{len(listed)} entries written to {output}"
    text += f"; the table leaves {len(out)} out, and the lines hold them, since the chain needs them" if out else ""
    emit(tree, as_json=as_json, text=text)


@app.command()
def log(
    user: Annotated[str | None, typer.Option(help="By this user id.")] = None,
    subject: Annotated[str | None, typer.Option("--object", help="On this object id.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="From this UTC day or time.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List entries by who, object and time."""
    from audit import trail  # noqa: PLC0415
    from drafting.overseeing.sight import counted, not_shown, withheld  # noqa: PLC0415

    with opened() as ctx:
        account, _ = acting(ctx)
        with ctx.database.read() as conn:
            out = withheld(conn, account, ctx.clock.now())
            found = trail.entries(conn, user=user, object_id=subject, since=moment(since, "--from"))
    found = [entry for entry in found if entry.seq not in out]
    text = "\n".join(f"{e.seq:>6} {e.at} {e.actor.user_id:<16} {e.action:<32} {e.object_kind} {e.object_id}" for e in found)
    said = "\n".join(part for part in (text or "No entries.", not_shown(account, out)) if part)
    emit({"entries": [e.tree() for e in found], "hidden": counted(account, out)}, as_json=as_json, text=said)
