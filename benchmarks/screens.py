"""Screens: reruns of the section page in the real server, as sessions of a browser drive it.

Two servers of one demo home run side by side: the product's, and the same with Streamlit's own default of a full garbage collection
after each run. They are measured in turns, so that whatever else the machine does falls on both.
"""

import asyncio
import os
import random
import resource
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import websockets

from benchmarks.measure import row
from benchmarks.reader import Reader, UnansweredError, sign_in
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Settings
from drafting.demo import PASSWORD, open_demo
from review_ui.server import command, environment

SECTION, USER = "finished_product_quality", "demo.writer"
BUSY_SESSIONS, BUSY_SECONDS, TURNS = 20, 8.0, 3
THINKING_SESSIONS, PERIOD_SECONDS, ACTS_EACH = 50, 5.0, 8
START_SECONDS = 90.0
SEED = 20_260_101
RERUNS = "section screen's reruns per second / the same page with Streamlit's default collection"
LATENCY = "p99 in seconds of an act with 50 sessions that act every 5 s"
TROUBLE = (OSError, TimeoutError, UnansweredError, httpx.HTTPError, websockets.WebSocketException)


@dataclass(frozen=True)
class Served:
    """A server that answers, and the report whose section is read."""

    url: str
    report_id: str


def screens() -> list[dict[str, Any]]:
    """Return the lines of the section screen; a part that cannot run says why."""
    found = []
    with tempfile.TemporaryDirectory() as home:
        settings = settings_from({}, home=home)
        report_id = _filled(settings)
        for name, part in ((RERUNS, _reruns), (LATENCY, _latency)):
            try:
                found.append(part(settings, report_id))
            except TROUBLE as error:
                found.append({"name": name, "skipped": f"{type(error).__name__}: {error}"})
    return found


def _filled(settings: Settings) -> str:
    ctx = open_context(settings)
    try:
        reports = open_demo(ctx).reports
    finally:
        close_context(ctx)
    return next(r["id"] for r in reports if r["kind"] == "apr_us")


@contextmanager
def _server(settings: Settings, report_id: str, *, collects: bool = False) -> Iterator[Served]:
    """Serve the home on a free port of this machine; `collects` leaves Streamlit's collection after each run on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = command(port)
    at = line.index("--runner.postScriptGC") + 1
    line[at] = str(collects).lower()
    log = Path(settings.home) / f"server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(line, env=environment(settings, os.environ), stdout=out, stderr=out)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield Served(url, report_id)
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/signin").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise UnansweredError("The server did not start.")


async def _seated(stack: AsyncExitStack, served: Served, number: int) -> list[Reader]:
    """Sign in and open the section `number` times, one session after the other."""
    readers = []
    for _ in range(number):
        cookie = await asyncio.to_thread(sign_in, served.url, USER, PASSWORD)
        readers.append(await stack.enter_async_context(Reader(served.url, cookie, served.report_id, SECTION)))
    return readers


def _reruns(settings: Settings, report_id: str) -> dict[str, Any]:
    with _server(settings, report_id) as ours, _server(settings, report_id, collects=True) as theirs:
        mine, reference = asyncio.run(_in_turns(ours, theirs))
    ratios = [a / b for a, b in zip(mine, reference, strict=True)]
    return row(
        RERUNS,
        statistics.median(ratios),
        f"the same server and page with runner.postScriptGC=true, {BUSY_SESSIONS} sessions without think time",
        ">= 10",
        reruns_per_second=round(statistics.median(mine), 1),
        reference_per_second=round(statistics.median(reference), 1),
        each=[round(ratio, 2) for ratio in ratios],
        load=_load(),
    )


async def _in_turns(ours: Served, theirs: Served) -> tuple[list[float], list[float]]:
    async with AsyncExitStack() as stack:
        mine, reference = await _seated(stack, ours, BUSY_SESSIONS), await _seated(stack, theirs, BUSY_SESSIONS)
        turns = [(await _busy(mine), await _busy(reference)) for _ in range(TURNS)]
    return [a for a, _ in turns], [b for _, b in turns]


async def _busy(readers: list[Reader]) -> float:
    """Have every session act without a pause; return the page's finished reruns per second."""
    before, started = sum(r.reruns for r in readers), time.perf_counter()
    end = started + BUSY_SECONDS

    async def go(reader: Reader) -> None:
        while time.perf_counter() < end:
            await reader.act()

    await asyncio.gather(*(go(reader) for reader in readers))
    return (sum(r.reruns for r in readers) - before) / (time.perf_counter() - started)


def _latency(settings: Settings, report_id: str) -> dict[str, Any]:
    with _server(settings, report_id) as served:
        taken = sorted(asyncio.run(_thoughtful(served)))
    p99 = taken[min(len(taken) - 1, int(len(taken) * 0.99))]
    return row(
        LATENCY,
        p99,
        "seconds from the moment the act was due to the complete page",
        "<= 0.5",
        median_seconds=round(statistics.median(taken), 4),
        slowest_seconds=round(taken[-1], 4),
        acts=len(taken),
        load=_load(),
    )


async def _thoughtful(served: Served) -> list[float]:
    """Have each session act every five seconds at its own phase; a late answer delays no measure: it counts from when it was due."""
    chance = random.Random(SEED)  # noqa: S311 - phases, not secrets
    async with AsyncExitStack() as stack:
        readers = await _seated(stack, served, THINKING_SESSIONS)
        taken: list[float] = []
        begun = time.perf_counter()

        async def go(reader: Reader, phase: float) -> None:
            for number in range(ACTS_EACH):
                due = begun + phase + number * PERIOD_SECONDS
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await reader.act()
                taken.append(time.perf_counter() - due)

        await asyncio.gather(*(go(reader, chance.uniform(0, PERIOD_SECONDS)) for reader in readers))
    return taken


def _load() -> dict[str, float]:
    """Say how busy the machine was: its load of the last minute, its cores, and this client's own processor seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "machine": round(os.getloadavg()[0], 2),
        "cores": float(os.cpu_count() or 1),
        "client_seconds": round(used.ru_utime + used.ru_stime, 1),
    }
