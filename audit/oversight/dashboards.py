"""The rules that a dashboard of catch rates usually has, read at the end of each month. Loaded by the `simulate` command only."""

import numpy as np
from numpy.typing import NDArray

from audit.oversight.simulation import Flags

LIMIT = 0.80
FROM = 10  # probes of the cumulative rule
WINDOW, WINDOW_LIMIT = 20, 0.70
EXPECTED = 0.90
MOST = 300  # probes a year at the most; at 5 % there are about 36


class Dashboards:
    """What the usual rules say of many reviewers."""

    def __init__(self, lanes: int) -> None:
        from scipy.stats import beta  # noqa: PLC0415 - used here only

        self.probes, self.misses = np.zeros(lanes, int), np.zeros(lanes, int)
        self.month_probes, self.month_misses = np.zeros(lanes, int), np.zeros(lanes, int)
        self.last: NDArray[np.bool_] = np.zeros((WINDOW, lanes), bool)  # a ring of outcomes
        n, k = np.meshgrid(np.arange(MOST), np.arange(MOST), indexing="ij")
        self.upper = np.where(
            k == 0, 1.0, beta.ppf(0.975, np.maximum(n - k, 0) + 0.5, k + 0.5)
        )  # Jeffreys, of the catch rate

    def section(self, probed: Flags, missed: Flags) -> None:
        """Count one section."""
        at = np.flatnonzero(probed)
        self.last[self.probes[at] % WINDOW, at] = missed[at]
        self.probes += probed
        self.misses += missed
        self.month_probes += probed
        self.month_misses += missed

    def month(self) -> dict[str, Flags]:
        """Return which rules flag whom at the end of a month, and begin the next."""
        caught = 1 - self.misses / np.maximum(self.probes, 1)
        fires = {
            "caught in the month < 80 %": self.month_misses > (1 - LIMIT) * self.month_probes + 1e-9,
            "caught in all < 80 %, from 10": (caught < LIMIT) & (self.probes >= FROM),
            "Jeffreys upper bound of all < .90": self.upper[self.probes, self.misses] < EXPECTED,
            "last 20, caught <= .70": (self.probes >= WINDOW) & (1 - self.last.mean(axis=0) <= WINDOW_LIMIT + 1e-9),
        }
        self.month_probes[:], self.month_misses[:] = 0, 0
        return fires
