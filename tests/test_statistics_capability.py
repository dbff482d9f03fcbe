"""Indices: figures against hand and against the stated formulas, and each reason for giving none."""

import math
import random
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.diagnostic import normal_ad

from drafting.statistics.basis import Exclusion, Interval, NotGiven
from drafting.statistics.capability import Capability, Display, Within, capability, performance
from drafting.statistics.exact import p_shown, summarise
from drafting.statistics.individuals import D2
from drafting.statistics.preconditions import Autocorrelation, Normality, autocorrelation, normality

LOW, HIGH = Decimal(95), Decimal(105)


def normal(n: int, seed: int = 1, mean: float = 100, sd: float = 1) -> list[Decimal]:
    r = random.Random(seed)
    return [Decimal(f"{r.gauss(mean, sd):.2f}") for _ in range(n)]


def skewed(n: int, seed: int = 3) -> list[Decimal]:
    r = random.Random(seed)
    return [Decimal(f"{r.lognormvariate(0, 0.6):.3f}") for _ in range(n)]


def given_index(found: Capability | NotGiven) -> Capability:
    assert isinstance(found, Capability), found
    return found


def ends(found: Interval | None) -> tuple[float, float, float]:
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return float(found.low), float(found.value), float(found.high)


def test_indices_follow_from_their_formulas() -> None:
    values = normal(40)
    found = given_index(capability(values, LOW, HIGH, signals=0))
    n, floats = len(values), [float(v) for v in values]
    mean = sum(floats) / n
    sd = math.sqrt(sum((x - mean) ** 2 for x in floats) / (n - 1))
    within = sum(abs(b - a) for a, b in pairwise(floats)) / (n - 1) / float(D2)
    ppk = min(105 - mean, mean - 95) / (3 * sd)
    half = 1.959963984540054 * math.sqrt(1 / (9 * n) + ppk**2 / (2 * (n - 1)))
    assert ends(found.ppk) == pytest.approx((ppk - half, ppk, ppk + half), rel=1e-12)
    assert ends(found.cp)[1] == pytest.approx(10 / (6 * within), rel=1e-12)
    assert ends(found.cpk)[1] == pytest.approx(min(105 - mean, mean - 95) / (3 * within), rel=1e-12)
    assert ends(found.pp)[1] == pytest.approx(10 / (6 * sd), rel=1e-12)
    assert found.display is Display.NORMAL
    assert found.remarks == ()
    assert found.basis.n == 40


@pytest.mark.parametrize(("n", "low", "high"), [(30, 0.80, 1.34), (10, 0.69, 1.83)])
def test_the_interval_of_sigma_is_that_of_the_rules(n: int, low: float, high: float) -> None:
    """Sigma as a multiple of s, at 95 %: .80 to 1.34 at n = 30, .69 to 1.83 at n = 10; Pp varies with its reciprocal."""
    found = given_index(capability(normal(n), LOW, HIGH, signals=0))
    least, index, most = ends(found.pp)
    assert (round(index / most, 2), round(index / least, 2)) == (low, high)


def test_sigma_from_moving_ranges_is_known_less_well_than_from_all_values() -> None:
    found = given_index(capability(normal(50), LOW, HIGH, signals=0))
    assert ends(found.cp)[0] / ends(found.cp)[1] < ends(found.pp)[0] / ends(found.pp)[1]
    with_groups = given_index(capability(normal(50), LOW, HIGH, signals=0, within=Within(Decimal(2), Decimal(40))))
    assert ends(with_groups.cp)[1] == pytest.approx(10 / 12)
    assert "given sigma within" in with_groups.basis.method
    none = capability(normal(50), LOW, HIGH, signals=0, within=Within(Decimal(0), Decimal(40)))
    assert isinstance(none, NotGiven)
    assert none.reason == "the values do not vary within subgroups"


def test_one_limit_gives_the_one_sided_index_only() -> None:
    found = given_index(capability(normal(40), None, HIGH, signals=0))
    assert found.cp is None
    assert found.pp is None
    assert "one limit: Cp and Pp need two" in found.remarks
    both = given_index(capability(normal(40), Decimal(0), HIGH, signals=0))
    assert found.ppk == both.ppk


@pytest.mark.parametrize(
    ("n", "signals", "display", "remark"),
    [
        (30, 0, Display.NORMAL, ""),
        (29, 0, Display.INDICATIVE, "29 values: indicative, 30 are needed"),
        (10, 0, Display.INDICATIVE, "10 values: indicative, 30 are needed"),
        (30, 2, Display.UNSTABLE, "2 signal(s) on the control chart: not valid while unstable"),
        (12, 1, Display.UNSTABLE, "1 signal(s) on the control chart: not valid while unstable"),
    ],
)
def test_how_an_index_may_be_shown(n: int, signals: int, display: Display, remark: str) -> None:
    found = given_index(capability(normal(n), LOW, HIGH, signals=signals))
    assert found.display is display
    assert not remark or remark in found.remarks


@pytest.mark.parametrize(
    ("values", "lower", "upper", "censored", "reason"),
    [
        (normal(9), LOW, HIGH, 0, "9 values, where an index needs 10"),
        ([], LOW, HIGH, 0, "0 values, where an index needs 10"),
        (normal(40), None, None, 0, "there is no limit to compare with"),
        (normal(40), HIGH, LOW, 0, "is not below the upper limit"),
        (normal(40), LOW, HIGH, 8, "8 of 48 values are censored: above 15 %"),
        ([Decimal(100)] * 40, LOW, HIGH, 0, "the values do not vary"),
    ],
)
def test_no_index_without_its_reason(
    values: list[Decimal], lower: Decimal | None, upper: Decimal | None, censored: int, reason: str
) -> None:
    found = capability(values, lower, upper, signals=0, censored=censored, excluded=(Exclusion(1, "sample lost"),))
    assert isinstance(found, NotGiven)
    assert reason in found.reason
    assert "1 left out: sample lost" in found.basis.stated


def test_few_censored_values_are_told() -> None:
    found = given_index(capability(normal(40), LOW, HIGH, signals=0, censored=7))
    assert "7 censored value(s) left out: the index looks better or worse than it is" in found.remarks


def test_values_that_are_not_normal_go_by_percentiles_and_say_so() -> None:
    values = skewed(200)
    found = given_index(capability(values, None, Decimal(10), signals=0))
    assert isinstance(found.normality, Normality)
    assert found.normality.rejected
    assert found.cp is None
    assert found.cpk is None
    assert found.percentiles is not None
    index = (Decimal(10) - found.percentiles.median) / (found.percentiles.high - found.percentiles.median)
    assert float(found.ppk.value) == pytest.approx(float(index))
    assert ends(found.ppk)[0] <= float(index) <= ends(found.ppk)[2]
    assert "percentile method (0.135, 50, 99.865), of the sample" in found.basis.method
    assert "normality is rejected at 0.05: Pp and Ppk rest on percentiles, Cp and Cpk are not given" in found.remarks
    assert any("no 0.135 percentile of their own" in remark for remark in found.remarks)


def test_few_values_that_are_not_normal_have_no_index_and_the_reason_is_given() -> None:
    """Of 28 values the .135 percentile is the smallest: no index rests on one value."""
    few = capability(skewed(49), None, Decimal(10), signals=0)
    assert isinstance(few, NotGiven)
    tested = normality(skewed(49))
    assert isinstance(tested, Normality)
    assert tested.rejected
    assert (
        few.reason
        == f"normality is rejected (p {p_shown(tested.p)}), and 49 values are too few for percentiles, which need 50"
    )
    assert given_index(capability(skewed(50), None, Decimal(10), signals=0)).percentiles is not None
    assert (
        given_index(capability(skewed(49), None, Decimal(10), signals=0, distribution="lognormal")).percentiles is not None
    )
    normal_value = given_index(capability(normal(28), LOW, HIGH, signals=0))
    assert normal_value.percentiles is None
    assert ends(normal_value.ppk)[0] < ends(normal_value.ppk)[1] < ends(normal_value.ppk)[2]


def test_a_declared_distribution_is_fitted() -> None:
    """Of a lognormal distribution with median 1 and log deviation .6 the 99.865 percentile is exp(1.8)."""
    found = given_index(capability(skewed(4000), Decimal("0.01"), Decimal(10), signals=0, distribution="lognormal"))
    assert found.percentiles is not None
    assert float(found.percentiles.high) == pytest.approx(math.exp(1.8), rel=0.05)
    assert float(found.percentiles.low) == pytest.approx(math.exp(-1.8), rel=0.05)
    assert found.percentiles.remarks == ()
    assert isinstance(found.normality, Normality)
    assert found.pp is not None
    gamma = given_index(capability(skewed(100), None, Decimal(10), signals=0, distribution="gamma"))
    assert "gamma fitted by maximum likelihood" in gamma.basis.method
    for distribution, reason in (("Cauchy", "is not known: lognormal, gamma"), ("lognormal", "is for values above zero")):
        refused = capability([*skewed(40), Decimal(-1)], None, Decimal(10), signals=0, distribution=distribution)
        assert isinstance(refused, NotGiven)
        assert reason in refused.reason


def test_mostly_equal_values_have_no_percentile_index() -> None:
    found = capability([Decimal("0.05")] * 60 + [Decimal("0.06")], None, Decimal("0.1"), signals=0)
    assert isinstance(found, NotGiven)
    assert found.reason == "the median equals an outer percentile: most values are the same"


@pytest.mark.parametrize("values", [normal(40), skewed(40), normal(8, 5), skewed(500), normal(300, 9)])
def test_anderson_darling_equals_statsmodels(values: list[Decimal]) -> None:
    import numpy as np

    statistic, p = normal_ad(np.array([float(v) for v in values]))
    found = normality(values)
    assert isinstance(found, Normality)
    assert float(found.statistic) == pytest.approx(statistic, rel=1e-9)
    assert float(found.p) == pytest.approx(p, rel=1e-7)


def test_one_value_far_out_rejects_normality_with_a_finite_statistic() -> None:
    found = normality([*normal(200), Decimal(100_000)])
    assert isinstance(found, Normality)
    assert found.rejected
    assert found.statistic.is_finite()
    assert found.p == 0


def test_leading_digits_change_nothing() -> None:
    """Floats of values near 10^13 keep three decimals; the deviations here are exact."""
    small = normal(40)
    large = [v + Decimal(10) ** 16 for v in small]
    assert normality(small) == normality(large)
    one, other = capability(small, LOW, HIGH, signals=0), capability(large, LOW + 10**16, HIGH + 10**16, signals=0)
    assert given_index(one).ppk.value == pytest.approx(given_index(other).ppk.value, rel=Decimal("1e-20"))


def test_autocorrelation_is_told_with_its_bound() -> None:
    drifting = [Decimal(i) for i in range(30)]
    found = autocorrelation(drifting)
    assert isinstance(found, Autocorrelation)
    assert found.exceeded
    assert float(found.bound) == pytest.approx(1.959963984540054 / math.sqrt(30))
    index = given_index(capability(drifting, Decimal(-50), Decimal(80), signals=0))
    assert "values are autocorrelated: sigma within is too small, and the intervals do not hold" in index.remarks
    for few in (
        autocorrelation(normal(5)),
        normality(normal(5)),
        autocorrelation([Decimal(2)] * 9),
        normality([Decimal(2)] * 9),
    ):
        assert isinstance(few, NotGiven)


@settings(deadline=None)  # the first example loads scipy
@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=10, max_size=60))
def test_there_is_always_an_answer(values: list[Decimal]) -> None:
    found = capability(values, Decimal(-900), Decimal(900), signals=0)
    if isinstance(found, NotGiven):
        assert found.reason
        return
    low, value, high = ends(found.ppk)
    assert low <= high
    assert math.isfinite(value)
    summary = summarise(values)
    if found.percentiles is None:
        known = performance(summary, Decimal(-900), Decimal(900))
        assert known is not None
        assert known.ppk == found.ppk.value
