"""`oversight report`: reviewers' measures from the trail."""

from typing import Annotated

import typer

from drafting.cli.shared import OPTIONS, acting, emit, opened

Json = Annotated[bool, OPTIONS]
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.callback()
def group() -> None:
    """Measure oversight."""


@app.command()
def report(
    site: Annotated[bool, typer.Option("--site", help="Only the site's figures.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Count decisions on machine-drafted sentences per reviewer, with intervals and n."""
    from drafting.oversight import measures  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        tree = measures(ctx, site_only=site)
    lines = [f"site: {tree['site']['decisions']} decisions"]
    lines += [f"{r['reviewer']} ({r['capacity']}): {r['decisions']} decisions" for r in tree["reviewers"]]
    emit(tree, as_json=as_json, text="\n".join(lines))
