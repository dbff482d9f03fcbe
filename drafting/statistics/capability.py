"""Capability and performance indices: Cp and Cpk from sigma within, Pp and Ppk from the overall deviation, with 95 % intervals. Pure.

- Ppk is the headline for batch data. Its interval, and that of Cpk: index +- 1.96 sqrt(1 / (9 n) + index^2 / (2 df)); df is n - 1 for Ppk (Bissell 1990).
- Pp and Cp: index sqrt(chi2(.025 or .975; df) / df). df of sigma within from a moving range of two is 1 / (2 Var), Var = ((n - 1)(pi / 2 - 1) +
  2 (n - 2)(sqrt(3) / 2 + pi / 12 - 1)) / (n - 1)^2, about .61 n (Cryer and Ryan 1990); with subgroups the caller gives sigma and df.
- One limit gives the one-sided index only. Where normality is rejected Cp and Cpk are not given, and Pp and Ppk rest on percentiles.
- Percentiles of the sample need 50 values: below, where normality is rejected, no index is given.
- Below 10 values there is no index, from 10 to 29 it is indicative; above 15 % censored values there is none; without a
  stable chart it is printed as not valid while unstable.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from drafting.statistics.basis import Basis, Exclusion, Interval, NotGiven
from drafting.statistics.exact import WORKING, Summary, as_decimal, of_float, p_shown, summarise
from drafting.statistics.individuals import D2, individuals
from drafting.statistics.libraries import stats
from drafting.statistics.percentiles import Percentiles, percentiles
from drafting.statistics.preconditions import NORMAL_975, Autocorrelation, Normality, autocorrelation, normality

SMALLEST_FOR_INDEX = 10
SMALLEST_NORMAL = 30
SMALLEST_FOR_PERCENTILES = 50  # of a sample without a declared distribution: below, the outer ones are single values
MOST_CENSORED = Decimal("0.15")


class Display(StrEnum):
    """How an index may be shown."""

    NORMAL = "shown"
    INDICATIVE = "indicative"
    UNSTABLE = "not valid while unstable"


@dataclass(frozen=True)
class Within:
    """Sigma within subgroups with its degrees of freedom."""

    sigma: Decimal
    degrees: Decimal


@dataclass(frozen=True)
class Capability:
    """Indices with their intervals; those that a limit or a precondition does not allow are None, and `remarks` says why."""

    cp: Interval | None
    cpk: Interval | None
    pp: Interval | None
    ppk: Interval
    display: Display
    normality: Normality | NotGiven
    autocorrelation: Autocorrelation | NotGiven
    percentiles: Percentiles | None
    remarks: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class Performance:
    """Ppk with its approximate 95 % interval: Ppk +- 1.96 sqrt(1/(9n) + Ppk^2 / (2 (n - 1)))."""

    ppk: Decimal
    low: Decimal
    high: Decimal


def performance(summary: Summary, lower: Decimal | None, upper: Decimal | None) -> Performance | None:
    """Return Ppk from the overall standard deviation; None without limit, below 10 values or without spread."""
    if summary.n < SMALLEST_FOR_INDEX or not summary.sd or (lower is None and upper is None):
        return None
    ppk = _nearest(as_decimal(summary.mean), summary.sd, lower, upper, summary.n, Decimal(summary.n - 1))
    assert ppk.low is not None
    assert ppk.high is not None
    return Performance(ppk.value, ppk.low, ppk.high)


def capability(
    values: Sequence[Decimal],
    lower: Decimal | None,
    upper: Decimal | None,
    *,
    signals: int,
    censored: int = 0,
    within: Within | None = None,
    distribution: str = "",
    excluded: tuple[Exclusion, ...] = (),
) -> Capability | NotGiven:
    """Return the indices of values in order of manufacture against limits.

    `signals` is how many signals their control chart shows, `censored` how many further values are below a quantitation limit, `distribution` one of
    `percentiles.DECLARED` that was declared for this attribute beforehand ("" for none). `within` is for subgroups.
    """
    inside = "given sigma within" if within else "sigma within = mean moving range / 1.1284"
    basis = Basis(f"Cp, Cpk from {inside}; Pp, Ppk from overall sd", len(values), excluded)
    refused = _refused(values, lower, upper, censored)
    if not refused and within is not None and within.sigma <= 0:
        refused = "the values do not vary within subgroups"
    if refused:
        return NotGiven(refused, basis)
    tested, related = normality(values), autocorrelation(values)
    display = Display.UNSTABLE if signals else Display.NORMAL if len(values) >= SMALLEST_NORMAL else Display.INDICATIVE
    remarks = _remarks(len(values), signals, censored, related, one_sided=lower is None or upper is None)
    rejected = isinstance(tested, Normality) and tested.rejected
    if isinstance(tested, Normality) and rejected and not distribution and len(values) < SMALLEST_FOR_PERCENTILES:
        few = f"{len(values)} values are too few for percentiles, which need {SMALLEST_FOR_PERCENTILES}"
        return NotGiven(f"normality is rejected (p {p_shown(tested.p)}), and {few}", basis)
    if distribution or rejected:
        found = percentiles(values, distribution)
        if isinstance(found, NotGiven):
            return NotGiven(found.reason, basis)
        why = "normality is rejected at 0.05" if rejected else f"{distribution} was declared"
        remarks += (f"{why}: Pp and Ppk rest on percentiles, Cp and Cpk are not given", *found.remarks)
        pp, ppk = found.indices(lower, upper)
        basis = Basis(f"Pp, Ppk by {found.basis.method}", len(values), excluded)
        return Capability(None, None, pp, ppk, display, tested, related, found, remarks, basis)
    summary = summarise(values)
    assert summary.sd
    mean, overall = as_decimal(summary.mean), Decimal(summary.n - 1)
    inner = within or _moving_range_sigma(values, summary)
    return Capability(
        _width(inner.sigma, lower, upper, inner.degrees),
        _nearest(mean, inner.sigma, lower, upper, summary.n, inner.degrees),
        _width(summary.sd, lower, upper, overall),
        _nearest(mean, summary.sd, lower, upper, summary.n, overall),
        display,
        tested,
        related,
        None,
        remarks,
        basis,
    )


def _refused(values: Sequence[Decimal], lower: Decimal | None, upper: Decimal | None, censored: int) -> str:
    n = len(values)
    if lower is None and upper is None:
        return "there is no limit to compare with"
    if lower is not None and upper is not None and lower >= upper:
        return f"the lower limit {lower} is not below the upper limit {upper}"
    if censored > MOST_CENSORED * (n + censored):
        return f"{censored} of {n + censored} values are censored: above 15 % there is no index without a declared censored model"
    if n < SMALLEST_FOR_INDEX:
        return f"{n} values, where an index needs {SMALLEST_FOR_INDEX}"
    if min(values) == max(values):
        return "the values do not vary"
    return ""


def _remarks(
    n: int, signals: int, censored: int, related: Autocorrelation | NotGiven, *, one_sided: bool
) -> tuple[str, ...]:
    found = []
    if signals:
        found.append(f"{signals} signal(s) on the control chart: not valid while unstable")
    if n < SMALLEST_NORMAL:
        found.append(f"{n} values: indicative, {SMALLEST_NORMAL} are needed")
    if censored:
        found.append(f"{censored} censored value(s) left out: the index looks better or worse than it is")
    if one_sided:
        found.append("one limit: Cp and Pp need two")
    if isinstance(related, Autocorrelation) and related.exceeded:
        wrong = "too small" if related.lag_one > 0 else "too large"
        found.append(f"values are autocorrelated: sigma within is {wrong}, and the intervals do not hold")
    return tuple(found)


def _moving_range_sigma(values: Sequence[Decimal], summary: Summary) -> Within:
    limits = individuals(values, summary)
    assert limits is not None
    n = summary.n
    variance = ((n - 1) * (math.pi / 2 - 1) + 2 * (n - 2) * (math.sqrt(3) / 2 + math.pi / 12 - 1)) / (n - 1) ** 2
    with localcontext(WORKING):
        return Within(limits.moving_range / D2, of_float(1 / (2 * variance)))


def _width(sigma: Decimal, lower: Decimal | None, upper: Decimal | None, degrees: Decimal) -> Interval | None:
    """Return Cp or Pp; None where a limit is absent."""
    if lower is None or upper is None:
        return None
    df = float(degrees)
    low, high = (of_float(math.sqrt(stats().chi2.ppf(q, df) / df)) for q in (0.025, 0.975))
    with localcontext(WORKING):
        index = (upper - lower) / (6 * sigma)
        return Interval(index, index * low, index * high)


def _nearest(
    mean: Decimal, sigma: Decimal, lower: Decimal | None, upper: Decimal | None, n: int, degrees: Decimal
) -> Interval:
    """Return Cpk or Ppk: the distance to the nearer limit in three sigma."""
    with localcontext(WORKING):
        sides = [upper - mean] if upper is not None else []
        if lower is not None:
            sides.append(mean - lower)
        index = min(sides) / (3 * sigma)
        half = NORMAL_975 * (1 / (9 * Decimal(n)) + index * index / (2 * degrees)).sqrt()
        return Interval(index, index - half, index + half)
