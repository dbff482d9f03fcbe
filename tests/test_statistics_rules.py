"""Run rules: a hand-made vector for each, the rule as written against the rule as computed, what rules cost, signals in groups."""

import csv
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from pkgutil import iter_modules

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import drafting.statistics as package
from drafting.statistics.basis import Interval
from drafting.statistics.charts import ControlChart, Panel, individuals_chart
from drafting.statistics.false_alarms import SERIES, false_alarm
from drafting.statistics.rules import NELSON, RULE_ONE, WESTERN_ELECTRIC, Rule, signals
from drafting.statistics.signal_groups import foremost, group_signals, shared_groups

ALL = tuple(Rule)


def panel(*values: float) -> Panel:
    """Points in sigma around a centre of zero."""
    points = tuple(Decimal(str(v)) for v in values)
    n = len(points)
    return Panel("value", points, (Decimal(0),) * n, (Decimal(-3),) * n, (Decimal(3),) * n, (Decimal(1),) * n)


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        (Rule.BEYOND_LIMITS, [0, 3.1, 3, -3.1], [1, 3]),
        (Rule.TWO_OF_THREE, [2.1, 0, 2.1, 0, 0, 2.1], [2]),
        (Rule.TWO_OF_THREE, [2.1, 2.1, 0], [1]),  # complete at the second point; the third does not belong to it
        (Rule.TWO_OF_THREE, [2.1, -2.1, 0, 2.1], []),  # not on one side
        (Rule.TWO_OF_THREE, [0, 2, 2, 2], []),  # on the line is not beyond it
        (Rule.FOUR_OF_FIVE, [1.1, 1.1, 0.5, 1.1, 1.1, 0], [4]),
        (Rule.FOUR_OF_FIVE, [-1.1, -1.1, -1.1, -1.1, -1.1], [3, 4]),
        (Rule.EIGHT_ON_ONE_SIDE, [0.1] * 9, [7, 8]),
        (Rule.EIGHT_ON_ONE_SIDE, [0.1] * 4 + [0] + [0.1] * 7, []),  # a point on the centre line ends the run
        (Rule.NINE_ON_ONE_SIDE, [-0.1] * 9, [8]),
        (Rule.SIX_TREND, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [5, 6]),
        (Rule.SIX_TREND, [0.5, 0.4, 0.3, 0.3, 0.2, 0.1, 0], []),  # equal neighbours end a trend
        (Rule.FOURTEEN_ALTERNATING, [0.1, -0.1] * 7, [13]),
        (Rule.FOURTEEN_ALTERNATING, [0.1, -0.1] * 6 + [0.1, 0.2], []),
        (Rule.FIFTEEN_NEAR, [0.9, -0.9] * 8, [14, 15]),
        (Rule.FIFTEEN_NEAR, [0.1] * 14 + [1.1], []),
        (Rule.EIGHT_AWAY, [1.1, -1.1] * 4, [7]),
        (Rule.EIGHT_AWAY, [1.1] * 8, []),  # one side only: that is the run rule's business
    ],
)
def test_a_vector_for_each_rule(rule: Rule, values: list[float], expected: list[int]) -> None:
    assert [s.position for s in signals(panel(*values), (rule,))] == expected


def run(length: int, holds: Callable[[float], bool]) -> Callable[[Sequence[float]], bool]:
    return lambda past: len(past) >= length and all(holds(x) for x in past[-length:])


def two_sided(length: int, holds: Callable[[float], bool]) -> Callable[[Sequence[float]], bool]:
    up, down = run(length, holds), run(length, lambda x: holds(-x))
    return lambda past: up(past) or down(past)


def most(count: int, length: int, sigma: float) -> Callable[[Sequence[float]], bool]:
    def fires(past: Sequence[float]) -> bool:
        window = past[-length:]
        return any(side * past[-1] > sigma and sum(side * x > sigma for x in window) >= count for side in (1, -1))

    return fires


def trend(past: Sequence[float]) -> bool:
    steps = [b - a for a, b in pairwise(past[-6:])]
    return len(steps) == 5 and (min(steps) > 0 or max(steps) < 0)


def alternates(past: Sequence[float]) -> bool:
    steps = [b - a for a, b in pairwise(past[-14:])]
    return len(steps) == 13 and all(a * b < 0 for a, b in pairwise(steps))


AS_WRITTEN: dict[Rule, Callable[[Sequence[float]], bool]] = {
    Rule.BEYOND_LIMITS: lambda past: abs(past[-1]) > 3,
    Rule.TWO_OF_THREE: most(2, 3, 2),
    Rule.FOUR_OF_FIVE: most(4, 5, 1),
    Rule.EIGHT_ON_ONE_SIDE: two_sided(8, lambda x: x > 0),
    Rule.NINE_ON_ONE_SIDE: two_sided(9, lambda x: x > 0),
    Rule.SIX_TREND: trend,
    Rule.FOURTEEN_ALTERNATING: alternates,
    Rule.FIFTEEN_NEAR: run(15, lambda x: abs(x) <= 1),
    Rule.EIGHT_AWAY: lambda past: run(8, lambda x: abs(x) > 1)(past) and min(past[-8:]) < 0 < max(past[-8:]),
}
# small steps and long runs, so that each rule has its chance
SERIES_OF_TENTHS = st.one_of(
    st.lists(st.integers(-35, 35), min_size=1, max_size=60),
    st.lists(st.integers(-11, 11), min_size=10, max_size=60),
    st.lists(st.integers(-2, 12), min_size=10, max_size=60),
    st.lists(st.integers(0, 30), min_size=14, max_size=60).map(lambda xs: [x if i % 2 else -x for i, x in enumerate(xs)]),
)


@settings(deadline=None)  # the first example loads numpy
@given(SERIES_OF_TENTHS)
def test_every_rule_equals_the_rule_as_written(tenths: list[int]) -> None:
    values = [x / 10 for x in tenths]
    found = signals(panel(*values), ALL)
    for rule, fires in AS_WRITTEN.items():
        expected = [i for i in range(len(values)) if fires(values[: i + 1])]
        assert [s.position for s in found if s.rule is rule] == expected, rule


@settings(deadline=None)  # the first example loads numpy
@given(SERIES_OF_TENTHS)
def test_the_mirror_image_signals_on_the_other_side(tenths: list[int]) -> None:
    here = signals(panel(*(x / 10 for x in tenths)), ALL)
    there = signals(panel(*(-x / 10 for x in tenths)), ALL)
    assert [(s.rule, s.position, s.side) for s in here] == [(s.rule, s.position, -s.side) for s in there]


def test_a_panel_without_zones_knows_the_limits_only() -> None:
    found = individuals_chart([Decimal(x) for x in (1, 1, 1, 1, 1, 1, 1, 1, 1, 9)])
    assert isinstance(found, ControlChart)
    assert found.spread is not None
    on_ranges = signals(found.spread, WESTERN_ELECTRIC)
    assert [(s.rule, s.position) for s in on_ranges] == [(Rule.BEYOND_LIMITS, 9)]  # the place of the later of the two points
    flat = individuals_chart([Decimal(1)] * 20)
    assert isinstance(flat, ControlChart)
    assert signals(flat.location, NELSON) == ()
    assert signals(panel(), NELSON) == ()


def test_rule_one_is_exact_and_the_simulation_agrees_with_it() -> None:
    chance, basis = false_alarm(100)
    assert isinstance(chance, Interval)
    assert float(chance.value) == pytest.approx(1 - (1 - 0.0026997960632601866) ** 100, rel=1e-12)
    assert "exact" in basis.method
    simulated, stated = false_alarm(100, (Rule.BEYOND_LIMITS, Rule.BEYOND_LIMITS))
    assert isinstance(simulated, Interval)
    assert simulated.low is not None
    assert simulated.high is not None
    assert simulated.low < chance.value < simulated.high
    assert f"{SERIES} simulated series, seed" in stated.method


def test_western_electric_costs_what_was_published() -> None:
    """Champ and Woodall (Technometrics 29, 1987): these four rules signal on average every 91.75 points in control."""
    short, _ = false_alarm(50, WESTERN_ELECTRIC)
    long, _ = false_alarm(250, WESTERN_ELECTRIC)
    assert isinstance(short, Interval)
    assert isinstance(long, Interval)
    points_a_signal = 200 / math.log(float((1 - short.value) / (1 - long.value)))
    assert points_a_signal == pytest.approx(91.75, rel=0.05)
    assert false_alarm(50, WESTERN_ELECTRIC) == false_alarm(50, WESTERN_ELECTRIC)
    one, eight = false_alarm(50, RULE_ONE)[0], false_alarm(50, NELSON)[0]
    assert isinstance(one, Interval)
    assert isinstance(eight, Interval)
    assert one.value < short.value < eight.value


def test_consecutive_signals_are_one_group() -> None:
    labels = [f"b{i:02}" for i in range(40)]
    values = [0.1, -0.1] * 5 + [1.2] * 12 + [0.1, -0.1] * 4 + [-3.2, -3.4] + [0.2, -0.2] * 4
    groups = group_signals(signals(panel(*values), WESTERN_ELECTRIC), labels, "assay")
    assert [(g.first, g.last, g.side, g.attribute) for g in groups] == [
        ("b10", "b22", 1, "assay"),
        ("b30", "b31", -1, "assay"),
    ]
    run_group = groups[0]
    assert run_group.rules == (Rule.FOUR_OF_FIVE, Rule.EIGHT_ON_ONE_SIDE)
    assert run_group.signals == 9 + 6  # points 13 to 21, and 17 to 22
    assert run_group.points == 13
    assert sum(g.signals for g in groups) == len(signals(panel(*values), WESTERN_ELECTRIC))


def test_groups_of_several_attributes_over_the_same_batches_are_told_together() -> None:
    labels = [f"b{i:02}" for i in range(30)]
    high = signals(panel(*([0.1, -0.1] * 5 + [1.2] * 15 + [-0.1] * 5)), WESTERN_ELECTRIC)
    low = signals(panel(*([0.1, -0.1] * 5 + [-1.2] * 14 + [0.1] * 6)), WESTERN_ELECTRIC)
    alone = signals(panel(*([0.1, -0.1] * 13 + [5, 0])))  # two batches have no value: places differ, batches do not
    by_attribute = {
        "assay": group_signals(high, labels, "assay"),
        "impurity": group_signals(low, labels, "impurity"),
        "water": group_signals(alone, labels[2:], "water"),
    }
    shared = shared_groups(by_attribute, labels)
    assert [(s.attributes, s.first, s.last) for s in shared] == [
        (("impurity", "assay"), "b09", "b24"),  # low from b09 to b23, high from b10 to b24
        (("water",), "b28", "b28"),
    ]


@settings(deadline=None)  # the first example loads numpy
@given(SERIES_OF_TENTHS)
def test_grouping_loses_no_signal(tenths: list[int]) -> None:
    found = signals(panel(*(x / 10 for x in tenths)), ALL)
    groups = group_signals(found, [str(i) for i in range(len(tenths))])
    assert sum(g.signals for g in groups) == len(found)
    assert {s.rule for s in found} == {rule for g in groups for rule in g.rules}
    shared = shared_groups({"a": groups}, [str(i) for i in range(len(tenths))])
    assert sum(len(s.groups) for s in shared) == len(groups)


LABORATORY = Path(str(files("corpus") / "samples" / "zagar" / "Laboratory.csv"))
FINISHED = ("dissolution_av", "dissolution_min", "resodual_solvent", "impurities_total", "impurity_o", "impurity_l")
YEAR = {f"{m}.20" for m in ("maj", "jun", "jul", "avg", "sep", "okt", "nov", "dec")} | {
    f"{m}.21" for m in ("jan", "feb", "mar", "apr")
}


def test_a_real_year_with_hundreds_of_signals_comes_to_a_handful_of_statements() -> None:
    with LABORATORY.open(encoding="utf-8-sig") as file:
        rows = [r for r in csv.DictReader(file, delimiter=";") if r["code"] == "17" and r["start"] in YEAR]
    batches = [r["batch"] for r in rows]
    assert len(batches) == 134
    by_attribute = {}
    for attribute in FINISHED:
        chart = individuals_chart([Decimal(r[attribute].strip()) for r in rows])
        assert isinstance(chart, ControlChart)
        by_attribute[attribute] = group_signals(signals(chart.location, WESTERN_ELECTRIC), batches, attribute)
    every = sum(g.signals for groups in by_attribute.values() for g in groups)
    shared = shared_groups(by_attribute, batches)
    told, rest = foremost(shared)
    assert every == 523
    assert all(by_attribute.values())  # every attribute signals
    assert (len(told), sum(s.signals for s in told)) == (5, 396)
    assert sum(s.signals for s in rest) == every - 396
    lowest = max(told, key=lambda s: s.signals)
    assert (set(lowest.attributes), {g.side for g in lowest.groups}) == (
        {"impurities_total", "impurity_o", "impurity_l"},
        {-1},
    )
    assert (lowest.first, lowest.last) == ("670", "877")


def test_importing_the_package_loads_no_heavy_library() -> None:
    names = sorted(m.name for m in iter_modules(package.__path__, "drafting.statistics."))
    assert len(names) > 20
    code = f"import sys, importlib; [importlib.import_module(n) for n in {names}]; print([m for m in ('numpy', 'scipy', 'statsmodels') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
