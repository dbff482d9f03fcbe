"""Run lengths without simulation: exact Markov chains of the integer CUSUM, of Wald's test and of fixed samples. Pure.

The integer CUSUM adds 7 for a miss and takes 2 for a catch, never below zero, and alarms at a limit. It is the yardstick of the e-detector,
not an alarm of the product: it has no bound on false alarms where probes differ in difficulty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from audit.errors import Invalid
from audit.oversight.confirmation import bounds, evidence

MISS, CATCH = 7, 2
MOST_LIMIT = 200
GONE = 1e-12  # of the probability still running: the sums below have ended


@dataclass(frozen=True)
class RunLength:
    """How many probes until the end: mean and the asked quantiles."""

    mean: float
    quantiles: tuple[int, ...] = ()


def cusum(limit: int, p: float, quantiles: Sequence[float] = ()) -> RunLength:
    """Return the run length of the integer CUSUM from zero when each probe is missed with probability p."""
    import numpy as np  # noqa: PLC0415 - the rest of the module is plain Python

    if not 1 <= limit <= MOST_LIMIT or not 0 < p < 1:
        raise Invalid(
            f"A CUSUM with limit {limit} and p = {p} has no run length here.", remedy="Give 1 to 200, and 0 < p < 1."
        )
    stay = np.zeros((limit, limit))
    for state in range(limit):
        stay[state, max(0, state - CATCH)] += 1 - p
        if state + MISS < limit:
            stay[state, state + MISS] += p
    mean = float(np.linalg.solve(np.eye(limit) - stay, np.ones(limit))[0])
    return RunLength(mean, tuple(_reached(limit, p, share) for share in quantiles))


def cusum_alarmed(limit: int, p: float, probes: int) -> float:
    """Return the probability that the integer CUSUM alarms within so many probes."""
    return 1 - sum(_running(limit, p, probes))


def _reached(limit: int, p: float, share: float) -> int:
    states, probes = _start(limit), 0
    while 1 - sum(states) < share:
        states, probes = _next(states, p), probes + 1
    return probes


def _running(limit: int, p: float, probes: int) -> list[float]:
    states = _start(limit)
    for _ in range(probes):
        states = _next(states, p)
    return states


def _start(limit: int) -> list[float]:
    return [1.0] + [0.0] * (limit - 1)


def _next(states: list[float], p: float) -> list[float]:
    after = [0.0] * len(states)
    for state, chance in enumerate(states):
        after[max(0, state - CATCH)] += chance * (1 - p)
        if state + MISS < len(states):
            after[state + MISS] += chance * p
    return after


@dataclass(frozen=True)
class WaldRun:
    """Wald's test when each probe is missed with the same probability: probes needed, and how often it says "worse"."""

    mean: float
    ninety: int
    worse: float


def wald(p: float, *, healthy: float = 0.10) -> WaldRun:
    """Return the exact run of the confirmation without its limit of probes; `healthy` is the p that it expects."""
    low, high = bounds()
    miss, catch = evidence(missed=True, p=healthy), evidence(missed=False, p=healthy)
    running, probes, mean, worse, ninety = {0: 1.0}, 0, 0.0, 0.0, 0
    while sum(running.values()) > GONE:
        probes += 1
        after: dict[int, float] = {}
        for misses, chance in running.items():
            for more, share in ((1, p), (0, 1 - p)):
                total = (misses + more) * miss + (probes - misses - more) * catch
                if low < total < high:
                    after[misses + more] = after.get(misses + more, 0.0) + chance * share
                else:
                    mean += probes * chance * share
                    worse += chance * share * (total >= high)
        running = after
        if not ninety and 1 - sum(running.values()) >= 0.9:  # noqa: PLR2004 - the quantile that is reported
            ninety = probes
    return WaldRun(mean, ninety, worse)


def fixed_sample(healthy: float, worse: float, *, alpha: float, power: float) -> tuple[int, int]:
    """Return the smallest number of probes, and of misses to alarm at, that keep alpha and reach the power."""
    for probes in range(1, MOST_LIMIT + 1):
        at = next((k for k in range(probes + 1) if _at_least(k, probes, healthy) <= alpha), None)
        if at is not None and _at_least(at, probes, worse) >= power:
            return probes, at
    raise Invalid(
        f"No sample of up to {MOST_LIMIT} probes tells these apart.", remedy="Ask for less, or for a larger difference."
    )


def _at_least(k: int, n: int, p: float) -> float:
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
