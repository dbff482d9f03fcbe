"""One cell of a long table is decided once, and a decision holds while what the sources say is what was compared."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, set_up
from sqlalchemy import Connection, insert, text

from audit import trail
from audit.clock import FixedClock, utc_text
from audit.database import Database
from corpus import preferences, records, tables
from corpus.ingest import ImportResult
from corpus.profile_toml import parse as profile
from corpus.profiles import ProfileSet
from drafting import clashes
from drafting.importing import import_files

LONG = """
name = "longres"
version = 1
delimiter = ","
title = "Long results"
kind = "sample"
key = ["batch", "parameter"]
layout = "long"
attribute = ["parameter"]
value = "value"
unit = "unit"
[columns.batch]
field = "batch"
[columns.parameter]
field = "parameter"
[columns.value]
field = "value"
[columns.unit]
field = "unit"
"""
RECORD, RESULT = "sample/K-2/Assay", "measurement/K-2/Assay"
Take = Callable[..., ImportResult]


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(database, clock, new_id, tmp_path)
    return Desk(replace(made.ctx, profiles=ProfileSet((profile(LONG.encode(), file="long.toml"),))), made.people)


@pytest.fixture
def take(desk: Desk, tmp_path: Path) -> Take:
    def take_in(name: str, *rows: str) -> ImportResult:
        (tmp_path / name).write_text("\n".join(["batch,parameter,value,unit", *rows]) + "\n", encoding="utf-8")
        return import_files(desk.ctx, paths=[tmp_path / name], actor=desk.actor("writer"))

    return take_in


def decide(desk: Desk, name: str, file: str) -> None:
    found = clashes.one(desk.ctx, name)
    assert found is not None
    clashes.prefer(
        desk.ctx, kind=found.kind, identifier=found.identifier, document_id=clashes.source_named(found, file).id, reason="Transcribed",
        actor=desk.actor("writer"), seen=found.seen,
    )  # fmt: skip


def listed(desk: Desk) -> list[str]:
    return [one.name for one in clashes.undecided(desk.ctx).items]


def said(desk: Desk) -> tuple[str, list[str]]:
    with desk.ctx.database.read() as conn:
        found = records.record(conn, "sample", "K-2/Assay")
        assert found is not None
        return found.get("value"), [m.literal for m in records.measurements(conn, batches=["K-2"])]


@pytest.mark.parametrize(("name", "other"), [(RECORD, RESULT), (RESULT, RECORD)])
def test_one_decision_is_on_the_record_and_on_the_result_of_its_cell(desk: Desk, take: Take, name: str, other: str) -> None:
    take("lims.csv", "K-1,Assay,99.1,%", "K-2,Assay,98.2,%")
    result = take("copy.csv", "K-1,Assay,99.1,%", "K-2,Assay,94.2,%")
    assert [c.name for c in result.clashes] == [RECORD]
    assert "say different things of 1 record" in result.warnings[-1]
    assert "(lims.csv row 3) is in force as the first here;" in result.warnings[-1]
    assert listed(desk) == [RECORD]
    decide(desk, name, "copy.csv")
    assert said(desk) == ("94.2", ["94.2"])
    assert listed(desk) == []
    with desk.ctx.database.read() as conn:
        (entry,) = trail.entries(conn, object_kind="clash")
        assert (entry.object_id, entry.new["also"]) == (name, [other])
        assert preferences.altered(conn) == []
    (made,) = clashes.decided(desk.ctx).items
    assert (made.name, made.also) == (name, (other,))
    decide(desk, other, "lims.csv")
    assert said(desk) == ("98.2", ["98.2"])
    assert [d.counts for d in clashes.decided(desk.ctx).items] == [True, False]


def test_a_decision_holds_while_both_sources_say_what_was_compared(desk: Desk, take: Take) -> None:
    take("lims.csv", "K-2,Assay,98.2,%")
    take("copy.csv", "K-2,Assay,94.2,%")
    decide(desk, RECORD, "copy.csv")
    for name, value in (("lims.csv", "98.2"), ("copy.csv", "94.2")):
        again = take(name, "K-9,Assay,90.1,%", f"K-2,Assay,{value},%")  # another version, in which it stands in another row
        assert (again.clashes, [w for w in again.warnings if "different things" in w]) == ([], [])
        assert listed(desk) == []
    held = clashes.one(desk.ctx, RECORD)
    assert held is not None
    assert held.why == "chosen by writer on 2026-03-02"

    changed = take("lims.csv", "K-2,Assay,97.0,%")
    assert [c.name for c in changed.clashes] == [RECORD]
    assert "chosen by writer on 2026-03-02 on other content: decide again" in changed.warnings[-1]
    assert said(desk) == ("94.2", ["94.2"])
    assert listed(desk) == [RECORD]
    take("lims.csv", "K-2,Assay,98.2,%")  # what was compared is back
    assert listed(desk) == []
    take("third.csv", "K-2,Assay,98.2,%")  # a source that the person did not compare
    assert listed(desk) == [RECORD]


def test_a_decision_of_which_the_compared_content_was_not_kept_holds_for_the_versions_of_then(
    desk: Desk, take: Take, clock: FixedClock
) -> None:
    take("lims.csv", "K-2,Assay,98.2,%")
    other = take("copy.csv", "K-2,Assay,94.2,%").documents[0]

    def as_before(conn: Connection) -> None:
        at = utc_text(clock.now())
        for seq, (kind, identifier) in ((9001, RECORD.split("/", 1)), (9002, RESULT.split("/", 1))):
            conn.execute(insert(tables.preferences).values(
                seq=seq, kind=kind, identifier=identifier, origin=other.id, document_id=other.id, reason="r", account_id="a",
                user_id="writer", at=at, hash="",
            ))  # fmt: skip
            conn.execute(insert(tables.decided).values(seq=seq, kind=kind, identifier=identifier, compared=""))

    desk.ctx.database.write(as_before)
    assert listed(desk) == []
    take("lims.csv", "K-1,Assay,90,%", "K-2,Assay,98.2,%")
    assert listed(desk) == [RECORD]


def test_what_a_decision_is_on_cannot_be_altered_unseen(desk: Desk, take: Take) -> None:
    take("lims.csv", "K-2,Assay,98.2,%")
    take("copy.csv", "K-2,Assay,94.2,%")
    decide(desk, RECORD, "copy.csv")
    database = desk.ctx.database
    with database.engine.begin() as conn:
        if database.engine.dialect.name == "sqlite":
            for trigger in conn.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'clash_decided'")
            ).all():
                conn.execute(text(f'DROP TRIGGER "{trigger}"'))
        else:
            conn.execute(text("ALTER TABLE clash_decided DISABLE TRIGGER USER"))
        conn.execute(text("UPDATE clash_decided SET identifier = 'K-1/Assay' WHERE kind = 'measurement'"))
    with database.read() as conn:
        assert preferences.altered(conn) == [f"the decision on {RECORD} is not what was said"]
