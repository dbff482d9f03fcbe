"""The only reader of the system clock and the only source of random ids.

Everything else takes time and ids as arguments, so that an act can be replayed exactly.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A twin of the clock that starts at `start` and moves by `step` at each reading."""

    start: datetime
    step: timedelta = timedelta(seconds=1)
    readings: int = field(default=0, init=False)

    def now(self) -> datetime:
        """Return the next moment."""
        self.readings += 1
        return self.start + self.step * (self.readings - 1)


def utc_text(moment: datetime) -> str:
    """Write an aware moment as `YYYY-MM-DDThh:mm:ss.ffffffZ`; refuse a naive one."""
    if moment.tzinfo is None:
        msg = "a moment without a time zone has no place in the trail"
        raise ValueError(msg)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def random_id() -> str:
    """Make an unguessable opaque id of 128 bits, as 32 hexadecimal digits."""
    return secrets.token_hex(16)
