"""Stability by ICH Q1E: the tests of poolability against statsmodels' formula interface, the bound against its definition."""

import random
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from drafting.statistics.basis import NotGiven
from drafting.statistics.out_of_trend import Expectation, by_interval, by_slope
from drafting.statistics.stability import Pooling, Pull, ShelfLife, shelf_life

MONTHS = (0, 3, 6, 9, 12, 18, 24)


def study(slopes: list[float], starts: list[float], sd: float = 0.3, seed: int = 5) -> list[Pull]:
    r = random.Random(seed)
    return [
        Pull(f"B{i}", Decimal(m), Decimal(f"{start + slope * m + r.gauss(0, sd):.2f}"))
        for i, (slope, start) in enumerate(zip(slopes, starts, strict=True))
        for m in MONTHS
    ]


def frame(pulls: list[Pull]) -> pd.DataFrame:
    return pd.DataFrame(
        {"y": [float(p.value) for p in pulls], "t": [float(p.months) for p in pulls], "b": [p.batch for p in pulls]}
    )


def supported(found: ShelfLife | NotGiven) -> ShelfLife:
    assert isinstance(found, ShelfLife), found
    return found


STUDIES = {
    Pooling.ONE_LINE: study([-0.1] * 3, [100.0] * 3),
    Pooling.COMMON_SLOPE: study([-0.1] * 3, [100.0, 101.5, 99.0]),
    Pooling.SEPARATE: study([-0.1, -0.3, -0.05], [100.0, 101.0, 99.5]),
}


@pytest.mark.parametrize("pooling", STUDIES)
def test_poolability_is_that_of_sequential_sums_of_squares(pooling: Pooling) -> None:
    pulls = STUDIES[pooling]
    found = supported(shelf_life(pulls, Decimal(95), None))
    table = anova_lm(ols("y ~ t + C(b) + t:C(b)", frame(pulls)).fit(), typ=1)
    assert found.pooling is pooling
    # statsmodels orders C(b) before t; the step to separate slopes is the same in either order
    assert float(found.slopes_p or 0) == pytest.approx(table.loc["t:C(b)", "PR(>F)"], rel=1e-6)
    if pooling is not Pooling.SEPARATE:
        common, one = ols("y ~ t + C(b)", frame(pulls)).fit(), ols("y ~ t", frame(pulls)).fit()
        error = ols("y ~ t * C(b)", frame(pulls)).fit()
        f = (one.ssr - common.ssr) / 2 / error.mse_resid
        from scipy.stats import f as law

        assert float(found.intercepts_p or 0) == pytest.approx(law.sf(f, 2, error.df_resid), rel=1e-6)


FORMULAS = {Pooling.ONE_LINE: "y ~ t", Pooling.COMMON_SLOPE: "y ~ t + C(b)", Pooling.SEPARATE: "y ~ t * C(b)"}


@pytest.mark.parametrize("pooling", STUDIES)
@pytest.mark.parametrize(("lower", "upper", "alpha"), [(95, None, 0.10), (95, 106, 0.05), (None, 90, 0.10)])
def test_the_bound_meets_the_limit_at_the_supported_month(
    pooling: Pooling, lower: int | None, upper: int | None, alpha: float
) -> None:
    """The same model through formulas: at the supported month the confidence limit of the worst batch's mean equals the limit."""
    pulls = STUDIES[pooling] if lower else [Pull(p.batch, p.months, 180 - p.value) for p in STUDIES[pooling]]
    found = supported(
        shelf_life(pulls, None if lower is None else Decimal(lower), None if upper is None else Decimal(upper))
    )
    assert found.supported is not None
    fitted = ols(FORMULAS[pooling], frame(pulls)).fit()
    batches = [found.limiting] if found.limiting else ["B0", "B1", "B2"]
    at = pd.DataFrame({"t": [float(found.supported)] * len(batches), "b": batches})
    bounds = fitted.get_prediction(at).conf_int(alpha=alpha)
    expected, side = (lower, 0) if lower else (upper, 1)
    assert bounds[:, side] == pytest.approx([expected] * len(batches), abs=1e-6)
    assert ("two-sided" in found.basis.method) == (lower is not None and upper is not None)
    if found.limiting:
        assert found.supported == min(line.meets_at for line in found.lines if line.meets_at is not None)


def test_two_limits_support_less_than_one() -> None:
    for pulls in STUDIES.values():
        one, two = supported(shelf_life(pulls, Decimal(95), None)), supported(shelf_life(pulls, Decimal(95), Decimal(106)))
        assert one.supported is not None
        assert two.supported is not None
        assert two.supported < one.supported


def test_extrapolation_is_told_and_not_decided() -> None:
    found = supported(shelf_life(STUDIES[Pooling.ONE_LINE], Decimal(95), None))
    assert (found.longest, found.extrapolation_ends) == (Decimal(24), Decimal(36))
    assert found.supported is not None
    assert found.supported > found.longest
    assert "extrapolation at room temperature ends at 36 months at most" in found.remarks[0]
    assert found.whole_months == int(found.supported)
    short = supported(shelf_life([p for p in STUDIES[Pooling.ONE_LINE] if p.months <= 9], Decimal(95), None))
    assert short.extrapolation_ends == Decimal(18)
    within = supported(shelf_life(STUDIES[Pooling.SEPARATE], Decimal(95), None))
    assert within.remarks == ()
    assert within.limiting == "B1"


def test_one_batch_and_no_end_and_no_start() -> None:
    single = supported(shelf_life(STUDIES[Pooling.ONE_LINE][:7], Decimal(95), None))
    assert single.pooling is Pooling.ONE_BATCH
    assert single.slopes_p is None
    rising = supported(shelf_life(study([0.5] * 2, [100.0] * 2), Decimal(95), None))
    assert rising.supported is None
    assert rising.whole_months is None
    assert rising.remarks == ("the bound of the mean meets no limit: the data show no end of the shelf life",)
    outside = supported(shelf_life(STUDIES[Pooling.ONE_LINE], Decimal(101), None))
    assert outside.supported == 0
    assert outside.remarks == ("the bound of the mean lies beyond the limit from the start",)


@pytest.mark.parametrize(
    ("pulls", "lower", "reason"),
    [
        (STUDIES[Pooling.ONE_LINE], None, "there is no limit that a shelf life could end at"),
        ([], "95", "there are no results"),
        (STUDIES[Pooling.ONE_LINE][:9], "95", "batch B1 was tested at 2 time(s): a line with its error needs 3"),
        ([Pull("B0", Decimal(m), 100 - Decimal(m) / 10) for m in MONTHS], "95", "without scatter"),
        ([Pull("B0", Decimal(m), Decimal(100)) for m in MONTHS], "95", "without scatter"),
    ],
)
def test_what_supports_nothing_says_why(pulls: list[Pull], lower: str | None, reason: str) -> None:
    found = shelf_life(pulls, Decimal(lower) if lower else None, None)
    assert isinstance(found, NotGiven)
    assert reason in found.reason


@settings(max_examples=40, deadline=None)  # the first example loads statsmodels
@given(st.integers(0, 10**6), st.floats(0.05, 0.4), st.integers(-3, 3))
def test_units_and_offsets_change_no_shelf_life(seed: int, slope: float, power: int) -> None:
    pulls = study([-slope] * 2, [100.0, 100.4], seed=seed)
    moved = [Pull(p.batch, p.months, (p.value + 50).scaleb(power)) for p in pulls]
    here = supported(shelf_life(pulls, Decimal(95), None))
    there = supported(shelf_life(moved, Decimal(145).scaleb(power), None))
    assert here.pooling is there.pooling
    assert (here.supported is None) == (there.supported is None)
    if here.supported and there.supported:
        assert float(here.supported) == pytest.approx(float(there.supported), rel=1e-6)


def test_out_of_trend_by_the_interval_of_the_batch_itself() -> None:
    """The prediction interval of statsmodels for the same line."""
    months, results = [Decimal(m) for m in (0, 3, 6, 9, 12)], [Decimal(v) for v in ("100.1", "99.6", "99.5", "99.0", "98.8")]
    found = by_interval(months, results, Decimal(18), Decimal("96.9"))
    assert isinstance(found, Expectation)
    fitted = ols("y ~ t", pd.DataFrame({"y": [float(v) for v in results], "t": [float(m) for m in months]})).fit()
    low, high = fitted.get_prediction(pd.DataFrame({"t": [18.0]})).conf_int(obs=True, alpha=0.05)[0]
    assert found.expected.low is not None
    assert found.expected.high is not None
    assert (float(found.expected.low), float(found.expected.high)) == pytest.approx((low, high), rel=1e-9)
    assert found.fired
    inside = by_interval(months, results, Decimal(18), Decimal("98.2"))
    assert isinstance(inside, Expectation)
    assert not inside.fired


def test_out_of_trend_by_slope() -> None:
    slopes = [Decimal(s) for s in ("-0.10", "-0.12", "-0.09", "-0.11")]
    usual, steep = by_slope(slopes, Decimal("-0.13")), by_slope(slopes, Decimal("-0.30"))
    assert isinstance(usual, Expectation)
    assert isinstance(steep, Expectation)
    assert (usual.fired, steep.fired) == (False, True)
    # mean -.105, s = .0129099, t(.975; 3) = 3.182446, sqrt(1 + 1 / 4)
    assert float(usual.expected.low or 0) == pytest.approx(-0.105 - 3.182446 * 0.0129099 * 1.25**0.5, abs=1e-6)
    for found, why in (
        (by_slope(slopes[:2], Decimal(0)), "2 earlier batches: 3 are needed"),
        (by_slope([Decimal(1)] * 4, Decimal(0)), "no scatter"),
        (by_interval([Decimal(0)], [Decimal(1)], Decimal(3), Decimal(1)), "a line needs 3 pairs"),
    ):
        assert isinstance(found, NotGiven)
        assert why in found.reason
