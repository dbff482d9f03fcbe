"""Sums that lose no digit: mean, deviation and autocorrelation of decimals as written. Pure.

Decimals are added and multiplied at unlimited precision, which is faster than conversion to binary floats and loses nothing;
quotients and square roots carry 50 digits. Where a distribution needs floats, they are made from exact deviations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from operator import mul

DIGITS = 50
WORKING = Context(prec=DIGITS)
SMALLEST_P = Decimal("0.001")  # below it a p value is printed as such
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)  # sums and products of decimals lose nothing


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
    with localcontext(WORKING):
        return Decimal(value.numerator) / Decimal(value.denominator)


def of_float(value: float) -> Decimal:
    """Write a computed float as the shortest decimal that stands for it."""
    return Decimal(repr(float(value)))


def root(value: Fraction) -> Decimal:
    """Return the square root of a fraction with 50 digits."""
    with localcontext(WORKING):
        return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


def summarise(values: Sequence[Decimal]) -> Summary:
    """Summarise at least one value."""
    n = len(values)
    total, spread = moments(values)
    sd = root(spread / (n - 1)) if n > 1 else None
    return Summary(n, total / n, sd, min(values), max(values))


def moments(values: Sequence[Decimal]) -> tuple[Fraction, Fraction]:
    """Return the sum, and the sum of squared deviations from the mean, both exact."""
    n = len(values)
    with localcontext(EXACT):
        total = sum(values, Decimal(0))
        spread = n * sum(map(mul, values, values), Decimal(0)) - total * total
    return Fraction(total), Fraction(spread) / n


def deviations(values: Sequence[Decimal]) -> list[float]:
    """Return the distance of each value from their exact mean, rounded to a float only then."""
    total, _ = moments(values)
    mean = as_decimal(total / len(values))
    with localcontext(WORKING):
        return [float(value - mean) for value in values]


def lag_one(values: Sequence[Decimal]) -> Decimal | None:
    """Return the lag-1 autocorrelation; None where nothing varies."""
    n = len(values)
    total, spread = moments(values)
    if not spread:
        return None
    with localcontext(EXACT):
        products = sum((a * b for a, b in pairwise(values)), Decimal(0))
    mean = total / n
    ends = Fraction(values[0]) + Fraction(values[-1])  # each end stands in one product only
    together = Fraction(products) - mean * (2 * total - ends) + (n - 1) * mean * mean
    return as_decimal(together / spread)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half up to decimal places (USP General Notices 7.20, EP General Notices 1.4)."""
    with localcontext(Context(prec=DIGITS + 10)):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def p_shown(p: Decimal) -> str:
    """Return a p value as it is printed: three places, and below the last of them that it is smaller."""
    return str(rounded(p, 3)) if p >= SMALLEST_P else f"<{SMALLEST_P}"


def places_of(values: Sequence[Decimal], most: int = 3) -> int:
    """Return how many decimal places the values are written with, at most `most`."""
    return min(most, max((max(0, -int(v.as_tuple().exponent)) for v in values), default=0))
