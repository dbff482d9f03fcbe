"""Limits of individual values in order of manufacture, exact but for the constants. Pure, and light: no library is loaded.

Constants of moving ranges of two, in closed form: d2 = 2 / sqrt(pi) = 1.1283791670955126 (printed tables round it to 1.128, which differs
in the fourth digit), d3 = sqrt(2 - 4 / pi), D4 = 1 + 3 d3 / d2 = 1 + 3 sqrt(pi / 2 - 1) = 3.266531919288
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from drafting.statistics.exact import WORKING, Summary, as_decimal, of_float

D2 = of_float(2 / math.sqrt(math.pi))
D4 = of_float(1 + 3 * math.sqrt(math.pi / 2 - 1))


@dataclass(frozen=True)
class ControlLimits:
    """Limits of an I-MR chart: centre +- 3 sigma with sigma = mean moving range / d2; upper limit of the moving range."""

    centre: Decimal
    lower: Decimal
    upper: Decimal
    moving_range: Decimal
    moving_range_upper: Decimal

    @property
    def sigma(self) -> Decimal:
        """Return the standard deviation of a single value that the limits rest on."""
        with localcontext(WORKING):
            return self.moving_range / D2


def moving_ranges(values: Sequence[Decimal]) -> list[Decimal]:
    """Return the distance of each value from the one before."""
    with localcontext(WORKING):
        return [abs(b - a) for a, b in pairwise(values)]


def individuals(values: Sequence[Decimal], summary: Summary) -> ControlLimits | None:
    """Return the limits of individual values in order of manufacture, given their summary; None below two values."""
    if len(values) < 2:  # noqa: PLR2004 - a moving range needs two
        return None
    with localcontext(WORKING):
        ranges = moving_ranges(values)
        mean_range = sum(ranges, Decimal(0)) / len(ranges)
        centre = as_decimal(summary.mean)
        half = 3 * mean_range / D2
        return ControlLimits(centre, centre - half, centre + half, mean_range, D4 * mean_range)


def limits_about(centre: Decimal, sigma: Decimal) -> ControlLimits:
    """Return the limits of a centre and a sigma that were frozen before."""
    with localcontext(WORKING):
        mean_range = sigma * D2
        return ControlLimits(centre, centre - 3 * sigma, centre + 3 * sigma, mean_range, D4 * mean_range)


def beyond_limits(values: Sequence[Decimal], limits: ControlLimits) -> list[int]:
    """Return the positions of points outside the control limits (rule 1)."""
    return [i for i, value in enumerate(values) if not limits.lower <= value <= limits.upper]


def ranges_beyond(values: Sequence[Decimal], limits: ControlLimits) -> list[int]:
    """Return the positions of values whose distance from the one before lies above the limit of moving ranges."""
    return [i for i, moved in enumerate(moving_ranges(values), start=1) if moved > limits.moving_range_upper]
