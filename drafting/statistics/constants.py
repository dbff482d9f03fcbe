"""Constants of control charts, computed from their definitions and not copied from printed tables. Pure.

Of n independent standard normal values: d2 is the mean of their range, the integral of 1 - F^n - (1 - F)^n; d3 is the standard
deviation of their range, from the integral of 2 w P(range > w); c4 is the mean of their standard deviation,
sqrt(2 / (n - 1)) gamma(n / 2) / gamma((n - 1) / 2). The rest follows: D3, D4 = 1 -+ 3 d3 / d2 and B3, B4 = 1 -+ 3 sqrt(1 - c4^2) / c4, not
below zero. For n = 2: d2 = 1.1283791670955, d3 = 0.8525024664, c4 = 0.7978845608; for n = 5: 2.3259289473, 0.8640819411, 0.9399856030.
"""

import math
from functools import cache
from typing import Any

from drafting.statistics.libraries import numpy, special

FARTHEST = 9.0  # standard deviations; what lies beyond weighs less than a double can hold
NODES = 240  # of the Gauss-Legendre rule: both integrals are then exact to 13 digits (compared with the closed forms of n = 2, 3)


@cache
def _rule(low: float, high: float) -> tuple[Any, Any]:
    nodes, weights = numpy().polynomial.legendre.leggauss(NODES)
    half = (high - low) / 2
    return low + half * (nodes + 1), half * weights


@cache
def d2(n: int) -> float:
    """Return the mean range of n standard normal values, n at least 2."""
    ndtr = special().ndtr
    x, weights = _rule(-FARTHEST, FARTHEST)
    below, above = ndtr(x), ndtr(-x)
    return float(((1 - below**n - above**n) * weights).sum())


@cache
def d3(n: int) -> float:
    """Return the standard deviation of the range of n standard normal values, n at least 2."""
    ndtr = special().ndtr
    x, x_weights = _rule(-FARTHEST, FARTHEST)
    w, w_weights = _rule(0.0, 2 * FARTHEST)
    density = numpy().exp(-x * x / 2) / math.sqrt(2 * math.pi) * x_weights
    wider = 1 - n * ((ndtr(x[:, None] + w) - ndtr(x)[:, None]) ** (n - 1) * density[:, None]).sum(axis=0)
    return math.sqrt(float((2 * w * wider * w_weights).sum()) - d2(n) ** 2)


@cache
def c4(n: int) -> float:
    """Return the mean standard deviation of n standard normal values, n at least 2."""
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


def range_factors(n: int) -> tuple[float, float]:
    """Return D3 and D4: the limits of a range as multiples of the mean range."""
    part = 3 * d3(n) / d2(n)
    return max(0.0, 1 - part), 1 + part


def deviation_factors(n: int) -> tuple[float, float]:
    """Return B5 and B6: the limits of a standard deviation of n values as multiples of sigma; divided by c4 they are B3 and B4."""
    part = 3 * math.sqrt(1 - c4(n) ** 2)
    return max(0.0, c4(n) - part), c4(n) + part
