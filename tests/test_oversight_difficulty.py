"""How hard a probe is: prior, qualification data, shrinkage, and the upper bound that the detector is told."""

from dataclasses import replace

import numpy as np
import pytest

from audit.errors import Invalid
from audit.oversight.difficulty import CEILING, FLOOR, Difficulty, Item, expit, logit, of_results, qualified
from audit.oversight.model import Family, Mode, Outcome, ProbeResult, Severity

NUMBER = Item("altered number", Family.WRONG, Severity.MAJOR, 0.10)
OMITTED = Item("omitted record", Family.MISSING, Severity.MAJOR, 0.35)


def outcomes(item: Item, missed: int, n: int) -> list[tuple[Item, bool]]:
    return [(item, k < missed) for k in range(n)]


def test_without_data_a_probe_has_its_starting_value_and_a_wide_bound() -> None:
    site = Difficulty()
    assert site.logit(NUMBER) == pytest.approx(logit(0.10))
    assert 0.10 < site.p_ok(NUMBER) < site.p_ok(OMITTED) <= CEILING


def test_qualification_draws_the_bound_towards_what_was_missed() -> None:
    wide, near, sure = (qualified(outcomes(NUMBER, n // 10, n)).p_ok(NUMBER) for n in (10, 100, 1000))
    assert wide > near > sure > 0.10
    assert sure == pytest.approx(0.10, abs=0.015)
    many = qualified(outcomes(NUMBER, 300, 1000))
    assert expit(many.logit(NUMBER)) == pytest.approx(0.30, abs=0.02)


def test_few_outcomes_of_one_fault_move_it_little_and_its_neighbours_less() -> None:
    base = outcomes(NUMBER, 10, 100)
    other = replace(NUMBER, fault="wrong date")
    before, later = qualified(base), qualified(base + outcomes(other, 3, 3))
    moved = later.logit(other) - before.logit(other)
    assert 0 < later.logit(NUMBER) - before.logit(NUMBER) < moved < 1.5


def test_harder_features_raise_the_logit_when_the_data_say_so() -> None:
    random = np.random.default_rng(3)
    seen = []
    for _ in range(1500):
        item = replace(NUMBER, subtlety=float(random.random()), words=int(random.integers(20, 600)))
        p = expit(logit(0.10) + 1.0 * (item.subtlety - 0.5) + 0.4 * np.log((item.words + 10) / 160))
        seen.append((item, bool(random.random() < p)))
    site = qualified(seen)
    assert site.logit(replace(NUMBER, subtlety=1.0)) > site.logit(NUMBER) > site.logit(replace(NUMBER, subtlety=0.0))
    assert site.logit(replace(NUMBER, words=600)) > site.logit(NUMBER)
    assert site.outcomes == 1500


def test_the_bound_is_never_below_the_floor() -> None:
    assert qualified(outcomes(replace(NUMBER, start=0.01), 0, 5000)).p_ok(replace(NUMBER, start=0.01)) == FLOOR


def test_the_bound_covers_the_truth_in_about_four_of_five_sites() -> None:
    random = np.random.default_rng(9)
    faults = [replace(NUMBER, fault=f"fault {n}", start=0.15) for n in range(8)]
    covered = []
    for _ in range(150):
        level, own = random.normal(0, 0.6), random.normal(0, 0.5, 8)
        truth = [expit(logit(0.15) + level + x) for x in own]
        seen = [(f, bool(random.random() < t)) for f, t in zip(faults, truth, strict=True) for _ in range(12)]
        site = qualified(seen)
        covered += [site.p_ok(f) >= t for f, t in zip(faults, truth, strict=True)]
    assert 0.76 <= np.mean(covered) <= 0.92


def test_ended_probes_are_paired_with_their_items_and_void_ones_left_out() -> None:
    result = ProbeResult(
        "p1", "r", Family.WRONG, "altered number", Severity.MAJOR, Mode.QUALIFY, Outcome.MISSED, 0.1, -2.2, "2026"
    )
    kept = [result, replace(result, probe="p2", outcome=Outcome.VOID), replace(result, probe="unknown")]
    assert of_results(kept, {"p1": NUMBER, "p2": NUMBER}) == [(NUMBER, True)]


@pytest.mark.parametrize("wrong", [{"start": 0.0}, {"start": 1.0}, {"subtlety": 1.5}, {"words": -1}])
def test_an_item_outside_its_ranges_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        replace(NUMBER, **wrong)
