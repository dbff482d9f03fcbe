"""Capability and performance indices. Pure."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from drafting.statistics.exact import WORKING, Summary, as_decimal

SMALLEST_FOR_INDEX = 10
SMALLEST_NORMAL = 30
NORMAL_975 = Decimal("1.959963984540054")


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
    with localcontext(WORKING):
        mean = as_decimal(summary.mean)
        sides = []
        if upper is not None:
            sides.append((upper - mean) / (3 * summary.sd))
        if lower is not None:
            sides.append((mean - lower) / (3 * summary.sd))
        ppk = min(sides)
        n = Decimal(summary.n)
        half = NORMAL_975 * (1 / (9 * n) + ppk * ppk / (2 * (n - 1))).sqrt()
        return Performance(ppk, ppk - half, ppk + half)
