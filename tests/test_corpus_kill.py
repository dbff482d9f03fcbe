"""An import that is killed leaves whole documents only, and the next one finishes it; several at once lose nothing."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from benchmarks.killing import begin, bring, settings_of, sources, state
from drafting.context import Settings

ROOT = Path(__file__).parents[1]
KILLS = 20
IMPORT = "from benchmarks.killing import *; import sys; bring(settings_of(Path(sys.argv[1]), sys.argv[2]), [Path(p) for p in sys.argv[3:]], processes={})"


def importing(settings: Settings, url: str, *paths: Path, processes: bool = False) -> "subprocess.Popen[bytes]":
    line = [sys.executable, "-c", IMPORT.format(processes), str(settings.home), url, *map(str, paths)]
    return subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    template: str = request.getfixturevalue("postgres")
    name = f"k{os.getpid()}{time.monotonic_ns()}"
    engine = create_engine(template.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return template.format(name)


def test_a_killed_import_is_finished_by_the_next_one_and_the_store_is_the_same(tmp_path: Path) -> None:
    killing = "from benchmarks.killing import *; import sys, json; print(json.dumps(kill_imports(Path(sys.argv[1]), sources(), kills=int(sys.argv[2])).tree()))"
    line = [sys.executable, "-c", killing, str(tmp_path), str(KILLS)]  # a process of one thread: it forks
    told = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True)
    assert f'"kills": {KILLS}' in told.stdout
    assert '"differing": []' in told.stdout


def test_the_comparison_of_stores_sees_what_is_missing(tmp_path: Path) -> None:
    whole, less = settings_of(tmp_path / "whole"), settings_of(tmp_path / "less")
    for settings, paths in ((whole, sources()), (less, sources()[1:])):
        begin(settings)
        bring(settings, paths)
    assert {name for name, value in state(whole).items() if value != state(less)[name]} == {
        "documents", "sequences", "vectors", "indexed",
    }  # fmt: skip


def test_four_imports_at_once_lose_nothing(tmp_path: Path, url: str) -> None:
    alone, together = settings_of(tmp_path / "alone"), settings_of(tmp_path / "together", url)
    begin(alone)
    bring(alone, sources())
    begin(together)
    # two bring everything, the others a part each: files that meet are stored once
    started = [importing(together, url, *paths) for paths in (sources(), sources(), sources()[:1], sources()[1:])]
    with ThreadPoolExecutor() as pool:
        errors = list(pool.map(lambda process: process.communicate(timeout=300)[1], started))
    assert [process.returncode for process in started] == [0, 0, 0, 0], errors
    assert state(together) == state(alone)


def test_processes_that_read_end_with_the_import_that_was_killed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    begin(settings)
    process = importing(settings, "", *sources(), processes=True)
    readers: set[int] = set()
    end = time.monotonic() + 60
    while not readers and time.monotonic() < end and process.poll() is None:
        readers = _children(process.pid)
        time.sleep(0.05)
    time.sleep(0.5)
    readers |= _children(process.pid)
    assert readers
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    end = time.monotonic() + 30
    while any(_alive(reader) for reader in readers) and time.monotonic() < end:
        time.sleep(0.1)
    assert not [reader for reader in readers if _alive(reader)]
    bring(settings, sources())
    assert state(settings)["altered"] == []


def _children(parent: int) -> set[int]:
    try:
        return set(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()))
    except OSError:
        return set()


def _alive(process: int) -> bool:
    try:
        state_line = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return state_line.rpartition(")")[2].split()[0] != "Z"
