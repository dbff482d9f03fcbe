"""This period beside the previous one: difference of means and ratio of standard deviations, with 95 % intervals. Pure.

The means by Welch (unequal variances), the ratio by F. A practical limit, set beforehand, is compared with the interval of the
difference: a difference that is significant and matters to nobody is told as such, and one that cannot be excluded as well.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from drafting.statistics.basis import Basis, Exclusion, Interval, NotGiven
from drafting.statistics.exact import WORKING, as_decimal, of_float, summarise
from drafting.statistics.libraries import stats

SMALLEST_PERIOD = 3


class Against(StrEnum):
    """How the interval of a difference lies to the practical limit."""

    WITHIN = "the difference is smaller than the practical limit"
    BEYOND = "the difference is larger than the practical limit"
    OPEN = "the data do not decide whether the difference exceeds the practical limit"
    NO_LIMIT = "no practical limit was set beforehand"


@dataclass(frozen=True)
class Shift:
    """Mean after less mean before, deviation after over deviation before (None where one does not vary)."""

    difference: Interval
    ratio: Interval | None
    against: Against
    practical: Decimal | None
    n_before: int
    basis: Basis


def shift(
    before: Sequence[Decimal],
    after: Sequence[Decimal],
    practical: Decimal | None = None,
    *,
    excluded: tuple[Exclusion, ...] = (),
) -> Shift | NotGiven:
    """Compare two periods."""
    basis = Basis("difference of means by Welch, ratio of deviations by F, 95 %", len(before) + len(after), excluded)
    if min(len(before), len(after)) < SMALLEST_PERIOD:
        return NotGiven(f"each period needs {SMALLEST_PERIOD} values", basis)
    one, two = summarise(before), summarise(after)
    assert one.sd is not None
    assert two.sd is not None
    with localcontext(WORKING):
        parts = (one.sd**2 / one.n, two.sd**2 / two.n)
        error = sum(parts, Decimal(0)).sqrt()
    if not error:
        return NotGiven("neither period varies", basis)
    weights = [float(part / (error * error)) for part in parts]  # shares: large or small units change nothing
    degrees = 1 / sum(w * w / (n - 1) for w, n in zip(weights, (one.n, two.n), strict=True))
    with localcontext(WORKING):
        half = of_float(stats().t.ppf(0.975, degrees)) * error
        difference = as_decimal(two.mean - one.mean)
    found = Interval(difference, difference - half, difference + half)
    ratio = _ratio(one.sd, two.sd, one.n, two.n) if one.sd and two.sd else None
    return Shift(found, ratio, _against(found, practical), practical, one.n, basis)


def _ratio(before: Decimal, after: Decimal, n_before: int, n_after: int) -> Interval:
    law = stats().f(n_after - 1, n_before - 1)
    high, low = (of_float(math.sqrt(law.ppf(q))) for q in (0.025, 0.975))
    with localcontext(WORKING):
        ratio = after / before
        return Interval(ratio, ratio / low, ratio / high)


def _against(found: Interval, practical: Decimal | None) -> Against:
    assert found.low is not None
    assert found.high is not None
    if practical is None:
        return Against.NO_LIMIT
    if -practical < found.low and found.high < practical:
        return Against.WITHIN
    return Against.BEYOND if found.low > practical or found.high < -practical else Against.OPEN
