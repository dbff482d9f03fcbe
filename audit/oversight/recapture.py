"""How many natural faults double-reviewed sections hold in all, from what the one and the other found: an independent check of catch rates. Pure.

Lincoln-Petersen in Chapman's form for two reviews, Chao1 in its bias-corrected form for faults found by one and by two. Both count too few
where some faults are hard for everybody: they are lower bounds in practice. Intervals are log-normal around what was not found.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from audit.oversight.estimates import QUANTILE, few
from audit.oversight.model import Estimate, withheld

LEAST = 10  # faults found


@dataclass(frozen=True)
class Fault:
    """A natural fault of a section that two persons reviewed: who of them found it; neither where it came up later."""

    first: bool
    second: bool


@dataclass(frozen=True)
class Recapture:
    """The estimated number of faults, and the share that each review found of it."""

    lincoln_petersen: Estimate
    chao1: Estimate
    caught_first: Estimate
    caught_second: Estimate


def recapture(faults: Iterable[Fault]) -> Recapture:
    """Return the estimates; `n` counts the faults that one of the two reviews found."""
    held = [f for f in faults if f.first or f.second]
    n, both = len(held), sum(f.first and f.second for f in held)
    reason = few(n, LEAST, "faults found in double-reviewed sections") or ("" if both else "no fault was found by both")
    if reason:
        return Recapture(*[withheld(n, reason)] * 4)
    first, second = sum(f.first for f in held), sum(f.second for f in held)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    whole = _around(total, n, variance)
    return Recapture(whole, chao1(n - both, both), _caught(first, whole), _caught(second, whole))


def chao1(once: int, twice: int) -> Estimate:
    """Return the estimated number of faults from how many were found by one and how many by two."""
    f1, f2 = once, twice
    total = f1 + f2 + f1 * (f1 - 1) / (2 * (f2 + 1))
    variance = f1 * (f1 - 1) / (2 * (f2 + 1)) + f1 * (2 * f1 - 1) ** 2 / (4 * (f2 + 1) ** 2)
    variance += f1**2 * f2 * (f1 - 1) ** 2 / (4 * (f2 + 1) ** 4)
    return _around(total, f1 + f2, variance)


def _around(total: float, found: int, variance: float) -> Estimate:
    unseen = total - found
    if unseen <= 0:
        return Estimate(total, float(found), total, found)
    factor = math.exp(QUANTILE * math.sqrt(math.log1p(variance / unseen**2)))
    return Estimate(total, found + unseen / factor, found + unseen * factor, found)


def _caught(found: int, whole: Estimate) -> Estimate:
    if whole.value is None or whole.low is None or whole.high is None:
        return whole
    return Estimate(found / whole.value, found / whole.high, min(1.0, found / whole.low), whole.n)
