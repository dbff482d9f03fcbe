"""`clashes`: what several sources say differently, what persons decided, and the decision."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.errors import Invalid, NotFound
from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened

if TYPE_CHECKING:
    from corpus.preferences import Decision
    from drafting.clashes import Differing, Listed

Json = Annotated[bool, OPTIONS]
MOST = 100  # listed at a time
app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def clashes(
    command: typer.Context,
    product: Annotated[str | None, typer.Option(help="Product code.")] = None,
    decided: Annotated[bool, typer.Option("--decided", help="What persons decided, the last decision first.")] = False,  # noqa: FBT002
    skip: Annotated[int, typer.Option(help="Leave out so many.", min=0)] = 0,
    limit: Annotated[int, typer.Option("-k", help="List at most so many.", min=1, max=1000)] = MOST,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List the records and results that sources hold differently and nobody decided; exit 1 where there are any."""
    if command.invoked_subcommand is not None:
        return
    from drafting import clashes as read  # noqa: PLC0415 - keeps --help light

    with opened() as ctx:
        acting(ctx)
        if decided:
            done = read.decided(ctx, product=product, skip=skip, limit=limit)
            emit({"decided": [_decision(d) for d in done.items], "total": done.total}, as_json=as_json, text=_told(done))
            return
        found = read.undecided(ctx, product=product, skip=skip, limit=limit)
    tree = {"clashes": [_clash(c) for c in found.items], "total": found.total, "more": found.more}
    emit(tree, as_json=as_json, text=_lines(found, skip))
    if found.total:
        raise typer.Exit(FOUND)


@app.command()
def prefer(
    name: Annotated[str, typer.Argument(help="The record or result, as the list names it.", metavar="KIND/IDENTIFIER")],
    source: Annotated[str, typer.Option(help="The document that counts: its name or id.")],
    reason: Annotated[str, typer.Option(help="Why, in your own words.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Decide which source counts, as a writer or reviewer."""
    from drafting import clashes as read  # noqa: PLC0415

    kind, slash, identifier = name.partition("/")
    if not (kind and slash and identifier):
        raise Invalid(f"'{name[:80]}' names no record.", remedy="Write KIND/IDENTIFIER, as `verascribe clashes` lists them.")
    with opened() as ctx:
        _, actor = acting(ctx)
        differing = read.one(ctx, name)
        if differing is None:
            raise NotFound(f"Sources do not differ on {name[:80]}.", remedy="`verascribe clashes` lists where they do.")
        document = read.source_named(differing, source)
        before = read.prefer(
            ctx, kind=kind, identifier=identifier, document_id=document.id, reason=reason, actor=actor, seen=differing.seen
        )
    tree = {"name": name, "document": document.id, "file": document.shown, "reason": reason.strip(), "before": before.first}
    emit(tree, as_json=as_json, text=f"{name}: {document.shown} counts from now on; before: {before.first}")


def _clash(one: "Differing") -> dict[str, Any]:
    return {
        "name": one.name, "kind": one.kind, "identifier": one.identifier, "in_force": one.why,
        "sources": [
            {
                "document": s.document.id, "file": s.document.shown, "version": s.document.version, "place": s.place,
                "in_force": s.in_force, "says": s.values,
            }
            for s in one.sources
        ],
    }  # fmt: skip


def _lines(found: "Listed[Differing]", skip: int) -> str:
    if not found.total:
        return "No sources differ that a person has not decided."
    more = "more than " if found.more else ""
    lines = [f"{more}{found.total:,} record(s) or result(s) differ between sources and wait for a person's decision."]
    for one in found.items:
        lines.append(one.name)
        for source in one.sources:
            in_force = f"in force {one.why}".strip()
            said = ", ".join(f"{name} '{literal[:80]}'" for name, literal in source.values.items())
            lines.append(f"  {in_force if source.in_force else 'otherwise'}: {source.document.shown} {source.place}: {said}")
    last = skip + len(found.items)
    return "\n".join([*lines, *([f"{found.total - last:,} more: --skip {last}"] if found.total > last else [])])


def _decision(one: "Decision") -> dict[str, Any]:
    return {
        "name": one.name, "kind": one.kind, "identifier": one.identifier, "document": one.document.id, "file": one.document.shown,
        "version": one.document.version, "reason": one.reason, "by": one.user_id, "at": one.at, "counts": one.counts, "entry": one.seq,
        "also": list(one.also),
    }  # fmt: skip


def _told(found: "Listed[Decision]") -> str:
    lines = (
        f"{', '.join((one.name, *one.also))}: {one.document.shown} version {one.document.version}, by {one.user_id} on {one.at[:10]}: {one.reason}"
        + ("" if one.counts else " (decided anew since)")
        for one in found.items
    )
    return "\n".join(lines) or "Nobody decided on sources that differ."
