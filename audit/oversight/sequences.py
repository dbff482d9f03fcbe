"""An interval that may be looked at after every probe: the confidence sequence of a beta mixture. Pure, in plain Python.

CS = { p : B(a + h, b + n - h) / B(a, b) / (p^h (1 - p)^(n - h)) < 1 / alpha }. The ratio is a nonnegative supermartingale at the true p, so
the chance that the interval ever misses it is at most alpha, however often and whenever somebody looks. A catch without the place counts as
one half: the ratio is convex in what one probe counts, so the bound holds for every outcome between 0 and 1.
"""

import math
from collections.abc import Callable

from audit.errors import Invalid
from audit.oversight.estimates import LEAST, few
from audit.oversight.model import Estimate, withheld

PRIOR = (8.5, 1.5)  # narrowest for catch rates about .85; the bound holds for every other too
ALPHA = 0.05
HALVINGS = 60  # to the last digit of a double


def sequence(hits: float, n: int, *, alpha: float = ALPHA, prior: tuple[float, float] = PRIOR) -> tuple[float, float]:
    """Return the interval of the catch rate after n probes."""
    if not 0 <= hits <= n:
        raise Invalid(f"{hits} of {n} cannot be a rate.", remedy="Count no more than there is.")
    a, b = prior
    weight = _log_beta(a + hits, b + n - hits) - _log_beta(a, b) + math.log(alpha)

    def outside(p: float) -> bool:
        return weight - _times_log(hits, p) - _times_log(n - hits, 1 - p) >= 0

    middle = hits / n if n else 0.5
    return _edge(outside, 0.0, middle), _edge(outside, 1.0, middle)


def live(hits: float, n: int, *, least: int = LEAST) -> Estimate:
    """Return the catch rate as a view shows it that is looked at again and again."""
    reason = few(n, least, "checks")
    return withheld(n, reason) if reason else Estimate(hits / n, *sequence(hits, n), n)


def _edge(outside: Callable[[float], bool], out: float, inside: float) -> float:
    """Return where the interval ends between a point outside and one inside: the ratio falls from `out` towards `inside`."""
    if not outside(out):
        return out
    for _ in range(HALVINGS):
        middle = (out + inside) / 2
        out, inside = (middle, inside) if outside(middle) else (out, middle)
    return inside


def _times_log(count: float, p: float) -> float:
    if count == 0:
        return 0.0
    return count * math.log(p) if p > 0 else -math.inf


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
