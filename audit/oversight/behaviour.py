"""Behaviour asks for more probes and for nothing else. Pure.

Nothing here can say anything of a person: the only outcomes are `BurstRequest` and `BurstEnd`, neither of which names anyone or is a level
of an alarm. A harmless reader who becomes quicker is probed more for a while and then has a new baseline; a lapse is told by missed probes
alone. Input are the active seconds on a section, held against its length, and the share of cited sources that were opened of the reader's
own accord: openings that a review rule demanded do not count.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from audit.oversight.confirmation import evidence as probe_evidence

WINSOR = 3.0  # standard deviations; one telephone call must not count as ten sections
SHIFT = 0.5  # designed fall of the dwell residual, in standard deviations
FALL = 0.25  # designed fall of the share of sources opened
START_AT = 4.0  # the statistic asks for a burst
ACCEPT = 3.0  # probes of the burst speak for "healthy"
LONGEST = 120  # sections of a burst
MOVED = 0.5  # how far the baseline follows a burst that ended well
SHARE = (0.05, 0.95)  # a baseline of sources opened stays inside
LEAST_SPREAD = 0.05  # of log seconds; a reader more even than that is not measured more finely
FIRST = 60  # sections, after the qualification, that make a reviewer's baseline


@dataclass(frozen=True)
class Activity:
    """One view of a section that ended with a decision; `cited` and `opened` leave out what a review rule demanded."""

    active_seconds: float  # visible, focused, with input within a minute
    words: int
    claims: int
    tables: int
    cited: int
    opened: int


@dataclass(frozen=True)
class Lengths:
    """How the logarithm of seconds grows with a section, at the whole site; the start is reading at constant pace."""

    words: float = 1.0
    claims: float = 0.0
    tables: float = 0.0


@dataclass(frozen=True)
class Signal:
    """A section as the statistic sees it: standardised residual of dwell, and share of sources opened (None where none was free)."""

    dwell: float
    opened: float | None


@dataclass(frozen=True)
class Baseline:
    """Where a reviewer's signals stand when all is well."""

    dwell: float = 0.0
    opened: float = 0.80


USUAL = Baseline()


@dataclass(frozen=True)
class Pace:
    """A reviewer's mean and spread of log seconds beyond what length explains."""

    middle: float
    spread: float


class Cause(StrEnum):
    """Why a burst begins or ends."""

    CHANGED = "reading has changed"
    ACCEPTED = "the checks came out as expected"
    LONGEST = "the burst reached its longest"


@dataclass(frozen=True)
class BurstRequest:
    """Probe more densely for a while."""

    cause: Cause
    statistic: float


@dataclass(frozen=True)
class BurstEnd:
    """Probe at the base rate again."""

    cause: Cause
    statistic: float
    sections: int


Asked = BurstRequest | BurstEnd  # all that behaviour may ever bring about


@dataclass(frozen=True)
class Burst:
    """What a running burst has seen; `healthy` is the evidence of its probes for an unchanged reviewer."""

    healthy: float = 0.0
    sections: int = 0
    dwell: float = 0.0
    opened: float = 0.0
    free: int = 0  # sections with sources to open


@dataclass(frozen=True)
class Behaviour:
    """The schedule's memory of one reviewer."""

    baseline: Baseline = USUAL
    statistic: float = 0.0
    burst: Burst | None = None


def log_beyond(activity: Activity, lengths: Lengths) -> float:
    """Return the log seconds that length does not explain."""
    expected = lengths.words * math.log(activity.words + 10)
    expected += lengths.claims * math.log1p(activity.claims) + lengths.tables * math.log1p(activity.tables)
    return math.log(max(activity.active_seconds, 1.0)) - expected


def pace(first: Sequence[Activity], lengths: Lengths) -> Pace | None:
    """Return a reviewer's pace from the qualification and first sections; None while there are too few."""
    if len(first) < FIRST:
        return None
    beyond = [log_beyond(activity, lengths) for activity in first]
    middle = sum(beyond) / len(beyond)
    return Pace(middle, max(LEAST_SPREAD, math.sqrt(sum((x - middle) ** 2 for x in beyond) / (len(beyond) - 1))))


def signal(activity: Activity, lengths: Lengths, reader: Pace) -> Signal:
    """Return a section's signal, winsorised."""
    dwell = (log_beyond(activity, lengths) - reader.middle) / reader.spread
    opened = min(activity.opened / activity.cited, 1.0) if activity.cited else None
    return Signal(max(-WINSOR, min(WINSOR, dwell)), opened)


def fit_lengths(readers: Mapping[str, Sequence[Activity]]) -> Lengths:
    """Return the site's lengths by least squares within readers, so that nobody's pace enters them."""
    import numpy as np  # noqa: PLC0415 - the rest of the module is plain Python

    parts = []
    for activities in readers.values():
        lines = [
            (math.log(max(a.active_seconds, 1.0)), math.log(a.words + 10), math.log1p(a.claims), math.log1p(a.tables))
            for a in activities
        ]
        if len(lines) > 1:
            parts.append(np.array(lines) - np.mean(lines, axis=0))
    if sum(map(len, parts)) < FIRST:
        return Lengths()
    table = np.concatenate(parts)
    words, claims, tables = np.linalg.lstsq(table[:, 1:], table[:, 0], rcond=None)[0]
    return Lengths(float(words), float(claims), float(tables))


def increment(baseline: Baseline, seen: Signal) -> float:
    """Return the log-likelihood ratio of one section for "quicker by half a deviation, fewer sources opened"."""
    found = -SHIFT * (seen.dwell - baseline.dwell) - SHIFT * SHIFT / 2
    if seen.opened is not None:
        usual, fewer = baseline.opened, max(baseline.opened - FALL, SHARE[0])
        found += seen.opened * math.log(fewer / usual) + (1 - seen.opened) * math.log((1 - fewer) / (1 - usual))
    return found


def after_section(state: Behaviour, seen: Signal, probe: tuple[bool, float] | None = None) -> tuple[Behaviour, Asked | None]:
    """Return the memory after one decided section, and whether a burst begins or ends; `probe` is (missed, p) of its probe."""
    if state.burst is None:
        statistic = max(0.0, state.statistic + increment(state.baseline, seen))
        if statistic < START_AT:
            return replace(state, statistic=statistic), None
        return Behaviour(state.baseline, 0.0, Burst()), BurstRequest(Cause.CHANGED, statistic)
    burst = _seen(state.burst, seen, probe)
    if burst.healthy >= ACCEPT:  # only then is the change known to be harmless
        return Behaviour(_moved(state.baseline, burst)), BurstEnd(Cause.ACCEPTED, burst.healthy, burst.sections)
    if burst.sections >= LONGEST:
        return Behaviour(state.baseline), BurstEnd(Cause.LONGEST, burst.healthy, burst.sections)
    return replace(state, burst=burst), None


def _seen(burst: Burst, seen: Signal, probe: tuple[bool, float] | None) -> Burst:
    return Burst(
        burst.healthy - (probe_evidence(*probe) if probe else 0.0),
        burst.sections + 1,
        burst.dwell + seen.dwell,
        burst.opened + (seen.opened or 0.0),
        burst.free + (seen.opened is not None),
    )


def _moved(baseline: Baseline, burst: Burst) -> Baseline:
    dwell = baseline.dwell + MOVED * (burst.dwell / burst.sections - baseline.dwell)
    opened = baseline.opened
    if burst.free:
        opened += MOVED * (burst.opened / burst.free - opened)
    return Baseline(dwell, max(SHARE[0], min(SHARE[1], opened)))
