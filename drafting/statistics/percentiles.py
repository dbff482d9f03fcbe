"""The percentile method for values that are not normal: indices from the 0.135, 50 and 99.865 percentiles (ISO 22514-2). Pure.

The percentiles are those of a distribution that was declared for the attribute (fitted by maximum likelihood), else of the sample itself by
linear interpolation; below 1,000 values the outer ones are then little more than the extremes, which the result says with the chance
that an extreme of so many values lies as far out, 1 - (1 - .00135)^n. The index is then rather too high, and no resample knows of more. The
interval is the 2.5 and 97.5 percentile of the index over 1,000 resamples of the values, from a stated seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from drafting.statistics.basis import Basis, Interval, NotGiven
from drafting.statistics.exact import WORKING, of_float
from drafting.statistics.libraries import numpy, stats

PROBABILITIES = (0.00135, 0.5, 0.99865)
DECLARED = {"lognormal": "lognorm", "gamma": "gamma"}  # of values above zero, location 0
RESAMPLES = 1_000
SEED = 20_251_125
MOST_NUMBERS = 2_000_000  # in memory at one time
ENOUGH = 1_000  # values from which a sample has a 0.135 percentile of its own


@dataclass(frozen=True)
class Percentiles:
    """The three percentiles, those of each resample for the interval, and what must be said beside them."""

    low: Decimal
    median: Decimal
    high: Decimal
    resampled: tuple[tuple[float, float, float], ...]
    remarks: tuple[str, ...]
    basis: Basis
    reached: Decimal | None = (
        None  # chance that the smallest value lies beyond the lower percentile; None of a distribution or of many values
    )

    def indices(self, lower: Decimal | None, upper: Decimal | None) -> tuple[Interval | None, Interval]:
        """Return Pp (None for one limit) and Ppk, each with its interval; at least one limit is given."""
        low, median, high = numpy().array(self.resampled).T
        sides, again = [], []
        with localcontext(WORKING):
            if upper is not None:
                sides.append((upper - self.median) / (self.high - self.median))
                again.append((float(upper) - median) / (high - median))
            if lower is not None:
                sides.append((self.median - lower) / (self.median - self.low))
                again.append((median - float(lower)) / (median - low))
            ppk = _interval(min(sides), numpy().minimum.reduce(again))
            if lower is None or upper is None:
                return None, ppk
            return _interval((upper - lower) / (self.high - self.low), float(upper - lower) / (high - low)), ppk


def percentiles(values: Sequence[Decimal], distribution: str = "", *, seed: int = SEED) -> Percentiles | NotGiven:
    """Return the percentiles of values that vary, by a declared distribution or ("") by their own order."""
    np = numpy()
    how = f"{distribution} fitted by maximum likelihood" if distribution else "of the sample"
    basis = Basis(
        f"percentile method (0.135, 50, 99.865), {how}; interval from {RESAMPLES} resamples, seed {seed}", len(values)
    )
    if distribution and distribution not in DECLARED:
        return NotGiven(f"{distribution} is not known: {', '.join(DECLARED)}", basis)
    if distribution and min(values) <= 0:
        return NotGiven(f"{distribution} is for values above zero", basis)
    data = np.array([float(value) for value in values])
    (found,) = _rows(data[None, :], distribution)
    rng, at_once = np.random.default_rng(seed), max(1, MOST_NUMBERS // len(data))
    again: list[tuple[float, float, float]] = []
    while len(again) < RESAMPLES:
        draws = rng.choice(data, (min(at_once, RESAMPLES - len(again)), len(data)))
        again.extend(_rows(draws, distribution))
    distinct = [row for row in again if row[0] < row[1] < row[2]]
    if not found[0] < found[1] < found[2] or not distinct:
        return NotGiven("the median equals an outer percentile: most values are the same", basis)
    few = not distribution and len(values) < ENOUGH
    remarks = (f"{len(values)} values have no 0.135 percentile of their own: their extremes stand for it",) if few else ()
    low, median, high = map(of_float, found)
    reached = of_float(1 - (1 - PROBABILITIES[0]) ** len(values)) if few else None
    return Percentiles(low, median, high, tuple((a, b, c) for a, b, c in distinct), remarks, basis, reached)


def _rows(samples: Any, distribution: str) -> list[tuple[float, float, float]]:
    """Return the three percentiles of each row; a row of one value has it three times."""
    if not distribution:
        return [(a, b, c) for a, b, c in numpy().quantile(samples, PROBABILITIES, axis=1).T.tolist()]
    law, found = getattr(stats(), DECLARED[distribution]), []
    for row in samples:
        varies = row.min() < row.max()
        low, median, high = law.ppf(PROBABILITIES, *law.fit(row, floc=0)) if varies else row[[0, 0, 0]]
        found.append((float(low), float(median), float(high)))
    return found


def _interval(value: Decimal, resampled: Any) -> Interval:
    low, high = numpy().quantile(resampled, (0.025, 0.975))
    return Interval(value, of_float(low), of_float(high))
