"""`oversight simulate`: figures for people and as JSON, the same for the same seed, clear refusals, ended by Ctrl-C; and the goals of bursts."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.oversight import other_alarms, scenarios, section_scenarios
from audit.oversight.simulated import Row
from audit.oversight.simulation import Change

COMMAND = [sys.executable, "-m", "drafting", "oversight", "simulate"]


def run(*arguments: str, home: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")} | {"VERASCRIBE_HOME": str(home)}
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=kept, check=False)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done


def figures(rows: list[Row]) -> dict[str, float]:
    return {row.name: row.value for row in rows}


def quiet(what: str, done: int, total: int) -> None:
    assert what
    assert done <= total


def test_the_command_prints_figures_needs_no_home_and_the_same_seed_gives_the_same(tmp_path: Path) -> None:
    home = tmp_path / "none"
    first = run("--scenario", "site", "--runs", "200", "--seed", "4", "--json", home=home).stdout
    assert first == run("--scenario", "site", "--runs", "200", "--seed", "4", "--json", home=home).stdout
    tree: dict[str, Any] = json.loads(first)
    assert (tree["scenario"], tree["runs"], tree["seed"]) == ("site", 200, 4)
    assert {"name", "value", "error"} == set(tree["rows"][0])
    assert (
        json.loads(run("--scenario", "site", "--runs", "200", "--seed", "5", "--json", home=home).stdout)["rows"]
        != tree["rows"]
    )
    assert "probes if healthy, mean: 9.834" in run("--scenario", "confirmation", home=home).stdout
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scenario", "nothing"), "Name one of: cusum, e-detector"),
        (("--scenario", "site", "--runs", "9"), "Give 10 to 50,000."),
        (("--scenario", "site", "--runs", "50001"), "Give 10 to 50,000."),
        (("--scenario", "site", "--seed", "-1"), "-1 is no seed"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    refused = run(*arguments, home=tmp_path, status=2).stderr
    assert said in refused
    assert len(refused.strip().splitlines()) == 1


def test_a_simulation_can_be_cancelled(tmp_path: Path) -> None:
    kept = {**os.environ, "VERASCRIBE_HOME": str(tmp_path)}
    command = [*COMMAND, "--scenario", "false-alarms", "--runs", "50000"]

    def listening() -> None:  # a suite that runs in the background passes on that it ignores the signal
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=kept,
        preexec_fn=listening,  # noqa: PLW1509
    ) as running:
        loaded = Path(f"/proc/{running.pid}/maps")
        while "_multiarray_umath" not in loaded.read_text(encoding="utf-8"):
            time.sleep(0.1)
        time.sleep(1)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_the_exact_scenarios_give_the_specified_rows() -> None:
    found = figures(scenarios.simulate("cusum", runs=None, seed=0, tell=quiet))
    assert found["5% probed, one in 5000 reviews: limit"] == 18
    assert round(found["5% probed, one in 5000 reviews: reviews to detect"]) == 208
    assert round(found["2% probed, one in 5000 reviews: months at 20 a month"]) == 22


@pytest.mark.parametrize("name", ["e-detector", "usual-rules", "difficulty", "site", "year", "assumptions", "charts"])
def test_a_scenario_runs_with_few_runs_and_tells_where_it_is(name: str) -> None:
    told: list[tuple[str, int, int]] = []
    rows = scenarios.simulate(name, runs=10, seed=1, tell=lambda *now: told.append(now))
    assert told
    assert len({row.name for row in rows}) == len(rows) > 2


def test_bursts_find_a_lapse_with_a_trace_far_sooner_than_fixed_probing_of_the_same_share() -> None:
    lapse, silent = section_scenarios.CHANGES["lapse with trace"], section_scenarios.CHANGES["silent lapse"]
    wait: Callable[..., Any] = section_scenarios.delays
    fixed, burst = section_scenarios.Scheme(fixed=0.063), section_scenarios.Scheme()
    slow, quick, unseen = (
        wait(scheme, change, lanes=800, seed=2, threshold=200)
        for scheme, change in ((fixed, lapse), (burst, lapse), (burst, silent))
    )
    assert slow.delays.mean() / quick.delays.mean() >= 2.2
    assert quick.delays.mean() <= 72
    assert unseen.delays.mean() == pytest.approx(slow.delays.mean(), rel=0.12)
    assert max(slow.censored, quick.censored, unseen.censored) == 0


def test_a_harmless_reader_who_became_quicker_is_probed_a_little_more_and_not_accused() -> None:
    scheme = section_scenarios.Scheme()
    lasting = section_scenarios.steady(scheme, section_scenarios.SPEED_UP, lanes=60, sections=3000, seed=2, threshold=200)
    assert lasting.rate < 0.08
    assert lasting.probes > 200


def test_alarms_on_behaviour_accuse_who_is_merely_quicker_and_see_no_silent_lapse() -> None:
    changes = {"harmless speed-up": Change(section_scenarios.SPEED_UP)} | {
        what: section_scenarios.CHANGES[what] for what in ("lapse with trace", "silent lapse")
    }
    found = figures(other_alarms.other_alarms(changes, 800, 3))
    specified = {"behaviour alone": (26, 41, 4407), "fused score": (26, 56, 965)}
    for score, stated in specified.items():
        delays = [found[f"{score}: {what}, mean"] for what in ("lapse with trace", "harmless speed-up", "silent lapse")]
        assert delays == pytest.approx(stated, rel=0.12)


def test_a_revealed_miss_that_heals_counts_as_recovery_and_a_burst_recovers_sooner() -> None:
    schemes = {"burst": section_scenarios.BURST, "fixed": section_scenarios.Scheme(fixed=0.063)}
    found = {}
    for name, scheme in schemes.items():
        found |= figures(section_scenarios.healing(name, replace(scheme, odds=(6.0,)), 3000, 3))
    assert found["burst: recovered"] == pytest.approx(0.57, abs=0.05)
    assert found["burst: recovered, no alarm at that miss either"] < found["burst: recovered"] - 0.05
    assert found["burst: sections to recovery"] == pytest.approx(42, rel=0.08)
    assert found["fixed: sections to recovery"] == pytest.approx(103, rel=0.10)


def test_the_year_keeps_its_goals() -> None:
    found = figures(section_scenarios.year(150, 20_261_126, quiet))
    assert found["burst, A = 1000: of 16 healthy flagged"] <= 0.5
    assert found["burst, A = 1000: of 4 lapsed found in 3 months"] >= 3.5
    assert found["burst, A = 1000: precision"] >= 0.9
    assert found["dashboard, 5 %, caught in the month < 80 %: of 16 healthy flagged"] > 14
