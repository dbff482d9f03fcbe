"""Outcomes of oversight checks as figures: of one reviewer, or of the site where enough people and checks stand behind them. Pure.

Faults caught make H, over-reliance is 1 - H; a correct text that was rejected, or a false finding that was followed, is a false alarm and makes
F, which is under-reliance. Both stand together, by family and by severity. Void checks count nowhere; those of a qualification only in the gap.
Checks in texts of people alone stand beside those in machine drafts and are counted in no other figure.

A figure of the site is nobody's alone, nor is the difference of two of them: it takes in new checks with those of five reviewers at once, and a part
of it stands only where what is left of the whole is of as many.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from audit.oversight import pooling
from audit.oversight.erosion import erosion
from audit.oversight.escapes import escape_rate
from audit.oversight.estimates import detection, rate
from audit.oversight.model import Estimate, Family, Mode, ProbeResult, Severity, withheld
from audit.oversight.recapture import Fault, recapture
from audit.oversight.replay import detected
from audit.oversight.sequences import live
from audit.oversight.vigilance import gap

T = TypeVar("T")
Kind = TypeVar("Kind")
SITE_REVIEWERS, SITE_CHECKS = 5, 30
CHECKS = "checks"
WAITING = f"the last checks are taken in with those of {SITE_REVIEWERS} reviewers: until then too few are"
WOULD_TELL = "of the whole too few reviewers would be left, and the difference would tell their checks"


@dataclass(frozen=True)
class Clean:
    """Correct texts that were decided, and how many of them were objected to although nothing was changed."""

    texts: int = 0
    objected: int = 0


@dataclass(frozen=True)
class Natural:
    """Natural faults beside the checks: sections accepted, those of them in which a fault came up later, and faults of double-reviewed ones."""

    accepted: frozenset[str] = frozenset()
    escaped: frozenset[str] = frozenset()
    recaptured: tuple[Fault, ...] = ()


def routine(results: Iterable[ProbeResult]) -> list[ProbeResult]:
    """Return the results that say something of a person in routine work."""
    return [r for r in results if r.counted and r.mode is not Mode.QUALIFY]


def in_steps(found: Iterable[T], reviewer: Callable[[T], str]) -> list[T]:
    """Return what figures of the site rest on, of things in their order: each step holds those of five reviewers or more."""
    told: list[T] = []
    waiting: list[T] = []
    for one in found:
        waiting.append(one)
        if len({reviewer(other) for other in waiting}) >= SITE_REVIEWERS:
            told, waiting = told + waiting, []
    return told


def stepped(results: Iterable[ProbeResult]) -> list[ProbeResult]:
    """Return the results that figures of the site rest on."""
    return in_steps(results, lambda result: result.reviewer)


def of_site(results: Sequence[ProbeResult]) -> tuple[list[ProbeResult], str]:
    """Return the results that figures of the site rest on, and why there are none yet, "" where there are."""
    known = stepped(results)
    return known, refusal(results) or (WAITING if refusal(known) else "")


def refusal(results: Sequence[ProbeResult]) -> str:
    """Return why the site's figures are withheld; "" where enough people and checks stand behind them."""
    people, checks = len({r.reviewer for r in results}), len(results)
    if people >= SITE_REVIEWERS and checks >= SITE_CHECKS:
        return ""
    return scarce(people, checks, CHECKS)


def scarce(people: int, n: int, of: str) -> str:
    """Return in words that too few people, or too few of what they decided, stand behind a figure of the site."""
    who, what = "reviewer" if people == 1 else "reviewers", of.removesuffix("s") if n == 1 else of
    return f"{people} {who} and {n} {what}: withheld below {SITE_REVIEWERS} and {SITE_CHECKS}"


def seen_rate(results: Iterable[ProbeResult]) -> Estimate:
    """Return the share of faults that were caught, with an interval that may be looked at again and again; a false finding is no fault."""
    faults = _faults(r for r in results if r.counted)
    return live(sum(r.hit for r in faults), len(faults))


def pooled_rate(results: Sequence[ProbeResult]) -> Estimate:
    """Return that share of the site, where enough people and checks stand behind it."""
    known, reason = of_site(results)
    return withheld(len(results), reason) if reason else seen_rate(known)


def parts(
    results: Sequence[ProbeResult],
    kind: Callable[[ProbeResult], Kind],
    kinds: Iterable[Kind],
    measured: Callable[[Sequence[ProbeResult]], Estimate] = seen_rate,
) -> dict[Kind, Estimate]:
    """Return the site's figure part by part, each under the limits of the whole; none from which a withheld part could be worked out."""
    groups = {one: [r for r in results if kind(r) == one] for one in kinds}
    told = {one for one, held in groups.items() if not refusal(held)}
    while told and 0 < len({r.reviewer for one, held in groups.items() if one not in told for r in held}) < SITE_REVIEWERS:
        told.remove(min(told, key=lambda one: (len(groups[one]), str(one))))
    return {one: measured(held) if one in told else withheld(len(held), _unfit(held)) for one, held in groups.items()}


def _unfit(part: Sequence[ProbeResult]) -> str:
    return (refusal(part) or WOULD_TELL) if part else "no checks"


def site(results: Sequence[ProbeResult], clean: Clean, natural: Natural) -> dict[str, Any]:
    """Return the site's figures, or why they are withheld."""
    every = routine(results)
    seen, reason = of_site(every)
    if reason:
        return {"checks": len(every), "withheld": reason}
    faults = _faults(seen)
    hits = sum(r.hit for r in faults)
    trend, found = erosion(faults), recapture(natural.recaptured)
    figures = {
        "catch_rate": rate(hits, len(faults), of=CHECKS),
        "catch_rate_live": seen_rate(seen),
        "vigilance_gap": gap([*seen, *(r for r in results if r.mode is Mode.QUALIFY)]),
        "erosion_per_quarter": trend.per_quarter,
        "half_life_quarters": trend.half_life,
        "escape_rate": escape_rate(natural.accepted, natural.escaped),
        "faults_lincoln_petersen": found.lincoln_petersen,
        "faults_chao1": found.chao1,
        "caught_by_first_review": found.caught_first,
        "caught_by_second_review": found.caught_second,
    }
    flags = _flags(seen)
    by_family = {**parts(faults, lambda r: r.family, _FAULTS, _caught), Family.TOOL_FALSE: _pooled(flags)}
    by_severity = parts(faults, lambda r: r.severity, Severity, _caught)
    return {**_common(seen, faults, [] if refusal(flags) else flags, clean, by_family, by_severity), **_trees(figures)}


def own(results: Sequence[ProbeResult], everybody: Sequence[ProbeResult], clean: Clean) -> dict[str, Any]:
    """Return one reviewer's figures; the catch rate is drawn towards everybody's where they are enough not to give one another away."""
    seen, others = routine(results), stepped(routine(everybody))
    faults = _faults(seen)
    known = pooling.pool(_counts(_faults(others)) if not refusal(others) else _counts(faults))
    hits, n = sum(r.hit for r in faults), len(faults)
    figures = {
        "catch_rate": pooling.catch_rate(known, hits, n),
        "catch_rate_live": seen_rate(seen),
        "vigilance_gap": gap(results),
    }
    by_family = {f: _caught([r for r in seen if r.family is f]) for f in Family}
    by_severity = {s: _caught([r for r in faults if r.severity is s]) for s in Severity}
    return {
        **_common(seen, faults, _flags(seen), clean, by_family, by_severity), **_trees(figures),
        "reliability": round(pooling.reliability(known, n), 3),
    }  # fmt: skip


_FAULTS: tuple[Family, ...] = tuple(f for f in Family if f is not Family.TOOL_FALSE)


def _faults(results: Iterable[ProbeResult]) -> list[ProbeResult]:
    return [r for r in results if r.family is not Family.TOOL_FALSE]


def _counts(results: Sequence[ProbeResult]) -> list[tuple[float, int]]:
    people: dict[str, list[float]] = {}
    for r in results:
        people.setdefault(r.reviewer, []).append(r.hit)
    return [(sum(hits), len(hits)) for hits in people.values()]


def _common(
    seen: Sequence[ProbeResult],
    faults: Sequence[ProbeResult],
    flags: Sequence[ProbeResult],
    clean: Clean,
    by_family: Mapping[Family, Estimate],
    by_severity: Mapping[Severity, Estimate],
) -> dict[str, Any]:
    hits, n = sum(r.hit for r in faults), len(faults)
    texts, objected = clean.texts + len(flags), clean.objected + sum(r.missed for r in flags)
    figures = {
        "over_reliance": rate(n - hits, n, of=CHECKS),
        "under_reliance": rate(objected, texts, of="correct texts"),
    }
    return {
        "checks": len(seen), **_trees(figures), **detected(detection(hits, n, objected, texts)),
        "families": _trees(by_family), "severities": _trees(by_severity),
    }  # fmt: skip


def _flags(results: Iterable[ProbeResult]) -> list[ProbeResult]:
    return [r for r in results if r.family is Family.TOOL_FALSE]


def _pooled(results: Sequence[ProbeResult]) -> Estimate:
    return withheld(len(results), refusal(results)) if refusal(results) else _caught(results)


def _caught(results: Sequence[ProbeResult]) -> Estimate:
    return rate(sum(r.hit for r in results), len(results), of=CHECKS) if results else withheld(0, "no checks")


def _trees(figures: Mapping[Any, Estimate]) -> dict[str, dict[str, Any]]:
    return {str(name): value.tree() for name, value in figures.items()}
