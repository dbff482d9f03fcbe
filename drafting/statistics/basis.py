"""What every result carries: the method with its version, how many values it stands on, and what was left out. Pure.

A question to this package has one of two answers: figures, or `NotGiven` with the reason. There is no silent third.
"""

from dataclasses import dataclass
from decimal import Decimal

VERSION = "3"


@dataclass(frozen=True)
class Exclusion:
    """Values that were left out: how many, why, and of which batches."""

    count: int
    reason: str
    which: tuple[str, ...] = ()


@dataclass(frozen=True)
class Basis:
    """What a result stands on."""

    method: str
    n: int
    excluded: tuple[Exclusion, ...] = ()
    version: str = VERSION

    @property
    def stated(self) -> str:
        """Return the basis in one line, as it is printed beside a figure."""
        left_out = "".join(f"; {x.count} left out: {x.reason}" for x in self.excluded)
        return f"{self.method} v{self.version}, n = {self.n}{left_out}"


@dataclass(frozen=True)
class NotGiven:
    """A figure that must not be shown, and why."""

    reason: str
    basis: Basis


@dataclass(frozen=True)
class Interval:
    """A figure with the ends of its interval; an end is None where the interval is open."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
