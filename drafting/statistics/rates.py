"""Rates of rare events with exact Poisson intervals (Garwood 1936): low = chi2(.025; 2x) / 2, high = chi2(.975; 2x + 2) / 2. Pure.

The denominator is always named. No event gives the one-sided 95 % upper bound, -ln(.05) = 2.996 events: nothing was seen, and this much
cannot be excluded.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from drafting.statistics.basis import Basis, Exclusion, Interval, NotGiven
from drafting.statistics.exact import WORKING, of_float
from drafting.statistics.libraries import stats


@dataclass(frozen=True)
class Rate:
    """Events for each `per` units of a named denominator; `low` of the interval is None for zero events, where `high` is one-sided."""

    events: int
    denominator: Decimal
    unit: str
    per: Decimal
    rate: Interval
    basis: Basis


def rate(
    events: int, denominator: Decimal, unit: str, *, per: Decimal = Decimal(1), excluded: tuple[Exclusion, ...] = ()
) -> Rate | NotGiven:
    """Return the rate of events in a denominator (`unit`: "batches", "units distributed") with its 95 % interval."""
    basis = Basis("exact Poisson interval, 95 %" + ("" if events else ", one-sided"), events, excluded)
    if denominator <= 0:
        return NotGiven(f"no {unit}: there is no rate", basis)
    if events < 0:
        return NotGiven("events cannot be negative", basis)
    chi2 = stats().chi2
    low = of_float(chi2.ppf(0.025, 2 * events) / 2) if events else None
    high = of_float(chi2.ppf(0.975 if events else 0.95, 2 * events + 2) / 2)
    with localcontext(WORKING):
        scale = per / denominator
        return Rate(
            events,
            denominator,
            unit,
            per,
            Interval(events * scale, low * scale if low is not None else None, high * scale),
            basis,
        )
