"""Control charts of measured values: I-MR, Xbar-R, Xbar-S, with limits of their own (phase I) or of an approved baseline (phase II). Pure.

A chart has a location panel (values or means) and a spread panel (moving ranges, ranges, deviations). sigma is that of a single value within
subgroups: mean moving range / d2(2), mean range / d2(n), or the weighted mean of s / c4(n) (weights c4^2 / (1 - c4^2): Burr 1969; equal
sizes give mean s / c4). Limits lie at three sigma. Zones of run rules exist on the location panel only: a range has no symmetric zones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.constants import c4, d2, deviation_factors, range_factors
from drafting.statistics.exact import WORKING, as_decimal, of_float, summarise
from drafting.statistics.individuals import D2, D4, individuals, moving_ranges

SMALLEST_GROUP = 2
LARGEST_FOR_RANGES = 8  # above it the range wastes information: deviations are charted
Group = Sequence[Decimal]


class ChartKind(StrEnum):
    """What is charted, and how its sigma is found."""

    INDIVIDUALS = "I-MR"
    XBAR_R = "Xbar-R"
    XBAR_S = "Xbar-S"
    P = "p"
    NP = "np"
    U = "u"
    C = "c"
    EWMA = "EWMA"
    CUSUM = "CUSUM"


@dataclass(frozen=True)
class Parameters:
    """What phase I finds: centre, sigma of one value within subgroups, and Laney's factor of count charts (None: not over-dispersed)."""

    kind: ChartKind
    centre: Decimal
    sigma: Decimal
    basis: Basis
    subgroup_size: int = 1  # 0: sizes differ
    overdispersion: Decimal | None = None


@dataclass(frozen=True)
class Baseline:
    """Parameters that were frozen: their period, who approved them, and when; nobody where a rule chose the values."""

    parameters: Parameters
    period_from: date
    period_to: date
    approved_by: str = ""
    approved_on: date | None = None


@dataclass(frozen=True)
class Panel:
    """Points in order with their centre and limits; `sigma` is empty where zones have no meaning. `offset` is the place of the first point."""

    name: str
    points: tuple[Decimal, ...]
    centre: tuple[Decimal, ...]
    lower: tuple[Decimal, ...]
    upper: tuple[Decimal, ...]
    sigma: tuple[Decimal, ...] = ()
    offset: int = 0


@dataclass(frozen=True)
class ControlChart:
    """A chart with the parameters that its limits rest on; `baseline` is None in phase I."""

    kind: ChartKind
    location: Panel
    spread: Panel | None
    parameters: Parameters
    basis: Basis
    baseline: Baseline | None = None


@dataclass(frozen=True)
class Stratum:
    """The chart of the points that share one level of a known factor, and their places in the whole series."""

    level: str
    positions: tuple[int, ...]
    chart: ControlChart | NotGiven


def individuals_chart(
    values: Sequence[Decimal], *, baseline: Baseline | None = None, excluded: tuple[Exclusion, ...] = ()
) -> ControlChart | NotGiven:
    """Chart one value a batch in order of manufacture, and their moving ranges."""
    basis = Basis("I-MR, sigma = mean moving range / 1.1284", len(values), excluded)

    def estimate() -> Parameters | NotGiven:
        limits = individuals(values, summarise(values)) if values else None
        if limits is None:
            return NotGiven("a moving range needs two values", basis)
        with localcontext(WORKING):
            return Parameters(ChartKind.INDIVIDUALS, limits.centre, limits.moving_range / D2, basis)

    found = settled(ChartKind.INDIVIDUALS, baseline, estimate, basis)
    if isinstance(found, NotGiven):
        return found
    with localcontext(WORKING):
        mean_range, ranges = found.sigma * D2, tuple(moving_ranges(values))
        spread = _panel("moving range", ranges, mean_range, Decimal(0), D4 * mean_range, offset=1)
    location = three_sigma("value", tuple(values), found.centre, (found.sigma,) * len(values))
    return charted(found, location, spread, baseline, basis)


def subgroup_chart(
    groups: Sequence[Group], *, baseline: Baseline | None = None, excluded: tuple[Exclusion, ...] = ()
) -> ControlChart | NotGiven:
    """Chart subgroups by their ranges up to 8 values each, by their deviations above, or where sizes differ."""
    sizes = {len(group) for group in groups}
    by_range = len(sizes) == 1 and max(sizes) <= LARGEST_FOR_RANGES
    return (xbar_r_chart if by_range else xbar_s_chart)(groups, baseline=baseline, excluded=excluded)


def xbar_r_chart(
    groups: Sequence[Group], *, baseline: Baseline | None = None, excluded: tuple[Exclusion, ...] = ()
) -> ControlChart | NotGiven:
    """Chart means and ranges of subgroups of one size, 2 to 8."""
    basis = Basis("Xbar-R, sigma = mean range / d2", sum(map(len, groups)), excluded)
    sizes = {len(group) for group in groups}
    if len(sizes) != 1 or not SMALLEST_GROUP <= (n := sizes.pop()) <= LARGEST_FOR_RANGES:
        return NotGiven("ranges are charted for subgroups of one size, 2 to 8", basis)
    with localcontext(WORKING):
        ranges = tuple(max(group) - min(group) for group in groups)
        means = _means(groups)
        mean_range = sum(ranges, Decimal(0)) / len(ranges)
        own = Parameters(ChartKind.XBAR_R, _grand_mean(groups), mean_range / of_float(d2(n)), basis, n)
        found = settled(ChartKind.XBAR_R, baseline, lambda: own, basis, n)
        if isinstance(found, NotGiven):
            return found
        low, high = map(of_float, range_factors(n))
        centre = found.sigma * of_float(d2(n))
        spread = _panel("range", ranges, centre, low * centre, high * centre)
        of_mean = found.sigma / Decimal(n).sqrt()
    return charted(found, three_sigma("mean", means, found.centre, (of_mean,) * len(means)), spread, baseline, basis)


def xbar_s_chart(
    groups: Sequence[Group], *, baseline: Baseline | None = None, excluded: tuple[Exclusion, ...] = ()
) -> ControlChart | NotGiven:
    """Chart means and standard deviations of subgroups of two or more; sizes may differ, and limits then step."""
    basis = Basis("Xbar-S, sigma = weighted mean of s / c4", sum(map(len, groups)), excluded)
    sizes = [len(group) for group in groups]
    if not groups or min(sizes) < SMALLEST_GROUP:
        return NotGiven("each subgroup needs two values", basis)
    deviations = tuple(summarise(group).sd or Decimal(0) for group in groups)
    expected = [of_float(c4(n)) for n in sizes]
    size = sizes[0] if len(set(sizes)) == 1 else 0
    with localcontext(WORKING):
        weights = [c * c / (1 - c * c) for c in expected]
        weighted = sum((w * s / c for w, s, c in zip(weights, deviations, expected, strict=True)), Decimal(0))
        own = Parameters(ChartKind.XBAR_S, _grand_mean(groups), weighted / sum(weights), basis, size)
        found = settled(ChartKind.XBAR_S, baseline, lambda: own, basis, size)
        if isinstance(found, NotGiven):
            return found
        factors = [tuple(map(of_float, deviation_factors(n))) for n in sizes]
        spread = Panel(
            "standard deviation",
            deviations,
            tuple(c * found.sigma for c in expected),
            tuple(low * found.sigma for low, _ in factors),
            tuple(high * found.sigma for _, high in factors),
        )
        of_means = tuple(found.sigma / Decimal(n).sqrt() for n in sizes)
    return charted(found, three_sigma("mean", _means(groups), found.centre, of_means), spread, baseline, basis)


def strata(
    values: Sequence[Decimal], levels: Sequence[str], chart: Callable[[Sequence[Decimal]], ControlChart | NotGiven]
) -> tuple[Stratum, ...]:
    """Chart each level of a known factor by itself, in order of first appearance; no moving range crosses levels."""
    places: dict[str, list[int]] = {}
    for position, level in enumerate(levels):
        places.setdefault(level, []).append(position)
    return tuple(Stratum(level, tuple(at), chart([values[i] for i in at])) for level, at in places.items())


def settled(
    kind: ChartKind,
    baseline: Baseline | None,
    estimate: Callable[[], Parameters | NotGiven],
    basis: Basis,
    subgroup_size: int = 1,
) -> Parameters | NotGiven:
    """Return the parameters of the approved baseline, or those of the data themselves where there is none."""
    if baseline is None:
        return estimate()
    frozen = baseline.parameters
    if frozen.kind is not kind or frozen.subgroup_size != subgroup_size:
        return NotGiven(
            f"the approved baseline is of another chart: {frozen.kind}, subgroups of {frozen.subgroup_size}", basis
        )
    return frozen


def charted(
    parameters: Parameters, location: Panel, spread: Panel | None, baseline: Baseline | None, basis: Basis
) -> ControlChart:
    """Put a chart together; its basis names the baseline whose limits it uses."""
    if baseline is not None:
        phase = f"limits of the baseline {baseline.period_from} to {baseline.period_to} (n = {parameters.basis.n})"
        approved = f", approved by {baseline.approved_by} on {baseline.approved_on}" if baseline.approved_by else ""
        basis = replace(basis, method=f"{basis.method}; {phase}{approved}")
    return ControlChart(parameters.kind, location, spread, parameters, basis, baseline)


def three_sigma(
    name: str,
    points: tuple[Decimal, ...],
    centre: Decimal,
    sigma: tuple[Decimal, ...],
    *,
    within: Mapping[str, Decimal] | None = None,
) -> Panel:
    """Return a panel with limits at three sigma; `within` holds the ends of what is possible (`least`, `most`)."""
    ends = within or {}
    with localcontext(WORKING):
        lower = tuple(max(centre - 3 * s, ends["least"]) if "least" in ends else centre - 3 * s for s in sigma)
        upper = tuple(min(centre + 3 * s, ends["most"]) if "most" in ends else centre + 3 * s for s in sigma)
    return Panel(name, points, (centre,) * len(points), lower, upper, sigma)


def _panel(
    name: str, points: tuple[Decimal, ...], centre: Decimal, lower: Decimal, upper: Decimal, *, offset: int = 0
) -> Panel:
    n = len(points)
    return Panel(name, points, (centre,) * n, (lower,) * n, (upper,) * n, offset=offset)


def _means(groups: Sequence[Group]) -> tuple[Decimal, ...]:
    return tuple(as_decimal(summarise(group).mean) for group in groups)


def _grand_mean(groups: Sequence[Group]) -> Decimal:
    """Return the mean of all values: of subgroups of one size it is the mean of their means."""
    total = sum((summarise(group).mean * len(group) for group in groups), Fraction(0))
    return as_decimal(total / sum(map(len, groups)))
