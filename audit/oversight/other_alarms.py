"""Alarms that the product does not have, for comparison: on behaviour alone, and on behaviour and probes in one fused score.

Both are CUSUMs over sections with the behaviour's log-likelihood ratios of `behaviour.increment`. The fused score adds the log-likelihood
ratio of a probe, of .10 against .40, where a section had one at the fixed rate, and counts behaviour half: the specification leaves weight
and limits open. Half and 4.5 are fitted to its years to a false alarm and its delay at a silent lapse; 7.96 to its two run lengths of an
unchanged behaviour, 4,248 and 4,566 sections, which are the same figure twice. Both accuse whoever merely becomes quicker. Loaded by the
`simulate` command only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.oversight import behaviour, confirmation
from audit.oversight.simulated import Row, averaged, quantile
from audit.oversight.simulation import USUAL, Change

P = 0.10  # missed by the healthy
MOST = 60_000  # sections; a lane without an alarm by then ends there


@dataclass(frozen=True)
class Score:
    """A CUSUM of behaviour with a weight, and of the probes at a rate."""

    limit: float
    weight: float = 1.0
    rate: float = 0.0


SCORES = {"behaviour alone": Score(7.96), "fused score": Score(4.5, 0.5, 0.063)}


def other_alarms(changes: Mapping[str, Change], runs: int, seed: int) -> list[Row]:
    """Return for each score the sections from a change to its alarm, mean and 90 %."""
    rows = []
    for name, score in SCORES.items():
        for number, (what, change) in enumerate(changes.items()):
            found = first_alarms(score, change, max(50, runs), np.random.default_rng([seed, number]))
            rows += [averaged(f"{name}: {what}, mean", found), quantile(f"{name}: {what}, 90 %", found, 0.9)]
    return rows


def first_alarms(score: Score, change: Change, lanes: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return the sections from a change to the alarm of those without one before it."""
    value, noise, found = np.zeros(lanes), random.standard_normal(lanes), list[int]()
    c, usual, fewer = USUAL.correlation, behaviour.USUAL.opened, behaviour.USUAL.opened - behaviour.FALL
    miss, catch = (confirmation.evidence(missed, P) for missed in (True, False))
    for section in range(1, MOST + 1):
        now, n = change.conduct(section), len(value)
        noise = c * noise + np.sqrt(1 - c * c) * random.standard_normal(n)
        seen = np.clip(noise + now.dwell, -behaviour.WINSOR, behaviour.WINSOR)
        opened, probed, missed = (random.random(n) < share for share in (now.opened, score.rate, now.miss))
        gain = np.where(opened, np.log(fewer / usual), np.log((1 - fewer) / (1 - usual)))
        gain = gain - behaviour.SHIFT * seen - behaviour.SHIFT**2 / 2
        value = np.maximum(0.0, value + score.weight * gain + probed * np.where(missed, miss, catch))
        running = (value < score.limit) & (section < MOST)
        found += [section - change.at] * (int((~running).sum()) if section > change.at else 0)
        value, noise = value[running], noise[running]
        if not len(value):
            break
    return np.array(found, dtype=np.int64)
