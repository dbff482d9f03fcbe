"""Rates and discriminability with their intervals, withheld where there is too little to go on. Pure.

A rate has its Jeffreys interval: quantiles of Beta(k + 1/2, n - k + 1/2), 0 where nothing and 1 where everything was counted. d' and the
criterion are log-linear (Hautus 1995) with the variance of Gourevitch and Galanter; a positive criterion lets faults through. A' is beside
them for comparison with other work: it is not free of bias, and no screen shows it.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from audit.errors import Invalid
from audit.oversight.model import Estimate, withheld

LEAST = 10  # of a rate: below, its interval says next to nothing
LEAST_PROBES = 20  # of d': below, its bias and spread mislead
TAIL = 0.025  # on each side of a 95 % interval
QUANTILE = 1.959963984540054  # normal, of 1 - TAIL
NORMAL = NormalDist()


@dataclass(frozen=True)
class Detection:
    """How well faults are told from correct text, and to which side somebody leans."""

    d_prime: Estimate
    criterion: Estimate
    a_prime: float | None


def jeffreys(k: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of k of n; k may hold halves."""
    if not 0 <= k <= n:
        raise Invalid(f"{k} of {n} cannot be a rate.", remedy="Count no more than there is.")
    from scipy.special import betaincinv  # noqa: PLC0415 - loaded only where something is estimated

    low = 0.0 if k == 0 else float(betaincinv(k + 0.5, n - k + 0.5, TAIL))
    high = 1.0 if k == n else float(betaincinv(k + 0.5, n - k + 0.5, 1 - TAIL))
    return low, high


def few(n: int, least: int, of: str) -> str:
    """Return why a figure is withheld; "" where there is enough of it."""
    counted = of.removesuffix("s") if n == 1 else of
    return f"{n} {counted}: withheld below {least}" if n < least else ""


def rate(k: float, n: int, *, least: int = LEAST, of: str = "decisions") -> Estimate:
    """Return k of n with its interval; withheld below `least`, with the reason."""
    low, high = jeffreys(k, n)
    reason = few(n, least, of)
    return withheld(n, reason) if reason else Estimate(k / n, low, high, n)


def detection(hits: float, faults: int, false_alarms: int, correct: int) -> Detection:
    """Return d', criterion and A' of `hits` on faults and `false_alarms` on correct text."""
    reason = few(faults, LEAST_PROBES, "faults") or few(correct, LEAST_PROBES, "correct texts")
    if reason:
        return Detection(withheld(faults, reason), withheld(faults, reason), None)
    hit, false = (hits + 0.5) / (faults + 1), (false_alarms + 0.5) / (correct + 1)
    at_hit, at_false = NORMAL.inv_cdf(hit), NORMAL.inv_cdf(false)
    spread = math.sqrt(_variance(hit, faults) + _variance(false, correct))
    return Detection(
        _around(at_hit - at_false, spread, faults),
        _around(-(at_hit + at_false) / 2, spread / 2, faults),
        a_prime(hits / faults, false_alarms / correct),
    )


def _variance(p: float, n: int) -> float:
    return p * (1 - p) / (n * NORMAL.pdf(NORMAL.inv_cdf(p)) ** 2)


def _around(value: float, spread: float, n: int) -> Estimate:
    return Estimate(value, value - QUANTILE * spread, value + QUANTILE * spread, n)


def a_prime(hit: float, false: float) -> float:
    """Return the nonparametric A' of Pollack and Norman; one half is chance."""
    if hit == false:
        return 0.5
    if hit < false:
        return 1 - a_prime(false, hit)
    return 0.5 + (hit - false) * (1 + hit - false) / (4 * hit * (1 - false))
