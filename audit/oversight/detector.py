"""The alarm on missed probes: a risk-adjusted Shiryaev-Roberts e-detector, in plain Python. Pure.

For each odds ratio o: R <- (1 + R) * o^missed / (1 - p + o p), where p is the miss probability of a healthy reviewer at that probe's
difficulty. While the conditional probability of a miss is at most p, R - t is a supermartingale, so the mean number of probes to a false
alarm is at least the threshold, whatever rule chose when and how hard to probe and however misses depend on each other (Shin, Ramdas and
Rinaldo, e-detectors). The statistic is the mean over the odds ratios, for which the same bound holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from audit.errors import Invalid
from audit.oversight.model import Family, Level, Mode, ProbeResult

ODDS = (2.25, 6.0, 13.5)  # a mild, the designed (.10 to .40) and a grave worsening
REJECT_ODDS = (4.75,)  # false rejections, .05 to .20: for coaching only
SELF_AT = 200.0  # told to the reviewer alone
NAMED_AT = 1000.0  # told to the training lead, by name
SITE_AT = 1000.0  # pooled probes of the site, or of the site in one family


@dataclass(frozen=True)
class Detector:
    """What is known after some probes: one value for each odds ratio, and how many probes it used since it began."""

    odds: tuple[float, ...] = ODDS
    values: tuple[float, ...] = (0.0, 0.0, 0.0)
    probes: int = 0

    @property
    def statistic(self) -> float:
        """Return the figure that is held against the thresholds."""
        return sum(self.values) / len(self.values)


START = Detector()
REJECTS = Detector(REJECT_ODDS, (0.0,))


def step(state: Detector, missed: bool, p: float) -> Detector:  # noqa: FBT001 - the observation itself
    """Return the state after one probe; p is what a healthy reviewer misses at its difficulty."""
    if not 0 < p < 1:
        raise Invalid(f"A probe's expected miss probability is {p}.", remedy="Give one between 0 and 1, both excluded.")
    values = tuple((1 + r) * (o if missed else 1.0) / (1 - p + o * p) for o, r in zip(state.odds, state.values, strict=True))
    return Detector(state.odds, values, state.probes + 1)


@dataclass(frozen=True)
class Alarm:
    """A threshold was reached: who is told what rests on how many probes. `reviewer` is empty for the site, `family` for all families."""

    level: Level
    statistic: float
    threshold: float
    probes: int
    at: str
    reviewer: str = ""
    family: Family | None = None


@dataclass(frozen=True)
class _Watch:
    state: Detector = START
    told: bool = False  # the private notice was given since the last restart


def alarms(results: Iterable[ProbeResult], *, coached: Mapping[str, str] | None = None) -> tuple[Alarm, ...]:
    """Return every alarm of the results in their order; `coached` names reviewers whose earlier results no longer count, and since when.

    Qualification probes and void ones are no routine work and are left out. A detector that reached its last threshold begins again at zero.
    """
    since = coached or {}
    people: dict[str, _Watch] = {}
    pooled: dict[Family | None, _Watch] = {}
    found: list[Alarm] = []
    for result in results:
        if not result.counted or result.mode is Mode.QUALIFY:
            continue
        if result.at >= since.get(result.reviewer, ""):
            watch, raised = _person(people.get(result.reviewer, _Watch()), result)
            people[result.reviewer] = watch
            found += raised
        for family in (None, result.family):
            watch, raised = _site(pooled.get(family, _Watch()), result, family)
            pooled[family] = watch
            found += raised
    return tuple(found)


def standing(results: Iterable[ProbeResult], *, since: str = "") -> Detector:
    """Return where one reviewer's routine results stand from a moment on; after a named alarm it begins again at zero."""
    watch = _Watch()
    for result in results:
        if result.counted and result.mode is not Mode.QUALIFY and result.at >= since:
            watch, _ = _person(watch, result)
    return watch.state


def _person(watch: _Watch, result: ProbeResult) -> tuple[_Watch, list[Alarm]]:
    state = step(watch.state, result.missed, result.p_ok)
    found: list[Alarm] = []
    if not watch.told and state.statistic >= SELF_AT:
        found.append(Alarm(Level.SELF, state.statistic, SELF_AT, state.probes, result.at, result.reviewer))
    if state.statistic >= NAMED_AT:
        found.append(Alarm(Level.NAMED, state.statistic, NAMED_AT, state.probes, result.at, result.reviewer))
        return _Watch(), found
    return replace(watch, state=state, told=watch.told or bool(found)), found


def _site(watch: _Watch, result: ProbeResult, family: Family | None) -> tuple[_Watch, list[Alarm]]:
    state = step(watch.state, result.missed, result.p_ok)
    if state.statistic < SITE_AT:
        return replace(watch, state=state), []
    return _Watch(), [Alarm(Level.SITE, state.statistic, SITE_AT, state.probes, result.at, family=family)]
