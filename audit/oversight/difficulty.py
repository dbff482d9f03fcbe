"""How hard a probe is: the miss probability that a healthy reviewer of this site has on it.

The logit of a miss is fault type + family + severity + subtlety + length, and the site's own level. Qualification runs estimate it: a
logistic model with normal priors (penalised likelihood, Laplace's approximation), in which a fault type moves from its starting value by a
standard deviation of .5, so that few outcomes move it little. The detector is given the upper 80 % bound: where little is known more misses
count as normal, and its bound on false alarms holds.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from audit.errors import Invalid
from audit.oversight.model import Family, ProbeResult, Severity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHRINKAGE = 0.5  # of a fault type around its starting value, in logits
FEATURE = 0.5  # of family, severity, subtlety and length
SITE = 1.0  # of the site's level
UPPER = 0.8416212335729143  # normal quantile of 80 %
FLOOR = 0.05  # a lower expectation would make one miss an accusation
CEILING = 0.95
USUAL_WORDS = 150
STEPS = 50  # Newton's; the likelihood is concave and needs a handful


@dataclass(frozen=True)
class Item:
    """What makes a probe hard; `start` is the miss probability that its fault type is guessed to have before any data."""

    fault: str
    family: Family
    severity: Severity
    start: float
    subtlety: float = 0.5  # 0 stands out, 1 looks right in every form
    words: int = USUAL_WORDS  # of the section

    def __post_init__(self) -> None:
        if not 0 < self.start < 1:
            raise Invalid(f"A fault type's starting miss probability is {self.start}.", remedy="Give one between 0 and 1.")
        if not 0 <= self.subtlety <= 1 or self.words < 0:
            raise Invalid("A probe's subtlety or length lies outside its range.", remedy="Give 0 to 1, and words from 0.")

    @property
    def features(self) -> Mapping[str, float]:
        """Return the effects that add up to the logit, beside the starting value."""
        return {
            "site": 1.0,
            f"fault: {self.fault}": 1.0,
            f"family: {self.family.value}": 1.0,
            f"severity: {self.severity.value}": 1.0,
            "subtlety": self.subtlety - 0.5,
            "length": math.log((self.words + 10) / (USUAL_WORDS + 10)),
        }


@dataclass(frozen=True)
class Difficulty:
    """The model of one site: effects with their covariance; a name that is not there has its prior."""

    names: tuple[str, ...] = ()
    effects: tuple[float, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()
    outcomes: int = 0

    @cached_property
    def _at(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def logit(self, item: Item) -> float:
        """Return the expected logit of a healthy reviewer's miss."""
        known = self._at
        return logit(item.start) + sum(self.effects[known[n]] * x for n, x in item.features.items() if n in known)

    def spread(self, item: Item) -> float:
        """Return the standard deviation of that logit."""
        known = [(self._at[n], x) for n, x in item.features.items() if n in self._at]
        variance = sum(x * y * self.covariance[i][j] for i, x in known for j, y in known)
        return math.sqrt(variance + sum((x * prior_sd(n)) ** 2 for n, x in item.features.items() if n not in self._at))

    def p_ok(self, item: Item) -> float:
        """Return the upper 80 % bound of a healthy reviewer's miss probability, never below the floor."""
        return max(FLOOR, min(CEILING, expit(self.logit(item) + UPPER * self.spread(item))))


def prior_sd(name: str) -> float:
    """Return how far an effect may lie from zero before there are data."""
    return SITE if name == "site" else SHRINKAGE if name.startswith("fault: ") else FEATURE


def qualified(outcomes: Iterable[tuple[Item, bool]]) -> Difficulty:
    """Estimate a site's difficulties from qualification outcomes: what was planted, and whether it was missed."""
    import numpy as np  # noqa: PLC0415 - loaded only where something is estimated

    seen = list(outcomes)
    if not seen:
        return Difficulty()
    names = tuple(sorted({name for item, _ in seen for name in item.features}))
    design = np.array([[item.features.get(name, 0.0) for name in names] for item, _ in seen])
    offset = np.array([logit(item.start) for item, _ in seen])
    missed = np.array([float(was) for _, was in seen])
    effects, covariance = _mode(design, offset, missed, np.array([prior_sd(name) ** -2 for name in names]))
    return Difficulty(names, tuple(map(float, effects)), tuple(tuple(map(float, line)) for line in covariance), len(seen))


def _mode(
    design: "NDArray[np.float64]",
    offset: "NDArray[np.float64]",
    missed: "NDArray[np.float64]",
    precision: "NDArray[np.float64]",
) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Return the posterior mode and Laplace's covariance by Newton's method."""
    import numpy as np  # noqa: PLC0415 - as above

    effects = np.zeros(len(precision))
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(offset + design @ effects)))
        gradient = design.T @ (missed - p) - precision * effects
        hessian = (design.T * (p * (1 - p))) @ design + np.diag(precision)
        move = np.linalg.solve(hessian, gradient)
        effects += move / max(1.0, float(np.abs(move).max()))  # a step of one logit at most: far starts must not overshoot
        if np.abs(move).max() < 1e-10:  # noqa: PLR2004 - far below what p_ok shows
            break
    return effects, np.asarray(np.linalg.inv(hessian), dtype=np.float64)


def of_results(results: Sequence[ProbeResult], items: Mapping[str, Item]) -> list[tuple[Item, bool]]:
    """Pair ended probes with their items, as `qualified` takes them; void ones and unknown ones are left out."""
    return [(items[r.probe], r.missed) for r in results if r.counted and r.probe in items]


def logit(p: float) -> float:
    """Return ln(p / (1 - p))."""
    return math.log(p / (1 - p))


def expit(x: float) -> float:
    """Return the probability of a logit."""
    return 1 / (1 + math.exp(-x))
