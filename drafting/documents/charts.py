"""Draw the control chart of an attribute: one Vega-Lite definition, shown on screen and printed in the document.

Individuals above, moving ranges below. A signal differs by shape and by colour, so that it survives grey print. Decimal text
becomes a float here and nowhere else, and only to place a mark: labels carry the text as written.
"""

import json
import textwrap
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from drafting.model import Chart

INK, LIMIT, SPECIFICATION, SIGNAL, RING, CHANGE = "#1f3a5f", "#5b6b7b", "#8a6d3b", "#b42318", "#7a3e9d", "#2f6f4f"
FONT = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
STATES = ("no signal", "signal")
SCREEN_HEIGHTS, PRINTED_HEIGHTS = (230, 90), (128, 56)  # of individuals and of ranges, in pixels
MOST_LABELS = 45
AXIS_LETTERS = 22
LABELS = {"labelAngle": -60, "labelFontSize": 9, "labelOverlap": False}
CROWDED = 120  # from here on points are drawn small
LABEL_PIXELS = 12  # least distance of two labels at the right edge
BESIDE, CHARACTER = 120, 6  # pixels of axis and labels beside the plot, and of one character of the subtitle
PICTURES_KEPT = 64  # a fifth of a second each, some 50 kB
DEFINITIONS_KEPT = 256  # pure, and asked for at every run of a screen
POINTS, RANGES = "points", "ranges"  # data by name: Altair copies inline data once for each layer above it


@dataclass(frozen=True)
class _Line:
    name: str
    text: str
    colour: str
    dash: tuple[int, ...]


def chart_spec(chart: Chart, *, marked_batch: str = "", width: int = 620, printed: bool = False) -> dict[str, Any]:
    """Return the Vega-Lite definition of `chart`; `marked_batch` gets a ring, `width` is the plot's in pixels.

    Points whose value is no number are left out. `printed` is for a page whose caption says what the title says on a screen:
    lower, and without it. Equal input gives an equal definition.
    """
    spec: dict[str, Any] = json.loads(_definition(chart, marked_batch, width, printed=printed))
    return spec


@lru_cache(maxsize=DEFINITIONS_KEPT)
def _definition(chart: Chart, marked_batch: str, width: int, *, printed: bool) -> str:
    import altair as alt  # noqa: PLC0415 - heavy, and only drawing needs it

    rows = _rows(chart, marked_batch)
    upper, lower = PRINTED_HEIGHTS if printed else SCREEN_HEIGHTS
    panels = [_individuals(alt, chart, rows, (width, upper))]
    if len(rows) > 1 and not chart.kind:
        panels.append(_ranges(alt, chart, rows[1:], [r["batch"] for r in rows], (width, lower)))
    drawn = alt.vconcat(*panels, spacing=8 if printed else 14).resolve_scale(color="independent", shape="independent")
    if not printed:
        title = alt.TitleParams(chart.title, subtitle=_subtitle(chart, len(rows), width), anchor="start", offset=8)
        drawn = drawn.properties(title=title)
    drawn = drawn.configure(font=FONT, background="white").configure_view(stroke="#d5dae0")
    drawn = drawn.configure_title(fontSize=14, subtitleFontSize=11, subtitleColor="#475467")
    spec = drawn.configure_axis(grid=False, labelFontSize=10, titleFontSize=11).to_dict()
    return json.dumps({**spec, "datasets": {**spec.get("datasets", {}), POINTS: rows, RANGES: rows[1:]}})


@lru_cache(maxsize=PICTURES_KEPT)
def chart_png(chart: Chart, scale: float = 2, *, printed: bool = False) -> bytes:
    """Return the chart as a PNG, drawn offline; `printed` as for its definition."""
    import vl_convert  # noqa: PLC0415 - heavy, and only drawing needs it

    drawn: bytes = vl_convert.vegalite_to_png(chart_spec(chart, printed=printed), scale=scale)
    return drawn


def drawn_count(chart: Chart) -> int:
    """Return how many points the chart draws: those whose value is a number."""
    return sum(_number(point.value) is not None for point in chart.points)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _placed(text: str) -> float | None:
    value = _number(text)
    return None if value is None else float(value)


def _rows(chart: Chart, marked: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before: Decimal | None = None
    for point in chart.points:
        value = _number(point.value)
        if value is None:
            continue
        moved = None if before is None else abs(value - before)
        rows.append({
            "batch": point.batch, "date": point.date, "written": point.value, "value": float(value),
            "range": None if moved is None else float(moved), "range written": "" if moved is None else str(moved),
            "state": STATES[point.signal], "range state": STATES[point.range_signal], "marked": bool(marked) and point.batch == marked,
            "lower": _placed(point.lower), "upper": _placed(point.upper), "change": point.change,
        })  # fmt: skip
        before = value
    return rows


def _subtitle(chart: Chart, count: int, width: int) -> list[str]:
    told = f"n = {count}"  # of the points that are drawn
    lines = [chart.method if told in chart.method else f"{told}; {chart.method}".rstrip("; ")]
    if chart.lower_limit or chart.upper_limit:
        source = f" ({chart.limit_source})" if chart.limit_source else ""
        lines.append(f"Specification limits{source}{' - SYNTHETIC limits' if chart.synthetic_limits else ''}")
    return [part for line in lines for part in textwrap.wrap(line, (width + BESIDE) // CHARACTER)]


def _axis(chart: Chart, what: str = "") -> str:
    return (what or chart.label or chart.attribute) + (f" ({chart.unit})" if chart.unit else "")


def _axis_title(chart: Chart, what: str = "") -> list[str]:
    """Return an axis title in lines short enough to stand beside a low plot."""
    return textwrap.wrap(_axis(chart, what), AXIS_LETTERS, break_long_words=False)


def _individuals(alt: Any, chart: Chart, rows: list[dict[str, Any]], size: tuple[int, int]) -> Any:
    lines = [
        _Line("centre", chart.centre, LIMIT, (1, 0)),
        _Line("lower control", chart.lower_control, LIMIT, (5, 4)),
        _Line("upper control", chart.upper_control, LIMIT, (5, 4)),
        _Line("lower spec.", chart.lower_limit, SPECIFICATION, (1, 0)),
        _Line("upper spec.", chart.upper_limit, SPECIFICATION, (1, 0)),
    ]
    values = [row["value"] for row in rows]
    own = [end for row in rows for end in (row["lower"], row["upper"]) if end is not None]
    low, high = _domain([*values, *own], lines)
    scale = alt.Scale(domain=[r["batch"] for r in rows])  # an order by `sort` costs seconds from 500 batches on
    axis = (
        _batches(alt, chart, [r["batch"] for r in rows]) if chart.kind else alt.Axis(labels=False, ticks=False, title=None)
    )
    x = alt.X("batch:N", sort=None, scale=scale, axis=axis)
    y = alt.Y("value:Q", title=_axis_title(chart), scale=alt.Scale(domain=[low, high], nice=False, zero=False))
    base = alt.Chart(alt.NamedData(POINTS)).encode(x=x, y=y)
    dot = alt.condition("datum.state == 'signal'", alt.value(60), alt.value(42 if len(rows) <= CROWDED else 14))
    key = alt.Legend(title=None, orient="top", direction="horizontal", offset=4)
    state = {
        "shape": alt.Shape("state:N", scale=alt.Scale(domain=list(STATES), range=["circle", "triangle-up"]), legend=key),
        "color": alt.Color("state:N", scale=alt.Scale(domain=list(STATES), range=[INK, SIGNAL]), legend=key),
    }
    tips = [
        alt.Tooltip("batch:N"),
        alt.Tooltip("date:N"),
        alt.Tooltip("written:N", title=_axis(chart)),
        alt.Tooltip("state:N"),
    ]
    layers = _rules(alt, lines, (low, high), size)
    for end in ("lower", "upper") if own else ():
        layers.append(base.encode(y=f"{end}:Q").mark_line(color=LIMIT, strokeWidth=1, strokeDash=[5, 4], interpolate="step"))
    layers.append(base.mark_line(color="#9fb0c3", strokeWidth=1))
    layers.append(base.mark_point(filled=True, opacity=1).encode(tooltip=tips, size=dot, **state))
    if any(row["change"] for row in rows):
        layers += _changes(alt, rows, x, high)
    if any(row["marked"] for row in rows):
        ring = base.transform_filter("datum.marked").mark_point(filled=False, size=240, strokeWidth=2, color=RING)
        layers.append(ring)
    return alt.layer(*layers).properties(width=size[0], height=size[1])


def _changes(alt: Any, rows: list[dict[str, Any]], x: Any, top: float) -> list[Any]:
    """Return a line at the first batch of each change, with the identifier of the change along it."""
    began = alt.Chart(alt.InlineData(values=[row for row in rows if row["change"]])).encode(x=x)
    named = began.mark_text(angle=270, align="right", baseline="top", dx=-2, dy=2, fontSize=8, color=CHANGE)
    return [
        began.mark_rule(color=CHANGE, strokeWidth=1, strokeDash=[2, 3]),
        named.encode(y=alt.datum(top), text="change:N"),
    ]


def _ranges(alt: Any, chart: Chart, rows: list[dict[str, Any]], order: list[str], size: tuple[int, int]) -> Any:
    lines = [
        _Line("mean", chart.moving_range_mean, LIMIT, (1, 0)),
        _Line("upper control", chart.moving_range_upper, LIMIT, (5, 4)),
    ]
    _, high = _domain([row["range"] for row in rows], lines)
    x = alt.X("batch:N", sort=None, scale=alt.Scale(domain=order), axis=_batches(alt, chart, order))
    y = alt.Y("range:Q", title=_axis_title(chart, "Moving range"), scale=alt.Scale(domain=[0, high], nice=False))
    base = alt.Chart(alt.NamedData(RANGES)).encode(x=x, y=y)
    tips = [alt.Tooltip("batch:N"), alt.Tooltip("range written:N", title="Moving range")]
    layers = _rules(alt, lines, (0.0, high), size)
    dot = alt.condition("datum['range state'] == 'signal'", alt.value(60), alt.value(24 if len(rows) <= CROWDED else 8))
    state = {
        "shape": alt.Shape(
            "range state:N", scale=alt.Scale(domain=list(STATES), range=["circle", "triangle-up"]), legend=None
        ),
        "color": alt.Color("range state:N", scale=alt.Scale(domain=list(STATES), range=[INK, SIGNAL]), legend=None),
    }
    layers += [
        base.mark_line(color="#9fb0c3", strokeWidth=1),
        base.mark_point(filled=True, opacity=1).encode(tooltip=tips, size=dot, **state),
    ]
    return alt.layer(*layers).properties(width=size[0], height=size[1])


def _batches(alt: Any, chart: Chart, order: list[str]) -> Any:
    return alt.Axis(
        title=chart.points_are or "Batch, in order of manufacture", values=order[:: -(-len(order) // MOST_LABELS)], **LABELS
    )


def _domain(values: list[float], lines: list[_Line]) -> tuple[float, float]:
    drawn = values + [float(v) for line in lines if (v := _number(line.text)) is not None]
    if not drawn:
        return 0.0, 1.0
    low, high = min(drawn), max(drawn)
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return low - margin, high + margin


def _rules(alt: Any, lines: list[_Line], domain: tuple[float, float], size: tuple[int, int]) -> list[Any]:
    numbered = [(float(v), line) for line in lines if (v := _number(line.text)) is not None]
    numbered.sort(key=lambda pair: pair[0])
    step = (domain[1] - domain[0]) * LABEL_PIXELS / size[1]
    layers: list[Any] = []
    above = domain[0] - step
    for value, line in numbered:
        data = alt.InlineData(values=[{"y": value, "label": f"{line.name} {line.text}"}])
        layers.append(alt.Chart(data).mark_rule(color=line.colour, strokeDash=list(line.dash)).encode(y="y:Q"))
        above = max(value, above + step)
        label = alt.InlineData(values=[{"y": above, "label": f"{line.name} {line.text}"}])
        mark = alt.Chart(label).mark_text(align="left", dx=5, fontSize=10, color=line.colour, clip=False)
        layers.append(mark.encode(x=alt.value(size[0]), y="y:Q", text="label:N"))
    return layers
