"""Statistics of batch data, exact where exact is possible. Pure.

Sums are taken over the decimals as written, scaled to integers, so that no digit is lost to binary floats; quotients and square
roots carry 50 digits. Constants: d2 = 2 / sqrt(pi) = 1.1283791670955126 for moving ranges of two (the rounded 1.128 of printed tables differs in the
fourth digit), D4 = 3.2665321763 for their upper limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

VERSION = "1"
D2 = Decimal("1.1283791670955126")
D4 = Decimal("3.2665321763")
DIGITS = 50
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)  # products of decimals and integers lose nothing
SMALLEST_FOR_INDEX = 10
SMALLEST_NORMAL = 30


@dataclass(frozen=True)
class Summary:
    """n, mean, standard deviation (n - 1) and extremes; sd is None for a single value."""

    n: int
    mean: Fraction
    sd: Decimal | None
    smallest: Decimal
    largest: Decimal


def as_decimal(value: Fraction) -> Decimal:
    """Write a fraction with 50 digits."""
    with localcontext(Context(prec=DIGITS)):
        return Decimal(value.numerator) / Decimal(value.denominator)


def root(value: Fraction) -> Decimal:
    """Return the square root of a fraction with 50 digits."""
    with localcontext(Context(prec=DIGITS)):
        return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


def summarise(values: Sequence[Decimal]) -> Summary:
    """Summarise at least one value."""
    exact, scale = _integers(values)
    n, total = len(exact), sum(exact)
    squares = n * sum(x * x for x in exact) - total * total  # n times the sum of squared deviations
    sd = root(Fraction(squares, n * (n - 1) * scale * scale)) if n > 1 else None
    return Summary(n, Fraction(total, n * scale), sd, min(values), max(values))


def _integers(values: Sequence[Decimal]) -> tuple[list[int], int]:
    """Return the values times a power of ten that makes integers of all of them, and that power."""
    scale = 10 ** max(0, -min(int(value.as_tuple().exponent) for value in values))
    with localcontext(EXACT):
        return [int(value * scale) for value in values], scale


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half up to decimal places (USP General Notices 7.20, EP General Notices 1.4)."""
    with localcontext(Context(prec=DIGITS + 10)):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def places_of(values: Sequence[Decimal], most: int = 3) -> int:
    """Return how many decimal places the values are written with, at most `most`."""
    return min(most, max((max(0, -int(v.as_tuple().exponent)) for v in values), default=0))


@dataclass(frozen=True)
class ControlLimits:
    """Limits of an I-MR chart: centre +- 3 sigma with sigma = mean moving range / d2; upper limit of the moving range."""

    centre: Decimal
    lower: Decimal
    upper: Decimal
    moving_range: Decimal
    moving_range_upper: Decimal


def individuals(values: Sequence[Decimal], summary: Summary) -> ControlLimits | None:
    """Return the limits of individual values in order of manufacture, given their summary; None below two values."""
    if len(values) < 2:  # noqa: PLR2004 - a moving range needs two
        return None
    with localcontext(Context(prec=DIGITS)):
        ranges = [abs(b - a) for a, b in pairwise(values)]
        mean_range = sum(ranges, Decimal(0)) / len(ranges)
        centre = as_decimal(summary.mean)
        half = 3 * mean_range / D2
        return ControlLimits(centre, centre - half, centre + half, mean_range, D4 * mean_range)


def beyond_limits(values: Sequence[Decimal], limits: ControlLimits) -> list[int]:
    """Return the positions of points outside the control limits (rule 1)."""
    return [i for i, value in enumerate(values) if not limits.lower <= value <= limits.upper]


@dataclass(frozen=True)
class Performance:
    """Ppk with its approximate 95 % interval: Ppk +- 1.96 sqrt(1/(9n) + Ppk^2 / (2 (n - 1)))."""

    ppk: Decimal
    low: Decimal
    high: Decimal


def performance(summary: Summary, lower: Decimal | None, upper: Decimal | None) -> Performance | None:
    """Return Ppk from the overall standard deviation; None without limit, below 10 values or without spread."""
    if summary.n < SMALLEST_FOR_INDEX or not summary.sd or (lower is None and upper is None):
        return None
    with localcontext(Context(prec=DIGITS)):
        mean = as_decimal(summary.mean)
        sides = []
        if upper is not None:
            sides.append((upper - mean) / (3 * summary.sd))
        if lower is not None:
            sides.append((mean - lower) / (3 * summary.sd))
        ppk = min(sides)
        n = Decimal(summary.n)
        half = Decimal("1.959963984540054") * (1 / (9 * n) + ppk * ppk / (2 * (n - 1))).sqrt()
        return Performance(ppk, ppk - half, ppk + half)
