"""Signals put together so that a person can dispose of them: runs of one chart, and what several charts share. Pure.

Signals of one chart belong together while their patterns overlap or touch and lie on one side; a pattern without a side joins
the run that it overlaps. A rule that fires on forty points of one run is one statement and not forty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from drafting.statistics.rules import Rule, Signal

FOREMOST = 5  # statements that a reader takes in
SHARED = 0.5  # overlap of two runs, as a part of what they cover together, from which they are told together


@dataclass(frozen=True)
class SignalGroup:
    """Consecutive signals of one chart: first and last batch, their places on it, the rules that fired, how many signals, and the side."""

    first: str
    last: str
    start: int
    end: int
    rules: tuple[Rule, ...]
    signals: int
    side: int
    attribute: str = ""
    members: tuple[Signal, ...] = field(default=(), compare=False)

    @property
    def points(self) -> int:
        """Return how many batches the group spans."""
        return self.end - self.start + 1


@dataclass(frozen=True)
class SharedGroup:
    """Groups of several attributes that cover much the same batches: candidates for one cause, which a person judges."""

    first: str
    last: str
    start: int
    end: int
    groups: tuple[SignalGroup, ...]

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the attributes concerned, each once, in the order given."""
        return tuple(dict.fromkeys(group.attribute for group in self.groups))

    @property
    def signals(self) -> int:
        """Return how many signals the groups hold together."""
        return sum(group.signals for group in self.groups)


def group_signals(signals: Sequence[Signal], labels: Sequence[str], attribute: str = "") -> tuple[SignalGroup, ...]:
    """Return the groups of one chart in order; `labels` are the batches of all its points."""
    runs: list[list[Signal]] = []
    for signal in sorted(signals, key=lambda s: (s.first, s.position)):
        run = next((r for r in reversed(runs) if _joins(signal, r)), None)
        if run is None:
            runs.append([signal])
        else:
            run.append(signal)
    return tuple(_grouped(run, labels, attribute) for run in runs)


def _joins(signal: Signal, run: Sequence[Signal]) -> bool:
    side = next((s.side for s in run if s.side), 0)
    return signal.first <= max(s.position for s in run) + 1 and (not side or not signal.side or side == signal.side)


def _grouped(run: Sequence[Signal], labels: Sequence[str], attribute: str) -> SignalGroup:
    start, end = min(s.first for s in run), max(s.position for s in run)
    fired = {s.rule for s in run}
    rules = tuple(rule for rule in Rule if rule in fired)
    side = next((s.side for s in run if s.side), 0)
    return SignalGroup(labels[start], labels[end], start, end, rules, len(run), side, attribute, tuple(run))


def shared_groups(
    by_attribute: Mapping[str, Sequence[SignalGroup]], labels: Sequence[str], overlap: float = SHARED
) -> tuple[SharedGroup, ...]:
    """Put together groups of different attributes that cover much the same batches; `labels` are all batches in order.

    Places are those of the batches, so that an attribute with missing values compares with one without.
    """
    place = {label: i for i, label in enumerate(labels)}
    spans = [(place[g.first], place[g.last], g) for found in by_attribute.values() for g in found]
    together: list[list[tuple[int, int, SignalGroup]]] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):  # longest first
        fit = next((shared for shared in together if _overlap(shared[0][:2], span[:2]) >= overlap), None)
        if fit is None:
            together.append([span])
        else:
            fit.append(span)
    return tuple(sorted((_shared(found, labels) for found in together), key=lambda s: (s.start, -s.end)))


def foremost(shared: Sequence[SharedGroup], most: int = FOREMOST) -> tuple[tuple[SharedGroup, ...], tuple[SharedGroup, ...]]:
    """Return the groups with the most signals, at most so many, and the rest, which is told by its numbers; both in order of the batches."""
    first = set(sorted(range(len(shared)), key=lambda i: -shared[i].signals)[:most])
    return (
        tuple(group for i, group in enumerate(shared) if i in first),
        tuple(group for i, group in enumerate(shared) if i not in first),
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    common = min(one[1], other[1]) - max(one[0], other[0]) + 1
    return max(0, common) / (max(one[1], other[1]) - min(one[0], other[0]) + 1)


def _shared(spans: Sequence[tuple[int, int, SignalGroup]], labels: Sequence[str]) -> SharedGroup:
    start, end = min(s[0] for s in spans), max(s[1] for s in spans)
    return SharedGroup(labels[start], labels[end], start, end, tuple(s[2] for s in spans))
