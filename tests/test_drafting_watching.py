"""A watch imports what is new, leaves what is being written, and goes on after refusals, kills and Ctrl-C."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from audit.chain import Actor
from audit.clock import Clock, SystemClock, random_id
from audit.database import Database, open_database
from audit.errors import Invalid
from corpus import keeping, records, tables
from corpus.ingest import ImportResult, ingest
from corpus.profiles import load_profiles
from drafting.migrations.runner import upgrade
from drafting.watching import merged, watch

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
SHIPS = load_profiles(SAMPLES / "profiles")
CAPAS = (SAMPLES / "synthetic" / "capa.csv").read_text(encoding="utf-8")
WHO = Actor("a1", "import", "Import Service", "service")
Once = Callable[[Sequence[Path]], ImportResult]


@pytest.fixture
def once(database: Database, clock: Clock, new_id: Callable[[], str]) -> Once:
    return lambda due: ingest(database, clock, new_id, paths=due, profiles=SHIPS, actor=WHO, zone="UTC")


def stamp(path: Path, text: str, at: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))


def watched(tmp_path: Path) -> Path:
    """Return a folder of its own: the database may stand beside it."""
    folder = tmp_path / "watched"
    folder.mkdir()
    return folder


def test_rounds_import_what_is_new_and_supersede_what_changed(once: Once, database: Database, tmp_path: Path) -> None:
    folder = watched(tmp_path)
    stamp(folder / "capa.csv", CAPAS, 1)
    (folder / "notes.xyz").write_text("nothing that is imported", encoding="utf-8")
    happened: list[Callable[[], None]] = [
        lambda: None,
        lambda: stamp(folder / "one.md", "A note.", 2),
        lambda: None,
        lambda: stamp(folder / "capa.csv", CAPAS.replace(";closed;", ";open;"), 3),
        lambda: stamp(folder / "capa.csv", CAPAS.replace(";closed;", ";overdue;"), 4),  # still being written
        lambda: None,
        lambda: None,
    ]
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        happened[len(waits) - 1]()

    results = list(watch(once, paths=[folder], seconds=5, pause=pause, rounds=8))
    assert [[d.name for d in result.documents] for result in results] == [["capa.csv"], ["one.md"], ["capa.csv"]]
    assert waits == [5] * 7
    with database.read() as conn:
        assert [d.version for d in records.documents(conn) if d.name == "capa.csv"] == [2]
        assert {r.get("status") for r in records.current_records(conn, kind="capa")} >= {"overdue"}
    whole = merged(results)
    assert (len(whole.documents), whole.records) == (3, {"capa": 50})
    assert whole.cells.holds


def test_a_refused_file_is_told_once_and_taken_when_it_is_put_right(once: Once, tmp_path: Path) -> None:
    folder = watched(tmp_path)
    stamp(folder / "capa.csv", "what;is;this\n1;2;3\n", 1)
    steps = [lambda: None, lambda: stamp(folder / "capa.csv", CAPAS, 2), lambda: None, lambda: None]
    todo = iter(steps)
    results = list(watch(once, paths=[folder], seconds=1, pause=lambda _: next(todo)(), rounds=5))
    assert [len(r.refused) for r in results] == [1, 0]
    assert "no import profile knows this header" in results[0].refused[0].reason
    assert results[1].records == {"capa": 25}


def test_a_watch_started_anew_imports_nothing_twice(once: Once, tmp_path: Path) -> None:
    stamp(tmp_path / "capa.csv", CAPAS, 1)
    list(watch(once, paths=[tmp_path], seconds=1, pause=lambda _: None, rounds=1))
    (again,) = watch(once, paths=[tmp_path], seconds=1, pause=lambda _: None, rounds=3)
    assert (again.documents, again.unchanged) == ([], ["capa.csv"])


def test_a_folder_may_be_empty_or_come_later(once: Once, tmp_path: Path) -> None:
    folder = tmp_path / "later"

    def pause(_: float) -> None:
        folder.mkdir(exist_ok=True)
        stamp(folder / "capa.csv", CAPAS, 1)

    (result,) = watch(once, paths=[folder], seconds=1, pause=pause, rounds=4)
    assert result.records == {"capa": 25}


@pytest.mark.parametrize("seconds", [0, -1, 100_000])
def test_the_time_between_rounds_is_bounded(seconds: int, once: Once, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="seconds"):
        list(watch(once, paths=[tmp_path], seconds=seconds, pause=lambda _: None, rounds=1))


AS_AT_A_TERMINAL = (  # Ctrl-C interrupts, also where the run of the tests itself was started in the background
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('drafting', run_name='__main__', alter_sys=True)"
)


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")}
    command = [sys.executable, "-c", AS_AT_A_TERMINAL, "--home", str(home), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean)


def run(home: Path, *arguments: str, status: int = 0) -> str:
    done = start(home, *arguments)
    out, err = done.communicate(timeout=120)
    assert done.returncode == status, (out, err)
    assert "Traceback" not in out + err
    return out or err


def test_on_the_command_line_a_watch_ends_with_ctrl_c_and_tells_what_it_did(tmp_path: Path) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    (folder / "capa.csv").write_text(CAPAS, encoding="utf-8")
    process = start(home, "ingest", str(folder), "--watch", "1", "--json")
    for _ in range(300):
        time.sleep(0.1)
        if (home / "verascribe.sqlite").exists() and b"capa.csv" in b"".join(
            p.read_bytes() for p in home.glob("verascribe.sqlite*")
        ):
            break
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    tree = json.loads(out)
    assert (process.returncode, tree["records"], "Stopped" in err) == (0, {"capa": 25}, True)


def test_an_extract_beside_an_import_is_compared_and_listed(tmp_path: Path) -> None:
    home, said = tmp_path / "home", tmp_path / "said.toml"
    source = SAMPLES / "synthetic" / "capa.csv"
    head = 'system = "QMS"\nquery = "all"\nextracted_on = "2021-05-31"\nextracted_by = "J. Novak"\n[[files]]\nname = "capa.csv"\n'
    said.write_text(head + "rows = 25\n", encoding="utf-8")
    tree = json.loads(run(home, "ingest", str(source), "--extract", str(said), "--json"))
    (extract,) = tree["extracts"]
    assert (extract["differences"], extract["totals"][0]["read"], tree["cells"]["skipped"]) == (0, "25", 0)
    said.write_text(head + "rows = 26\n", encoding="utf-8")
    told = run(home, "ingest", str(source), "--extract", str(said), status=1)
    assert "rows: 26 stated, 25 read" in told
    listed = json.loads(run(home, "extract", "list", "--json"))["extracts"]
    assert [(one["file"], one["confirmed_by"]) for one in listed] == [("capa.csv", None)]
    assert (
        "may not" in (told := run(home, "extract", "confirm", listed[0]["id"], "--reason", "x", status=2)) or "role" in told
    )
    fitting = json.loads(
        run(home, "records", "--unresolved", "--duplicates", "--contradictions", "--orphans", "--gaps", "--json")
    )
    assert set(fitting) == {
        "records",
        "documents",
        "unresolved",
        "duplicates",
        "contradictions",
        "orphans",
        "gaps",
        "one_sided",
    }
    assert {one["kind"] for one in fitting["unresolved"]} >= {"deviation"}  # their file was not imported
    assert "is no record; named in capa.csv row" in run(home, "records", "--unresolved")


def test_an_import_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """A file is there whole or not at all; the next run takes the rest, and what is current already is passed over."""
    home = tmp_path / "home"
    store = home / "verascribe.sqlite"
    for wanted in (2, 9):
        process = start(home, "ingest", str(SAMPLES), "--json")
        for _ in range(600):
            if process.poll() is not None or _documents(store) >= wanted:
                break
            time.sleep(0.02)
        process.kill()
        process.communicate(timeout=60)
    before = _documents(store)
    assert before >= 9
    tree = json.loads(run(home, "ingest", str(SAMPLES), "--json"))
    assert len(tree["unchanged"]) >= before
    opened = open_database(f"sqlite:///{store}")
    clean = open_database(f"sqlite:///{tmp_path / 'clean.sqlite'}")
    upgrade(clean)
    ingest(clean, SystemClock(), random_id, paths=[SAMPLES], profiles=SHIPS, actor=WHO, zone="UTC")
    try:
        with opened.read() as conn, clean.read() as other:
            assert keeping.altered(conn) == []
            assert _content(conn) == _content(other)
            assert all(d.version == 1 for d in records.documents(conn))
    finally:
        opened.close()
        clean.close()


def _documents(store: Path) -> int:
    """Count the documents of a home from outside, as another process sees them."""
    if not store.exists():
        return 0
    conn = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=5)
    try:
        return int(conn.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.OperationalError:  # its tables are being made
        return 0
    finally:
        conn.close()


def _content(conn: Connection) -> set[tuple[str, str, str]]:
    bodies = [json.loads(body) for body in conn.scalars(select(tables.documents.c.body))]
    return {(body["name"], body["sha256"], body["result"]) for body in bodies}
