"""The nouns of oversight: what a probe found, how severe, at which level it is told, and a figure with its interval. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

DIGITS = 6  # of a figure that leaves: far beyond what any interval resolves


class Family(StrEnum):
    """What kind of lapse a probe tests: learning does not transfer between them."""

    WRONG = "wrong content"
    MISSING = "missing content"
    TOOL_MISS = "finding held back"
    TOOL_FALSE = "false finding"


class Severity(StrEnum):
    """How much harm the fault would have done, had it been real."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Outcome(StrEnum):
    """What became of a probe; only the first three are outcomes of a person."""

    CAUGHT = "caught, located"
    UNLOCATED = "caught, not located"
    MISSED = "missed"
    VOID = "void"


class Mode(StrEnum):
    """Why a probe was placed: the base rate, a burst, or a qualification."""

    BASE = "base"
    BURST = "burst"
    QUALIFY = "qualification"


class Arm(StrEnum):
    """Whose text a probe stood in: outcomes of the two are never counted together, the second is what the first is compared with."""

    MACHINE = "machine draft"
    HUMAN = "human alone"


class Level(StrEnum):
    """Who is told of an alarm: the reviewer alone, the training lead by name, or the site in figures."""

    SELF = "self"
    NAMED = "named"
    SITE = "site"


@dataclass(frozen=True)
class ProbeResult:
    """One ended probe: `p_ok` is the miss probability of a healthy reviewer at its difficulty; `at` is UTC text."""

    probe: str
    reviewer: str
    family: Family
    fault: str
    severity: Severity
    mode: Mode
    outcome: Outcome
    p_ok: float
    difficulty: float  # logit
    at: str
    arm: Arm = Arm.MACHINE

    @property
    def counted(self) -> bool:
        """Tell whether it says something of a person."""
        return self.outcome is not Outcome.VOID

    @property
    def missed(self) -> bool:
        """Tell whether the alarm counts it as a miss: a rejection without the place is one, so that rejecting everything does not pay."""
        return self.outcome in (Outcome.MISSED, Outcome.UNLOCATED)

    @property
    def hit(self) -> float:
        """Return what a report counts it as: 1 caught, one half where the place was not told, else 0."""
        return {Outcome.CAUGHT: 1.0, Outcome.UNLOCATED: 0.5}.get(self.outcome, 0.0)


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval and n, or without a value and with the reason why it is withheld."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    reason: str = ""

    def tree(self) -> dict[str, Any]:
        """Return the estimate for JSON: without what does not apply."""
        held: Mapping[str, Any] = asdict(self)
        rounded = {key: round(value, DIGITS) if isinstance(value, float) else value for key, value in held.items()}
        return {key: value for key, value in rounded.items() if key in ("value", "n") or value not in (None, "")}


def withheld(n: int, reason: str) -> Estimate:
    """Return an estimate that is not shown, with the reason."""
    return Estimate(None, n=n, reason=reason)
