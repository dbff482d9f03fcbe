"""What the trail promises: one act, one entry; nothing altered, removed, inserted or re-ordered goes unseen."""

import random
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from audit import export, tables, trail
from audit.__main__ import main
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import FixedClock, utc_text
from audit.database import Database, open_database
from audit.errors import Conflict, Invalid, Refused, StoreFailed
from audit.merkle import consistency_proof, included, inclusion_proof, leaf_hash, tree_head
from audit.verify import State, verify_database, verify_lines

ANN = Actor("a1", "ann", "Ann Example", "writer", "s1")


def act(database: Database, clock: FixedClock, number: int) -> None:
    database.write(
        lambda conn: trail.append(
            conn, at=clock.now(), zone="Europe/Ljubljana", actor=ANN, action=Action.SECTION_OPENED, object_kind="section",
            object_id=f"s{number}", new={"text": f"view {number}"}, reason="=1+1" if number == 2 else None,
        )
    )  # fmt: skip


def exported(database: Database) -> list[str]:
    with database.read() as conn:
        return export.jsonl(trail.bodies(conn)).split("\n")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner)
    ),
)


@given(values)
def test_canonical_text_is_the_same_after_a_round_trip(value: object) -> None:
    import json

    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize("value", [1.5, {1: "a"}, "\ud800", "a\x00b", 2**53, datetime(2026, 1, 1, tzinfo=UTC)])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        canonical({"x": value} if not isinstance(value, dict) else value)


def test_keys_sort_by_utf16_code_units_as_rfc_8785_says() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'


RFC_6962_LEAVES = [
    bytes.fromhex(x)
    for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
RFC_6962_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_the_tree_equals_the_vectors_of_rfc_6962() -> None:
    assert tree_head([leaf_hash(leaf) for leaf in RFC_6962_LEAVES]).hex() == RFC_6962_ROOT
    assert tree_head([]).hex() == digest("").removeprefix("sha256:")


def test_inclusion_proofs_hold_for_every_leaf_and_fail_for_every_other() -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(21)]
    for size in range(1, 22):
        head = tree_head(leaves[:size])
        for index in range(size):
            proof = inclusion_proof(leaves[:size], index)
            assert included(leaves[index], index=index, size=size, proof=proof, head=head)
            assert not included(leaf_hash(b"other"), index=index, size=size, proof=proof, head=head)
        assert consistency_proof(leaves[:size], size) == []


def test_every_act_of_sixteen_writers_is_there_once(database: Database) -> None:
    clock = FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
    threads = [
        threading.Thread(target=lambda n=n: [act(database, clock, n * 100 + k) for k in range(10)]) for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as conn:
        found = trail.entries(conn)
        assert [e.seq for e in found] == list(range(1, 161))
        assert len({e.object_id for e in found}) == 160
        assert verify_database(conn).integrity is State.INTACT


def test_a_work_that_fails_leaves_nothing_and_disturbs_no_other(database: Database, clock: FixedClock) -> None:
    def fails(conn: object) -> None:
        trail.put_content(conn, "half", media_type="text/plain")  # type: ignore[arg-type]
        raise Conflict("no", remedy="none")

    act(database, clock, 1)
    with pytest.raises(Conflict):
        database.write(fails)
    act(database, clock, 2)
    with database.read() as conn:
        assert trail.count(conn) == 2
        assert conn.scalar(text("SELECT count(*) FROM contents")) == 0


def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_ever(sqlite_database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside a write"):
        sqlite_database.write(lambda _: sqlite_database.write(lambda _: None))


@pytest.mark.parametrize(
    "table", ["trail_entries", "contents", "account_versions", "signatures", "reports", "decisions", "measurements"]
)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_append_only_tables_refuse_changes(database: Database, clock: FixedClock, table: str, change: str) -> None:
    if table in ("trail_entries", "contents"):
        act(database, clock, 1)
        database.write(lambda conn: trail.put_content(conn, "x", media_type="text/plain"))
        column = {"trail_entries": "user_id", "contents": "media_type"}[table]
        with pytest.raises((StoreFailed, Conflict), match="append-only"):
            database.write(lambda conn: conn.execute(text(change.format(table, column, f"'{column}'"))))
    if database.dialect_name == "postgresql":
        with pytest.raises((StoreFailed, Conflict), match="append-only"):
            database.write(lambda conn: conn.execute(text(f"TRUNCATE {table}")))
    else:
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"
        with database.read() as conn:
            assert conn.scalar(text(triggers), {"t": table}) == 2


def test_replace_does_not_pass_by_the_triggers(sqlite_database: Database, clock: FixedClock) -> None:
    act(sqlite_database, clock, 1)
    statement = "INSERT OR REPLACE INTO trail_entries SELECT seq, id, at, actor_id, 'eve', action, object_kind, object_id, body, leaf, previous FROM trail_entries"
    with pytest.raises((StoreFailed, Conflict), match="append-only"):
        sqlite_database.write(lambda conn: conn.execute(text(statement)))


def test_every_changed_byte_of_an_export_is_found(sqlite_database: Database, clock: FixedClock) -> None:
    for number in range(12):
        act(sqlite_database, clock, number)
    whole = "\n".join(exported(sqlite_database)).encode()
    assert verify_lines(whole.decode().split("\n")).integrity is State.INTACT
    rng = random.Random(7)
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ (1 << rng.randrange(7))]) + whole[place + 1 :]
        verdict = verify_lines(changed.decode("utf-8", errors="replace").split("\n"))
        assert verdict.integrity is not State.INTACT, place


def test_swapped_dropped_doubled_inserted_and_cut_entries_are_found(sqlite_database: Database, clock: FixedClock) -> None:
    for number in range(20):
        act(sqlite_database, clock, number)
    lines = [line for line in exported(sqlite_database) if line]
    for n in range(20):
        assert verify_lines(lines[:n] + lines[n + 1 :]).integrity is State.BROKEN
        assert verify_lines(lines[: n + 1] + lines[n:]).integrity is State.BROKEN
        if n:
            assert verify_lines([*lines[: n - 1], lines[n], lines[n - 1], *lines[n + 1 :]]).integrity is State.BROKEN
        cut = verify_lines(lines[:n])
        assert cut.integrity is not State.INTACT
        assert cut.completeness is not State.INTACT


def test_a_trail_without_checkpoint_never_claims_to_be_complete(sqlite_database: Database, clock: FixedClock) -> None:
    act(sqlite_database, clock, 1)
    with sqlite_database.read() as conn:
        verdict = verify_database(conn)
    assert (verdict.integrity, verdict.completeness, verdict.exit_status) == (State.INTACT, State.CANNOT_TELL, 0)


def test_a_change_in_the_database_is_named(sqlite_database: Database, clock: FixedClock) -> None:
    for number in range(3):
        act(sqlite_database, clock, number)
    sqlite_database.write(lambda conn: conn.execute(text("DROP TRIGGER trail_entries_no_update")))
    sqlite_database.write(lambda conn: conn.execute(text("UPDATE trail_entries SET user_id = 'eve' WHERE seq = 2")))
    with sqlite_database.read() as conn:
        found = verify_database(conn).findings
    assert [(f.check, f.entry) for f in found] == [("projection", 2)]


def test_a_clock_that_steps_back_is_told_once_and_time_never_runs_backwards(database: Database) -> None:
    late, early = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 2, 11, tzinfo=UTC)
    act(database, FixedClock(late), 1)
    act(database, FixedClock(early), 2)
    act(database, FixedClock(early), 3)
    act(database, FixedClock(late - timedelta(seconds=5)), 4)
    with database.read() as conn:
        found = trail.entries(conn)
        assert verify_database(conn).integrity is State.INTACT
    steps = [e for e in found if e.action is Action.CLOCK_STEPPED_BACK]
    assert [(e.old, e.new) for e in steps][:1] == [(utc_text(late), utc_text(early))]
    assert [e.at for e in found] == sorted(e.at for e in found)
    assert sum(e.action is Action.ALARM_RAISED for e in found) == len(steps)


def test_entries_are_found_by_who_what_and_day(database: Database, clock: FixedClock) -> None:
    for number in range(4):
        act(database, clock, number)
    with database.read() as conn:
        assert len(trail.entries(conn, user="ann", since="2026-03-02", until="2026-03-02")) == 4
        assert [e.object_id for e in trail.entries(conn, object_id="s2")] == ["s2"]
        assert not trail.entries(conn, user="eve")
        assert trail.entries(conn, limit=1, newest_first=True)[0].object_id == "s3"


def test_a_spreadsheet_takes_no_cell_of_the_table_as_a_formula(sqlite_database: Database, clock: FixedClock) -> None:
    act(sqlite_database, clock, 2)
    with sqlite_database.read() as conn:
        assert "'=1+1" in export.table(trail.entries(conn))


def test_the_inspectors_tool_answers_by_exit_status(
    tmp_path: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "home.sqlite"
    database = open_database(f"sqlite:///{path}")
    database.write(tables.create_all)
    act(database, clock, 1)
    database.close()
    assert main(["export", "--database", f"sqlite:///{path}", "-o", str(tmp_path / "out")]) == 0
    assert main(["verify", str(tmp_path / "out")]) == 0
    assert main(["verify", str(path)]) == 0
    assert main(["verify", str(tmp_path / "nothing.jsonl")]) == 2
    body = (tmp_path / "out" / "trail.jsonl").read_text()
    (tmp_path / "out" / "trail.jsonl").write_text(body.replace("ann", "eve"))
    assert main(["verify", "--json", str(tmp_path / "out")]) == 1
    assert '"integrity": "broken"' in capsys.readouterr().out


def test_no_acknowledged_act_is_lost_when_the_process_is_killed(sqlite_database: Database, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom datetime import datetime, timezone\nfrom audit import trail\nfrom audit.actions import Action\n"
        "from audit.chain import Actor\nfrom audit.database import open_database\ndb = open_database(sys.argv[1])\n"
        "who = Actor('a', 'ann', 'Ann', 'writer')\nn = 0\nwhile True:\n    n += 1\n"
        "    db.write(lambda c: trail.append(c, at=datetime.now(timezone.utc), zone='UTC', actor=who, action=Action.SECTION_OPENED,"
        " object_kind='k', object_id=str(n)))\n    print(n, flush=True)\n"
    )
    url = str(sqlite_database.engine.url)
    seen = 0
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", script, url], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        acknowledged = 0
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged >= 20:
                process.kill()
                break
        process.stdout.close()
        process.wait()
        with sqlite_database.read() as conn:
            held = trail.count(conn)
            assert held >= seen + acknowledged
            assert verify_database(conn).integrity is State.INTACT
        seen = held


def test_a_content_that_was_altered_is_refused(sqlite_database: Database) -> None:
    key = sqlite_database.write(lambda conn: trail.put_content(conn, "as kept", media_type="text/plain"))
    with sqlite_database.read() as conn:
        assert trail.get_content(conn, key) == b"as kept"
        with pytest.raises(Refused):
            trail.get_content(conn, digest("never kept"))
