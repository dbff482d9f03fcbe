"""`profile`: import profiles in force; propose one from a file, try it out, confirm it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.errors import Invalid
from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened

if TYPE_CHECKING:
    from corpus.proposing import Proposal
    from drafting.configuration import ConfigurationVersion
    from drafting.profile_admin import ProfileLine, Tried

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Json = Annotated[bool, OPTIONS]
File = Annotated[Path, typer.Argument(help="A source file.", exists=True, dir_okay=False)]
Text = Annotated[Path, typer.Argument(help="A profile's TOML file.", exists=True, dir_okay=False)]
Name = Annotated[str, typer.Argument(help="The profile's name.")]
Reason = Annotated[str, typer.Option(help="Why, in your own words.")]
MARKS = {True: "site", False: "ships"}


@app.command("list")
def list_profiles(as_json: Json = False) -> None:  # noqa: FBT002
    """List the import profiles in force."""
    from drafting import profile_admin  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        found = profile_admin.listed(ctx)
    lines = (f"{line.profile.label}: {line.profile.title}; {line.profile.kind}; {_whence(line)}" for line in found)
    emit({"profiles": [_line(line) for line in found]}, as_json=as_json, text="\n".join(lines))


def _whence(line: "ProfileLine") -> str:
    said = line.confirmed
    return f"confirmed by {said.user_id} on {said.at[:10]}: {said.reason}" if said else "ships"


def _line(line: "ProfileLine") -> dict[str, Any]:
    said, profile = line.confirmed, line.profile
    return {
        "name": profile.name, "version": profile.version, "title": profile.title, "kind": profile.kind, "layout": str(profile.layout),
        "columns": len(profile.columns), "origin": MARKS[said is not None], "sha256": line.sha256,
        "confirmed_by": said.user_id if said else None, "at": said.at if said else None, "reason": said.reason if said else None,
    }  # fmt: skip


@app.command()
def show(name: Name, as_json: Json = False) -> None:  # noqa: FBT002
    """Print a profile's text, and the versions that were confirmed before."""
    from corpus.profile_toml import written  # noqa: PLC0415
    from drafting import profile_admin  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        line = next((line for line in profile_admin.listed(ctx) if line.profile.name == name), None)
        before = profile_admin.history(ctx, name)
    if line is None:
        raise Invalid(f"No profile '{name}' is in force.", remedy="`verascribe profile list` names them.")
    text = written(line.profile)
    versions = [{"version": v.version, "sha256": v.sha256, "by": v.user_id, "at": v.at, "reason": v.reason} for v in before]
    emit({**_line(line), "text": text, "versions": versions}, as_json=as_json, text=text.rstrip())


@app.command()
def propose(
    file: File,
    output: Annotated[Path | None, typer.Option("-o", help="Write the first proposal to this TOML file.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Propose a profile from what stands in a file; nothing is applied, questions are listed."""
    from drafting import profile_admin  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        found = profile_admin.propose(ctx, path=file.absolute())
    if output is not None:
        output.write_text(found[0].text, encoding="utf-8")
    text = "\n".join(proposal.text for proposal in found) if output is None else f"Written to {output}: {_asked(found[0])}"
    emit({"proposals": [_proposal(one) for one in found]}, as_json=as_json, text=text)
    for one in found:
        _note(profile_admin.unread(one.profile))
    if any(proposal.questions for proposal in found):
        raise typer.Exit(FOUND)


def _asked(proposal: "Proposal") -> str:
    number = len(proposal.questions)
    return f"{number} question(s) to decide: {'; '.join(proposal.questions)}" if number else "nothing is left to decide."


def _proposal(proposal: "Proposal") -> dict[str, Any]:
    from drafting.profile_admin import unmapped  # noqa: PLC0415

    profile = proposal.profile
    columns = [
        {
            "header": rule.header, "field": rule.field, "attribute": rule.attribute, "type": rule.type, "unit": rule.unit,
            "format": rule.format, "basis": list(proposal.notes.get(rule.header, ())),
        }
        for rule in profile.columns
    ]  # fmt: skip
    return {
        "name": profile.name, "part": proposal.part, "kind": profile.kind, "key": list(profile.key), "rows": proposal.rows,
        "keys": [list(key) for key in proposal.keys], "basis": list(proposal.notes.get("", ())), "columns": columns,
        "questions": list(proposal.questions), "unmapped": list(unmapped(profile)), "text": proposal.text,
    }  # fmt: skip


@app.command("try")
def try_out(file: File, profile: Text, product: str | None = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Read a file by a profile's text and say what would be imported; nothing is stored."""
    from drafting import profile_admin  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        tried = profile_admin.try_out(ctx, path=file.absolute(), text=configuration_text(profile), product=product)
    emit(_tried(tried), as_json=as_json, text=_tried_text(tried))
    _note(profile_admin.unread(tried.profile))
    if tried.told or any(part.balance.refused for part in tried.parts):
        raise typer.Exit(FOUND)


def _tried(tried: "Tried") -> dict[str, Any]:
    from drafting.profile_admin import unmapped  # noqa: PLC0415

    parts = [
        {
            "part": part.part, "kind": part.kind, "cells": part.balance.tree(), "rows": part.rows, "measurements": part.measurements,
            "skipped": {why: list(numbers) for why, numbers in part.skipped.items()},
            "records": [{"identifier": r.identifier, "product": r.product, "date": r.date, "fields": dict(r.fields)} for r in part.records],
            "refused": [{"locator": r.place, "literal": r.literal, "reason": r.reason} for r in part.refusals],
        }
        for part in tried.parts
    ]  # fmt: skip
    return {
        "profile": tried.profile.name, "parts": parts, "told": list(tried.told), "unmapped": list(unmapped(tried.profile)),
    }  # fmt: skip


def _tried_text(tried: "Tried") -> str:
    lines = []
    for part in tried.parts:
        cells = part.balance
        lines += [
            f"{part.part or 'table'}: {part.rows} row(s) of {part.kind}, {part.measurements} measurements",
            f"cells: {cells.told}",
            *(f"no records: {why}: row {', '.join(map(str, numbers[:20]))}" for why, numbers in part.skipped.items()),
            *(f"refused: {r.place}: '{r.literal[:40]}': {r.reason}" for r in part.refusals),
        ]
    return "\n".join((*lines, *tried.told))


@app.command()
def confirm(profile: Text, reason: Reason, replaces: str | None = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Confirm a profile's text as the next version of its name; it is in force for later imports and new drafts."""
    from corpus.profile_toml import parse  # noqa: PLC0415
    from drafting import profile_admin  # noqa: PLC0415

    text = configuration_text(profile)
    read = parse(text.encode(), file=profile.name)
    with opened() as ctx:
        _, actor = acting(ctx)
        shared = profile_admin.shares_header(ctx, read)
        seen = _seen(profile_admin.listed(ctx), read.name) if replaces is None else replaces
        made = profile_admin.confirm(ctx, text=text, reason=reason, replaces=seen, actor=actor)
    tell_confirmed(made, as_json=as_json)
    for note in (shared, profile_admin.ungrouped(read), profile_admin.unread(read)):
        _note(note)


def _note(note: str) -> None:
    if note:
        typer.echo(f"note: {note}", err=True)


@app.command()
def withdraw(name: Name, reason: Reason, as_json: Json = False) -> None:  # noqa: FBT002
    """End a profile of the site; one of that name that ships is in force again."""
    from drafting import profile_admin  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        seen = _seen(profile_admin.listed(ctx), name)
        made = profile_admin.withdraw(ctx, name=name, reason=reason, replaces=seen, actor=actor)
    tell_confirmed(made, as_json=as_json)


@app.command()
def identifiers(
    file: Annotated[Path | None, typer.Argument(help="A TOML file to confirm; else the one in force is printed.")] = None,
    reason: Reason = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Print how the site's identifiers look, or confirm another version of it."""
    from corpus.identifiers import shipped_text  # noqa: PLC0415
    from drafting import configuration, profile_admin  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        with ctx.database.read() as conn:
            found = configuration.in_force(conn, configuration.Configured.IDENTIFIERS).get(configuration.IDENTIFIERS)
        if file is None:
            text = found.text if found else shipped_text()
            emit({"text": text, "version": found.version if found else None}, as_json=as_json, text=text.rstrip())
            return
        seen = found.sha256 if found else ""
        made = profile_admin.confirm_identifiers(
            ctx, text=configuration_text(file), reason=reason, replaces=seen, actor=actor
        )
    tell_confirmed(made, as_json=as_json)


def _seen(lines: "list[ProfileLine]", name: str) -> str:
    return next((line.sha256 for line in lines if line.profile.name == name), "")


def tell_confirmed(made: "ConfigurationVersion", *, as_json: bool) -> None:
    """Print which version was confirmed or withdrawn."""
    done = "withdrawn" if made.withdrawn else "confirmed"
    tree = {"name": made.name, "version": made.version, "sha256": made.sha256, "withdrawn": made.withdrawn}
    emit(tree, as_json=as_json, text=f"{made.name}/{made.version} {done}: {made.sha256}")


def configuration_text(path: Path) -> str:
    """Return the text of a configuration file."""
    from corpus.profile_toml import LARGEST_PROFILE  # noqa: PLC0415

    try:
        if path.stat().st_size > LARGEST_PROFILE:
            raise Invalid(f"{path.name}: larger than {LARGEST_PROFILE} bytes.", remedy="Name a TOML file.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path.name}: cannot be read: {error}", remedy="Name a TOML file in UTF-8.") from error
