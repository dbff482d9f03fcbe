"""After an alarm, and for a qualification: Wald's sequential test of "healthy" against "worse by the designed odds". Pure.

With p = .10 for every probe this is .10 against .40. Harder probes weigh less, as in the detector. The run is twenty probes long at most;
where neither bound is reached by then, the test says that it cannot tell.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from audit.errors import Invalid

ODDS = 6.0
ALPHA = 0.05  # a healthy reviewer is confirmed as worse
BETA = 0.10  # a worse one is taken for healthy
PROBES = 20


class Verdict(StrEnum):
    """What a confirmation says so far."""

    OPEN = "more checks are needed"
    HEALTHY = "as expected"
    WORSE = "more missed than expected"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Confirmation:
    """The log-likelihood ratio after some probes; positive speaks for worse."""

    ratio: float = 0.0
    probes: int = 0
    verdict: Verdict = Verdict.OPEN


def evidence(missed: bool, p: float, odds: float = ODDS) -> float:  # noqa: FBT001 - the observation itself
    """Return the log-likelihood ratio of one probe; p is what a healthy reviewer misses at its difficulty."""
    if not 0 < p < 1:
        raise Invalid(f"A probe's expected miss probability is {p}.", remedy="Give one between 0 and 1, both excluded.")
    return (math.log(odds) if missed else 0.0) - math.log(1 - p + odds * p)


def bounds(alpha: float = ALPHA, beta: float = BETA) -> tuple[float, float]:
    """Return Wald's bounds: at or below the first healthy, at or above the second worse."""
    return math.log(beta / (1 - alpha)), math.log((1 - beta) / alpha)


def confirm(state: Confirmation, missed: bool, p: float, *, most: int = PROBES) -> Confirmation:  # noqa: FBT001
    """Return the state after one probe; a verdict once reached stays."""
    if state.verdict is not Verdict.OPEN:
        return state
    ratio, probes = state.ratio + evidence(missed, p), state.probes + 1
    low, high = bounds()
    after = replace(state, ratio=ratio, probes=probes)
    if ratio <= low:
        return replace(after, verdict=Verdict.HEALTHY)
    if ratio >= high:
        return replace(after, verdict=Verdict.WORSE)
    return replace(after, verdict=Verdict.CANNOT_TELL) if probes >= most else after
