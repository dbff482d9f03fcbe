"""Shelf life that stability data support, by ICH Q1E appendix B: lines over months, poolability of batches at .25, bound of the mean. Pure.

(1) Separate lines of the batches, a common slope, and one line are fitted (analysis of covariance, statsmodels).
(2) Slopes are tested first, then intercepts, each at .25 against the mean square error of the separate lines.
(3) The model that the tests leave gives the 95 % confidence bound of the mean: one-sided for one limit, two-sided for two. Separate lines share
    the pooled mean square error.
(4) The supported shelf life is where the bound of the worst batch meets the limit.
How far a shelf life may be extrapolated beyond the data is told (Q1E 2.4: at most twice, and at most 12 months more, given supporting data) and not decided.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.exact import WORKING, as_decimal, of_float, summarise
from drafting.statistics.libraries import models, numpy, stats

POOLABLE = 0.25
SMALLEST_BATCH = 3
NO_SCATTER = 1e-12  # residual deviation as a part of the values: below it floats see nothing but rounding
MONTHS_BEYOND = 12


class Pooling(StrEnum):
    """What the tests of poolability leave."""

    ONE_BATCH = "one batch"
    ONE_LINE = "one line for all batches"
    COMMON_SLOPE = "a common slope with an intercept for each batch"
    SEPARATE = "a line for each batch"


@dataclass(frozen=True)
class Pull:
    """One stability result: batch, months on study, value."""

    batch: str
    months: Decimal
    value: Decimal


@dataclass(frozen=True)
class BatchLine:
    """The line of a batch and the month at which its bound meets the limit; None where it never does."""

    batch: str
    intercept: Decimal
    slope: Decimal
    meets_at: Decimal | None


@dataclass(frozen=True)
class ShelfLife:
    """The months that the data support (None: the bound meets no limit), with the way there."""

    supported: Decimal | None
    limiting: str
    pooling: Pooling
    slopes_p: Decimal | None
    intercepts_p: Decimal | None
    lines: tuple[BatchLine, ...]
    residual_sd: Decimal
    residual_degrees: int
    longest: Decimal
    extrapolation_ends: Decimal
    remarks: tuple[str, ...]
    basis: Basis

    @property
    def error(self) -> str:
        """Return whose scatter the error of the bound is."""
        return "that of the batch itself" if self.pooling is Pooling.ONE_BATCH else "pooled over the batches"

    @property
    def whole_months(self) -> int | None:
        """Return the supported months, rounded down."""
        return None if self.supported is None else int(self.supported)


@dataclass(frozen=True)
class _Fit:
    """A fitted model: for each batch the row of its intercept and of its slope among the coefficients."""

    result: Any
    rows: dict[str, tuple[int, int]]


def shelf_life(
    pulls: Sequence[Pull],
    lower: Decimal | None,
    upper: Decimal | None,
    *,
    excluded: tuple[Exclusion, ...] = (),
) -> ShelfLife | NotGiven:
    """Return the shelf life that the results of one attribute at one storage condition support."""
    sides = "two-sided" if lower is not None and upper is not None else "one-sided"
    basis = Basis(f"ICH Q1E, poolability at {POOLABLE}, {sides} 95 % bound of the mean", len(pulls), excluded)
    refused = _refused(pulls, lower, upper)
    if refused:
        return NotGiven(refused, basis)
    centre = as_decimal(summarise([p.value for p in pulls]).mean)
    with localcontext(WORKING):
        y = numpy().array([float(p.value - centre) for p in pulls])
    batches = tuple(dict.fromkeys(p.batch for p in pulls))
    separate, common, one = (
        _fit(pulls, y, batches, kind) for kind in (Pooling.SEPARATE, Pooling.COMMON_SLOPE, Pooling.ONE_LINE)
    )
    if math.sqrt(separate.result.mse_resid) <= NO_SCATTER * max(1.0, float(abs(centre))):
        return NotGiven("the results lie on their lines without scatter: there is no error to compute a bound from", basis)
    slopes = _p_value(common, separate, separate) if len(batches) > 1 else None
    intercepts = _p_value(one, common, separate) if slopes is not None and slopes >= POOLABLE else None
    pooling = _pooling(slopes, intercepts)
    fit = {Pooling.SEPARATE: separate, Pooling.COMMON_SLOPE: common}.get(pooling, one)
    quantile = 0.975 if sides == "two-sided" else 0.95
    limits = [float(limit - centre) if limit is not None else None for limit in (lower, upper)]
    lines = tuple(_line(batch, fit, quantile, limits, centre) for batch in batches)
    met = [line for line in lines if line.meets_at is not None]
    worst = min(met, key=lambda line: line.meets_at or Decimal(0), default=None)
    longest = max(p.months for p in pulls)
    supported = worst.meets_at if worst else None
    return ShelfLife(
        supported,
        worst.batch if worst and pooling is not Pooling.ONE_LINE else "",
        pooling,
        None if slopes is None else of_float(slopes),
        None if intercepts is None else of_float(intercepts),
        lines,
        of_float(math.sqrt(fit.result.mse_resid)),
        int(fit.result.df_resid),
        longest,
        min(2 * longest, longest + MONTHS_BEYOND),
        _remarks(supported, longest),
        basis,
    )


def _refused(pulls: Sequence[Pull], lower: Decimal | None, upper: Decimal | None) -> str:
    if lower is None and upper is None:
        return "there is no limit that a shelf life could end at"
    if not pulls:
        return "there are no results"
    for batch in dict.fromkeys(p.batch for p in pulls):
        months = {p.months for p in pulls if p.batch == batch}
        if len(months) < SMALLEST_BATCH:
            return f"batch {batch} was tested at {len(months)} time(s): a line with its error needs {SMALLEST_BATCH}"
    return ""


def _fit(pulls: Sequence[Pull], y: Any, batches: tuple[str, ...], kind: Pooling) -> _Fit:
    """Fit one of the three models; coefficients are intercepts first, then slopes."""
    np = numpy()
    index = {batch: i for i, batch in enumerate(batches)}
    of_pull = [index[p.batch] for p in pulls]
    intercepts = 1 if kind is Pooling.ONE_LINE else len(batches)
    slopes = len(batches) if kind is Pooling.SEPARATE else 1
    x = np.zeros((len(pulls), intercepts + slopes))
    for i, (pull, b) in enumerate(zip(pulls, of_pull, strict=True)):
        x[i, min(b, intercepts - 1)] = 1
        x[i, intercepts + min(b, slopes - 1)] = float(pull.months)
    rows = {batch: (min(b, intercepts - 1), intercepts + min(b, slopes - 1)) for batch, b in index.items()}
    return _Fit(models().OLS(y, x).fit(), rows)


def _p_value(smaller: _Fit, larger: _Fit, error: _Fit) -> float:
    """Return the p value of the step from one model to the next, against the error of the separate lines."""
    steps = smaller.result.df_resid - larger.result.df_resid
    f = (smaller.result.ssr - larger.result.ssr) / steps / error.result.mse_resid
    return float(stats().f.sf(f, steps, error.result.df_resid))


def _pooling(slopes: float | None, intercepts: float | None) -> Pooling:
    if slopes is None:
        return Pooling.ONE_BATCH
    if intercepts is None:
        return Pooling.SEPARATE
    return Pooling.ONE_LINE if intercepts >= POOLABLE else Pooling.COMMON_SLOPE


def _line(batch: str, fit: _Fit, quantile: float, limits: Sequence[float | None], centre: Decimal) -> BatchLine:
    rows = list(fit.rows[batch])
    intercept, slope = (float(fit.result.params[row]) for row in rows)
    covariance = fit.result.cov_params()[numpy().ix_(rows, rows)]
    factor = float(stats().t.ppf(quantile, fit.result.df_resid)) ** 2
    found = [
        _meets(sign * (intercept - limit), sign * slope, factor * covariance)
        for sign, limit in zip((1, -1), limits, strict=True)
        if limit is not None
    ]
    met = [month for month in found if month is not None]
    with localcontext(WORKING):
        return BatchLine(batch, of_float(intercept) + centre, of_float(slope), of_float(min(met)) if met else None)


def _meets(distance: float, slope: float, spread: Any) -> float | None:
    """Return the first month from 0 at which distance + slope t no longer exceeds the half width sqrt(v00 + 2 v01 t + v11 t^2).

    The bound is concave, so that it meets the limit at most once after a start inside it: where the squares are equal and the line is inside.
    """
    if distance <= math.sqrt(spread[0, 0]):
        return 0.0
    a = slope**2 - spread[1, 1]
    b = 2 * (distance * slope - spread[0, 1])
    c = distance**2 - spread[0, 0]
    roots = numpy().roots([a, b, c])
    inside = [float(r.real) for r in roots if abs(r.imag) == 0 and r.real > 0 and distance + slope * r.real >= 0]
    return min(inside, default=None)


def _remarks(supported: Decimal | None, longest: Decimal) -> tuple[str, ...]:
    if supported is None:
        return ("the bound of the mean meets no limit: the data show no end of the shelf life",)
    if not supported:
        return ("the bound of the mean lies beyond the limit from the start",)
    if supported <= longest:
        return ()
    most = min(2 * longest, longest + MONTHS_BEYOND)
    said = f"beyond the {longest} months of data: extrapolation at room temperature ends at {most} months at most, "
    return (said + "given supporting data and no significant change at accelerated conditions (ICH Q1E 2.4)",)
