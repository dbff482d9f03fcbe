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
    """Count decisions on machine-drafted sentences per reviewer, with intervals and n."""
    from drafting.oversight import measures  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        tree = measures(ctx, site_only=site)
    lines = [f"site: {tree['site']['decisions']} decisions"]
    lines += [f"{r['reviewer']} ({r['capacity']}): {r['decisions']} decisions" for r in tree["reviewers"]]
    emit(tree, as_json=as_json, text="\n".join(lines))


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
