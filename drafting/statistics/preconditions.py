"""What an index rests on: normality (Anderson-Darling) and independence (lag-1 autocorrelation). Pure.

Deviations from the mean are exact before they become floats, so that seven constant leading digits cost nothing. The p value is
that of D'Agostino and Stephens (1986, table 4.9) for mean and deviation estimated from the sample. statsmodels has the same formula, but
its statistic is infinite for one value nine deviations away; logarithms of the tails are not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.exact import WORKING, deviations, lag_one, of_float
from drafting.statistics.libraries import numpy, special

ALPHA = Decimal("0.05")
SMALLEST_FOR_TEST = 8  # the approximation of the p value is published from eight values on
LARGEST_WITH_P = 13.0  # beyond it the p value is below 1e-30
P_VALUES = (  # adjusted statistic from, coefficients of exp(a + b x + c x^2), whether that is 1 - p
    (0.600, (1.2937, -5.709, 0.0186), False),
    (0.340, (0.9177, -4.279, -1.38), False),
    (0.200, (-8.318, 42.796, -59.938), True),
    (0.000, (-13.436, 101.14, -223.73), True),
)
NORMAL_975 = Decimal("1.959963984540054")


@dataclass(frozen=True)
class Normality:
    """Anderson-Darling statistic and p value; `rejected` at .05."""

    statistic: Decimal
    p: Decimal
    rejected: bool
    basis: Basis


@dataclass(frozen=True)
class Autocorrelation:
    """Lag-1 coefficient with its 95 % bound of independence, 1.96 / sqrt(n); `exceeded` where it lies beyond."""

    lag_one: Decimal
    bound: Decimal
    exceeded: bool
    basis: Basis


def normality(values: Sequence[Decimal], excluded: tuple[Exclusion, ...] = ()) -> Normality | NotGiven:
    """Test whether values can come from a normal distribution."""
    basis = Basis("Anderson-Darling, alpha 0.05", len(values), excluded)
    if len(values) < SMALLEST_FOR_TEST:
        return NotGiven(f"the test needs {SMALLEST_FOR_TEST} values", basis)
    centred = numpy().array(deviations(values))
    if not centred.any():
        return NotGiven("the values do not vary", basis)
    statistic = _anderson_darling(centred)
    p = of_float(_p_value(statistic * (1 + 0.75 / len(values) + 2.25 / len(values) ** 2)))
    return Normality(of_float(statistic), p, p < ALPHA, basis)


def _anderson_darling(centred: Any) -> float:
    np, n = numpy(), len(centred)
    z = np.sort(centred) / math.sqrt((centred * centred).sum() / (n - 1))
    tails = special().log_ndtr(z) + special().log_ndtr(-z[::-1])
    return float(-n - ((2 * np.arange(1, n + 1) - 1) * tails).sum() / n)


def _p_value(adjusted: float) -> float:
    if adjusted > LARGEST_WITH_P:
        return 0.0
    for least, (a, b, c), below in P_VALUES:
        if adjusted >= least:
            tail = math.exp(a + b * adjusted + c * adjusted**2)
            return 1 - tail if below else tail
    return 1.0


def autocorrelation(values: Sequence[Decimal], excluded: tuple[Exclusion, ...] = ()) -> Autocorrelation | NotGiven:
    """Return the lag-1 autocorrelation of values in order, exact, with its bound."""
    basis = Basis("lag-1 autocorrelation", len(values), excluded)
    if len(values) < SMALLEST_FOR_TEST:
        return NotGiven(f"the bound needs {SMALLEST_FOR_TEST} values", basis)
    found = lag_one(values)
    if found is None:
        return NotGiven("the values do not vary", basis)
    with localcontext(WORKING):
        bound = NORMAL_975 / Decimal(len(values)).sqrt()
    return Autocorrelation(found, bound, abs(found) > bound, basis)
