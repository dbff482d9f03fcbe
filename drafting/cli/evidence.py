"""`evidence`: what a section's author adds where the records do not hold it, and who confirmed it.

A sentence rests on what was added only once its author ties it to the words; the reviewer's decision on that sentence confirms it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from drafting.cli.shared import OPTIONS, acting, emit, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.chain import Actor
    from drafting.context import Context
    from drafting.readmodel import AddedView

Json = Annotated[bool, OPTIONS]
Report = Annotated[str, typer.Argument(help="Report id or number.", metavar="REPORT")]
Section = Annotated[str, typer.Argument(help="The section, by its key.", metavar="SECTION")]
Who = Annotated[str, typer.Option(help="Who said or saw it.")]
When = Annotated[str, typer.Option(help="When.")]
How = Annotated[str, typer.Option(help="How it is known: seen on site, by phone, interview ...")]
app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_added(
    report: Report,
    section: Annotated[str, typer.Option(help="One section, by its key.")] = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List what persons added to a report's sections, what rests on it, and whether a second person confirmed it."""
    from drafting.examine import evidence_for  # noqa: PLC0415 - keeps --help light

    with opened() as ctx:
        _, actor = acting(ctx)
        evidence_for(ctx, report, actor=actor)  # of a report that they review, a person reads it in its sections
        found = _listed(ctx, report, section)
    text = "\n".join(_line(key, one) for key, one in found)
    emit({"added": [_tree(key, one) for key, one in found]}, as_json=as_json, text=text or "No person added evidence.")


@app.command()
def attach(
    report: Report,
    section: Section,
    file: Annotated[Path, typer.Argument(help="The file, kept byte for byte.", metavar="FILE", dir_okay=False)],
    about: Annotated[str, typer.Option(help="What it is.")],
    who: Who,
    when: When,
    how: How,
    reason: Annotated[str, typer.Option(help="Why it is attached.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Attach a file as the section's author."""
    from audit.errors import Invalid  # noqa: PLC0415
    from drafting import adding  # noqa: PLC0415
    from drafting.model import Source  # noqa: PLC0415

    if not file.is_file():
        raise Invalid(f"There is no file {file}.", remedy="Name the file as it stands on this machine.")
    adding.check_file(file.name, file.stat().st_size)
    data, source = file.read_bytes(), Source(who, when, how)
    _add(
        report, section,
        lambda ctx, section_id, actor: adding.attach(
            ctx, section_id=section_id, name=file.name, data=data, about=about, source=source, reason=reason, seen=None, actor=actor
        ),
        as_json=as_json,
    )  # fmt: skip


@app.command()
def link(
    report: Report,
    section: Section,
    record: Annotated[str, typer.Argument(help="The record, as deviation/DEV-2020-014.", metavar="KIND/IDENTIFIER")],
    reason: Annotated[str, typer.Option(help="Why it belongs here.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Link an imported record that the section's evidence does not hold, as the section's author."""
    from audit.errors import Invalid  # noqa: PLC0415
    from drafting import adding  # noqa: PLC0415

    kind, _, identifier = record.partition("/")
    if not (kind and identifier):
        raise Invalid(f"'{record[:80]}' names no record.", remedy="Write KIND/IDENTIFIER, as in deviation/DEV-2020-014.")
    _add(
        report, section,
        lambda ctx, section_id, actor: adding.link(
            ctx, section_id=section_id, kind=kind, identifier=identifier, reason=reason, seen=None, actor=actor
        ),
        as_json=as_json,
    )  # fmt: skip


@app.command()
def declare(
    report: Report,
    section: Section,
    value: Annotated[str, typer.Argument(help="The value or words, exactly as the sentence says them.", metavar="VALUE")],
    about: Annotated[str, typer.Option(help="What it is about.")],
    who: Who,
    when: When,
    how: How,
    reason: Annotated[str, typer.Option(help="Why no record holds it.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Declare a fact that stands in no record, as the section's author."""
    from drafting import adding  # noqa: PLC0415
    from drafting.model import Source  # noqa: PLC0415

    source = Source(who, when, how)
    _add(
        report, section,
        lambda ctx, section_id, actor: adding.declare(
            ctx, section_id=section_id, value=value, about=about, source=source, reason=reason, seen=None, actor=actor
        ),
        as_json=as_json,
    )  # fmt: skip


@app.command()
def withdraw(
    added: Annotated[str, typer.Argument(help="Its id, as the list names it.", metavar="ID")],
    reason: Annotated[str, typer.Option(help="Why, in your own words.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Withdraw what was added, as the section's author: it stays readable, and what rests on it is no longer supported."""
    from drafting import adding  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        adding.withdraw(ctx, added_id=added, reason=reason, seen=None, actor=actor)
    emit({"withdrawn": added}, as_json=as_json, text=f"{added}: withdrawn")


def _add(report: str, section: str, act: "Callable[[Context, str, Actor], str]", *, as_json: bool) -> None:
    """Add to a section, and print what was added with the reference under which a sentence cites it."""
    from drafting.generate import report_named  # noqa: PLC0415 - keeps --help light
    from drafting.queries import section_id_of  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        with ctx.database.read() as conn:
            section_id = section_id_of(conn, report_named(conn, report), section)
        ref = act(ctx, section_id, actor)
        made = next(one for _, one in _listed(ctx, report, section) if one.ref == ref)
    told = (
        "Its author ties it to the words of a sentence on the screen; the reviewer's decision on that sentence confirms it."
    )
    emit(_tree(section, made), as_json=as_json, text=f"{_line(section, made)}\n{told}")


def _listed(ctx: "Context", report: str, section: str) -> "list[tuple[str, AddedView]]":
    """Return what was added to a report, or to one section of it, each with the section's key."""
    from drafting.added_views import added_views  # noqa: PLC0415 - keeps --help light
    from drafting.generate import report_named  # noqa: PLC0415
    from drafting.lately import load_for  # noqa: PLC0415
    from drafting.queries import section_id_of  # noqa: PLC0415

    with ctx.database.read() as conn:
        report_id = report_named(conn, report)
        only = section_id_of(conn, report_id, section) if section else ""
        loaded = load_for(conn, ctx, report_id, None, only=only)
    return [
        (one.key, added) for one in loaded.report.sections if one.id in loaded.packs for added in added_views(one, loaded.packs[one.id])
    ]  # fmt: skip


def _tree(section: str, one: "AddedView") -> dict[str, Any]:
    return {
        "id": one.id, "section": section, "ref": one.ref, "kind": one.kind, "about": one.title, "value": one.value, "source": one.source,
        "reason": one.reason, "by": one.user_id, "at": one.at, "sentences": list(one.sentences), "state": one.state,
        "confirmed_by": one.confirmed_by or None, "confirmed_at": one.confirmed_at or None,
    }  # fmt: skip


def _line(section: str, one: "AddedView") -> str:
    value = f"{one.value}: " if one.value else ""
    return f"{one.id} {section}: {value}{one.title}; {one.state}; {one.source}; added by {one.user_id} on {one.at[:10]}: {one.reason}"
