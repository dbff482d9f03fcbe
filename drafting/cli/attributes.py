"""`attributes`: the names of attributes across files; propose which may be one, confirm the site's map, withdraw it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened

if TYPE_CHECKING:
    from corpus.likenames import Likeness, NameInUse

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Json = Annotated[bool, OPTIONS]
Reason = Annotated[str, typer.Option(help="Why, in your own words.")]


@app.command()
def show(as_json: Json = False) -> None:  # noqa: FBT002
    """Print the attribute map in force, and who confirmed it."""
    from corpus.attributemap import written  # noqa: PLC0415
    from drafting import attribute_admin  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        known, said = attribute_admin.in_force(ctx)
        before = attribute_admin.history(ctx)
    versions = [
        {"version": v.version, "sha256": v.sha256, "by": v.user_id, "at": v.at, "reason": v.reason, "withdrawn": v.withdrawn}
        for v in before
    ]
    text = written(known).rstrip() if said else "No attribute map is in force: every name stands for itself."
    emit({"version": known.version, "text": text if said else "", "versions": versions}, as_json=as_json, text=text)


@app.command("list")
def list_names(as_json: Json = False) -> None:  # noqa: FBT002
    """List the names that files measure under, with their units and files."""
    from drafting import attribute_admin  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        found = attribute_admin.names(ctx)
    lines = (f"{n.attribute}  {', '.join(n.units) or 'no unit'}  {', '.join(n.files)}" for n in found)
    emit({"names": [_name(n) for n in found]}, as_json=as_json, text="\n".join(lines))


def _name(name: "NameInUse") -> dict[str, Any]:
    return {
        "attribute": name.attribute, "headers": list(name.headers), "units": list(name.units), "products": list(name.products),
        "files": list(name.files),
    }  # fmt: skip


@app.command()
def propose(
    output: Annotated[Path | None, typer.Option("-o", help="Write the map with every proposal to this TOML file.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Propose names that may be one attribute; nothing is joined until a person confirms it."""
    from corpus.attributemap import written  # noqa: PLC0415
    from drafting import attribute_admin  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        found = attribute_admin.propose(ctx)
        known, _ = attribute_admin.in_force(ctx)
    if output is not None:
        output.write_text(written(attribute_admin.with_proposals(known, found)), encoding="utf-8")
    lines = [f"{p.one.attribute} | {p.other.attribute}  ({p.unit or 'no unit'}, alike {p.score} of 100)" for p in found]
    emit({"proposals": [_proposal(p) for p in found]}, as_json=as_json, text="\n".join(lines) or "No names are alike.")
    if found:
        raise typer.Exit(FOUND)


def _proposal(made: "Likeness") -> dict[str, Any]:
    return {"one": _name(made.one), "other": _name(made.other), "unit": made.unit, "score": made.score}


@app.command()
def confirm(
    file: Annotated[Path, typer.Argument(help="A map's TOML file.", exists=True, dir_okay=False)],
    reason: Reason,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Confirm a map as the next version; names that differ in unit, limits or values are refused with the reason."""
    from drafting import attribute_admin  # noqa: PLC0415
    from drafting.cli.profiles import configuration_text, tell_confirmed  # noqa: PLC0415

    text = configuration_text(file)
    with opened() as ctx:
        _, actor = acting(ctx)
        _, said = attribute_admin.in_force(ctx)
        made = attribute_admin.confirm(ctx, text=text, reason=reason, replaces=said.sha256 if said else "", actor=actor)
    tell_confirmed(made, as_json=as_json)


@app.command()
def withdraw(reason: Reason, as_json: Json = False) -> None:  # noqa: FBT002
    """End the map: every name stands for itself again."""
    from drafting import attribute_admin  # noqa: PLC0415
    from drafting.cli.profiles import tell_confirmed  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        _, said = attribute_admin.in_force(ctx)
        made = attribute_admin.withdraw(ctx, reason=reason, replaces=said.sha256 if said else "", actor=actor)
    tell_confirmed(made, as_json=as_json)
