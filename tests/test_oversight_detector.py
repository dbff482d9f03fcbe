"""The alarm on missed probes: its arithmetic, its bound on false alarms, who is told, and its exact and simulated run lengths."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import Invalid
from audit.oversight import chart_scenarios, probe_scenarios, runlength, simulation
from audit.oversight.confirmation import Confirmation, Verdict, confirm, evidence
from audit.oversight.detector import NAMED_AT, REJECTS, SELF_AT, START, Detector, alarms, standing, step
from audit.oversight.model import Family, Level, Mode, Outcome, ProbeResult, Severity
from audit.oversight.simulated import Row

PROBABILITIES = st.floats(0.02, 0.9)
HISTORIES = st.lists(st.tuples(st.booleans(), PROBABILITIES), max_size=40)
RESULT = ProbeResult(
    probe="p1", reviewer="r1", family=Family.WRONG, fault="altered number", severity=Severity.MAJOR, mode=Mode.BASE,
    outcome=Outcome.CAUGHT, p_ok=0.10, difficulty=-2.197, at="2026-01-01T00:00:00Z",
)  # fmt: skip


def after(history: list[tuple[bool, float]], state: Detector = START) -> Detector:
    for missed, p in history:
        state = step(state, missed, p)
    return state


def results(outcomes: str, reviewer: str = "r1", family: Family = Family.WRONG) -> list[ProbeResult]:
    """Return a day's probe for each letter: m missed, u not located, c caught, v void."""
    of = {"m": Outcome.MISSED, "u": Outcome.UNLOCATED, "c": Outcome.CAUGHT, "v": Outcome.VOID}
    return [
        replace(
            RESULT,
            probe=f"{reviewer}-{n}",
            reviewer=reviewer,
            family=family,
            outcome=of[x],
            at=f"2026-01-{n + 1:02}T00:00:00Z",
        )
        for n, x in enumerate(outcomes)
    ]


def figures(rows: list[Row]) -> dict[str, float]:
    return {row.name: row.value for row in rows}


def quiet(what: str, done: int, total: int) -> None:
    assert what
    assert done <= total


def test_one_probe_of_ten_percent_moves_the_statistic_by_hand_computed_figures() -> None:
    missed, caught = step(START, missed=True, p=0.10), step(START, missed=False, p=0.10)
    assert missed.values == pytest.approx((2.0, 4.0, 6.0))
    assert caught.values == pytest.approx((1 / 1.125, 1 / 1.5, 1 / 2.25))
    assert (missed.statistic, missed.probes) == (pytest.approx(4.0), 1)
    twice = step(missed, missed=True, p=0.10)
    assert twice.values == pytest.approx((3 * 2.0, 5 * 4.0, 7 * 6.0))


def test_false_rejections_have_their_own_detector() -> None:
    assert step(REJECTS, missed=True, p=0.05).statistic == pytest.approx(4.75 / (0.95 + 4.75 * 0.05))


@given(HISTORIES, PROBABILITIES, st.floats(0, 1))
def test_while_no_more_is_missed_than_expected_the_statistic_gains_one_a_probe_at_most(
    history: list[tuple[bool, float]], p: float, share: float
) -> None:
    state, q = after(history), p * share
    expected = q * step(state, missed=True, p=p).statistic + (1 - q) * step(state, missed=False, p=p).statistic
    assert expected <= (state.statistic + 1) * (1 + 1e-12)
    exactly = p * step(state, missed=True, p=p).statistic + (1 - p) * step(state, missed=False, p=p).statistic
    assert exactly == pytest.approx(state.statistic + 1)


@given(HISTORIES)
def test_the_recursion_is_the_sum_over_all_moments_at_which_the_change_may_have_begun(
    history: list[tuple[bool, float]],
) -> None:
    """The e-detector as it is defined: for each odds ratio the likelihood ratios since every possible beginning, added up."""

    def ratio(missed: bool, p: float, odds: float) -> float:  # noqa: FBT001 - the observation itself
        worse = odds * p / (1 - p + odds * p)
        return worse / p if missed else (1 - worse) / (1 - p)

    for odds, value in zip(START.odds, after(history).values, strict=True):
        since = [math.prod(ratio(*seen, odds) for seen in history[begin:]) for begin in range(len(history))]
        assert value == pytest.approx(math.fsum(since), rel=1e-9)


@pytest.mark.parametrize("package", ["edetect", "stcp"])
def test_the_statistic_is_that_of_two_other_implementations(package: str) -> None:
    """Figures of the recursions of two R packages, stcp (by the method's author) and edetect 0.1.0, run once on drawn sequences."""
    state = START
    with (Path(__file__).parent / "evidence" / "oversight" / f"{package}.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            state = step(state, line["missed"] == "1", float(line["p"]))
            assert state.statistic == pytest.approx(float(line["statistic"]), rel=1e-10)
    assert state.probes == 80


@given(HISTORIES, PROBABILITIES, PROBABILITIES)
def test_a_miss_weighs_more_than_a_catch_and_less_on_a_harder_probe(
    history: list[tuple[bool, float]], one: float, other: float
) -> None:
    state, easy, hard = after(history), min(one, other), max(one, other)
    assert step(state, missed=True, p=easy).statistic > step(state, missed=False, p=easy).statistic
    assert step(state, missed=True, p=easy).statistic >= step(state, missed=True, p=hard).statistic


@given(HISTORIES, st.integers(0, 39))
def test_one_more_miss_in_a_history_never_lowers_the_statistic(history: list[tuple[bool, float]], place: int) -> None:
    worse = [(missed or n == place, p) for n, (missed, p) in enumerate(history)]
    assert after(worse).statistic >= after(history).statistic


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, math.nan])
def test_a_probe_without_a_probability_is_refused(p: float) -> None:
    with pytest.raises(Invalid):
        step(START, missed=True, p=p)
    with pytest.raises(Invalid):
        evidence(missed=True, p=p)


def test_the_reviewer_is_told_first_and_once_and_the_training_lead_later() -> None:
    found = alarms(results("mmmmm"))
    assert [(a.level, a.probes, a.reviewer) for a in found if a.family is None and a.reviewer] == [
        (Level.SELF, 4, "r1"), (Level.NAMED, 5, "r1"),
    ]  # fmt: skip
    assert found[0].statistic >= SELF_AT == found[0].threshold
    assert all(a.level is Level.SITE and not a.reviewer for a in found if a.family is not None)


def test_after_a_named_alarm_and_after_coaching_the_count_begins_again_at_zero() -> None:
    assert standing(results("mmmmm")) == START
    assert standing(results("mmmmmc")).values == step(START, missed=False, p=0.10).values
    assert standing(results("mmmc"), since="2026-01-04").probes == 1
    people = [a for a in alarms(results("mmmmm"), coached={"r1": "2026-01-03"}) if a.reviewer]
    assert people == []
    assert any(a.level is Level.SITE for a in alarms(results("mmmmm"), coached={"r1": "2026-01-03"}))


def test_void_and_qualification_probes_count_for_nobody_and_an_unlocated_catch_counts_as_missed() -> None:
    assert alarms(results("vvvvvvvv")) == ()
    assert alarms([replace(r, mode=Mode.QUALIFY) for r in results("mmmmmmm")]) == ()
    assert [a.level for a in alarms(results("uuuuu")) if a.reviewer] == [Level.SELF, Level.NAMED]


def test_the_site_alarms_on_pooled_probes_and_on_one_family_without_naming_anybody() -> None:
    spread = [results("m", f"r{n}", Family.MISSING)[0] for n in range(5)]
    found = alarms(spread)
    assert [(a.level, a.reviewer, a.family) for a in found] == [(Level.SITE, "", None), (Level.SITE, "", Family.MISSING)]
    mixed = [results("m", f"r{n}", Family.MISSING if n % 2 else Family.WRONG)[0] for n in range(5)]
    assert [a.family for a in alarms(mixed)] == [None]


def test_the_confirmation_ends_healthy_worse_or_cannot_tell() -> None:
    def run(outcomes: str) -> Confirmation:
        state = Confirmation()
        for letter in outcomes:
            state = confirm(state, letter == "m", 0.10)
        return state

    assert (run("cccccc").verdict, run("cccccc").probes) == (Verdict.HEALTHY, 6)
    assert (run("mmm").verdict, run("mm").verdict) == (Verdict.WORSE, Verdict.OPEN)
    assert run("mmmcccccccccc") == run("mmm")
    held = run("mccc" * 5)
    assert (held.verdict, held.probes) == (Verdict.CANNOT_TELL, 20)


def test_exact_run_lengths_agree_with_the_printed_table() -> None:
    table = {15: (153, 8.9, 7, 16), 18: (262, 10.4, 9, 19), 22: (597, 12.9, 11, 23), 25: (1070, 14.7, 12, 26)}
    for limit, (false, mean, median, ninety) in table.items():
        found = runlength.cusum(limit, 0.40, (0.5, 0.9))
        assert round(runlength.cusum(limit, 0.10).mean) == false
        assert (round(found.mean, 1), found.quantiles) == (mean, (median, ninety))
    assert [runlength.fixed_sample(0.10, 0.40, alpha=a, power=b)[0] for a, b in ((0.05, 0.8), (0.05, 0.9), (0.01, 0.9))] == [
        13,
        18,
        24,
    ]
    assert [round(runlength.cusum_alarmed(21, 0.40, n), 2) for n in (10, 15, 20, 30)] == [0.51, 0.75, 0.87, 0.97]
    assert round(runlength.cusum_alarmed(21, 0.10, 36), 3) == 0.066
    healthy, worse = runlength.wald(0.10), runlength.wald(0.40)
    assert (round(healthy.mean, 1), healthy.ninety) == (9.8, 19)
    assert worse.mean == pytest.approx(9.6, rel=0.01)
    assert healthy.worse <= 0.05
    assert 1 - worse.worse <= 0.10


def test_the_simulated_detector_is_the_one_that_is_used() -> None:
    random = np.random.default_rng(7)
    missed, p = random.random(300) < 0.2, random.uniform(0.05, 0.4, 300)
    many, one = simulation.Detectors(1), START
    for was, at in zip(missed, p, strict=True):
        statistic = many.step(np.array([was]), float(at))
        one = step(one, bool(was), float(at))
        assert statistic[0] == pytest.approx(one.statistic)


def test_run_lengths_of_the_detector_agree_with_the_specified_ones() -> None:
    for threshold, (false, delay) in {50: (75, 8.9), 100: (165, 11.1), 200: (325, 13.2)}.items():
        quickly = simulation.run_lengths(simulation.constant(0.40), lanes=4000, seed=1, threshold=threshold)
        falsely = simulation.run_lengths(simulation.constant(0.10), lanes=4000, seed=1, threshold=threshold, odds=(6.0,))
        assert quickly.mean() == pytest.approx(delay, rel=0.05)
        assert falsely.mean() == pytest.approx(false, rel=0.05)


def test_the_mean_number_of_probes_to_a_false_alarm_is_at_least_the_threshold_however_inconvenient() -> None:
    found = figures(probe_scenarios.false_alarms(300, 3, quiet))
    kept = {name: value for name, value in found.items() if "truth off by .5 logit:" not in name}
    assert len(kept) == 21
    assert min(kept.values()) >= 1


def test_difficulty_that_the_detector_knows_costs_no_false_alarms() -> None:
    found = figures(probe_scenarios.difficulty(1500, 3, quiet))
    ignored = [
        found[f"{mix} mix, difficulty ignored, one odds ratio: probes to a false alarm"] for mix in ("easy", "mixed", "hard")
    ]
    assert ignored == pytest.approx([203, 57, 28], rel=0.08)
    assert found["hard mix, difficulty ignored: probes to a false alarm"] < 40
    assert all(value >= 200 for name, value in found.items() if "known" in name)


def test_charts_with_equal_waits_find_alike_and_a_cumulative_rate_far_later() -> None:
    found = figures(chart_scenarios.charts(6000, 3, quiet))
    waits = [value for name, value in found.items() if "false alarm" in name and "told" not in name and "ln 200" not in name]
    assert waits == pytest.approx([460] * 3, rel=0.06)
    sooner = [value for name, value in found.items() if "0.40 after" in name and "20 %" not in name]
    assert sooner == pytest.approx([11.2] * 6, rel=0.04)
    assert found["more than 20 % of all missed, from 10: probes to find 0.40 after 100 good"] == pytest.approx(55, rel=0.04)
    assert found["more than 20 % of all missed, from 10: probes to find 0.25 after 100 good"] == pytest.approx(219, rel=0.05)
    assert found["CUSUM of likelihood ratios, limit ln 200: probes to a false alarm"] == pytest.approx(1658, rel=0.05)
    assert round(found["integer CUSUM, limit 17, told .10 where .20 is missed: probes to a false alarm"]) == 36


def test_a_simulated_chart_waits_as_long_as_the_exact_chain_says() -> None:
    chart = chart_scenarios.CHARTS["integer CUSUM, limit 21"]
    assert chart_scenarios.run(chart, 0.40, lanes=8000, seed=5).mean() == pytest.approx(
        runlength.cusum(21, 0.40).mean, rel=0.03
    )
    assert chart_scenarios.run(chart, 0.10, lanes=8000, seed=5).mean() == pytest.approx(
        runlength.cusum(21, 0.10).mean, rel=0.04
    )


def test_usual_rules_flag_most_healthy_reviewers_and_the_detector_few() -> None:
    found = figures(probe_scenarios.usual_rules(4000, 3, quiet))
    assert found["miss rate over 10 %, from 10 probes: flagged within 100 probes"] == pytest.approx(0.82, abs=0.03)
    assert found["last 10, caught <= .70: flagged within 50 probes"] == pytest.approx(0.48, abs=0.03)
    assert found["e-detector, A = 200, one odds ratio: flagged within 50 probes"] == pytest.approx(0.12, abs=0.02)


def test_the_site_finds_a_doubled_miss_rate_in_weeks() -> None:
    found = figures(probe_scenarios.site(2000, 3, quiet))
    assert 20 <= found["months to a false alarm"] <= 28
    assert found["months to find .20"] == pytest.approx(1.3, rel=0.06)
    assert found["days to find .40"] == pytest.approx(9, rel=0.06)


def test_thresholds_are_the_specified_ones() -> None:
    assert (SELF_AT, NAMED_AT) == (200, 1000)
