"""One-way analysis of variance from exact sums: do levels of a known factor (API source, line, site) differ? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.exact import moments, of_float, root
from drafting.statistics.libraries import stats

SMALLEST_LEVELS = 2


@dataclass(frozen=True)
class OneWay:
    """Sums of squares and degrees of freedom between and within levels, F with its p value, R squared, residual deviation."""

    between: Fraction
    within: Fraction
    df_between: int
    df_within: int
    f: Fraction
    p: Decimal
    r_squared: Fraction
    residual_sd: Decimal
    basis: Basis


def one_way(levels: Sequence[Sequence[Decimal]], excluded: tuple[Exclusion, ...] = ()) -> OneWay | NotGiven:
    """Compare the levels of a factor, each with its values."""
    n = sum(map(len, levels))
    basis = Basis("one-way ANOVA, exact sums", n, excluded)
    if len(levels) < SMALLEST_LEVELS or min(map(len, levels)) < 1 or n <= len(levels):
        return NotGiven("two levels are needed, and more values than levels", basis)
    sums = [moments(level) for level in levels]
    within = sum((spread for _, spread in sums), Fraction(0))
    total = sum((total for total, _ in sums), Fraction(0))
    by_level = sum((level * level / len(values) for (level, _), values in zip(sums, levels, strict=True)), Fraction(0))
    between = by_level - total * total / n
    if not within:
        return NotGiven("the values do not vary within levels", basis)
    df_between, df_within = len(levels) - 1, n - len(levels)
    f = (between / df_between) / (within / df_within)
    p = of_float(stats().f.sf(float(f), df_between, df_within))
    whole = between + within
    return OneWay(between, within, df_between, df_within, f, p, between / whole, root(within / df_within), basis)
