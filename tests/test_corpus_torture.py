"""Each file of the torture set ends with a recorded outcome; a reader that hangs, eats memory or crashes is killed and named."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from evidence import importing, misbehaving, torture
from evidence.sound import SOUND

from corpus.formats import FORMATS
from corpus.storable import writable
from corpus.workers import Limits, LocalWorkers

TESTS = Path(__file__).parent
MOST_MIB = 500  # of the importing process; the interpreter with what it imports takes about 150


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"evidence.{module}", *arguments],
        cwd=TESTS, capture_output=True, text=True, timeout=400, check=False, env={**os.environ, "PYTHONPATH": str(TESTS)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("torture")
    torture.write(folder)
    return sorted(writable(path.name) for path in folder.iterdir())


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> dict[str, Any]:
    """Import the set in a process of its own: what it prints is what it lived to say."""
    folder = next(path for path in tmp_path_factory.getbasetemp().glob("torture*"))
    home = tmp_path_factory.mktemp("home")
    done = run("importing", str(folder), str(home))
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_set_covers_every_kind_that_is_imported(names: list[str]) -> None:
    assert set(SOUND) == set(FORMATS)
    assert len(names) >= 500


def test_the_set_can_be_made_again() -> None:
    made = run("torture")
    assert made.stdout.strip() == torture.digest()


def test_every_file_ends_with_a_recorded_outcome(names: list[str], report: dict[str, Any]) -> None:
    stored, refused = set(report["stored"]), report["refused"]
    assert sorted(stored | set(refused)) == names
    assert not stored & set(refused)
    assert all(reason.strip() for reason in refused.values())


def test_every_sound_file_is_read(report: dict[str, Any]) -> None:
    assert {f"sound-{ending[1:]}{ending}" for ending in SOUND} <= set(report["stored"])


def test_no_reader_fails_with_an_error_of_its_own(report: dict[str, Any]) -> None:
    unnamed = re.compile("reader failed|reader crashed|took longer|more memory than|nested too deeply")
    assert {name: reason for name, reason in report["refused"].items() if unnamed.search(reason)} == {}


def test_no_file_takes_longer_than_its_limit_and_the_importing_process_stays_small(report: dict[str, Any]) -> None:
    assert report["slowest"][0][1] < importing.LIMITS.seconds + 5
    assert report["peak_mib"] < MOST_MIB


EXPECTED = {
    r"bomb-(xlsx|docx|ods)\.": "unpacks to more than",
    r"four-gigabytes-declared-": "unpacks to more than",
    r"bomb-that-lies-": "Bad CRC-32|without a workbook|no item named",
    r"many-parts-": "more than 10000 parts",
    r"password": "protected by a password",
    r"(laughs|quadratic|xxe|outside-dtd)-in-(sheet|strings|styles)": "declares entities",
    r"(laughs|quadratic|xxe|outside-dtd)-in-content": "declares entities",
    r"laughs-in-body": "amplification",
    r"(laughs|xxe|quadratic|outside-dtd)\.(xml|animl)": "document type",
    r"(last-cell|a-million-columns)\.xlsx": "more than 2000 columns",
    r"a-million-columns\.csv": "no import profile|columns",
    r"rows-and-columns\.xlsx|row-number-beyond-all|both-repeated": "more than 20000000 cells",
    r"span-of-a-billion\.docx|columns-repeated": "more than 2000 columns",
    r"rows-spanned\.html": "cells in tables",
    r"deep\.(html|xml|json)": "nested|depth|deep",
    r"half-a-letter\.json": "half a character",
    r"long-names-within-names-": "letters of what they stand in",
    r"name-of-a-parent-": "a slash in it",
    r"lists-within-lists-": "nested",
    r"not-utf-8-": "its name is not UTF-8",
    r"quote-never-closed": "line",
    r"(table-in-a-circle|directory-is-the-table)\.xls": "not a readable workbook",
    r"(attribute-of-megabytes)\.html": "not readable to its end",
    r"empty-": "empty|no text|no sender|not a zip|no PDF|NUL|holds no",
}


@pytest.mark.parametrize("pattern", EXPECTED)
def test_a_refusal_names_what_is_wrong(pattern: str, names: list[str], report: dict[str, Any]) -> None:
    meant = [name for name in names if re.match(pattern, name)]
    assert meant
    reasons = {name: report["refused"].get(name, "was read") for name in meant}
    assert {name: reason for name, reason in reasons.items() if not re.search(EXPECTED[pattern], reason)} == {}


SCRIPTED: dict[Callable[[str], Any], str] = {
    misbehaving.hang: "took longer than 2 s",
    misbehaving.hang_in_native_code: "took longer than 2 s",
    misbehaving.eat_memory: "more memory than it may",
    misbehaving.segfault: "crashed",
    misbehaving.leave: "crashed",
    misbehaving.abort_in_native_code: "crashed",
    misbehaving.fail: r"failed on it \(LookupError\)",
    misbehaving.give_what_cannot_travel: "crashed|failed on it",
}


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalWorkers]:
    """One process for all that misbehaves: each that is ended is replaced for the next."""
    made = LocalWorkers(1, Limits(seconds=2, memory_mib=1024))
    yield made
    made.close()


@pytest.mark.parametrize("reader", SCRIPTED, ids=lambda reader: reader.__name__)
def test_a_reader_that_misbehaves_is_ended_and_named_and_the_next_file_is_read(
    workers: LocalWorkers, reader: Callable[[str], Any]
) -> None:
    began = time.monotonic()
    done = list(workers.run(reader, ["odd.xlsx"]))
    assert time.monotonic() - began < 60
    assert (done[0].job, done[0].value) == ("odd.xlsx", None)
    assert re.search(SCRIPTED[reader], done[0].reason)
    assert done[0].remedy
    assert [after.value for after in workers.run(misbehaving.read, ["a", "b"])] == ["read a", "read b"]
