"""Tolerance intervals: where a stated part of all batches lies, with stated confidence. Pure.

Normal, one-sided: k = nct(confidence; n - 1, z sqrt(n)) / sqrt(n), exact. Normal, two-sided: the k that solves P = confidence, P the integral over the
sample mean x of P(chi2(n - 1) > (n - 1) R(x)^2 / k^2), R(x) the half width that covers the part when the centre is off by x (ISO 16269-6, Krishnamoorthy
and Mathew 2009, 2.3.1): exact but for a Gauss-Legendre rule of 200 nodes. Distribution-free: order statistics r and n + 1 - r with confidence from the beta distribution.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.exact import WORKING, as_decimal, of_float, summarise
from drafting.statistics.libraries import numpy, optimize, stats
from drafting.statistics.preconditions import Normality, normality

SMALLEST_NORMAL = 3
NODES = 200
FARTHEST = 9.0  # standard errors of the mean
CONFIDENCE = Decimal("0.95")


@dataclass(frozen=True)
class Tolerance:
    """Ends of an interval (None: open) that holds the part `coverage` with the confidence reached; k for normal values."""

    low: Decimal | None
    high: Decimal | None
    coverage: Decimal
    confidence: Decimal
    k: Decimal | None
    remarks: tuple[str, ...]
    basis: Basis


def normal_interval(
    values: Sequence[Decimal],
    *,
    coverage: Decimal,
    confidence: Decimal = CONFIDENCE,
    excluded: tuple[Exclusion, ...] = (),
) -> Tolerance | NotGiven:
    """Return the two-sided tolerance interval of normal values."""
    return _normal(values, coverage, confidence, (-1, 1), excluded)


def normal_bound(
    values: Sequence[Decimal],
    *,
    side: int,
    coverage: Decimal,
    confidence: Decimal = CONFIDENCE,
    excluded: tuple[Exclusion, ...] = (),
) -> Tolerance | NotGiven:
    """Return the one-sided tolerance bound of normal values: `side` -1 for a lower bound, 1 for an upper."""
    return _normal(values, coverage, confidence, (-1,) if side < 0 else (1,), excluded)


def free_interval(
    values: Sequence[Decimal],
    *,
    coverage: Decimal,
    confidence: Decimal = CONFIDENCE,
    excluded: tuple[Exclusion, ...] = (),
) -> Tolerance | NotGiven:
    """Return the narrowest symmetric pair of order statistics that reaches the confidence, whatever the distribution."""
    n = len(values)
    basis = Basis("distribution-free tolerance interval", n, excluded)
    refused = _bad_parts(coverage, confidence)
    if refused:
        return NotGiven(refused, basis)
    law = stats().beta
    reached = [float(law.sf(float(coverage), n + 1 - 2 * r, 2 * r)) for r in range(1, n // 2 + 1)]
    enough = [r for r, found in enumerate(reached, 1) if found >= confidence]
    if not enough:
        need = smallest_free(coverage, confidence)
        return NotGiven(
            f"{n} values: {need} are needed for {coverage} with confidence {confidence} without a distribution", basis
        )
    ordered, r = sorted(values), enough[-1]
    return Tolerance(ordered[r - 1], ordered[n - r], coverage, of_float(reached[r - 1]), None, (), basis)


def smallest_free(coverage: Decimal, confidence: Decimal = CONFIDENCE) -> int:
    """Return how many values the extremes need to hold a part with confidence: 1 - n p^(n-1) + (n-1) p^n."""
    p, wanted, n = float(coverage), float(confidence), 2
    while 1 - n * p ** (n - 1) + (n - 1) * p**n < wanted:
        n += 1
    return n


@cache
def two_sided_factor(n: int, coverage: float, confidence: float) -> float:
    """Return k of the two-sided interval of n normal values."""
    np, law = numpy(), stats()
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    x = FARTHEST * (nodes + 1) / 2  # in standard errors
    density = FARTHEST * weights / 2 * 2 * law.norm.pdf(x)
    half = law.ncx2.ppf(coverage, 1, x * x / n)  # R squared

    def short(k: float) -> float:
        return float((density * law.chi2.sf((n - 1) * half / (k * k), n - 1)).sum()) - confidence

    start = float(law.norm.ppf((1 + coverage) / 2))
    high = 2 * start
    while short(high) < 0:
        high *= 2
    return float(optimize().brentq(short, start / 2, high, xtol=1e-13))


@cache
def one_sided_factor(n: int, coverage: float, confidence: float) -> float:
    """Return k of the one-sided bound of n normal values."""
    law = stats()
    return float(law.nct.ppf(confidence, n - 1, law.norm.ppf(coverage) * math.sqrt(n)) / math.sqrt(n))


def _normal(
    values: Sequence[Decimal],
    coverage: Decimal,
    confidence: Decimal,
    sides: tuple[int, ...],
    excluded: tuple[Exclusion, ...],
) -> Tolerance | NotGiven:
    n, both = len(values), len(sides) > 1
    basis = Basis(f"normal tolerance interval, {'two' if both else 'one'}-sided, exact k", n, excluded)
    refused = _bad_parts(coverage, confidence)
    if refused or n < SMALLEST_NORMAL:
        return NotGiven(refused or f"{n} values: {SMALLEST_NORMAL} are needed", basis)
    found = summarise(values)
    if not found.sd:
        return NotGiven("the values do not vary", basis)
    factor = two_sided_factor if both else one_sided_factor
    k = of_float(factor(n, float(coverage), float(confidence)))
    tested = normality(values)
    doubtful = isinstance(tested, Normality) and tested.rejected
    remarks = ("normality is rejected: use the distribution-free interval",) if doubtful else ()
    mean = as_decimal(found.mean)
    with localcontext(WORKING):
        low = mean - k * found.sd if -1 in sides else None
        high = mean + k * found.sd if 1 in sides else None
    return Tolerance(low, high, coverage, confidence, k, remarks, basis)


def _bad_parts(coverage: Decimal, confidence: Decimal) -> str:
    if 0 < coverage < 1 and 0 < confidence < 1:
        return ""
    return "coverage and confidence lie between 0 and 1"
