"""Is a stability result out of trend? Two stated rules beside the control limit of a chart. Pure.

- Regression interval: the line through the earlier results of the same batch gives the interval in which a new result is expected at its month,
  y +- t(n - 2) s sqrt(1 + 1 / n + (x - mean x)^2 / Sxx).
- Slope: the slopes of earlier batches give the interval in which the slope of a new batch is expected, mean +- t(k - 1) s sqrt(1 + 1 / k).
A firing is a question for a person and no verdict; each is listed with its disposition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from drafting.statistics.basis import Basis, Interval, NotGiven
from drafting.statistics.exact import WORKING, as_decimal, moments, of_float, summarise
from drafting.statistics.libraries import stats
from drafting.statistics.regression import straight_line

SMALLEST_HISTORY = 3
CONFIDENCE = Decimal("0.95")


@dataclass(frozen=True)
class Expectation:
    """What was found, the interval in which it was expected, and whether it lies outside."""

    found: Decimal
    expected: Interval
    fired: bool
    basis: Basis


def by_interval(
    months: Sequence[Decimal],
    values: Sequence[Decimal],
    month: Decimal,
    value: Decimal,
    *,
    confidence: Decimal = CONFIDENCE,
) -> Expectation | NotGiven:
    """Compare a new result with the line through the earlier results of its batch."""
    basis = Basis(f"out of trend by regression interval, {confidence}", len(values))
    line = straight_line(months, values)
    if isinstance(line, NotGiven):
        return NotGiven(line.reason, basis)
    total, spread = moments(months)
    distance = Fraction(month) - total / len(months)
    share = as_decimal(1 + Fraction(1, len(months)) + distance * distance / spread)
    centre = as_decimal(line.intercept + line.slope * Fraction(month))
    return _expected(value, centre, line.residual_sd, share, len(values) - 2, confidence, basis)


def by_slope(history: Sequence[Decimal], slope: Decimal, *, confidence: Decimal = CONFIDENCE) -> Expectation | NotGiven:
    """Compare the slope of a batch with those of earlier batches that were studied at the same months."""
    basis = Basis(f"out of trend by slope, {confidence}", len(history))
    if len(history) < SMALLEST_HISTORY:
        return NotGiven(f"{len(history)} earlier batches: {SMALLEST_HISTORY} are needed", basis)
    found = summarise(history)
    assert found.sd is not None
    share = as_decimal(1 + Fraction(1, found.n))
    return _expected(slope, as_decimal(found.mean), found.sd, share, found.n - 1, confidence, basis)


def _expected(
    found: Decimal, centre: Decimal, sd: Decimal, share: Decimal, degrees: int, confidence: Decimal, basis: Basis
) -> Expectation | NotGiven:
    if not sd:
        return NotGiven("the earlier results have no scatter: any other value would be out of trend", basis)
    factor = of_float(stats().t.ppf(float((1 + confidence) / 2), degrees))
    with localcontext(WORKING):
        half = factor * sd * share.sqrt()
        low, high = centre - half, centre + half
    return Expectation(found, Interval(centre, low, high), not low <= found <= high, basis)
