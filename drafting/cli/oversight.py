"""`oversight`: reviewers' measures from the trail or from decisions made elsewhere, and what its statistics do in simulation."""

from pathlib import Path
from typing import Annotated, Any

import typer

from drafting.cli.shared import OPTIONS, acting, emit, opened, progress_bar

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
    """Tell the site's figures and those of the account that asks, with intervals and n, or why they are withheld."""
    from drafting.oversight import measures  # noqa: PLC0415

    with opened() as ctx:
        account, _ = acting(ctx)
        tree = measures(ctx, account=account, site_only=site)
    lines = _told("site", tree["site"])
    for row in tree["reviewers"]:
        lines += _told(f"{row['reviewer']} ({row['capacity']})", row)
    emit(tree, as_json=as_json, text="\n".join([*lines, tree["rule"]]))


def _told(what: str, tree: dict[str, Any]) -> list[str]:
    """Return lines for people: figures one each, groups of them below their name."""
    lines = []
    for name, value in tree.items():
        spaced = f"{what}, {name.replace('_', ' ')}"
        if isinstance(value, dict):
            lines += [f"{what}, {_line(name, value)}"] if "value" in value else _told(spaced, value)
        elif name not in ("reviewer", "capacity"):
            lines.append(f"{spaced}: {value}")
    return lines


@app.command("natural-fault")
def natural_fault(
    report: Annotated[str, typer.Argument(help="Report id or number.", metavar="REPORT")],
    section: Annotated[str, typer.Argument(help="The section, by its key.", metavar="SECTION")],
    what: Annotated[str, typer.Option("--what", help="What was wrong, in your own words.")],
    found_by: Annotated[str, typer.Option("--found-by", help="reviewer, second, checker or later.")],
    finder: Annotated[
        list[str] | None, typer.Option("--finder", help="User id of who found it; may be given again.", metavar="USER")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Record a fault that was really in a section; who had accepted it is taken from the signatures."""
    from audit.errors import Invalid  # noqa: PLC0415
    from drafting.generate import report_named  # noqa: PLC0415
    from drafting.overseeing.natural import FoundBy, record  # noqa: PLC0415
    from drafting.queries import section_id_of  # noqa: PLC0415

    if found_by not in set(FoundBy):
        raise Invalid(f"'{found_by[:40]}' is no way of finding a fault.", remedy=f"One of: {', '.join(FoundBy)}.")
    with opened() as ctx:
        _, actor = acting(ctx)
        with ctx.database.read() as conn:
            section_id = section_id_of(conn, report_named(conn, report), section)
        made = record(ctx, section_id=section_id, found_by=FoundBy(found_by), finders=finder or (), what=what, actor=actor)
    tree = {
        "section": section, "found_by": str(made.found_by), "finders": list(made.finders), "missed_by": list(made.missed_by),
        "accepted": made.accepted, "escaped": made.escaped,
    }  # fmt: skip
    emit(tree, as_json=as_json, text=f"{section}: recorded" + (", found after acceptance" if made.escaped else ""))


@app.command("new-key")
def new_key(
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the trail.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Begin a new oversight key where the old one is lost, as an administrator; every check that is not over ends."""
    from drafting.probes.renewing import begin_anew  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        ended = begin_anew(ctx, reason=reason, actor=actor)
    emit(
        {"ended": ended},
        as_json=as_json,
        text=f"A new oversight key is in force. Open checks and items of runs that ended with the old one: {ended}.",
    )


@app.command()
def simulate(
    scenario: Annotated[str, typer.Option("--scenario", help="Its name; a wrong one lists all.", metavar="NAME")],
    runs: Annotated[
        int | None, typer.Option("--runs", help="Simulated runs; by default as many as the scenario needs.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="The same seed gives the same figures.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Simulate what the alarm and the schedule of oversight checks do. The home is not opened."""
    from audit.oversight.scenarios import SCENARIOS, SEED  # noqa: PLC0415 - loads numpy
    from audit.oversight.scenarios import simulate as simulated  # noqa: PLC0415 - as above

    seed = SEED if seed is None else seed
    with progress_bar() as tell:
        rows = simulated(scenario, runs=runs, seed=seed, tell=tell)
    used = SCENARIOS[scenario].runs if runs is None else runs
    tree = {
        "scenario": scenario,
        "about": SCENARIOS[scenario].about,
        "runs": used,
        "seed": seed,
        "rows": [r.tree() for r in rows],
    }
    lines = [f"{r.name}: {r.value:.4g}" + (f" (standard error {r.error:.2g})" if r.error else "") for r in rows]
    emit(tree, as_json=as_json, text="\n".join([f"{scenario}: {SCENARIOS[scenario].about}", *lines]))


@app.command()
def replay(
    file: Annotated[
        Path,
        typer.Argument(
            help="Columns reviewer, truth, advice, final; where known initial, initial_ms, final_ms, fault (0/1), accepted (0/1), difficulty (logit).",
            metavar="FILE.csv",
        ),
    ],
    expected: Annotated[
        float,
        typer.Option("--expected", help="Share of faults that a healthy reviewer misses, where no difficulty is given."),
    ] = 0.10,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Measure reliance over decisions made elsewhere. The home is not opened."""
    from audit.errors import Invalid  # noqa: PLC0415
    from audit.oversight.replay import replayed  # noqa: PLC0415
    from drafting.overseeing.elsewhere import decisions_of  # noqa: PLC0415

    if not 0 < expected < 1:
        raise Invalid(f"--expected is {expected}.", remedy="Give a share between 0 and 1, both excluded.")
    tree = {"file": file.name, "expected": expected, **replayed(decisions_of(file), expected=expected)}
    pooled = tree["pooled"]
    lines = [f"{file.name}: {pooled['n']} decisions of {len(tree['reviewers'])} reviewers"]
    lines += [_line(name, value) for name, value in pooled.items() if isinstance(value, dict)]
    reached = sum(run["alarm_at"] is not None for run in tree["detector"])
    lines.append(
        f"alarm: {reached} of {len(tree['detector'])} reviewers reach the threshold of the private notice; --json names them"
    )
    emit(tree, as_json=as_json, text="\n".join(lines))


def _line(name: str, figure: dict[str, Any]) -> str:
    """Return a figure with its interval and n, or why it is withheld."""
    name = name.replace("_", " ")
    if figure["value"] is None:
        return f"{name}: withheld ({figure['reason']})"
    return f"{name}: {figure['value']:.4g} ({figure['low']:.4g} to {figure['high']:.4g}), n = {figure['n']}"
