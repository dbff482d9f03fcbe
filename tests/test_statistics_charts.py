"""Charts: constants against their definitions, published examples recomputed, baselines of phase I on later data, strata."""

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.charts import (
    Baseline,
    ChartKind,
    ControlChart,
    Parameters,
    individuals_chart,
    strata,
    subgroup_chart,
    xbar_r_chart,
    xbar_s_chart,
)
from drafting.statistics.constants import c4, d2, d3, deviation_factors, range_factors
from drafting.statistics.counts import c_chart, np_chart, p_chart, u_chart
from drafting.statistics.exact import rounded
from drafting.statistics.individuals import D2, D4
from drafting.statistics.memory import Cusum, cusum_chart, ewma_chart

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches
FLOW = "49.6 47.6 49.9 51.3 47.8 51.2 52.6 52.4 53.6 52.1"
# the same, 6.3.2.4 (EWMA)
EWMA = "52.0 47.0 53.0 49.3 50.1 47.0 51.0 50.1 51.2 50.5 49.6 47.6 49.9 51.3 47.8 51.2 52.6 52.4 53.6 52.1"
EWMA_OUT = (
    "50.60 49.52 50.56 50.18 50.16 49.21 49.75 49.85 50.26 50.33 50.11 49.36 49.52 50.05 49.38 49.92 50.73 51.23 51.94 51.99"
)
# the same, 6.3.2.3 (CUSUM)
CUSUM = (
    "324.925 324.675 324.725 324.350 325.350 325.225 324.125 324.525 325.225 324.600 "
    "324.625 325.150 328.325 327.250 327.825 328.500 326.675 327.775 326.875 328.350"
)
# the same, 6.3.3.1 (c chart: defects on 25 wafers) and 6.3.3.2 (p chart: 30 wafers of 50 chips)
WAFERS = "16 14 28 16 12 20 10 12 10 17 19 17 14 16 15 13 14 16 11 20 11 19 16 31 13"
CHIPS = "12 15 8 10 4 7 16 9 14 10 5 6 17 12 22 8 10 5 13 11 20 18 24 15 9 12 7 13 9 6"


def decimals(text: str) -> list[Decimal]:
    return [Decimal(x) for x in text.split()]


def chart(found: ControlChart | NotGiven) -> ControlChart:
    assert isinstance(found, ControlChart), found
    return found


def baseline(parameters: Parameters) -> Baseline:
    return Baseline(parameters, date(2024, 1, 1), date(2024, 12, 31), "quality unit", date(2025, 1, 20))


def test_constants_equal_their_closed_forms() -> None:
    assert d2(2) == pytest.approx(2 / math.sqrt(math.pi), abs=1e-13)
    assert d2(3) == pytest.approx(3 / math.sqrt(math.pi), abs=1e-13)
    assert d3(2) == pytest.approx(math.sqrt(2 - 4 / math.pi), abs=1e-12)
    assert d3(3) == pytest.approx(math.sqrt(2 + 3 * math.sqrt(3) / math.pi - 9 / math.pi), abs=1e-12)
    assert c4(2) == pytest.approx(math.sqrt(2 / math.pi), abs=1e-14)
    assert c4(3) == pytest.approx(math.sqrt(math.pi) / 2, abs=1e-14)
    assert Decimal("1.1283791670955126") == D2
    assert float(D4) == pytest.approx(range_factors(2)[1], abs=1e-12)


@pytest.mark.parametrize(
    ("n", "printed"),
    [
        (5, (2.326, 0.864, 0.9400, 0.0, 2.114, 0.0, 2.089)),
        (8, (2.847, 0.820, 0.9650, 0.136, 1.864, 0.185, 1.815)),
        (10, (3.078, 0.797, 0.9727, 0.223, 1.777, 0.284, 1.716)),
        (25, (3.931, 0.708, 0.9896, 0.459, 1.541, 0.565, 1.435)),
    ],
)
def test_constants_round_to_the_printed_tables(n: int, printed: tuple[float, ...]) -> None:
    b3, b4 = (x / c4(n) for x in deviation_factors(n))
    found = (d2(n), d3(n), c4(n), *range_factors(n), b3, b4)
    assert found == pytest.approx(printed, abs=6e-4)


def test_individuals_of_the_handbook() -> None:
    found = chart(individuals_chart(decimals(FLOW)))
    assert rounded(found.parameters.centre, 2) == Decimal("50.81")
    assert found.spread is not None
    assert rounded(found.spread.centre[0], 4) == Decimal("1.8778")
    # the handbook divides by 1.128 and prints 55.8041 and 45.8159
    assert rounded(found.location.upper[0], 2) == Decimal("55.80")
    assert rounded(found.location.lower[0], 2) == Decimal("45.82")
    assert found.spread.offset == 1
    assert found.basis.n == 10
    assert found.basis.version


def test_ewma_of_the_handbook() -> None:
    given_limits = Parameters(ChartKind.INDIVIDUALS, Decimal(50), Decimal("2.0539"), Basis("given", 0))
    found = chart(ewma_chart(decimals(EWMA), weight=Decimal("0.3"), baseline=baseline(given_limits)))
    assert [float(x) for x in found.location.points] == pytest.approx([float(x) for x in decimals(EWMA_OUT)], abs=0.0101)
    assert float(found.location.upper[-1]) == pytest.approx(52.5884, abs=5e-4)
    assert float(found.location.lower[-1]) == pytest.approx(47.4115, abs=6e-4)
    assert found.location.upper[0] < found.location.upper[-1]  # the first limits are narrower
    assert "approved by quality unit on 2025-01-20" in found.basis.stated


def test_cusum_of_the_handbook() -> None:
    in_own_unit = Parameters(ChartKind.INDIVIDUALS, Decimal(325), Decimal(1), Basis("given", 0))
    found = cusum_chart(decimals(CUSUM), slack=Decimal("0.3175"), interval=Decimal("4.1959"), baseline=baseline(in_own_unit))
    assert isinstance(found, Cusum)
    assert [str(rounded(x, 2)) for x in found.above[12:15]] == ["3.01", "4.94", "7.45"]
    assert found.signals[0] == 13  # group 14
    assert max(found.below) < Decimal("4.1959")


def test_c_chart_of_the_handbook() -> None:
    counts = [int(x) for x in WAFERS.split()]
    found = chart(c_chart(counts))
    assert found.parameters.centre == Decimal(16)
    assert found.parameters.overdispersion is not None  # the dispersion test rejects at .05: 37.9 on 24 degrees of freedom
    frozen = Parameters(ChartKind.C, Decimal(16), Decimal(4), Basis("c chart", 25))
    again = chart(c_chart(counts, baseline=baseline(frozen)))
    assert (again.location.lower[0], again.location.upper[0]) == (Decimal(4), Decimal(28))
    assert [i for i, x in enumerate(counts) if x > again.location.upper[i]] == [23]


def test_p_and_np_charts_of_the_handbook() -> None:
    counts = [int(x) for x in CHIPS.split()]
    found = chart(p_chart(counts, [50] * 30))
    assert rounded(found.parameters.centre, 4) == Decimal("0.2313")
    plain = Parameters(ChartKind.P, found.parameters.centre, found.parameters.sigma, found.parameters.basis)
    without = chart(p_chart(counts, [50] * 30, baseline=baseline(plain)))
    assert rounded(without.location.upper[0], 4) == Decimal("0.4102")
    assert rounded(without.location.lower[0], 4) == Decimal("0.0524")
    counted = chart(np_chart(counts, 50))
    assert [x / 50 for x in counted.location.upper] == pytest.approx(list(found.location.upper))
    assert counted.location.points[0] == Decimal(12)
    assert chart(np_chart([1, 2, 1], 3)).location.points == (Decimal(1), Decimal(2), Decimal(1))


def test_laney_widens_an_over_dispersed_chart_only() -> None:
    sizes = [1_000_000] * 8
    wide = [9000, 11000, 9000, 11000, 9000, 11000, 9000, 11000]
    found = chart(p_chart(wide, sizes))
    # every |z| is 1000 / sqrt(1e6 .01 .99) = 10.0504, every moving range twice that: factor 2 z / d2
    assert float(found.parameters.overdispersion or 0) == pytest.approx(2 * 1000 / math.sqrt(9900) / float(D2), rel=1e-12)
    assert "p' chart, Laney's correction 17.8" in found.basis.method
    assert all(
        low <= x <= high
        for low, x, high in zip(found.location.lower, found.location.points, found.location.upper, strict=True)
    )
    calm = chart(p_chart([10010, 9990, 10020, 9980, 10000, 10000, 9970, 10030], sizes))
    assert calm.parameters.overdispersion is None
    events = chart(u_chart([90, 110, 60, 150, 20, 170], [Decimal("1.5"), 1, 1, 2, 1, 1], "million units distributed"))
    assert events.location.name == "events per million units distributed"
    assert events.basis.method.startswith("u' chart")
    assert events.parameters.centre == Decimal(600) / Decimal("7.5")


def test_counts_that_make_no_chart_say_why() -> None:
    for found, why in (
        (u_chart([0, 0, 0], [1, 2, 3], "batch"), "every point is the same"),
        (p_chart([3], [2]), "more nonconforming units than units"),
        (u_chart([1], [1], "batch"), "limits need two points"),
        (u_chart([1, 2], [1, 0], "batch"), "denominators must be above zero"),
        (u_chart([], [], "batch"), "each count needs its denominator"),
    ):
        assert isinstance(found, NotGiven)
        assert why in found.reason


def test_subgroups_by_range_up_to_eight_by_deviation_above() -> None:
    small = [[Decimal(x) for x in (9, 10, 11)], [Decimal(x) for x in (10, 12, 11)], [Decimal(x) for x in (8, 9, 13)]]
    found = chart(subgroup_chart(small))
    assert found.kind is ChartKind.XBAR_R
    assert float(found.parameters.sigma) == pytest.approx((2 + 2 + 5) / 3 / d2(3))
    assert float(found.location.upper[0] - found.location.centre[0]) == pytest.approx(3 * 3 / d2(3) / math.sqrt(3))
    assert rounded(found.parameters.centre, 20) == Decimal("10.33333333333333333333")
    nine = [[Decimal(i + j) for j in range(9)] for i in range(4)]
    by_deviation = chart(subgroup_chart(nine))
    assert by_deviation.kind is ChartKind.XBAR_S
    assert float(by_deviation.parameters.sigma) == pytest.approx(math.sqrt(7.5) / c4(9))
    assert by_deviation.spread is not None
    assert float(by_deviation.spread.centre[0]) == pytest.approx(math.sqrt(7.5))
    uneven = chart(subgroup_chart([*small, [Decimal(10), Decimal(12)]]))
    assert uneven.kind is ChartKind.XBAR_S
    assert uneven.parameters.subgroup_size == 0
    assert uneven.location.upper[-1] > uneven.location.upper[0]  # fewer values, wider limits
    assert isinstance(xbar_r_chart([[Decimal(1)]]), NotGiven)
    assert isinstance(xbar_s_chart([[Decimal(1)]]), NotGiven)


def test_a_baseline_judges_later_data_by_its_own_limits() -> None:
    first = chart(individuals_chart(decimals(FLOW)))
    frozen = baseline(first.parameters)
    later = chart(individuals_chart([Decimal(60)], baseline=frozen))
    assert later.location.upper == (first.location.upper[0],)
    assert later.location.points[0] > later.location.upper[0]
    assert later.baseline == frozen
    assert "limits of the baseline 2024-01-01 to 2024-12-31 (n = 10)" in later.basis.stated
    wrong = xbar_r_chart([[Decimal(1), Decimal(2)]] * 3, baseline=frozen)
    assert isinstance(wrong, NotGiven)
    assert wrong.reason == "the approved baseline is of another chart: I-MR, subgroups of 1"
    other_size = chart(xbar_r_chart([[Decimal(1), Decimal(2), Decimal(4)]] * 3))
    assert isinstance(xbar_r_chart([[Decimal(1), Decimal(2)]] * 3, baseline=baseline(other_size.parameters)), NotGiven)


def test_strata_are_charted_apart() -> None:
    values = decimals("10 20 11 21 10 20 12 22")
    found = strata(values, ["a", "b"] * 4, individuals_chart)
    assert [(s.level, s.positions) for s in found] == [("a", (0, 2, 4, 6)), ("b", (1, 3, 5, 7))]
    whole = chart(individuals_chart(values))
    for stratum in found:
        assert chart(stratum.chart).parameters.sigma < whole.parameters.sigma / 5


def test_exclusions_stand_in_the_basis() -> None:
    found = chart(individuals_chart(decimals(FLOW), excluded=(Exclusion(2, "laboratory error confirmed", ("b7", "b9")),)))
    assert found.basis.stated.endswith("n = 10; 2 left out: laboratory error confirmed")
    for nothing in ([], [Decimal(1)]):
        refused = individuals_chart(nothing)
        assert isinstance(refused, NotGiven)
        assert refused.reason == "a moving range needs two values"
    flat = ewma_chart([Decimal(1)] * 4)
    assert isinstance(flat, NotGiven)
    assert flat.reason == "the values do not vary"


VALUES = st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=30)


@given(VALUES, st.integers(-5, 5))
def test_limits_move_and_stretch_with_the_values(numbers: list[int], power: int) -> None:
    one = chart(individuals_chart([Decimal(x) for x in numbers]))
    other = chart(individuals_chart([Decimal(x).scaleb(power) + 7 for x in numbers]))
    scale = Fraction(10) ** power
    for mine, theirs in ((one.location.upper[0], other.location.upper[0]), (one.parameters.centre, other.parameters.centre)):
        assert float(Fraction(mine) * scale + 7 - Fraction(theirs)) == pytest.approx(0, abs=1e-30 * 10**7)
