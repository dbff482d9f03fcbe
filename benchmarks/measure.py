"""What every benchmark shares: the median time of a work, and the form of a line."""

import statistics
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 5


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a work."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def row(name: str, value: float, reference: str, goal: str, **beside: Any) -> dict[str, Any]:
    """Return one line of the result."""
    return {"name": name, "ratio": round(value, 4), "reference": reference, "goal": goal, **beside}
