"""Proportions of what was found among what was presented: exact intervals, and the difference of two. Pure.

One proportion by Clopper and Pearson (1934), from the beta distribution. A difference by Newcombe's score interval (1998) for two independent
samples: where the same things were presented to both and no pairs are on record, it is a little too wide rather than too narrow.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from drafting.statistics.basis import Basis, Exclusion, Interval, NotGiven
from drafting.statistics.exact import WORKING, of_float
from drafting.statistics.libraries import proportions


@dataclass(frozen=True)
class Proportion:
    """A share between 0 and 1 with its 95 % interval."""

    found: int
    presented: int
    share: Interval
    basis: Basis


@dataclass(frozen=True)
class Difference:
    """One share less another, with the 95 % interval."""

    difference: Interval
    basis: Basis


def proportion(found: int, presented: int, *, excluded: tuple[Exclusion, ...] = ()) -> Proportion | NotGiven:
    """Return the share of what was found with its exact interval."""
    basis = Basis("exact binomial interval (Clopper-Pearson), 95 %", presented, excluded)
    if presented <= 0:
        return NotGiven("nothing was presented: there is no share", basis)
    if not 0 <= found <= presented:
        return NotGiven("more was found than was presented", basis)
    low, high = proportions().proportion_confint(found, presented, method="beta")
    with localcontext(WORKING):
        share = Decimal(found) / Decimal(presented)
    return Proportion(found, presented, Interval(share, of_float(low), of_float(high)), basis)


def difference(one: Proportion, other: Proportion) -> Difference:
    """Return the share of `one` less that of `other`."""
    basis = Basis(
        "difference by Newcombe's score interval, 95 %, as of independent samples", one.presented + other.presented
    )
    low, high = proportions().confint_proportions_2indep(
        one.found, one.presented, other.found, other.presented, method="newcomb", compare="diff"
    )
    with localcontext(WORKING):
        value = one.share.value - other.share.value
    return Difference(Interval(value, of_float(low), of_float(high)), basis)
