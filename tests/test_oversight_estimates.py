"""Estimates of oversight: golden values, independent oracles, and what must hold of every count."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats
from statsmodels.stats.proportion import proportion_confint

from audit.errors import Invalid
from audit.oversight import pooling
from audit.oversight.erosion import erosion
from audit.oversight.escapes import escape_rate
from audit.oversight.estimates import a_prime, detection, jeffreys, rate
from audit.oversight.model import Estimate, Family, Mode, Outcome, ProbeResult, Severity
from audit.oversight.recapture import Fault, chao1, recapture
from audit.oversight.sequences import live, sequence
from audit.oversight.vigilance import gap

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, 2 * n).map(lambda k: k / 2), st.just(n)))
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def result(
    outcome: Outcome = Outcome.CAUGHT, *, mode: Mode = Mode.BASE, reviewer: str = "a", family: Family = Family.WRONG,
    p_ok: float = 0.1, day: float = 0,
) -> ProbeResult:  # fmt: skip
    at = (DAY + timedelta(days=day)).isoformat()
    difficulty = math.log(p_ok / (1 - p_ok))
    return ProbeResult("p", reviewer, family, "altered number", Severity.MAJOR, mode, outcome, p_ok, difficulty, at)


def known(figure: Estimate) -> tuple[float, float, float]:
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    return figure.value, figure.low, figure.high


@pytest.mark.parametrize(("k", "n"), [(1, 5), (17, 20), (85, 100), (1, 1), (0, 12)])
def test_a_rate_has_the_interval_of_jeffreys(k: int, n: int) -> None:
    low, high = proportion_confint(k, n, method="jeffreys")
    assert jeffreys(k, n) == (0.0 if k == 0 else pytest.approx(low), 1.0 if k == n else pytest.approx(high))


def test_few_decisions_give_no_rate_but_the_reason() -> None:
    assert rate(3, 9).tree() == {"value": None, "n": 9, "reason": "9 decisions: withheld below 10"}
    assert rate(3, 10).value == 0.3
    with pytest.raises(Invalid, match="3 of 2"):
        rate(3, 2)


@pytest.mark.parametrize(("n", "ends"), [(20, (0.57, 0.98)), (40, (0.66, 0.96)), (100, (0.73, 0.93)), (400, (0.79, 0.90))])
def test_the_confidence_sequence_has_its_specified_ends(n: int, ends: tuple[float, float]) -> None:
    assert sequence(0.85 * n, n) == pytest.approx(ends, abs=0.005)


@given(COUNTS)
def test_the_confidence_sequence_is_where_its_ratio_is_below_its_limit(counts: tuple[float, int]) -> None:
    hits, n = counts
    low, high = sequence(hits, n)
    assert 0 <= low <= hits / n <= high <= 1

    def ratio(p: float) -> float:
        seen = special.xlogy(hits, p) + special.xlog1py(n - hits, -p)
        return float(special.betaln(8.5 + hits, 1.5 + n - hits) - special.betaln(8.5, 1.5) - seen)

    for end in (low, high):
        if 1e-9 < end < 1 - 1e-9:  # nearer, the ratio is steeper than an end can be told
            assert ratio(end) == pytest.approx(math.log(20), abs=1e-5)


@pytest.mark.parametrize("truth", [0.7, 0.85, 0.95])
def test_looking_after_every_check_misses_the_truth_in_one_of_twenty_at_most(truth: float) -> None:
    """Followed exactly, number of hits by number of hits; the interval of Jeffreys is far from keeping it."""
    missed = {}
    for what, interval in (("sequence", sequence), ("jeffreys", jeffreys)):
        alive = np.array([1.0])
        for n in range(1, 61):
            alive = np.append(alive * (1 - truth), 0.0) + np.append(0.0, alive * truth)
            ends = np.array([interval(hits, n) for hits in range(n + 1)])
            alive[(ends[:, 0] > truth) | (ends[:, 1] < truth)] = 0.0
        missed[what] = 1 - alive.sum()
    assert missed["sequence"] <= 0.05
    assert missed["jeffreys"] > 0.15


def test_the_live_figure_is_wider_than_one_looked_at_once() -> None:
    value, low, high = known(live(34, 40))
    assert value == 0.85
    once = jeffreys(34, 40)
    assert low < once[0] < once[1] < high
    assert live(4, 5).value is None


def test_detection_is_log_linear_and_leans_to_letting_through() -> None:
    """By hand: H~ = 17.5 / 21, F~ = 10.5 / 201; d' = .9674 + 1.6234."""
    found = detection(17, 20, 10, 200)
    value, low, high = known(found.d_prime)
    assert value == pytest.approx(2.5908, abs=1e-3)
    assert (low + high) / 2 == pytest.approx(value)
    assert found.criterion.value == pytest.approx((1.6234 - 0.9674) / 2, abs=1e-3)
    spread = (known(found.criterion)[2] - known(found.criterion)[1]) / (high - low)
    assert spread == pytest.approx(0.5)
    assert detection(17, 19, 10, 200).d_prime.reason == "19 faults: withheld below 20"
    assert detection(17, 20, 1, 19).criterion.reason == "19 correct texts: withheld below 20"


def test_the_bias_of_d_prime_is_small_from_twenty_faults_on() -> None:
    """Exactly, over all outcomes at .85 caught and .05 of 200 correct texts objected to; the specification's simulation prints -.01 (RMSE .38)."""
    truth = stats.norm.ppf(0.85) - stats.norm.ppf(0.05)
    chance = np.outer(stats.binom.pmf(np.arange(21), 20, 0.85), stats.binom.pmf(np.arange(201), 200, 0.05))
    error = np.array([[known(detection(h, 20, f, 200).d_prime)[0] - truth for f in range(201)] for h in range(21)])
    assert (chance * error).sum() == pytest.approx(-0.0177, abs=5e-5)
    assert (chance * error**2).sum() ** 0.5 == pytest.approx(0.3746, abs=5e-5)


def test_a_prime_by_hand_and_at_its_ends() -> None:
    assert a_prime(0.85, 0.05) == pytest.approx(0.5 + 0.8 * 1.8 / (4 * 0.85 * 0.95))
    assert (a_prime(1, 0), a_prime(0.4, 0.4), a_prime(0, 1)) == (1.0, 0.5, 0.0)


def test_the_grid_agrees_with_integration_of_the_posterior() -> None:
    """Three reviewers; the posterior mean of one by adaptive integration over the mean and the logarithm of M."""
    counts = [(9, 10), (6, 10), (18, 20)]

    def joint(mean: float, log: float) -> float:
        strength = math.exp(log)
        a, b = mean * strength, (1 - mean) * strength
        return math.exp(sum(special.betaln(a + h, b + n - h) - special.betaln(a, b) for h, n in counts) + 20)

    def drawn(mean: float, log: float) -> float:
        return joint(mean, log) * (mean * math.exp(log) + 6) / (math.exp(log) + 10)

    ends = (math.log(pooling.STRENGTH[0]), math.log(pooling.STRENGTH[1]), *pooling.MEAN)
    whole = integrate.dblquad(joint, *ends, epsabs=1e-6)[0]
    expected = integrate.dblquad(drawn, *ends, epsabs=1e-6)[0] / whole
    assert pooling.posterior(pooling.pool(counts), 6, 10)[0] == pytest.approx(expected, abs=0.003)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(5, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=12))
def test_a_shrunken_rate_lies_in_an_interval_that_holds_that_of_jeffreys(counts: list[tuple[int, int]]) -> None:
    pooled = pooling.pool(counts)
    assert float(pooled.weights.sum()) == pytest.approx(1)
    for hits, n in counts:
        value, low, high = known(pooling.catch_rate(pooled, hits, n))
        once = jeffreys(hits, n)
        assert 0 <= low <= once[0] <= once[1] <= high <= 1
        assert low < value < high
        assert 0 < pooling.reliability(pooled, n) < 1


def test_a_rate_of_few_checks_is_drawn_towards_everybody() -> None:
    alike = [(17, 20)] * 20
    pooled = pooling.pool([*alike, (3, 5)])
    assert 0.75 < pooling.posterior(pooled, 3, 5)[0] < 0.85
    assert pooling.catch_rate(pooled, 3, 4).reason == "4 checks: withheld below 5"


def test_the_gap_compares_like_with_like() -> None:
    """Routine: 10 easy of which 8 caught, 10 hard of which 4; qualification: 20 easy all caught, 10 hard of which 8. By hand .4."""
    results = [result() for _ in range(8)] + [result(Outcome.MISSED) for _ in range(2)]
    results += [result(p_ok=0.3)] * 4 + [result(Outcome.MISSED, p_ok=0.3)] * 6
    results += [result(mode=Mode.QUALIFY)] * 20
    results += [result(mode=Mode.QUALIFY, p_ok=0.3)] * 8 + [result(Outcome.MISSED, mode=Mode.QUALIFY, p_ok=0.3)] * 2
    results += [result(Outcome.MISSED, family=Family.MISSING)] * 9  # no like in qualification
    results += [result(Outcome.VOID)] * 9
    value, low, high = known(gap(results))
    assert value == pytest.approx(0.5 * (1 - 0.8) + 0.5 * (0.8 - 0.4))
    assert 0 < low < value < high < 1
    assert gap(results).n == 20
    assert "routine checks of like kind" in gap(results[10:]).reason


def test_erosion_is_found_with_its_half_life_and_a_steady_rate_shows_none() -> None:
    random = np.random.default_rng(3)
    falling, steady = [], []
    for number in range(1200):
        quarters = 8 * number / 1200
        for found, slope in ((falling, -0.4), (steady, 0.0)):
            p = 1 / (1 + math.exp(-(2.5 + slope * quarters)))
            outcome = Outcome.CAUGHT if random.random() < p else Outcome.MISSED
            found.append(result(outcome, reviewer=f"r{number % 8}", day=quarters * 91.3125))
    trend = erosion(falling)
    value, low, high = known(trend.per_quarter)
    truth = np.mean([-0.4 * x * (1 - x) for x in 1 / (1 + np.exp(-(2.5 - 0.4 * np.linspace(0, 8, 1200))))])
    assert low < truth < high < 0
    assert value == pytest.approx(truth, rel=0.25)
    level = 2.5 - 0.4 * 8
    now = 1 / (1 + math.exp(-level))
    half = (math.log(now / 2 / (1 - now / 2)) - level) / -0.4
    assert known(trend.half_life)[1] < half < known(trend.half_life)[2]
    flat = erosion(steady)
    assert known(flat.per_quarter)[1] < 0 < known(flat.per_quarter)[2]
    assert flat.half_life.reason == "no fall of the catch rate is shown"


def test_erosion_needs_checks_and_time() -> None:
    assert "withheld below 30" in erosion([result(day=n * 10) for n in range(29)]).per_quarter.reason
    assert "less than a quarter" in erosion([result(day=n) for n in range(60)]).half_life.reason


def test_recapture_by_hand() -> None:
    """Chapman: 10 and 15 found, 5 by both, gives 11 x 16 / 6 - 1; Chao1 from 15 and 5: 20 + 15 x 14 / 12."""
    faults = [Fault(True, True)] * 5 + [Fault(True, False)] * 5 + [Fault(False, True)] * 10 + [Fault(False, False)] * 3
    found = recapture(faults)
    total, low, high = known(found.lincoln_petersen)
    assert total == pytest.approx(11 * 16 / 6 - 1)
    assert 20 <= low < total < high
    assert known(found.chao1)[0] == pytest.approx(20 + 15 * 14 / 12)
    assert known(found.caught_first)[0] == pytest.approx(10 / total)
    assert "no fault was found by both" in recapture([Fault(True, False)] * 12).chao1.reason
    assert "withheld below 10" in recapture(faults[:9]).chao1.reason


@given(st.integers(0, 500), st.integers(0, 500))
def test_chao1_counts_at_least_what_was_found(once: int, twice: int) -> None:
    total, low, high = known(chao1(once, twice))
    assert once + twice <= low + 1e-9 <= total + 1e-9 <= high + 2e-9


def test_an_escape_counts_its_section_once_and_only_if_accepted() -> None:
    accepted = [f"s{n}" for n in range(20)]
    assert escape_rate(accepted, ["s1", "s1", "s2", "never"]).value == 0.1
    assert escape_rate(accepted[:9], ["s1"]).reason == "9 accepted sections: withheld below 10"
