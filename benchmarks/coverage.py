"""Estimates of oversight: their bias, spread and coverage against the figures they were specified with, and against their goals.

What can be enumerated is exact: d' over all outcomes, and how often an interval that is looked at after every check ever misses the truth.
Coverage and shrinkage are simulated with a fixed seed: 20 reviewers at a time, their catch rates Beta(.85 M, .15 M). The specification's
shrinkage is reproduced where reviewers have numbers of checks that scatter (Poisson) around n; with the same n for everybody, raw rates are nearer.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from audit.oversight import pooling
from audit.oversight.estimates import NORMAL, jeffreys
from audit.oversight.sequences import sequence
from benchmarks.measure import row

Floats = NDArray[np.float64]
SEED = 20261126
HIT, FALSE, CLEAN = 0.85, 0.05, 200
REVIEWERS, SETS = 20, 150
NEAR, HALF = 0.05, 0.005  # five in a hundred and half the last printed digit
D_PRIME = {  # checks: P(all caught), bias and RMSE of d' log-linear, and with 0 and 1 moved by 1/(2N)
    5: (0.44, -0.14, 0.51, -0.09, 0.44),
    10: (0.20, -0.05, 0.46, 0.06, 0.45),
    20: (0.04, -0.01, 0.38, 0.09, 0.41),
    40: (0.00, -0.01, 0.29, 0.06, 0.31),
}
DRAWN = 4_000  # runs that the specification's simulated bias and RMSE may rest on: it does not say
SEQUENCE = {20: (0.57, 0.98), 40: (0.66, 0.96), 100: (0.73, 0.93), 400: (0.79, 0.90)}
SHRUNK = {5: (0.184, 0.062), 10: (0.118, 0.056), 20: (0.082, 0.049)}  # mean checks: RMSE raw, pooled, at M = 43
RELIABLE = {20: 0.32, 36: 0.46, 100: 0.70}
COVERED = {"posterior alone": 0.901, "Jeffreys alone": 0.959}  # n = 5, M = 10
LOOKED = range(5, 101)


def coverage() -> list[dict[str, Any]]:
    """Return every figure beside the specified one."""
    return [*_d_prime(), *_sequences(), *_continuous(), *_shrinkage(), *_reliability(), *_envelope()]


def _specified(name: str, value: float, specified: float, half: float = HALF) -> dict[str, Any]:
    met = abs(value - specified) <= NEAR * abs(specified) + half
    ratio = value / specified if specified else 1 + value
    return row(name, ratio, f"specified {specified}", f"within 5 % and {half}", figure=round(value, 4), met=met)


def _d_prime() -> list[dict[str, Any]]:
    """Compare the exact bias and RMSE of d' with those that the specification drew, within two standard errors of its runs."""
    found = []
    for n, (caught, *drawn) in D_PRIME.items():
        found.append(_specified(f"d', {n} checks: all caught", HIT**n, caught))
        for how, (bias, rmse) in {"log-linear": drawn[:2], "1/(2N)": drawn[2:]}.items():
            values = _error(n, _linear if how == "log-linear" else _halved)
            errors = (values[1] / DRAWN**0.5, values[1] / (2 * DRAWN) ** 0.5)
            for what, value, stated, error in zip(("bias", "RMSE"), values, (bias, rmse), errors, strict=True):
                line = row(
                    f"d', {n} checks, {how}: {what}", value / stated, f"specified {stated}", "within two standard errors"
                )
                found.append({**line, "figure": round(value, 4), "met": abs(value - stated) <= 2 * error + HALF})
    return found


def _linear(k: Floats, n: int) -> Floats:
    return (k + 0.5) / (n + 1)


def _halved(k: Floats, n: int) -> Floats:
    return np.clip(k / n, 0.5 / n, 1 - 0.5 / n)


def _error(n: int, rate: Callable[[Floats, int], Floats]) -> tuple[float, float]:
    """Return the exact bias and RMSE of d' over all outcomes of n faults and of the correct texts."""
    hits, false = np.arange(n + 1.0), np.arange(CLEAN + 1.0)
    chance = np.outer(stats.binom.pmf(hits, n, HIT), stats.binom.pmf(false, CLEAN, FALSE))
    truth = NORMAL.inv_cdf(HIT) - NORMAL.inv_cdf(FALSE)
    error = stats.norm.ppf(rate(hits, n))[:, None] - stats.norm.ppf(rate(false, CLEAN))[None, :] - truth
    return float((chance * error).sum()), math.sqrt(float((chance * error**2).sum()))


def _sequences() -> list[dict[str, Any]]:
    found = []
    for n, ends in SEQUENCE.items():
        for what, value, stated in zip(("low", "high"), sequence(HIT * n, n), ends, strict=True):
            met = abs(value - stated) <= HALF
            line = row(
                f"confidence sequence at .85, n = {n}: {what}", value / stated, f"specified {stated}", "the printed digits"
            )
            found.append({**line, "figure": round(value, 4), "met": met})
    return found


def _continuous() -> list[dict[str, Any]]:
    found = []
    for truth in (0.6, 0.75, 0.85, 0.9, 0.95):
        for what, interval, goal in (("confidence sequence", sequence, 0.05), ("Jeffreys", jeffreys, None)):
            missed = _ever_missed(truth, interval)
            line = row(
                f"looked at after each of 5 to 100 checks, truth {truth}: {what} ever misses it", missed, "0.05", "<= 0.05"
            )
            found.append({**line, "met": missed <= goal} if goal else {**line, "goal": "none: why it is not shown live"})
    return found


def _ever_missed(truth: float, interval: Callable[[float, int], tuple[float, float]]) -> float:
    """Return the chance that the interval misses the truth at some look, by following every number of hits."""
    alive = np.array([1.0])
    for n in range(1, LOOKED[-1] + 1):
        alive = np.append(alive * (1 - truth), 0.0) + np.append(0.0, alive * truth)
        if n in LOOKED:
            ends = np.array([interval(hits, n) for hits in range(n + 1)])
            alive[(ends[:, 0] > truth) | (ends[:, 1] < truth)] = 0.0
    return 1 - float(alive.sum())


def _shrinkage() -> list[dict[str, Any]]:
    random, found = np.random.default_rng(SEED), []
    for mean, stated in SHRUNK.items():
        errors: list[tuple[float, float]] = []
        for _ in range(SETS):
            truth = random.beta(HIT * 43, (1 - HIT) * 43, REVIEWERS)
            n = np.maximum(random.poisson(mean, REVIEWERS), 1)
            hits = random.binomial(n, truth)
            known = pooling.pool(zip(hits.tolist(), n.tolist(), strict=True))
            errors += [
                (h / k - t, pooling.posterior(known, h, k)[0] - t)
                for h, k, t in zip(hits.tolist(), n.tolist(), truth, strict=True)
            ]
        raw, pooled = np.sqrt((np.array(errors) ** 2).mean(axis=0))
        found.append(_specified(f"RMSE of catch rates, {mean} checks: raw", float(raw), stated[0]))
        line = _specified(f"RMSE of catch rates, {mean} checks: shrunken", float(pooled), stated[1])
        found.append({**line, "goal": "no larger than specified, within 5 %", "met": bool(pooled <= stated[1] * (1 + NEAR))})
    return found


def _reliability() -> list[dict[str, Any]]:
    random, found = np.random.default_rng(SEED), []
    truth = random.beta(HIT * 43, (1 - HIT) * 43, 400_000)
    for n, stated in RELIABLE.items():
        one, two = random.binomial(n, truth), random.binomial(n, truth)
        found.append(_specified(f"reliability of {n} checks, M = 43", float(np.corrcoef(one, two)[0, 1]), stated))
    return found


def _envelope() -> list[dict[str, Any]]:
    found = []
    for strength in (10, 43):
        for n in (5, 10, 20, 36, 50, 100):
            held = _held(strength, n)
            line = row(f"95 % envelope, n = {n}, M = {strength}: covers", held["envelope"], "0.93", ">= 0.93")
            found.append({**line, "met": held["envelope"] >= 0.93})
            if (n, strength) == (5, 10):
                found += [_specified(f"n = 5, M = 10: {what} covers", held[what], value) for what, value in COVERED.items()]
    return found


def _held(strength: float, n: int) -> dict[str, float]:
    """Return which share of reviewers' catch rates each interval covers."""
    random = np.random.default_rng(SEED + n)
    inside: list[tuple[bool, bool, bool]] = []
    for _ in range(SETS):
        truth = random.beta(HIT * strength, (1 - HIT) * strength, REVIEWERS)
        hits = random.binomial(n, truth).tolist()
        known = pooling.pool((h, n) for h in hits)
        ends = {
            h: (pooling.posterior(known, h, n)[1:], jeffreys(h, n), pooling.envelope(known, h, n)[1:]) for h in set(hits)
        }
        for h, t in zip(hits, truth, strict=True):
            alone, other, both = ends[h]
            inside.append((alone[0] <= t <= alone[1], other[0] <= t <= other[1], both[0] <= t <= both[1]))
    shares = np.mean(inside, axis=0)
    return dict(zip(("posterior alone", "Jeffreys alone", "envelope"), map(float, shares), strict=True))
