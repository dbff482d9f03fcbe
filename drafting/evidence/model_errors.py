"""Errors of prediction (predicted less measured) of one model and attribute: by version, on charts, against the version before. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import TypeVar

from audit.canonical import canonical, digest
from drafting.evidence.collected import Collected
from drafting.evidence.model_records import DAYS, PREDICTION, Prediction, Run, name_of, text
from drafting.evidence.scope import Loaded
from drafting.model import Chart, Fact, Point
from drafting.statistics.basis import VERSION, NotGiven
from drafting.statistics.charts import Baseline, ControlChart, Panel, Parameters, individuals_chart
from drafting.statistics.exact import as_decimal, places_of, root, rounded, summarise
from drafting.statistics.memory import ewma_chart
from drafting.statistics.shift import shift

One = TypeVar("One", Prediction, Run)
# Runs of a first version from which limits are taken; below, limits are those of all runs of the period.
SMALLEST_BASELINE = 10
COLUMNS = (
    "Model", "Version", "Locked", "Attribute", "Unit", "n", "Mean error", "SD", "RMSE", "Within the limit of error", "I-MR signals", "EWMA signals"
)  # fmt: skip
NOTE = "Error: predicted less measured. SD with n - 1; RMSE: root mean square error. Signals against the limits of the charts below."


def add(loaded: Loaded, into: Collected, key: str, found: Sequence[Prediction], inside: Sequence[Prediction]) -> None:
    """Add the figures and charts of one model and attribute: `found` is everything up to the end of the period, `inside` the period's."""
    measured = [p for p in inside if p.error is not None]
    attribute = text(inside[0].record, "attribute")
    inputs = _inputs(loaded, inside)
    named = (("attribute", loaded.label(attribute)), ("model", text(inside[0].record, "model_id")))
    into.add_facts([Fact(f"{key}.{name}", value, value, "", len(measured), "as recorded", inputs) for name, value in named])
    for name, number in (("predictions", len(measured)), ("unmeasured", len(inside) - len(measured))):
        into.add_facts([_count(f"{key}.{name}", number, len(inside), name, inputs)])
    if not measured:
        return
    history = [p for p in found if p.error is not None]
    baseline, versions = baseline_of(history), began(measured, history)
    values = _errors(measured)
    imr, ewma = individuals_chart(values, baseline=baseline), ewma_chart(values, baseline=baseline)
    places = min(places_of(values, 4) + 1, 4)
    beyond_by: dict[str, set[int]] = {}
    for name, made in (("signals", imr), ("drift.signals", ewma)):
        if isinstance(made, NotGiven):
            continue
        at = outside(made.location)
        beyond_by[name] = at
        first = {"first": f"{PREDICTION}/{measured[min(at)].record.identifier}"} if at else {}
        into.add_facts([_count(f"{key}.{name}", len(at), len(values), made.basis.method, {**inputs, **first})])
        into.charts.append(_chart(loaded, key, measured, versions, made, at, places))
    for version in dict.fromkeys(p.version for p in measured):
        of_version = _inputs(loaded, [p for p in inside if p.version == version])
        _version(into, key, measured, version, of_version, beyond_by, places)
    _moves(into, key, history, measured, places)


def baseline_of(history: Sequence[Prediction]) -> Baseline | None:
    """Return the limits of the first version on record, over its first unbroken use; None where that is too short."""
    first = phase_one(history)
    made = individuals_chart(_errors(first)) if first else None
    return frozen(made.parameters, first) if isinstance(made, ControlChart) and made.parameters.sigma else None


def phase_one(history: Sequence[One]) -> list[One]:
    """Return what was done under the first version on record before another came; nothing where that is too little, or all there is."""
    first = list(takewhile(lambda one: one.version == history[0].version, history))
    return first if SMALLEST_BASELINE <= len(first) < len(history) else []


def began(found: Sequence[One], history: Sequence[One]) -> list[str]:
    """Return for each of `found` the version that began with it, "" where none did."""
    before = {after.record.identifier: before.version for before, after in pairwise(history)}
    return [
        f"version {one.version}" if before.get(one.record.identifier, one.version) != one.version else "" for one in found
    ]


def chart_method(made: ControlChart, at: set[int], found: Sequence[One]) -> str:
    """Return how a chart was made, and whether its records are synthetic."""
    synthetic = "; synthetic records" if all(one.record.document.synthetic for one in found) else ""
    return f"{made.basis.stated}, {len(at)} signal(s) beyond the limits{synthetic}"


def frozen(parameters: Parameters, first: Sequence[One]) -> Baseline:
    """Return parameters as the baseline of the days that they were found from."""
    begun, ended = (date.fromisoformat(text(one.record, DAYS[one.record.kind])[:10]) for one in (first[0], first[-1]))
    return Baseline(parameters, begun, ended)


def outside(panel: Panel) -> set[int]:
    """Return the positions of points beyond the limits."""
    ends = zip(panel.points, panel.lower, panel.upper, strict=True)
    return {i for i, (point, low, high) in enumerate(ends) if not low <= point <= high}


def beyond(one: Prediction) -> bool:
    """Tell whether the error of a prediction exceeds the limit stated with it."""
    return one.error is not None and one.limit is not None and abs(one.error) > one.limit


def labels(found: Sequence[One]) -> list[str]:
    """Return the batch of each as a chart names its point; a batch that comes again is numbered."""
    seen: dict[str, int] = {}
    made = []
    for one in found:
        batch = text(one.record, "batch")
        seen[batch] = seen.get(batch, 0) + 1
        made.append(batch if seen[batch] == 1 else f"{batch} ({seen[batch]})")
    return made


def rows(into: Collected, key: str, inside: Sequence[Prediction]) -> list[tuple[str, ...]]:
    """Return the table rows of a model and attribute, a version each."""
    return [_row(into, key, version, inside) for version in _versions(inside)]


def refs(key: str, inside: Sequence[Prediction]) -> list[str]:
    """Return what stands behind each row."""
    return [f"fact:{name_of(key, version)}.predictions" for version in _versions(inside)]


def _versions(inside: Sequence[Prediction]) -> list[str]:
    return list(dict.fromkeys(p.version for p in inside if p.error is not None))


def _row(into: Collected, key: str, version: str, inside: Sequence[Prediction]) -> tuple[str, ...]:
    name = name_of(key, version)

    def value(stat: str) -> str:
        fact = into.facts.get(f"{name}.{stat}")
        return fact.value if fact else "-"

    locked = {text(p.record, "locked") or "not recorded" for p in inside if p.version == version}
    within = f"{value('within')} of {value('judged')}" if f"{name}.within" in into.facts else "no limit stated"
    return (
        into.facts[f"{key}.model"].value, version, ", ".join(sorted(locked)), into.facts[f"{key}.attribute"].value,
        text(inside[0].record, "unit") or "-", value("predictions"), value("mean_error"), value("sd_error"), value("rmse"), within, value("signals"),
        value("drift.signals"),
    )  # fmt: skip


def _errors(found: Sequence[Prediction]) -> list[Decimal]:
    return [p.error for p in found if p.error is not None]


def _version(
    into: Collected,
    key: str,
    measured: Sequence[Prediction],
    version: str,
    inputs: dict[str, object],
    at: dict[str, set[int]],
    places: int,
) -> None:
    mine = [i for i, p in enumerate(measured) if p.version == version]
    chosen = [measured[i] for i in mine]
    values, name = _errors(chosen), name_of(key, version)
    summary, unit = summarise(values), text(chosen[0].record, "unit")
    squares = sum((Fraction(v) * Fraction(v) for v in values), Fraction(0)) / len(values)
    figures = [("mean_error", as_decimal(summary.mean)), ("rmse", root(squares))]
    figures += [("sd_error", summary.sd)] if summary.sd is not None else []
    n = len(values)
    method = f"{{}} v{VERSION}, predicted less measured, exact sums of decimals, rounded half up"
    into.add_facts(
        [
            Fact(f"{name}.version", version, version, "", n, "as recorded", inputs),
            _count(f"{name}.predictions", n, n, "n", inputs),
        ]
    )
    into.add_facts([Fact(f"{name}.{s}", _said(v, places), str(v), unit, n, method.format(s), inputs) for s, v in figures])
    judged = [p for p in chosen if p.limit is not None]
    if judged:
        within = sum(not beyond(p) for p in judged)
        told = f"error held against the limit stated with each prediction v{VERSION}"
        into.add_facts(
            [
                _count(f"{name}.within", within, len(judged), told, inputs),
                _count(f"{name}.judged", len(judged), len(judged), told, inputs),
            ]
        )
    into.add_facts(
        [
            _count(f"{name}.{stat}", len(places_at & set(mine)), n, f"{stat} of the chart", inputs)
            for stat, places_at in at.items()
        ]
    )


def _moves(into: Collected, key: str, history: Sequence[Prediction], measured: Sequence[Prediction], places: int) -> None:
    """Add by how much the mean error moved from each version to the next one used in the period."""
    order = list(dict.fromkeys(p.version for p in history))
    used = {p.version for p in measured}
    for before, after in pairwise(order):
        sides = [_errors([p for p in history if p.version == v]) for v in (before, after)]
        made = shift(sides[0], sides[1])
        if after not in used or isinstance(made, NotGiven):
            continue
        unit = text(measured[0].record, "unit")
        inputs = {
            "query": f"errors of version {after} less those of version {before}",
            "hash": digest(canonical([list(map(str, s)) for s in sides])),
        }
        ends = (("moved", made.difference.value), ("moved_low", made.difference.low), ("moved_high", made.difference.high))
        name = name_of(key, after)
        into.add_facts(
            [
                Fact(f"{name}.{s}", _said(v, places), str(v), unit, made.basis.n, made.basis.stated, inputs)
                for s, v in ends
                if v is not None
            ]
        )
        into.add_facts([Fact(f"{name}.before", before, before, "", made.n_before, "as recorded", inputs)])


def _count(name: str, number: int, n: int, method: str, inputs: dict[str, object]) -> Fact:
    return Fact(name, str(number), str(number), "", n, method, inputs)


def _said(value: Decimal, places: int) -> str:
    return str(rounded(value, places) + 0)  # no "-0.00"


def _inputs(loaded: Loaded, found: Sequence[Prediction]) -> dict[str, object]:
    documents = sorted({p.record.document.name for p in found})
    return {
        "columns": [f"{name}: {column}" for name in documents for column in ("predicted", "measured")],
        "query": f"product {loaded.scope.product}, {loaded.scope.period_from} to {loaded.scope.period_to}, by day of prediction",
        "missing": sum(p.error is None for p in found),
        "hash": digest(
            canonical([[p.record.identifier, text(p.record, "predicted"), text(p.record, "measured")] for p in found])
        ),
    }


def _chart(
    loaded: Loaded,
    key: str,
    measured: Sequence[Prediction],
    versions: Sequence[str],
    made: ControlChart,
    at: set[int],
    places: int,
) -> Chart:
    def said(value: Decimal) -> str:
        return _said(value, places)

    panel, moving = made.location, made.spread
    single = moving is None
    attribute, unit = text(measured[0].record, "attribute"), text(measured[0].record, "unit")
    model = text(measured[0].record, "model_id")
    what = "weighted average of the error of prediction" if single else "error of prediction"
    points = tuple(
        Point(
            label, text(p.record, "predicted_on"), said(panel.points[i]), i in at,
            said(panel.lower[i]) if single else "", said(panel.upper[i]) if single else "", versions[i],
        )
        for i, (p, label) in enumerate(zip(measured, labels(measured), strict=True))
    )  # fmt: skip
    return Chart(
        id=f"{'ewma' if single else 'imr'}.{key}",
        title=f"{model}, {loaded.label(attribute)}: {what}, by batch",
        attribute=f"{key}.drift" if single else key,
        label=what.capitalize(),
        unit=unit,
        points=points,
        centre=said(panel.centre[0]),
        lower_control="" if single else said(panel.lower[0]),
        upper_control="" if single else said(panel.upper[0]),
        method=chart_method(made, at, measured),
        moving_range_mean=said(moving.centre[0]) if moving else "",
        moving_range_upper=said(moving.upper[0]) if moving else "",
        kind="EWMA" if single else "",
    )
