"""The picture of a section before its key figures were stated: what they are found in, and nothing that says them. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from drafting.evidence_first.figures import Figure
from drafting.model import Chart
from drafting.readmodel import Missing, SectionView

FIRST = Missing("State the key figures before the draft is shown.", "asked")


def before_draft(view: SectionView, figures: Sequence[Figure]) -> SectionView:
    """Return a section's picture with the figures that are asked, the tables of records and the values that they are found in."""
    tables, charts = {table for figure in figures for table in figure.tables}, {figure.chart for figure in figures}
    return replace(
        view, asked=tuple(figures), sentences=(), fields=(), findings=(), said=(), notes=(), added=(),
        tables=tuple(table for table in view.tables if table.id in tables),
        charts=tuple(_values(chart) for chart in view.charts if chart.id in charts),
    )  # fmt: skip


def _values(chart: Chart) -> Chart:
    """Return a chart's values and the limits of the specification, without what was computed from them."""
    points = tuple(replace(p, signal=False, range_signal=False, lower="", upper="", change="") for p in chart.points)
    return replace(
        chart, points=points, centre="", lower_control="", upper_control="", moving_range_mean="", moving_range_upper="", method=""
    )  # fmt: skip
