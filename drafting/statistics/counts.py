"""Control charts of counts: p and np (nonconforming units), u and c (events), with Laney's correction where over-dispersed. Pure.

Over-dispersed means that the chi-square dispersion test (sum of z^2 against chi-square with k - 1 degrees of freedom) rejects at
.05 and Laney's factor (mean moving range of the z / 1.1284, Laney 2002) exceeds 1: sigma of each point is then multiplied by that factor, so that large
denominators do not make every point a signal. A chart of a baseline takes the baseline's factor.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.charts import Baseline, ChartKind, ControlChart, Parameters, charted, settled, three_sigma
from drafting.statistics.exact import WORKING, as_decimal
from drafting.statistics.individuals import D2, moving_ranges
from drafting.statistics.libraries import stats

ALPHA = 0.05
Size = int | Decimal


def p_chart(
    counts: Sequence[int], sizes: Sequence[int], *, baseline: Baseline | None = None, excluded: tuple[Exclusion, ...] = ()
) -> ControlChart | NotGiven:
    """Chart the proportion of nonconforming units of each sample."""
    return _chart(ChartKind.P, counts, sizes, baseline, excluded, "proportion")


def np_chart(
    counts: Sequence[int], size: int, *, baseline: Baseline | None = None, excluded: tuple[Exclusion, ...] = ()
) -> ControlChart | NotGiven:
    """Chart the number of nonconforming units of samples of one size."""
    return _chart(ChartKind.NP, counts, [size] * len(counts), baseline, excluded)


def u_chart(
    counts: Sequence[int],
    sizes: Sequence[Size],
    unit: str,
    *,
    baseline: Baseline | None = None,
    excluded: tuple[Exclusion, ...] = (),
) -> ControlChart | NotGiven:
    """Chart events for each unit of a denominator that may differ from point to point; `unit` names it ("batch", "million units distributed")."""
    return _chart(ChartKind.U, counts, sizes, baseline, excluded, f"events per {unit}")


def c_chart(
    counts: Sequence[int], *, baseline: Baseline | None = None, excluded: tuple[Exclusion, ...] = ()
) -> ControlChart | NotGiven:
    """Chart the number of events where each point has the same denominator."""
    return _chart(ChartKind.C, counts, [1] * len(counts), baseline, excluded)


def _chart(
    kind: ChartKind,
    counts: Sequence[int],
    sizes: Sequence[Size],
    baseline: Baseline | None,
    excluded: tuple[Exclusion, ...],
    name: str = "count",
) -> ControlChart | NotGiven:
    basis = Basis(f"{kind} chart", len(counts), excluded)
    binomial = kind in {ChartKind.P, ChartKind.NP}
    refused = _refused(counts, sizes, binomial=binomial)
    if refused:
        return NotGiven(refused, basis)
    found = settled(kind, baseline, lambda: _estimate(kind, counts, sizes, basis, binomial=binomial), basis)
    if isinstance(found, NotGiven):
        return found
    factor = found.overdispersion
    if factor is not None:
        basis = Basis(f"{kind}' chart, Laney's correction {factor:.3f}", len(counts), excluded)
    per_point = kind in {ChartKind.NP, ChartKind.C}  # the count itself is the point
    scale = [Decimal(size) if per_point else Decimal(1) for size in sizes]
    with localcontext(WORKING):
        points = tuple(Decimal(c) if per_point else Decimal(c) / Decimal(s) for c, s in zip(counts, sizes, strict=True))
        sigma = tuple(
            _sigma(found.centre, size, binomial=binomial) * (factor or 1) * x for size, x in zip(sizes, scale, strict=True)
        )
        centre = found.centre * scale[0]
        ends = {"least": Decimal(0)} | ({"most": scale[0]} if binomial else {})
    return charted(found, three_sigma(name, points, centre, sigma, within=ends), None, baseline, basis)


def _refused(counts: Sequence[int], sizes: Sequence[Size], *, binomial: bool) -> str:
    if len(counts) != len(sizes) or not counts:
        return "each count needs its denominator"
    if min(counts) < 0 or min(sizes) <= 0:
        return "counts cannot be negative, and denominators must be above zero"
    if binomial and any(c > s for c, s in zip(counts, sizes, strict=True)):
        return "a sample cannot hold more nonconforming units than units"
    return ""


def _estimate(
    kind: ChartKind, counts: Sequence[int], sizes: Sequence[Size], basis: Basis, *, binomial: bool
) -> Parameters | NotGiven:
    if len(counts) < 2:  # noqa: PLR2004 - limits of one point by itself say nothing
        return NotGiven("limits need two points", basis)
    total = sum(counts)
    centre = as_decimal(Fraction(total) / sum((Fraction(size) for size in sizes), Fraction(0)))
    if total == 0 or (binomial and total == sum(sizes)):
        return NotGiven("every point is the same: there is no spread to chart; state the rate with its interval", basis)
    with localcontext(WORKING):
        standard = [
            (Decimal(c) / Decimal(s) - centre) / _sigma(centre, s, binomial=binomial)
            for c, s in zip(counts, sizes, strict=True)
        ]
    sigma = _sigma(centre, 1, binomial=binomial)
    return Parameters(kind, centre, sigma, basis, overdispersion=_overdispersion(standard))


def _sigma(centre: Decimal, size: Size, *, binomial: bool) -> Decimal:
    with localcontext(WORKING):
        variance = centre * (1 - centre) if binomial else centre
        return (variance / Decimal(size)).sqrt()


def _overdispersion(standard: Sequence[Decimal]) -> Decimal | None:
    """Return Laney's factor where the test rejects and the factor exceeds 1, else None."""
    statistic = float(sum(z * z for z in standard))
    if stats().chi2.sf(statistic, len(standard) - 1) >= ALPHA:
        return None
    with localcontext(WORKING):
        ranges = moving_ranges(standard)
        factor = sum(ranges, Decimal(0)) / len(ranges) / D2
    return factor if factor > 1 else None
