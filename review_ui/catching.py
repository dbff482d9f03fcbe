"""Oversight checks and their figures in words, and the chart of catch rates with their intervals. Pure but for drawing."""

from collections.abc import Mapping, Sequence
from typing import Any

from audit.oversight.model import Estimate, Family, Outcome
from drafting.probes.qualification import CLEAN, FAULTS, MOST_MISSED, MOST_OBJECTED, Run
from review_ui.presenters import Badge

BADGES = {
    Outcome.CAUGHT: Badge("caught", ":material/check:", "green"),
    Outcome.UNLOCATED: Badge("caught, place not marked", ":material/location_off:", "blue"),
    Outcome.MISSED: Badge("not noticed", ":material/visibility_off:", "orange"),
    Outcome.VOID: Badge("does not count", ":material/block:", "gray"),
}
RULE = f"A run is within the rule, and can be certified, with at most {MOST_MISSED} of {FAULTS} faults not located, and at most {MOST_OBJECTED} of {CLEAN} sections without a fault objected to."
TOO_OLD = "ended a year ago or earlier and carries no certificate any more: a new run is needed."
INK = "#0f5c63"
AXIS, LINE = 80, 52  # pixels of the axis, and of a family, in the chart: its height is fitted around both


def percent(value: float | None) -> str:
    """Return a share as people read it."""
    return "" if value is None else f"{100 * value:.0f} %"


def interval(figure: Estimate) -> str:
    """Return the interval with n, or why the figure is withheld."""
    if figure.value is None:
        return figure.reason
    return f"95 % interval {percent(figure.low)} to {percent(figure.high)}, n\u00a0=\u00a0{figure.n}"


def headline(figure: Estimate) -> str:
    """Return the figure, or that it is withheld."""
    return "withheld" if figure.value is None else percent(figure.value)


def standing(run: Run) -> str:
    """Return how far a run is, or its result against the rule."""
    if not run.ended:
        return f"{run.decided} of {len(run.items)} decided"
    caught = f"{run.faults - run.missed} of {run.faults} faults located, {run.objected} of {run.clean} sections without a fault objected to"
    if run.certified:
        return f"{caught}; certified by {run.certified}"
    if not run.passed:
        return f"{caught}; outside the rule"
    return f"{caught}; within the rule" + (", ended a year ago or earlier" if run.old else "")


def next_for(runs: Sequence[Run]) -> str:
    """Return what leads to a certificate for who holds none, from their runs, the newest first."""
    waits = next((run.number for run in runs if run.certifiable), "")
    if waits:
        return f"{waits} is within the rule: the training lead certifies it next."
    old = next((run.number for run in runs if run.passed and run.old and not run.certified), "")
    if old:
        return f"{old} {TOO_OLD}"
    return "Work through a run; the training lead then certifies it."


def families_chart(families: Mapping[Family, Estimate], *, width: int = 420) -> dict[str, Any] | None:
    """Return the Vega-Lite definition of catch rates by family with their intervals; None where every one is withheld."""
    import altair as alt  # noqa: PLC0415 - heavy, and only drawing needs it

    rows = [
        {
            "family": str(family),
            "value": e.value,
            "low": e.low,
            "high": e.high,
            "said": f"{percent(e.value)} ({percent(e.low)} to {percent(e.high)}, n = {e.n})",
        }
        for family, e in families.items()
        if e.value is not None
    ]
    if not rows:
        return None
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("family:N", title=None, sort=[str(f) for f in families], axis=alt.Axis(labelLimit=180))
    )
    scale, shares = alt.Scale(domain=[0, 1]), alt.Axis(format="%", title="Catch rate, 95 % interval", tickCount=5)
    drawn = base.mark_rule(color=INK, strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, axis=shares), x2="high:Q"
    ) + base.mark_point(color=INK, filled=True, size=80, opacity=1).encode(x="value:Q")
    drawn += base.mark_text(dx=6, dy=-14, align="left", color="#17242b").encode(x=alt.value(0), text="said:N")
    drawn = drawn.properties(width=width, height=AXIS + LINE * len(rows))
    spec: dict[str, Any] = drawn.configure_axis(labelFontSize=13, titleFontSize=13).configure_text(fontSize=13).to_dict()
    return spec
