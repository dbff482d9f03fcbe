"""Erosion: how the catch rate of a site changes over quarters, and how long until half of it is left. Pure.

A logistic trend: logit(catch) = level - difficulty + reviewer + trend x quarters, in which reviewers are drawn to the common level (normal, as
far apart as catch rates of reviewers usually are) and the trend is free. Penalised likelihood with Laplace's covariance; routine probes only.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from audit.oversight.estimates import QUANTILE, few
from audit.oversight.model import Estimate, Mode, ProbeResult, withheld

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

QUARTER = 365.25 / 4  # days
LEAST, SPAN = 30, 1.0  # probes, quarters
REVIEWER = 0.5  # standard deviation of reviewers, in logits
FREE = 1e-4  # precision of what is not drawn anywhere
STEPS, SMALL = 50, 1e-10


@dataclass(frozen=True)
class Erosion:
    """Change of the catch rate in a quarter, and quarters until half of the present one is left (None without a fall)."""

    per_quarter: Estimate
    half_life: Estimate


def erosion(results: Iterable[ProbeResult]) -> Erosion:
    """Return the trend of the routine probes of a site."""
    seen = [r for r in results if r.counted and r.mode is not Mode.QUALIFY]
    reason = few(len(seen), LEAST, "routine checks")
    if not reason:
        days = [datetime.fromisoformat(r.at).timestamp() / 86400 for r in seen]
        quarters = [(day - max(days)) / QUARTER for day in days]
        if -min(quarters) < SPAN:
            reason = "less than a quarter from the first to the last check"
    if reason:
        return Erosion(withheld(len(seen), reason), withheld(len(seen), reason))
    level, trend, spread, p = _fit(seen, quarters)
    slope = sum(x * (1 - x) for x in p) / len(p)
    ends = [trend + side * QUANTILE * spread for side in (-1, 1)]
    change = Estimate(trend * slope, ends[0] * slope, ends[1] * slope, len(seen))
    return Erosion(change, _half_life(level, trend, ends, len(seen)))


def _half_life(level: float, trend: float, ends: list[float], n: int) -> Estimate:
    """Return the quarters in which the odds of the present level fall to half the present rate."""
    if ends[1] >= 0:
        return withheld(n, "no fall of the catch rate is shown")
    now = 1 / (1 + math.exp(-level))
    way = math.log((now / 2) / (1 - now / 2)) - level
    return Estimate(way / trend, way / ends[0], way / ends[1], n)


def _fit(seen: list[ProbeResult], quarters: list[float]) -> "tuple[float, float, float, Floats]":
    """Return the present logit at the mean difficulty, the trend with its standard error, and the fitted rates."""
    import numpy as np  # noqa: PLC0415 - loaded only where something is estimated

    people = sorted({r.reviewer for r in seen})
    who = np.array([[float(r.reviewer == name) for name in people] for r in seen])
    design = np.column_stack([np.ones(len(seen)), quarters, who])
    precision = np.diag([FREE, FREE, *[REVIEWER**-2] * len(people)])
    offset, hit = -np.array([r.difficulty for r in seen]), np.array([r.hit for r in seen])
    effects = np.zeros(design.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(offset + design @ effects)))
        hessian = (design.T * (p * (1 - p))) @ design + precision
        move = np.linalg.solve(hessian, design.T @ (hit - p) - precision @ effects)
        effects += move / max(1.0, float(np.abs(move).max()))
        if np.abs(move).max() < SMALL:
            break
    level = float(effects[0] + offset.mean())
    return level, float(effects[1]), float(np.sqrt(np.linalg.inv(hessian)[1, 1])), np.asarray(p, dtype=np.float64)
