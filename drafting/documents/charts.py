"""One definition of a control chart for screen and document: an individuals chart above its moving ranges, as Vega-Lite."""

import json
from decimal import Decimal
from typing import Any

from drafting.model import Chart

ACCENT, SIGNAL, CONTROL, LIMIT = "#0f5c63", "#b3261e", "#7a8790", "#8a5a00"


def chart_spec(chart: Chart, *, marked_batch: str = "", width: int = 620) -> dict[str, Any]:
    """Return the chart's Vega-Lite definition; decimals become floats here, for drawing only."""
    import altair as alt  # noqa: PLC0415 - half a second to import

    values = [Decimal(point.value) for point in chart.points]
    rows = [
        {
            "order": number, "batch": point.batch, "value": float(value), "signal": point.signal, "marked": point.batch == marked_batch,
            "range": None if number == 1 else float(abs(value - values[number - 2])),
        }
        for number, (point, value) in enumerate(zip(chart.points, values, strict=True), start=1)
    ]  # fmt: skip
    data = alt.Data(values=rows)
    x = alt.X("order:Q", title="batch, in order of manufacture", axis=alt.Axis(tickMinStep=1))
    unit = f", {chart.unit}" if chart.unit else ""
    y = alt.Y("value:Q", title=f"{chart.attribute}{unit}", scale=alt.Scale(zero=False))
    tooltip = [alt.Tooltip("batch:N"), alt.Tooltip("value:Q")]
    layers: list[Any] = [
        alt.Chart(data).mark_line(color=ACCENT, strokeWidth=0.8, opacity=0.6).encode(x=x, y=y),
        alt.Chart(data).mark_point(filled=True, size=16, color=ACCENT).encode(x=x, y=y, tooltip=tooltip),
        alt.Chart(data)
        .mark_point(filled=True, size=42, color=SIGNAL, shape="diamond")
        .encode(x=x, y=y)
        .transform_filter("datum.signal"),
        alt.Chart(data).mark_point(filled=False, size=160, color=SIGNAL).encode(x=x, y=y).transform_filter("datum.marked"),
    ]
    for value, colour, dash in (
        (chart.centre, CONTROL, [1, 0]), (chart.lower_control, CONTROL, [4, 3]), (chart.upper_control, CONTROL, [4, 3]),
        (chart.lower_limit, LIMIT, [1, 0]), (chart.upper_limit, LIMIT, [1, 0]),
    ):  # fmt: skip
        if value:
            layers.append(
                alt.Chart(alt.Data(values=[{"at": float(value)}])).mark_rule(color=colour, strokeDash=dash).encode(y="at:Q")
            )
    moving = alt.Chart(data).mark_line(color=CONTROL, strokeWidth=0.8, point={"size": 8, "color": CONTROL})
    moving = moving.encode(x=x, y=alt.Y("range:Q", title="moving range")).properties(width=width, height=70)
    upper = alt.layer(*layers).properties(width=width, height=190, title=_title(alt, chart))
    spec: dict[str, Any] = json.loads(alt.vconcat(upper, moving).configure_view(stroke=None).to_json())
    return spec


def _title(alt: Any, chart: Chart) -> Any:
    subtitle = [chart.method]
    if chart.limit_source:
        word = "synthetic specification" if chart.synthetic_limits else "specification"
        subtitle.append(f"solid lines: limits of {word} {chart.limit_source}; dashed: control limits; diamonds: signals")
    return alt.TitleParams(chart.title, subtitle=subtitle, anchor="start", fontSize=12, subtitleFontSize=10)


def chart_png(chart: Chart, *, scale: float = 2.0) -> bytes:
    """Draw the chart as PNG, offline."""
    import vl_convert  # noqa: PLC0415 - only where a picture is drawn

    drawn: bytes = vl_convert.vegalite_to_png(chart_spec(chart), scale=scale)
    return drawn
