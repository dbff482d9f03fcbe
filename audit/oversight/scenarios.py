"""The simulations of oversight by name: what each answers, how many runs it takes by itself, and the figures.

The same name, runs and seed give the same figures. Loaded by the `simulate` command and the benchmark only: it loads numpy.
"""

from collections.abc import Callable
from dataclasses import dataclass

from audit.errors import Invalid, NotFound
from audit.oversight import chart_scenarios as charts
from audit.oversight import probe_scenarios as probes
from audit.oversight import section_scenarios as sections
from audit.oversight.simulated import Row, Tell

SEED = 20_261_126
RUNS = (10, 50_000)
SEEDS = (0, 2**32 - 1)


@dataclass(frozen=True)
class Scenario:
    """One simulation; `runs` is 0 where the figures are exact."""

    about: str
    runs: int
    run: Callable[[int, int, Tell], list[Row]]


SCENARIOS = {
    "cusum": Scenario("exact run lengths of the integer CUSUM: the yardstick", 0, probes.cusum),
    "e-detector": Scenario("run lengths of the alarm statistic", 20_000, probes.e_detector),
    "charts": Scenario("usual charts at equal waits for a false alarm", 20_000, charts.charts),
    "usual-rules": Scenario("how often usual rules flag a healthy reviewer", 40_000, probes.usual_rules),
    "active-probing": Scenario("what bursts gain over fixed probing", 4_000, sections.active_probing),
    "assumptions": Scenario("how bursts do when behaviour is not as assumed", 4_000, sections.assumptions),
    "year": Scenario("one year, twenty reviewers, four lapse at month six", 3_000, sections.year),
    "false-alarms": Scenario("the bound on false alarms where it is hardest to keep", 2_000, probes.false_alarms),
    "difficulty": Scenario("false alarms where probes differ in difficulty", 10_000, probes.difficulty),
    "site": Scenario("the pooled alarm of a site", 10_000, probes.site),
    "confirmation": Scenario("exact run of the confirmation after an alarm", 0, probes.confirmation),
}


def simulate(name: str, *, runs: int | None, seed: int, tell: Tell) -> list[Row]:
    """Return a scenario's figures."""
    if name not in SCENARIOS:
        raise NotFound(f"There is no scenario '{name[:40]}'.", remedy=f"Name one of: {', '.join(SCENARIOS)}.")
    if runs is not None and not RUNS[0] <= runs <= RUNS[1]:
        raise Invalid(f"{runs} runs cannot be simulated.", remedy=f"Give {RUNS[0]} to {RUNS[1]:,}.")
    if not SEEDS[0] <= seed <= SEEDS[1]:
        raise Invalid(f"{seed} is no seed.", remedy=f"Give a whole number from 0 to {SEEDS[1]}.")
    scenario = SCENARIOS[name]
    return scenario.run(scenario.runs if runs is None else runs, seed, tell)
