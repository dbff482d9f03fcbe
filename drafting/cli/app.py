"""The command line's root: global options and the groups of commands."""

from typing import Annotated

import typer

from drafting.cli import (
    accounts,
    attributes,
    charts,
    clashes,
    corpus,
    evaluate,
    evidence,
    importing,
    oversight,
    privacy,
    profiles,
    reports,
    start,
    trail,
)
from drafting.cli.shared import Options, choose, guarded, strict

app = typer.Typer(
    name="verascribe",
    help="AI drafts, a qualified person countersigns, and the record proves the review happened.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes longer to import than the rest of the help
)


@app.callback()
def root(
    home: Annotated[
        str | None, typer.Option(help="Folder of the embedded database, index and files.", envvar="VERASCRIBE_HOME")
    ] = None,
    user: Annotated[str | None, typer.Option(help="Act as this account; else the home's service account.")] = None,
    passphrase_fd: Annotated[int | None, typer.Option(help="File descriptor to read the password from.")] = None,
    debug: Annotated[bool, typer.Option(help="Show tracebacks.")] = False,  # noqa: FBT002 - a command-line flag
) -> None:
    """AI drafts, a qualified person countersigns, and the record proves the review happened."""
    choose(Options(home, user, passphrase_fd, debug))


start.add_to(app)
corpus.add_to(app)
reports.add_to(app)
app.add_typer(trail.app, name="audit", help="The trail: verify, export, log.")
app.add_typer(importing.app, name="extract", help="What sources state of their extracts: list, confirm.")
app.add_typer(clashes.app, name="clashes", help="Sources that differ: list, decide which counts.")
app.add_typer(
    evidence.app, name="evidence", help="Evidence that persons add to a section: list, attach, link, declare, withdraw."
)
app.add_typer(charts.app, name="charts", help="Control charts: signals, baselines, practical limits, run rules.")
app.add_typer(profiles.app, name="profile", help="Import profiles: propose, try, confirm.")
app.add_typer(attributes.app, name="attributes", help="Names of attributes across files: propose, confirm the site's map.")
app.add_typer(accounts.app, name="user", help="Accounts.")
app.add_typer(evaluate.app, name="eval", help="Measures against judged cases.")
privacy.add_to(oversight.app)
app.add_typer(oversight.app, name="oversight", help="Oversight: reviewers' measures from the trail.")


def run() -> None:
    """Run the command line with every problem turned into one line."""
    guarded(strict(app))
