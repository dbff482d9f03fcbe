"""The measures and the alarm over decisions that were made elsewhere, pooled and for each reviewer. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from audit.oversight import detector, pooling
from audit.oversight.difficulty import CEILING, FLOOR, expit
from audit.oversight.estimates import Detection
from audit.oversight.model import Estimate
from audit.oversight.reliance import Decision, Reliance, are_measured, reliance

EXPECTED = 0.10  # what a healthy reviewer misses where the file says no difficulty


@dataclass(frozen=True)
class Run:
    """What the alarm does over one reviewer's faulty advice: the first to reach each threshold, counted from 1; the statistic there, else at the end."""

    reviewer: str
    faults: int
    alarm_at: int | None
    named_at: int | None
    statistic: float


def replayed(decisions: Sequence[Decision], *, expected: float = EXPECTED) -> dict[str, Any]:
    """Return the figures as a tree for JSON."""
    measured = are_measured(decisions)
    people: dict[str, list[Decision]] = {}
    for decision in decisions:
        people.setdefault(decision.reviewer, []).append(decision)
    counts = {name: _caught(held) for name, held in people.items()}
    known = pooling.pool(counts.values())
    rate = cache(lambda hits, n: pooling.catch_rate(known, hits, n))
    return {
        "pooled": _tree(reliance(decisions, measured=measured)),
        "reviewers": [
            {"reviewer": name, **_tree(reliance(held, measured=measured)), "catch_rate": rate(*counts[name]).tree()}
            for name, held in people.items()
        ],
        "detector": [vars(_run(name, held, expected)) for name, held in people.items()],
    }


def _caught(decisions: Sequence[Decision]) -> tuple[int, int]:
    faulty = [d for d in decisions if d.faulty]
    return sum(not d.taken for d in faulty), len(faulty)


def _tree(found: Reliance) -> dict[str, Any]:
    named: Mapping[str, Estimate] = {**found.rates, "weight_of_advice": found.weight_of_advice, **found.times}
    return {"n": found.n, **{name: value.tree() for name, value in named.items()}, **detected(found.detection)}


def detected(found: Detection) -> dict[str, Any]:
    """Return discriminability and criterion for JSON; A' stands beside them where there is enough of it."""
    tree: dict[str, Any] = {"d_prime": found.d_prime.tree(), "criterion": found.criterion.tree()}
    return tree if found.a_prime is None else {**tree, "a_prime": round(found.a_prime, 6)}


def _run(reviewer: str, decisions: Sequence[Decision], expected: float) -> Run:
    state, at, reached = detector.START, dict.fromkeys((detector.SELF_AT, detector.NAMED_AT)), 0.0
    faulty = [d for d in decisions if d.faulty]
    for number, decision in enumerate(faulty, start=1):
        p = expected if decision.difficulty is None else max(FLOOR, min(CEILING, expit(decision.difficulty)))
        state = detector.step(state, decision.taken, p)
        if at[detector.SELF_AT] is None and state.statistic >= detector.SELF_AT:
            at[detector.SELF_AT], reached = number, state.statistic
        if state.statistic >= detector.NAMED_AT:
            at[detector.NAMED_AT] = number
            break
    return Run(reviewer, len(faulty), at[detector.SELF_AT], at[detector.NAMED_AT], round(reached or state.statistic, 4))
