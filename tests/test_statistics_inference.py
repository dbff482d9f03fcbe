"""Shifts between periods, rates of rare events, tolerance intervals: against scipy, printed tables and simulation."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.statistics.anova import OneWay, one_way
from drafting.statistics.basis import NotGiven
from drafting.statistics.rates import Rate, rate
from drafting.statistics.shift import Against, Shift, shift
from drafting.statistics.tolerance import (
    Tolerance,
    free_interval,
    normal_bound,
    normal_interval,
    one_sided_factor,
    smallest_free,
    two_sided_factor,
)


def values(n: int, seed: int, mean: float = 100, sd: float = 1) -> list[Decimal]:
    r = random.Random(seed)
    return [Decimal(f"{r.gauss(mean, sd):.3f}") for _ in range(n)]


def test_difference_and_ratio_equal_scipy() -> None:
    from scipy.stats import f, ttest_ind

    before, after = values(25, 1), values(40, 2, 100.6, 1.4)
    found = shift(before, after)
    assert isinstance(found, Shift)
    theirs = ttest_ind([float(v) for v in after], [float(v) for v in before], equal_var=False).confidence_interval()
    assert found.difference.low is not None
    assert found.difference.high is not None
    assert (float(found.difference.low), float(found.difference.high)) == pytest.approx((theirs.low, theirs.high), rel=1e-9)
    assert found.ratio is not None
    assert found.ratio.low is not None
    assert found.ratio.high is not None
    squared = float(found.ratio.value) ** 2
    expected = (squared / f.ppf(0.975, 39, 24), squared / f.ppf(0.025, 39, 24))
    assert (float(found.ratio.low) ** 2, float(found.ratio.high) ** 2) == pytest.approx(expected, rel=1e-9)
    assert (found.n_before, found.basis.n, found.against) == (25, 65, Against.NO_LIMIT)


@pytest.mark.parametrize(
    ("moved", "practical", "against"),
    [(0.0, "2", Against.WITHIN), (5.0, "2", Against.BEYOND), (-5.0, "2", Against.BEYOND), (2.0, "2", Against.OPEN)],
)
def test_a_difference_is_compared_with_the_limit_that_was_set(moved: float, practical: str, against: Against) -> None:
    found = shift(values(30, 1), values(30, 2, 100 + moved), Decimal(practical))
    assert isinstance(found, Shift)
    assert found.against is against


def test_periods_that_cannot_be_compared_say_why() -> None:
    few, flat = shift(values(2, 1), values(9, 2)), shift([Decimal(1)] * 3, [Decimal(2)] * 3)
    assert isinstance(few, NotGiven)
    assert isinstance(flat, NotGiven)
    assert (few.reason, flat.reason) == ("each period needs 3 values", "neither period varies")
    one_flat = shift([Decimal(1)] * 3, values(9, 2))
    assert isinstance(one_flat, Shift)
    assert one_flat.ratio is None


def test_analysis_of_variance_has_the_p_value_of_scipy() -> None:
    from scipy.stats import f_oneway

    levels = [values(12, 1), values(9, 2, 100.8), values(15, 3, 100.2)]
    found = one_way(levels)
    assert isinstance(found, OneWay)
    theirs = f_oneway(*[[float(v) for v in level] for level in levels])
    assert (float(found.f), float(found.p)) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)


@pytest.mark.parametrize(
    ("events", "low", "high"),  # Garwood's limits of a Poisson count, as printed in statistical tables; 0: one-sided
    [(0, None, 2.996), (1, 0.0253, 5.572), (2, 0.242, 7.225), (5, 1.623, 11.668), (10, 4.795, 18.390), (50, 37.111, 65.919)],
)
def test_rates_have_the_printed_limits(events: int, low: float | None, high: float) -> None:
    found = rate(events, Decimal(1), "batches")
    assert isinstance(found, Rate)
    assert found.rate.high is not None
    assert float(found.rate.high) == pytest.approx(high, abs=6e-4)
    assert (found.rate.low is None) == (low is None)
    assert low is None or float(found.rate.low or 0) == pytest.approx(low, abs=6e-4)
    assert found.rate.value == events
    assert found.unit == "batches"


def test_a_rate_scales_with_its_denominator() -> None:
    found = rate(3, Decimal(1_500_000), "units distributed", per=Decimal(1_000_000))
    assert isinstance(found, Rate)
    assert found.rate.value == Decimal(2)
    for refused, why in (
        (rate(0, Decimal(0), "batches"), "no batches: there is no rate"),
        (rate(-1, Decimal(1), "x"), "negative"),
    ):
        assert isinstance(refused, NotGiven)
        assert why in refused.reason


@settings(deadline=None)  # the first example loads scipy
@given(st.integers(0, 500), st.integers(1, 10**6))
def test_a_rate_lies_in_its_interval(events: int, denominator: int) -> None:
    found = rate(events, Decimal(denominator), "batches")
    assert isinstance(found, Rate)
    assert found.rate.high is not None
    assert (found.rate.low or 0) <= found.rate.value < found.rate.high


@pytest.mark.parametrize(
    ("factor", "n", "coverage", "confidence", "k", "accuracy"),
    [
        (one_sided_factor, 43, 0.90, 0.99, 1.8740, 6e-5),  # NIST/SEMATECH e-Handbook 7.2.6.3
        (one_sided_factor, 10, 0.95, 0.95, 2.911, 6e-4),  # ISO 16269-6, table of one-sided factors
        (one_sided_factor, 5, 0.99, 0.95, 5.741, 6e-4),
        (two_sided_factor, 10, 0.95, 0.95, 3.393, 6e-4),  # ISO 16269-6, table of two-sided factors
        (two_sided_factor, 2, 0.95, 0.95, 36.519, 6e-4),
        (two_sided_factor, 30, 0.99, 0.95, 3.355, 6e-4),
    ],
)
def test_factors_of_tolerance_intervals(
    factor: object, n: int, coverage: float, confidence: float, k: float, accuracy: float
) -> None:
    assert callable(factor)
    assert factor(n, coverage, confidence) == pytest.approx(k, abs=accuracy)


def test_tolerance_intervals_hold_what_they_promise() -> None:
    """Of 2,000 samples of 15, the interval holds 90 % of the population in 95 % of them."""
    from scipy.stats import norm

    rng = random.Random(5)
    k = two_sided_factor(15, 0.90, 0.95)
    held = 0
    for _ in range(2000):
        sample = [rng.gauss(0, 1) for _ in range(15)]
        mean = sum(sample) / 15
        sd = (sum((x - mean) ** 2 for x in sample) / 14) ** 0.5
        held += bool(norm.cdf(mean + k * sd) - norm.cdf(mean - k * sd) >= 0.90)
    assert held / 2000 == pytest.approx(0.95, abs=0.015)


def test_tolerance_of_values() -> None:
    sample = values(40, 4)
    both = normal_interval(sample, coverage=Decimal("0.99"))
    upper = normal_bound(sample, side=1, coverage=Decimal("0.99"))
    lower = normal_bound(sample, side=-1, coverage=Decimal("0.99"))
    assert isinstance(both, Tolerance)
    assert isinstance(upper, Tolerance)
    assert isinstance(lower, Tolerance)
    assert both.low is not None
    assert both.high is not None
    assert upper.low is None
    assert lower.high is None
    assert upper.high is not None
    assert upper.high < both.high  # one side needs less room
    assert both.remarks == ()
    skewed = [v**8 for v in values(60, 2, 1, 0.3)]
    doubtful = normal_interval(skewed, coverage=Decimal("0.9"))
    assert isinstance(doubtful, Tolerance)
    assert doubtful.remarks == ("normality is rejected: use the distribution-free interval",)


def test_distribution_free_intervals_need_wilks_sample_sizes() -> None:
    assert (smallest_free(Decimal("0.95")), smallest_free(Decimal("0.99"))) == (93, 473)
    short = free_interval(values(92, 1), coverage=Decimal("0.95"))
    assert isinstance(short, NotGiven)
    assert short.reason == "92 values: 93 are needed for 0.95 with confidence 0.95 without a distribution"
    sample = values(93, 1)
    exact = free_interval(sample, coverage=Decimal("0.95"))
    assert isinstance(exact, Tolerance)
    assert (exact.low, exact.high) == (min(sample), max(sample))
    assert exact.confidence >= Decimal("0.95")
    wide = free_interval(values(400, 1), coverage=Decimal("0.95"))
    assert isinstance(wide, Tolerance)
    assert wide.low is not None
    assert wide.low > min(values(400, 1))


def test_parts_outside_zero_and_one_are_refused() -> None:
    for found in (
        normal_interval(values(9, 1), coverage=Decimal(1)),
        free_interval(values(9, 1), coverage=Decimal("0.9"), confidence=Decimal(0)),
        normal_interval(values(2, 1), coverage=Decimal("0.9")),
        normal_interval([Decimal(1)] * 5, coverage=Decimal("0.9")),
    ):
        assert isinstance(found, NotGiven)
