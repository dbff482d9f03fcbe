"""Read files on a Ray cluster, behind the same interface as the processes of one machine (`pip install verascribe[cluster]`).

Promise: outcomes come in the order of the jobs, a bounded number ahead of the taker; a job past its time is cancelled and its worker
killed; a worker that dies is an outcome of its job, never of the import. Files are read where the job runs, so every node must see
the same folder. Memory is bounded by Ray's own monitor, not per job. No usage is reported to anyone.
"""

import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from audit.errors import Failed, Invalid
from corpus.workers import ODD, Done, Limits, guarded

LOCAL = "local"
JOIN_SECONDS = 10.0
AHEAD = 2  # jobs in work for each processor
J = TypeVar("J")
R = TypeVar("R")


class RayWorkers:
    """A Ray cluster by its address, or one of this machine's own ("local"), joined at first use."""

    def __init__(self, address: str = LOCAL, limits: Limits | None = None, processors: int | None = None) -> None:
        self._address = address
        self._limits = limits or Limits()
        self._processors = processors
        self._ray: Any = None

    def run(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[Done[J, R]]:
        """Yield the outcome of each job in order."""
        ray = self._joined()
        task = ray.remote(guarded).options(max_retries=0)
        ahead = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting: deque[tuple[J, Any]] = deque()
        for job in jobs:
            waiting.append((job, task.remote(function, job)))
            if len(waiting) > ahead:
                yield self._taken(*waiting.popleft())
        while waiting:
            yield self._taken(*waiting.popleft())

    def _taken(self, job: J, reference: Any) -> Done[J, Any]:
        ray = self._ray
        try:
            return Done(job, *ray.get(reference, timeout=self._limits.seconds))
        except ray.exceptions.GetTimeoutError:
            ray.cancel(reference, force=True)
            return Done(job, None, f"Reading it took longer than {self._limits.seconds:g} s.", ODD)
        except ray.exceptions.OutOfMemoryError:
            return Done(job, None, "Reading it takes more memory than it may.", ODD)
        except ray.exceptions.RayError as error:
            return Done(job, None, f"Its reader crashed ({type(error).__name__}).", ODD)

    def _joined(self) -> Any:
        if self._ray is None:
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # the coming default: keep devices as they are
            try:
                import ray  # noqa: PLC0415 - an extra, and heavy
            except ImportError as error:
                raise Invalid("A cluster needs Ray.", remedy="Install it: pip install 'verascribe[cluster]'.") from error
            own: dict[str, Any] = {"num_cpus": self._processors, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
            chosen = own if self._address == LOCAL else {"address": self._address}
            try:
                if self._address != LOCAL:
                    _answers(self._address)
                ray.init(**chosen, log_to_driver=False, configure_logging=False)
            except Exception as error:
                raise Failed(
                    f"The Ray cluster '{self._address}' cannot be joined ({type(error).__name__}).",
                    remedy="Check VERASCRIBE_CLUSTER, or take it away to read files in processes of this machine.",
                ) from error
            self._ray = ray
        return self._ray

    def close(self) -> None:
        """Leave the cluster; one of this machine's own is stopped."""
        if self._ray is not None:
            self._ray.shutdown()
            self._ray = None


def _answers(address: str) -> None:
    """Raise where nobody listens at an address: Ray itself would wait for minutes."""
    where = urlsplit(address if "://" in address else f"ray://{address}")
    with socket.create_connection((where.hostname or "", where.port or 10_001), timeout=JOIN_SECONDS):
        pass
