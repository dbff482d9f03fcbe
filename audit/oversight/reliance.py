"""Reliance on advice, from decisions made here or elsewhere: who took it, who took it when it was wrong, who refused it when it was right. Pure.

Schemmer's measures need the person's own answer before the advice: RAIR is the share of own wrong answers that right advice put right, RSR
the share of own right answers that stood against wrong advice. Accuracy alone can rise by mere adherence, so over- and under-reliance stand
together. Weight of advice is told of measured values only: of codes it says no more than the switch fraction.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, median, stdev

from audit.oversight.estimates import LEAST, QUANTILE, Detection, detection, few, rate
from audit.oversight.model import Estimate, withheld

Answer = str | Decimal  # a number where every answer of a file is one
CODES = 2  # so many different numbers are codes, not measured values
NO_INITIAL = "no answer before the advice (column initial)"
NO_TIMES = "no times"


@dataclass(frozen=True)
class Decision:
    """One decision on one piece of advice; `initial` is the own answer before it, None where it was not asked for."""

    reviewer: str
    truth: Answer
    advice: Answer
    final: Answer
    initial: Answer | None = None
    initial_ms: float | None = None
    final_ms: float | None = None
    fault: bool | None = None  # whether the advice held a fault; None: where it is not the truth
    accepted: bool | None = None  # whether it was taken; None: where the final answer is the advice
    difficulty: float | None = None  # logit of a healthy reviewer's miss

    @property
    def faulty(self) -> bool:
        """Tell whether the advice was wrong."""
        return self.advice != self.truth if self.fault is None else self.fault

    @property
    def taken(self) -> bool:
        """Tell whether the advice was taken."""
        return self.final == self.advice if self.accepted is None else self.accepted


@dataclass(frozen=True)
class Reliance:
    """The measures over some decisions."""

    n: int
    rates: Mapping[str, Estimate]
    detection: Detection
    weight_of_advice: Estimate
    times: Mapping[str, Estimate]


def reliance(decisions: Sequence[Decision], *, measured: bool) -> Reliance:
    """Return the measures over decisions; `measured` says that the answers are measured values."""
    own = [d for d in decisions if d.initial is not None]
    faulty, correct = [d for d in decisions if d.faulty], [d for d in decisions if not d.faulty]
    missing = "" if own else NO_INITIAL
    rates = {
        "agreement": _share(decisions, lambda d: d.final == d.advice),
        "switch_fraction": _share((d for d in own if d.initial != d.advice), lambda d: d.final == d.advice, missing),
        "rair": _share(
            (d for d in own if d.initial != d.truth and d.advice == d.truth), lambda d: d.final == d.truth, missing
        ),
        "rsr": _share(
            (d for d in own if d.initial == d.truth and d.advice != d.truth), lambda d: d.final == d.truth, missing
        ),
        "over_reliance": _share(faulty, lambda d: d.taken),
        "under_reliance": _share(correct, lambda d: not d.taken),
        "accuracy_before": _share(own, lambda d: d.initial == d.truth, missing),
        "accuracy_after": _share(decisions, lambda d: d.final == d.truth),
        "accuracy_of_advice": _share(decisions, lambda d: d.advice == d.truth),
    }
    rejected = sum(not d.taken for d in faulty)
    told = detection(rejected, len(faulty), sum(not d.taken for d in correct), len(correct))
    times = {name: _time([getattr(d, name) for d in decisions]) for name in ("initial_ms", "final_ms")}
    return Reliance(len(decisions), rates, told, _weight(own, measured=measured), times)


def are_measured(decisions: Iterable[Decision]) -> bool:
    """Tell whether the answers are measured values: numbers, and more than two of them."""
    answers = {answer for d in decisions for answer in (d.truth, d.advice, d.final, d.initial) if answer is not None}
    return len(answers) > CODES and all(isinstance(answer, Decimal) for answer in answers)


def _share(of: Iterable[Decision], counted: Callable[[Decision], bool], missing: str = "") -> Estimate:
    seen = [counted(d) for d in of]
    return withheld(0, missing) if missing else rate(sum(seen), len(seen))


def _weight(own: Sequence[Decision], *, measured: bool) -> Estimate:
    """Return the mean of (final - initial) / (advice - initial) where the advice differed."""
    if not own:
        return withheld(0, NO_INITIAL)
    if not measured:
        return withheld(0, "the answers are categories or codes, not measured values")
    weights = [float((d.final - d.initial) / (d.advice - d.initial)) for d in own if d.advice != d.initial]  # type: ignore[operator] # all numbers
    reason = few(len(weights), LEAST, "differing decisions")
    if reason:
        return withheld(len(weights), reason)
    middle, spread = fmean(weights), stdev(weights) / math.sqrt(len(weights))
    return Estimate(middle, middle - QUANTILE * spread, middle + QUANTILE * spread, len(weights))


def _time(values: Iterable[float | None]) -> Estimate:
    """Return the median, with its interval from order statistics."""
    known = sorted(value for value in values if value is not None)
    reason = few(len(known), LEAST, "decisions") if known else NO_TIMES
    if reason:
        return withheld(len(known), reason)
    reach = QUANTILE * math.sqrt(len(known)) / 2
    low, high = max(0, math.floor(len(known) / 2 - reach)), min(len(known) - 1, math.ceil(len(known) / 2 + reach))
    return Estimate(median(known), known[low], known[high], len(known))
