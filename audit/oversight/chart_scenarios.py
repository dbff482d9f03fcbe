"""Usual charts beside the e-detector: at equal waits for a false alarm they find alike, a cumulative rate does not. Loaded by `simulate` only.

The specification sets the wait to about 460 probes and gives the EWMA's weight, .1. Its limit (.3185, from a start at .10) and the e-detector's
(A = 278) are fitted to that wait. "Good" probes are those of a healthy reviewer, .10 missed, in which nothing has alarmed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.oversight import runlength
from audit.oversight.confirmation import ODDS, evidence
from audit.oversight.simulated import Row, Tell, averaged
from audit.oversight.simulation import Flags, Floats

HEALTHY = 0.10
EWMA = 0.1  # weight of the newest outcome
RATE, FIRST = 0.20, 10  # the cumulative rule and the probes before it says anything
MOST = 20_000  # probes

Step = Callable[[Floats, Flags], Floats]


@dataclass(frozen=True)
class Chart:
    """A statistic that starts at a value, moves with each outcome, and alarms at a limit, not before so many probes."""

    start: float
    step: Step
    limit: float
    least: int = 1


def _cusum(value: Floats, missed: Flags) -> Floats:
    return np.maximum(0.0, value + np.where(missed, runlength.MISS, -runlength.CATCH))


def _ratios(value: Floats, missed: Flags) -> Floats:
    miss, catch = (evidence(was, HEALTHY) for was in (True, False))
    return np.maximum(0.0, value + np.where(missed, miss, catch))


def _detector(value: Floats, missed: Flags) -> Floats:
    return (1 + value) * np.where(missed, ODDS, 1.0) / (1 - HEALTHY + ODDS * HEALTHY)


def _ewma(value: Floats, missed: Flags) -> Floats:
    return (1 - EWMA) * value + EWMA * missed


def _beyond_rate(value: Floats, missed: Flags) -> Floats:
    return value + missed - RATE


CHARTS = {
    "integer CUSUM, limit 21": Chart(0.0, _cusum, 21),
    "e-detector, A = 278, one odds ratio": Chart(0.0, _detector, 278),
    "EWMA of .1, limit .3185": Chart(HEALTHY, _ewma, 0.3185),
}
RATIOS = Chart(0.0, _ratios, float(np.log(200)))
CUMULATIVE = Chart(0.0, _beyond_rate, 1e-9, FIRST)  # more than the rate, rounding apart


def charts(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return how long each chart waits for a false alarm, and how soon it finds a lapse after good probes."""
    rows = []
    for done, (name, chart) in enumerate(CHARTS.items()):
        tell(name, done, len(CHARTS) + 1)
        rows.append(averaged(f"{name}: probes to a false alarm", run(chart, HEALTHY, lanes=runs, seed=seed)))
        for miss, good in ((0.40, 30), (0.40, 100), (0.25, 100)):
            found = run(chart, miss, good=good, lanes=runs, seed=seed)
            rows.append(averaged(f"{name}: probes to find {miss:.2f} after {good} good", found))
    tell("cumulative rate", len(CHARTS), len(CHARTS) + 1)
    for miss in (0.40, 0.25):
        found = run(CUMULATIVE, miss, good=100, lanes=runs, seed=seed)
        rows.append(averaged(f"more than 20 % of all missed, from 10: probes to find {miss:.2f} after 100 good", found))
    name = "CUSUM of likelihood ratios, limit ln 200: probes"
    return [
        *rows,
        averaged(f"{name} to a false alarm", run(RATIOS, HEALTHY, lanes=runs, seed=seed)),
        averaged(f"{name} to find 0.40", run(RATIOS, 0.40, lanes=runs, seed=seed)),
        Row(
            "integer CUSUM, limit 17, told .10 where .20 is missed: probes to a false alarm", runlength.cusum(17, 0.20).mean
        ),
    ]


def run(chart: Chart, miss: float, *, lanes: int, seed: int, good: int = 0) -> NDArray[np.int64]:
    """Return the probes from the last good one to the alarm of those that had none before."""
    random, value, found = np.random.default_rng(seed), np.full(lanes, chart.start), list[int]()
    for n in range(1, good + MOST + 1):
        value = chart.step(value, random.random(len(value)) < (HEALTHY if n <= good else miss))
        running = ((value < chart.limit) | (n < chart.least)) & (n < good + MOST)
        found += [n - good] * (int((~running).sum()) if n > good else 0)
        value = value[running]
        if not len(value):
            break
    return np.array(found, dtype=np.int64)
