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


def compared(reference: Callable[[], object], work: Callable[[], object]) -> tuple[float, float]:
    """Return how fast a work is beside its reference, run in turns so that both see the same machine, and its processor seconds."""
    rounds = [(_processor_seconds(reference), _processor_seconds(work)) for _ in range(ROUNDS)]
    return statistics.median(one / other for one, other in rounds), statistics.median(other for _, other in rounds)


def _processor_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def row(name: str, value: float, reference: str, goal: str, **beside: Any) -> dict[str, Any]:
    """Return one line of the result."""
    return {"name": name, "ratio": round(value, 4), "reference": reference, "goal": goal, **beside}
