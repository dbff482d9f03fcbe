"""Run the reading of files in processes that can be killed: one that hangs, eats memory or crashes takes nothing else with it.

The interface is one method, `run`: outcomes come in the order of the jobs, a bounded number of jobs ahead of the taker.
`LocalWorkers` is a pool of processes of this machine; `Unguarded` runs in this process, without any bound, for tests and for
bytes that are trusted.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from audit.errors import Problem

AHEAD = 4  # jobs a process, read before the first of them is taken: while one takes long, the others go on
ODD = "Open it in its own program and save it again; nothing of it was taken."
J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True)
class Limits:
    """What one job may take."""

    seconds: float = 120
    memory_mib: int = 4096


@dataclass(frozen=True)
class Done(Generic[J, R]):
    """How a job ended: with a value, or with a reason why there is none."""

    job: J
    value: R | None
    reason: str = ""
    remedy: str = ""


class Workers(Protocol):
    """Run a function over jobs."""

    def run(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[Done[J, R]]:
        """Yield the outcome of each job in order."""

    def close(self) -> None:
        """Stop the processes."""


class Unguarded:
    """Run in this process: no bound of time or memory."""

    def run(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[Done[J, R]]:
        """Yield the outcome of each job in order."""
        for job in jobs:
            try:
                yield Done(job, function(job))
            except Problem as problem:
                yield Done(job, None, problem.message, problem.remedy)

    def close(self) -> None:
        """Nothing to stop."""


class LocalWorkers:
    """A pool of processes on this machine, started at first use; a job past its limits is killed and its process replaced."""

    def __init__(self, number: int | None = None, limits: Limits | None = None) -> None:
        self._number = number or max(1, os.cpu_count() or 1)
        self._limits = limits or Limits()
        self._pool: Any = None

    def run(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[Done[J, R]]:
        """Yield the outcome of each job in order."""
        pool = self._started()
        waiting: deque[tuple[J, Any]] = deque()
        for job in jobs:
            waiting.append((job, pool.schedule(guarded, args=(function, job), timeout=self._limits.seconds)))
            if len(waiting) > AHEAD * self._number:
                yield self._taken(*waiting.popleft())
        while waiting:
            yield self._taken(*waiting.popleft())

    def _taken(self, job: J, future: Any) -> Done[J, Any]:
        from pebble import ProcessExpired  # noqa: PLC0415 - only where processes run

        try:
            return Done(job, *future.result())
        except TookTooLong:
            return Done(job, None, f"Reading it took longer than {self._limits.seconds:g} s.", ODD)
        except ProcessExpired as expired:
            return Done(job, None, f"Its reader crashed (exit status {expired.exitcode}).", ODD)

    def _started(self) -> Any:
        if self._pool is None:
            from loky.backend import get_context  # noqa: PLC0415 - only where processes run
            from pebble import ProcessPool  # noqa: PLC0415 - as above

            self._pool = ProcessPool(
                max_workers=self._number,
                # fresh processes (a fork of threads may hang) that do not run our main module again
                context=get_context("loky"),
                initializer=_bound,
                initargs=(self._limits.memory_mib,),
            )
        return self._pool

    def close(self) -> None:
        """Stop the processes at once; what they were reading was not stored."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


def guarded(function: Callable[[J], R], job: J) -> tuple[R | None, str, str]:
    """Run in the child: every fault of a reader becomes a reason, so that no traceback of a library crosses over."""
    try:
        return function(job), "", ""
    except Problem as problem:
        return None, problem.message, problem.remedy
    except MemoryError:
        return None, "Reading it takes more memory than it may.", ODD
    except RecursionError:
        return None, "It is nested too deeply.", ODD
    except BaseException as error:  # noqa: BLE001 - a fault on an odd file is an outcome of it, also a panic of Rust code
        return None, f"Its reader failed on it ({type(error).__name__}).", ODD


def _bound(memory_mib: int) -> None:
    """Bound the memory of the child, and leave Ctrl-C to the parent."""
    import signal  # noqa: PLC0415 - only in the child

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    wanted = memory_mib * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
