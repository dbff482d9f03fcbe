"""The vigilance gap: how much more is caught when a reviewer knows that it is a qualification than in routine work. Pure.

A large gap speaks of willingness, a low catch rate in qualification of skill. Both sides are weighted to one mix of families and difficulty,
that of the routine probes; what only one side has is left out. The interval is that of a weighted sum of independent rates from the Jeffreys
intervals of its parts (method of variance estimates recovery).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from audit.oversight.estimates import LEAST_PROBES, few, jeffreys
from audit.oversight.model import Estimate, Family, Mode, ProbeResult, withheld

HARD = 0.20  # a healthy reviewer's miss probability from which a probe counts as hard

Stratum = tuple[Family, bool]


@dataclass(frozen=True)
class _Rate:
    value: float
    low: float
    high: float
    n: int


def gap(results: Iterable[ProbeResult], *, least: int = LEAST_PROBES) -> Estimate:
    """Return the gap; `n` counts the routine probes that it compares."""
    sides: dict[bool, dict[Stratum, list[float]]] = {True: {}, False: {}}
    for r in results:
        if r.counted:
            sides[r.mode is Mode.QUALIFY].setdefault((r.family, r.p_ok >= HARD), []).append(r.hit)
    shared = sorted(set(sides[True]) & set(sides[False]))
    qualified, routine = ([_rate(sides[side][stratum]) for stratum in shared] for side in (True, False))
    routine_n, qualified_n = sum(r.n for r in routine), sum(q.n for q in qualified)
    reason = few(routine_n, least, "routine checks of like kind") or few(
        qualified_n, least, "qualification checks of like kind"
    )
    if reason:
        return withheld(routine_n, reason)
    pairs = [(r.n / routine_n, q, r) for q, r in zip(qualified, routine, strict=True)]
    value = sum(w * (q.value - r.value) for w, q, r in pairs)
    below = sum(w * w * ((q.value - q.low) ** 2 + (r.high - r.value) ** 2) for w, q, r in pairs)
    above = sum(w * w * ((q.high - q.value) ** 2 + (r.value - r.low) ** 2) for w, q, r in pairs)
    return Estimate(value, max(-1.0, value - math.sqrt(below)), min(1.0, value + math.sqrt(above)), routine_n)


def _rate(hits: list[float]) -> _Rate:
    k, n = sum(hits), len(hits)
    return _Rate(k / n, *jeffreys(k, n), n)
