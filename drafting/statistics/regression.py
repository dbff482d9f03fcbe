"""A straight line by least squares, from exact sums of the decimals as written. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from operator import mul

from drafting.statistics.basis import Basis, NotGiven
from drafting.statistics.exact import EXACT, root

SMALLEST_LINE = 3


@dataclass(frozen=True)
class Line:
    """y = intercept + slope x, with standard errors, residual standard deviation (n - 2) and R squared (None where y does not vary)."""

    intercept: Fraction
    slope: Fraction
    intercept_error: Decimal
    slope_error: Decimal
    residual_sd: Decimal
    r_squared: Fraction | None
    basis: Basis


def straight_line(x: Sequence[Decimal], y: Sequence[Decimal]) -> Line | NotGiven:
    """Fit y on x."""
    n = len(x)
    basis = Basis("least squares, exact sums", n)
    if n != len(y) or n < SMALLEST_LINE:
        return NotGiven(f"a line needs {SMALLEST_LINE} pairs", basis)
    if min(x) == max(x):
        return NotGiven("x does not vary", basis)
    with localcontext(EXACT):
        sx, sy = sum(x, Decimal(0)), sum(y, Decimal(0))
        xx = n * sum(map(mul, x, x), Decimal(0)) - sx * sx
        xy = n * sum(map(mul, x, y), Decimal(0)) - sx * sy
        yy = n * sum(map(mul, y, y), Decimal(0)) - sy * sy
    spread, slope = Fraction(xx) / n, Fraction(xy) / Fraction(xx)
    intercept = (Fraction(sy) - slope * Fraction(sx)) / n
    total = Fraction(yy) / n
    variance = (total - slope * Fraction(xy) / n) / (n - 2)
    mean = Fraction(sx) / n
    return Line(
        intercept,
        slope,
        root(variance * (Fraction(1, n) + mean * mean / spread)),
        root(variance / spread),
        root(variance),
        slope * Fraction(xy) / n / total if total else None,
        basis,
    )
