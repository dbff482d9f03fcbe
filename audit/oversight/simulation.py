"""Many reviewers at once, as arrays: the same rules as detector and behaviour, one line of arithmetic for each step of theirs.

Only the `simulate` command and the benchmark load this module. People are stylised: sections are independent but for the dwell residuals,
which follow an autoregression; a state lasts until it changes. Every random number comes from the generator that is given.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audit.oversight import behaviour as rules
from audit.oversight import confirmation, detector

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MONTH = 60  # sections that a reviewer decides
HEAVY = 3  # degrees of freedom of the heavy-tailed residual


@dataclass(frozen=True)
class Conduct:
    """How a reviewer works: misses on a probe of .10 for the healthy, the mean dwell residual, the share of sections with evidence opened."""

    miss: float = 0.10
    dwell: float = 0.0
    opened: float = 0.80

    def towards(self, other: "Conduct", share: float) -> "Conduct":
        """Return the conduct that lies a share of the way to another."""
        pairs = [(getattr(self, name), getattr(other, name)) for name in ("miss", "dwell", "opened")]
        return Conduct(*(one + share * (two - one) for one, two in pairs))


HEALTHY = Conduct()


@dataclass(frozen=True)
class Scheme:
    """How probes are placed: at a fixed rate, or at a base rate and in bursts that behaviour asks for."""

    fixed: float | None = None
    base: float = 0.03
    burst: float = 0.20
    longest: int = rules.LONGEST
    odds: tuple[float, ...] = detector.ODDS
    p: float = 0.10  # what the detector takes for normal


@dataclass(frozen=True)
class World:
    """What the residuals are like beyond conduct."""

    correlation: float = 0.3
    heavy: bool = False
    baseline: rules.Baseline = rules.USUAL


USUAL = World()


class Detectors:
    """The e-detector of many lanes."""

    def __init__(self, lanes: int, odds: tuple[float, ...] = detector.ODDS) -> None:
        self.odds = np.array(odds)[:, None]
        self.values: Floats = np.zeros((len(odds), lanes))

    def step(self, missed: Flags, p: float | Floats, probed: Flags | None = None) -> Floats:
        """Take one probe in the lanes that had one; return every lane's statistic."""
        after = (1 + self.values) * np.where(missed, self.odds, 1.0) / (1 - p + self.odds * p)
        self.values = after if probed is None else np.where(probed, after, self.values)
        found: Floats = self.values.mean(axis=0)
        return found

    def keep(self, lanes: Flags) -> None:
        """Go on with these lanes only."""
        self.values = self.values[:, lanes]

    def restart(self, lanes: Flags) -> None:
        """Begin again at zero in these lanes."""
        self.values[:, lanes] = 0.0


@dataclass
class Reviewers:
    """Many reviewers, section after section. `probed` and `missed` tell of the last section."""

    scheme: Scheme
    world: World
    lanes: int
    random: np.random.Generator

    def __post_init__(self) -> None:
        n = self.lanes
        self.detectors = Detectors(n, self.scheme.odds)
        self.noise: Floats = self._fresh(n)
        self.statistic, self.healthy, self.sections = np.zeros(n), np.zeros(n), np.zeros(n)
        self.dwell_sum, self.opened_sum = np.zeros(n), np.zeros(n)
        self.usual_dwell, self.usual_opened = np.full(n, self.world.baseline.dwell), np.full(n, self.world.baseline.opened)
        self.bursting: Flags = np.zeros(n, bool)
        self.probed: Flags = np.zeros(n, bool)
        self.missed: Flags = np.zeros(n, bool)

    def section(self, miss: float | Floats, dwell: float | Floats, opened: float | Floats) -> Floats:
        """Let everybody decide one section of the given conduct; return the alarm statistics."""
        scheme, n = self.scheme, len(self.bursting)
        rate = scheme.fixed if scheme.fixed is not None else np.where(self.bursting, scheme.burst, scheme.base)
        self.probed = self.random.random(n) < rate
        self.missed = self.probed & (self.random.random(n) < miss)
        if scheme.fixed is None:
            self._behave(dwell, opened)
        return self.detectors.step(self.missed, scheme.p, self.probed)

    def _behave(self, dwell: float | Floats, opened: float | Floats) -> None:
        """Do what `behaviour.after_section` does."""
        n, c = len(self.bursting), self.world.correlation
        self.noise = c * self.noise + np.sqrt(1 - c * c) * self._fresh(n)
        seen = np.clip(self.noise + dwell, -rules.WINSOR, rules.WINSOR)
        open_now = (self.random.random(n) < opened).astype(float)
        fewer = np.maximum(self.usual_opened - rules.FALL, rules.SHARE[0])
        log_ratio = np.where(open_now > 0, np.log(fewer / self.usual_opened), np.log((1 - fewer) / (1 - self.usual_opened)))
        gain = -rules.SHIFT * (seen - self.usual_dwell) - rules.SHIFT**2 / 2 + log_ratio
        inside = self.bursting.copy()
        self._burst(seen, open_now)
        self.statistic = np.where(inside, 0.0, np.maximum(0.0, self.statistic + gain))
        begins = ~inside & (self.statistic >= rules.START_AT)
        self.bursting |= begins
        for sums in (self.statistic, self.healthy, self.sections, self.dwell_sum, self.opened_sum):
            sums[begins] = 0.0

    def _burst(self, seen: Floats, open_now: Floats) -> None:
        ratio = [confirmation.evidence(missed, self.scheme.p) for missed in (False, True)]
        self.healthy -= np.where(self.probed, np.where(self.missed, ratio[1], ratio[0]), 0.0)
        self.sections += 1
        self.dwell_sum += seen
        self.opened_sum += open_now
        accepted = self.bursting & (self.healthy >= rules.ACCEPT)
        ends = accepted | (self.bursting & (self.sections >= self.scheme.longest))
        if ends.any():
            mean_dwell, mean_opened = self.dwell_sum / self.sections, self.opened_sum / self.sections
            self.usual_dwell += np.where(accepted, rules.MOVED * (mean_dwell - self.usual_dwell), 0.0)
            moved = self.usual_opened + np.where(accepted, rules.MOVED * (mean_opened - self.usual_opened), 0.0)
            self.usual_opened = np.clip(moved, *rules.SHARE)
            self.bursting &= ~ends

    def _fresh(self, n: int) -> Floats:
        if self.world.heavy:
            heavy: Floats = self.random.standard_t(HEAVY, n) / np.sqrt(HEAVY / (HEAVY - 2))
            return heavy
        return self.random.standard_normal(n)

    def keep(self, lanes: Flags) -> None:
        """Go on with these lanes only."""
        self.detectors.keep(lanes)
        for name in _ARRAYS:
            setattr(self, name, getattr(self, name)[lanes])

    def restart(self, lanes: Flags) -> None:
        """Begin again in these lanes, as after an alarm and a talk."""
        self.detectors.restart(lanes)
        self.statistic[lanes] = 0.0
        self.bursting[lanes] = False
        self.usual_dwell[lanes], self.usual_opened[lanes] = self.world.baseline.dwell, self.world.baseline.opened


_ARRAYS = (
    "noise", "statistic", "healthy", "sections", "dwell_sum", "opened_sum", "usual_dwell", "usual_opened", "bursting", "probed",
    "missed",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A reviewer who works as `before`, and from a section on as `after`, reached over so many sections."""

    after: Conduct
    before: Conduct = HEALTHY
    at: int = 240
    over: int = 0

    def conduct(self, section: int) -> Conduct:
        """Return the conduct at a section, the first being 1."""
        beyond = section - self.at
        if beyond <= 0:
            return self.before
        return self.after if beyond >= self.over else self.before.towards(self.after, beyond / self.over)


@dataclass(frozen=True)
class Waiting:
    """Delays in sections of those without an alarm before the change; `censored` is the share that the horizon cut off."""

    delays: NDArray[np.int64]
    censored: float


Source = Callable[[np.random.Generator, Floats, Flags], tuple[Flags, float | Floats]]
"""From the statistics and the last outcomes of the lanes that still run: their next outcomes, and the p that the detector is told."""


def constant(miss: float, p: float = 0.10) -> Source:
    """Return a source whose every probe is missed with the same probability."""
    return lambda random, statistic, _: (random.random(len(statistic)) < miss, p)


def run_lengths(
    source: Source,
    *,
    lanes: int,
    seed: int,
    threshold: float,
    odds: tuple[float, ...] = detector.ODDS,
    most: int | None = None,
) -> NDArray[np.int64]:
    """Return the number of probes to the alarm, one for each lane; a lane that reaches `most` ends there, so that the mean is a lower bound."""
    random, detectors = np.random.default_rng(seed), Detectors(lanes, odds)
    statistic, last = np.zeros(lanes), np.zeros(lanes, bool)
    found: list[int] = []
    probes = 0
    while len(statistic):
        probes += 1
        last, p = source(random, statistic, last)
        statistic = detectors.step(last, p)
        running = (statistic < threshold) & (probes != most)
        if not running.all():
            found += [probes] * int((~running).sum())
            detectors.keep(running)
            statistic, last = statistic[running], last[running]
    return np.array(found, dtype=np.int64)


def delays(
    scheme: Scheme, change: Change, *, lanes: int, seed: int, threshold: float, world: World = USUAL, most: int = 9000
) -> Waiting:
    """Return how long after a change the alarm comes."""
    reviewers = Reviewers(scheme, world, lanes, np.random.default_rng(seed))
    found: list[int] = []
    before = 0
    for section in range(1, most + 1):
        now = change.conduct(section)
        running = reviewers.section(now.miss, now.dwell, now.opened) < threshold
        if not running.all():
            gone = int((~running).sum())
            before += gone if section <= change.at else 0
            found += [section - change.at] * (gone if section > change.at else 0)
            reviewers.keep(running)
        if not running.any():
            break
    return Waiting(np.array(found, dtype=np.int64), 1 - len(found) / max(1, lanes - before))


@dataclass(frozen=True)
class Steady:
    """What a lasting conduct brings: sections to an alarm, probes to an alarm, share of sections probed, and the number of alarms."""

    sections: float
    probes: float
    rate: float
    alarms: int


def steady(
    scheme: Scheme, conduct: Conduct, *, lanes: int, sections: int, seed: int, threshold: float, world: World = USUAL
) -> Steady:
    """Return run lengths of a conduct that lasts, by renewal: a lane that alarmed begins again."""
    reviewers = Reviewers(scheme, world, lanes, np.random.default_rng(seed))
    alarms = probes = 0
    for _ in range(sections):
        alarmed = reviewers.section(conduct.miss, conduct.dwell, conduct.opened) >= threshold
        probes += int(reviewers.probed.sum())
        if alarmed.any():
            alarms += int(alarmed.sum())
            reviewers.restart(alarmed)
    total = lanes * sections
    return Steady(total / max(alarms, 1), probes / max(alarms, 1), probes / total, alarms)


def without_cap(scheme: Scheme) -> Scheme:
    """Return a scheme whose bursts end by their probes alone."""
    return replace(scheme, longest=10**9)
