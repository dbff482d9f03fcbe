"""Charts that remember: EWMA and tabular CUSUM, for small and lasting shifts. Pure.

EWMA: e_i = w x_i + (1 - w) e_(i-1), e_0 = centre; limits centre +- width sigma sqrt(w / (2 - w) (1 - (1 - w)^(2 i))). CUSUM: upper and lower sums of
what exceeds the slack (in sigma), signal above the interval (in sigma). Centre and sigma are those of the I-MR chart, or of its approved baseline.
Run rules do not apply: neighbouring points share most of their values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.charts import Baseline, ChartKind, ControlChart, Panel, Parameters, charted, individuals_chart
from drafting.statistics.exact import WORKING

WEIGHT = Decimal("0.2")
WIDTH = Decimal(3)
SLACK = Decimal("0.5")
INTERVAL = Decimal(5)


@dataclass(frozen=True)
class Cusum:
    """Sums above and below the centre, in sigma, and the positions where either exceeds the decision interval."""

    above: tuple[Decimal, ...]
    below: tuple[Decimal, ...]
    slack: Decimal
    interval: Decimal
    signals: tuple[int, ...]
    parameters: Parameters
    basis: Basis
    baseline: Baseline | None = None


def ewma_chart(
    values: Sequence[Decimal],
    *,
    weight: Decimal = WEIGHT,
    width: Decimal = WIDTH,
    baseline: Baseline | None = None,
    excluded: tuple[Exclusion, ...] = (),
) -> ControlChart | NotGiven:
    """Chart the exponentially weighted moving average of values in order of manufacture; the baseline is that of an I-MR chart."""
    basis = Basis(f"EWMA, weight {weight}, limits at {width} sigma", len(values), excluded)
    found = _parameters(values, baseline, basis)
    if isinstance(found, NotGiven):
        return found
    points: list[Decimal] = []
    halves: list[Decimal] = []
    with localcontext(WORKING):
        before, forgotten = found.centre, Decimal(1)
        for value in values:
            before = weight * value + (1 - weight) * before
            forgotten *= (1 - weight) ** 2
            points.append(before)
            halves.append(width * found.sigma * (weight / (2 - weight) * (1 - forgotten)).sqrt())
        lower = tuple(found.centre - half for half in halves)
        upper = tuple(found.centre + half for half in halves)
    panel = Panel("weighted average", tuple(points), (found.centre,) * len(points), lower, upper)
    kind = Parameters(ChartKind.EWMA, found.centre, found.sigma, found.basis)
    return charted(kind, panel, None, baseline, basis)


def cusum_chart(
    values: Sequence[Decimal],
    *,
    slack: Decimal = SLACK,
    interval: Decimal = INTERVAL,
    baseline: Baseline | None = None,
    excluded: tuple[Exclusion, ...] = (),
) -> Cusum | NotGiven:
    """Sum what exceeds the slack on each side of the centre; the baseline is that of an I-MR chart."""
    basis = Basis(f"CUSUM, slack {slack} sigma, interval {interval} sigma", len(values), excluded)
    found = _parameters(values, baseline, basis)
    if isinstance(found, NotGiven):
        return found
    above: list[Decimal] = []
    below: list[Decimal] = []
    high = low = Decimal(0)
    with localcontext(WORKING):
        for value in values:
            z = (value - found.centre) / found.sigma
            high, low = max(Decimal(0), high + z - slack), max(Decimal(0), low - z - slack)
            above.append(high)
            below.append(low)
    signals = tuple(i for i, pair in enumerate(zip(above, below, strict=True)) if max(pair) > interval)
    kind = Parameters(ChartKind.CUSUM, found.centre, found.sigma, found.basis)
    return Cusum(tuple(above), tuple(below), slack, interval, signals, kind, basis, baseline)


def _parameters(values: Sequence[Decimal], baseline: Baseline | None, basis: Basis) -> Parameters | NotGiven:
    chart = individuals_chart(values, baseline=baseline)
    if isinstance(chart, NotGiven):
        return NotGiven(chart.reason, basis)
    if not chart.parameters.sigma:
        return NotGiven("the values do not vary", basis)
    return chart.parameters
