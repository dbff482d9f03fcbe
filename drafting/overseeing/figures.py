"""Outcomes of oversight checks as figures: of one reviewer, or of the site where enough people and checks stand behind them. Pure.

Faults caught make H, over-reliance is 1 - H; a correct text that was rejected, or a false finding that was followed, is a false alarm and makes
F, which is under-reliance. Both stand together, by family and by severity. Void checks count nowhere; those of a qualification only in the gap.
Checks in texts of people alone stand beside those in machine drafts and are counted in no other figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from audit.oversight import pooling
from audit.oversight.erosion import erosion
from audit.oversight.escapes import escape_rate
from audit.oversight.estimates import detection, rate
from audit.oversight.model import Estimate, Family, Mode, ProbeResult, Severity, withheld
from audit.oversight.recapture import Fault, recapture
from audit.oversight.replay import detected
from audit.oversight.sequences import live
from audit.oversight.vigilance import gap

SITE_REVIEWERS, SITE_CHECKS = 5, 30
CHECKS = "checks"


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


def refusal(results: Sequence[ProbeResult]) -> str:
    """Return why the site's figures are withheld; "" where enough people and checks stand behind them."""
    people, checks = len({r.reviewer for r in results}), len(results)
    if people >= SITE_REVIEWERS and checks >= SITE_CHECKS:
        return ""
    return f"{people} reviewers and {checks} checks: withheld below {SITE_REVIEWERS} and {SITE_CHECKS}"


def seen_rate(results: Iterable[ProbeResult]) -> Estimate:
    """Return the share of faults that were caught, with an interval that may be looked at again and again; a false finding is no fault."""
    faults = _faults(r for r in results if r.counted)
    return live(sum(r.hit for r in faults), len(faults))


def pooled_rate(results: Sequence[ProbeResult]) -> Estimate:
    """Return that share of the site, or of a part of it, under the same limits each, so that no figure is one person's."""
    reason = refusal(results)
    return withheld(len(results), reason) if reason else seen_rate(results)


def site(results: Sequence[ProbeResult], clean: Clean, natural: Natural) -> dict[str, Any]:
    """Return the site's figures, or why they are withheld."""
    seen = routine(results)
    reason = refusal(seen)
    if reason:
        return {"checks": len(seen), "withheld": reason}
    faults = _faults(seen)
    hits = sum(r.hit for r in faults)
    trend, found = erosion(faults), recapture(natural.recaptured)
    figures = {
        "catch_rate": rate(hits, len(faults), of=CHECKS),
        "catch_rate_live": seen_rate(seen),
        "vigilance_gap": gap(results),
        "erosion_per_quarter": trend.per_quarter,
        "half_life_quarters": trend.half_life,
        "escape_rate": escape_rate(natural.accepted, natural.escaped),
        "faults_lincoln_petersen": found.lincoln_petersen,
        "faults_chao1": found.chao1,
        "caught_by_first_review": found.caught_first,
        "caught_by_second_review": found.caught_second,
    }
    return {**_common(seen, faults, clean), **_trees(figures)}


def own(results: Sequence[ProbeResult], everybody: Sequence[ProbeResult], clean: Clean) -> dict[str, Any]:
    """Return one reviewer's figures; the catch rate is drawn towards everybody's where they are enough not to give one another away."""
    seen, others = routine(results), routine(everybody)
    faults = _faults(seen)
    known = pooling.pool(_counts(_faults(others)) if not refusal(others) else _counts(faults))
    hits, n = sum(r.hit for r in faults), len(faults)
    figures = {
        "catch_rate": pooling.catch_rate(known, hits, n),
        "catch_rate_live": seen_rate(seen),
        "vigilance_gap": gap(results),
    }
    return {**_common(seen, faults, clean), **_trees(figures), "reliability": round(pooling.reliability(known, n), 3)}


def _faults(results: Iterable[ProbeResult]) -> list[ProbeResult]:
    return [r for r in results if r.family is not Family.TOOL_FALSE]


def _counts(results: Sequence[ProbeResult]) -> list[tuple[float, int]]:
    people: dict[str, list[float]] = {}
    for r in results:
        people.setdefault(r.reviewer, []).append(r.hit)
    return [(sum(hits), len(hits)) for hits in people.values()]


def _common(seen: Sequence[ProbeResult], faults: Sequence[ProbeResult], clean: Clean) -> dict[str, Any]:
    hits, n = sum(r.hit for r in faults), len(faults)
    flags = [r for r in seen if r.family is Family.TOOL_FALSE]
    texts, objected = clean.texts + len(flags), clean.objected + sum(r.missed for r in flags)
    figures = {
        "over_reliance": rate(n - hits, n, of=CHECKS),
        "under_reliance": rate(objected, texts, of="correct texts"),
    }
    by_family = {str(f): _caught([r for r in seen if r.family is f]) for f in Family}
    by_severity = {str(s): _caught([r for r in faults if r.severity is s]) for s in Severity}
    return {
        "checks": len(seen), **_trees(figures), **detected(detection(hits, n, objected, texts)),
        "families": _trees(by_family), "severities": _trees(by_severity),
    }  # fmt: skip


def _caught(results: Sequence[ProbeResult]) -> Estimate:
    return rate(sum(r.hit for r in results), len(results), of=CHECKS) if results else withheld(0, "no checks")


def _trees(figures: dict[str, Estimate]) -> dict[str, dict[str, Any]]:
    return {name: value.tree() for name, value in figures.items()}
