"""Mutated files through the real readers, in children that may be killed: every one must end with an outcome that has a name.

A child reads a batch, telling after each file how it ended; one that is silent for too long is killed, one that dies is buried, and
the next child goes on after the file it was at. What is no named outcome is a fault, also where the importing process would
have lived through it; its bytes are kept. SIGINT or SIGTERM ends the run: what was found so far is told.
"""

import json
import os
import resource
import select
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import row
from benchmarks.mutating import Mutations, seeds

COUNT = 20_000  # of a usual run; a million by --mutations
BATCH = 1_000  # files a child reads before the next one takes its place
LIMIT_SECONDS = 20.0  # as the torture set's
MEMORY_MIB = 2048
KEPT_OF_A_FAULT = 5  # files of one kind of fault that are kept
Read = Callable[
    [Path, str, bytes], tuple[str, str]
]  # folder, name, bytes: how the reading ended, and why where it is a fault
READ, PARTLY, PICTURES, REFUSED, FAULT = "read", "read with refusals", "no text layer", "refused", "fault"


@dataclass
class Found:
    """How the files ended so far: counts by kind of file and outcome, and the faults with the names of their files."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=dict)
    faulty: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """Return how many files ended."""
        return self.outcomes.total()


def mutations(*, count: int = COUNT, keep: Path | None = None) -> list[dict[str, Any]]:
    """Return the line of the run; `keep` is a folder for offending files and for what was found so far, after every batch."""
    found = Found()
    made = Mutations(seeds())
    with _stoppable(), suppress(KeyboardInterrupt):
        run(made, count=count, keep=keep, found=found)
    return [line(found, keep)]


def line(found: Found, keep: Path | None) -> dict[str, Any]:
    """Return the line of what was found."""
    by_kind: dict[str, dict[str, int]] = {}
    for (kind, outcome), number in sorted(found.outcomes.items()):
        by_kind.setdefault(kind, {})[outcome] = number
    return row(
        "mutated files that ended with a named outcome / all",
        1 - sum(found.faulty.values()) / max(found.total, 1),
        "every one: read, read with refusals, no text layer, refused with its reason",
        "1",
        mutations=found.total,
        a_second=round(found.total / max(found.seconds, 1e-9)),
        outcomes=by_kind,
        faults={what: {"files": found.faulty[what], "first": names} for what, names in found.faults.items()},
        kept=str(keep) if keep else "nothing: --keep FOLDER keeps offending files",
    )


def run(
    made: Mutations, *, count: int, keep: Path | None, found: Found, read: Read | None = None, limit: float = LIMIT_SECONDS
) -> None:
    """Read mutations 0 to `count` (by `outcome_of`, or by a scripted twin of it), adding how each ended to what was found."""
    _loaded()
    started = time.monotonic()
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    at = 0
    while at < count:
        for kind, outcome, why in _child(made, at, min(at + BATCH, count), read or outcome_of, limit):
            _add(made, at, kind, outcome, why, keep, found)
            found.seconds = time.monotonic() - started
            at += 1
        if keep is not None:
            (keep / "so-far.json").write_text(json.dumps(line(found, keep), indent=2))


def _add(made: Mutations, number: int, kind: str, outcome: str, why: str, keep: Path | None, found: Found) -> None:
    found.outcomes[kind, outcome] += 1
    if outcome != FAULT:
        return
    what = f"{kind}: {why}"
    found.faulty[what] += 1
    names = found.faults.setdefault(what, [])
    if len(names) < KEPT_OF_A_FAULT:
        name, data = made.of(number)
        names.append(name)
        if keep is not None:
            (keep / name).write_bytes(data)


def _child(made: Mutations, first: int, last: int, read: Read, limit: float) -> Iterator[tuple[str, str, str]]:
    """Read a batch in a child; give the kind, outcome and reason of each file up to the one that the child did not outlive."""
    kinds = list(made.seeds)
    reading, writing = os.pipe()
    child = os.fork()  # this process has one thread; a fork has the readers loaded already
    if child == 0:
        os.close(reading)
        _read_batch(made, first, last, writing, read)
    os.close(writing)
    at, left = first, b""
    silent = False
    try:
        while at < last:
            silent = not select.select([reading], [], [], limit)[0]
            told = b"" if silent else os.read(reading, 1 << 16)
            if not told:
                break
            *lines, left = (left + told).split(b"\n")
            for one in lines:
                outcome, _, why = one.decode("utf-8", "replace").partition("\t")
                yield kinds[at % len(kinds)], outcome, why
                at += 1
    finally:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(reading)
    if at < last:
        why = f"took longer than {limit:g} s" if silent else f"crashed (status {os.waitstatus_to_exitcode(status)})"
        yield kinds[at % len(kinds)], FAULT, why


def _read_batch(made: Mutations, first: int, last: int, writing: int, read: Read) -> None:
    """Read files one after the other and tell of each; never return."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MIB << 20, MEMORY_MIB << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)  # panics of Rust code are told there
    status = 1
    try:
        with tempfile.TemporaryDirectory(dir=_fast_folder()) as folder:
            for number in range(first, last):
                name, data = made.of(number)
                outcome, why = read(Path(folder), name, data)
                os.write(writing, f"{outcome}\t{' '.join(why.split())[:300]}\n".encode("utf-8", "replace"))
        status = 0
    finally:
        os._exit(status)


def outcome_of(folder: Path, name: str, data: bytes) -> tuple[str, str]:
    """Read one file as an import does; return how it ended, and why where it is a fault."""
    from audit.errors import Problem
    from corpus.prepare import Job, prepare
    from corpus.readers.contents import NoTextLayer

    path = folder / name
    path.write_bytes(data)
    try:
        prepared = prepare(Job(path, _profiles()))
    except NoTextLayer:
        return PICTURES, ""
    except Problem as problem:
        return (REFUSED, "") if problem.message.strip() else (FAULT, "refused without a reason")
    except BaseException as error:  # noqa: BLE001 - a panic of Rust code is none of Exception
        return FAULT, f"{type(error).__name__} in {_where(error)}"
    else:
        partly = prepared.passed_over or any(document.read.refusals for document in prepared.documents)
        return (PARTLY if partly else READ), ""
    finally:
        path.unlink()


def _where(error: BaseException) -> str:
    """Name the last place of ours that an error passed."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"{os.sep}corpus{os.sep}" in code.co_filename:
            place = f"{Path(code.co_filename).name}:{trace.tb_lineno} ({code.co_name})"
        trace = trace.tb_next
    return place


def _profiles() -> Any:
    global _KNOWN  # noqa: PLW0603 - read once, before the first child
    if _KNOWN is None:
        from importlib.resources import files

        from corpus.profiles import load_profiles

        _KNOWN = load_profiles(Path(str(files("corpus") / "samples" / "profiles")))
    return _KNOWN


_KNOWN: Any = None


def _loaded() -> None:
    """Load every reader before the first fork."""
    from corpus.formats import FORMATS

    os.environ["RUST_BACKTRACE"] = "0"  # a backtrace of each panic would take most of the time
    _profiles()
    for kind in FORMATS.values():
        kind.load()


def _fast_folder() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of a name of its own in it


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into KeyboardInterrupt, also where a shell that runs this in the background ignores them."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {which: signal.signal(which, stop) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
