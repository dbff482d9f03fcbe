"""Catch rates of few probes, drawn towards those of all reviewers: full Bayes on a grid, and never narrower than Jeffreys. Pure.

Catch rates of reviewers are Beta(m M, (1 - m) M); m has a uniform prior and M one that is uniform in its logarithm. The posterior of (M, m)
stands on 24 x 30 points, laid twice: over everything, then over where the first found the weight. Point: the posterior mean. Interval: from
the lower of the two lower ends, of posterior and Jeffreys, to the higher of the two higher ones, since the posterior alone covers too little
where reviewers really differ.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.oversight.estimates import TAIL, few, jeffreys
from audit.oversight.model import Estimate, withheld

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STRENGTHS, MEANS = 24, 30
STRENGTH = (2.0, 400.0)  # from reviewers who share nothing but a mean to ones that are alike
MEAN = (0.01, 0.99)
NOTHING = 1e-6  # share of the weight below which a point is left out
LEAST = 5
EXACT = 1e-8  # of a quantile


@dataclass(frozen=True)
class Pool:
    """What all reviewers together say: shapes of the beta distributions that one reviewer's catch rate may come from, with their weights."""

    a: "Floats"
    b: "Floats"
    weights: "Floats"


def pool(counts: Iterable[tuple[float, int]]) -> Pool:
    """Return what the (hits, probes) of all reviewers say of a reviewer."""
    import numpy as np  # noqa: PLC0415 - loaded only where something is estimated

    seen = Counter(counts)
    strengths, means = np.geomspace(*STRENGTH, STRENGTHS), np.linspace(*MEAN, MEANS)
    weights = _weights(strengths, means, seen)
    strengths = np.geomspace(*_held(strengths, weights.sum(axis=1)), STRENGTHS)
    means = np.linspace(*_held(means, weights.sum(axis=0)), MEANS)
    weights = _weights(strengths, means, seen).ravel()
    a, b = np.outer(strengths, means).ravel(), np.outer(strengths, 1 - means).ravel()
    kept = weights > NOTHING * weights.max()
    return Pool(a[kept], b[kept], weights[kept] / weights[kept].sum())


def _weights(strengths: "Floats", means: "Floats", seen: Counter[tuple[float, int]]) -> "Floats":
    import numpy as np  # noqa: PLC0415 - as above
    from scipy.special import betaln  # noqa: PLC0415 - as above

    a, b = np.outer(strengths, means), np.outer(strengths, 1 - means)
    logs = sum((times * (betaln(a + h, b + n - h) - betaln(a, b)) for (h, n), times in seen.items()), np.zeros_like(a))
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _held(points: "Floats", weights: "Floats") -> tuple[float, float]:
    """Return the ends of the part of a line of points that holds weight, one point more on each side."""
    import numpy as np  # noqa: PLC0415 - as above

    at = np.flatnonzero(weights > NOTHING)
    return float(points[max(0, at[0] - 1)]), float(points[min(len(points) - 1, at[-1] + 1)])


def posterior(known: Pool, hits: float, n: int) -> tuple[float, float, float]:
    """Return mean and 95 % interval of one reviewer's catch rate by the grid alone; the reviewer's counts are in the pool."""
    a, b = known.a + hits, known.b + n - hits
    mean = float(known.weights @ (a / (a + b)))
    return mean, _quantile(known.weights, a, b, TAIL), _quantile(known.weights, a, b, 1 - TAIL)


def _quantile(weights: "Floats", a: "Floats", b: "Floats", share: float) -> float:
    from scipy.optimize import brentq  # noqa: PLC0415 - as above
    from scipy.special import betainc  # noqa: PLC0415 - as above

    return float(brentq(lambda p: float(weights @ betainc(a, b, p)) - share, 0.0, 1.0, xtol=EXACT))


def envelope(known: Pool, hits: float, n: int) -> tuple[float, float, float]:
    """Return the posterior mean, and the interval that holds both that of the posterior and that of Jeffreys."""
    mean, *ends = posterior(known, hits, n)
    low, high = jeffreys(hits, n)
    return mean, min(low, ends[0]), max(high, ends[1])


def catch_rate(known: Pool, hits: float, n: int, *, least: int = LEAST) -> Estimate:
    """Return one reviewer's shrunken catch rate; withheld below `least` probes."""
    reason = few(n, least, "checks")
    return withheld(n, reason) if reason else Estimate(*envelope(known, hits, n), n)


def reliability(known: Pool, n: int) -> float:
    """Return which share of the variance of reviewers' catch rates over n probes is theirs, the rest being chance."""
    strengths = known.a + known.b
    return float(known.weights @ (n / (n + strengths)))
