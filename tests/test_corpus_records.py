"""What was imported is read back as it was written, in scope and order, with the place of each value."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

import audit.tables
import corpus.tables
from audit.chain import Actor
from audit.clock import Clock, FixedClock, random_id
from audit.database import Database, open_database
from audit.errors import NotFound, Problem, Tampered
from corpus import keeping, records
from corpus.ingest import ImportResult, ingest
from corpus.model import Balance
from corpus.profiles import ProfileSet, load_profiles

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
REAL = SAMPLES / "zagar"
ACTOR = Actor("a1", "m.lead", "Mara Lead", "training_lead", "s1")

NewId = Callable[[], str]


@pytest.fixture(scope="module")
def profiles() -> ProfileSet:
    return load_profiles(SAMPLES / "profiles")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, profiles: ProfileSet) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('real')}/real.db")
    opened.write(audit.tables.create_all)
    opened.write(corpus.tables.create_all)
    clock = FixedClock(datetime(2026, 5, 4, 8, tzinfo=UTC))
    ingest(opened, clock, random_id, paths=[REAL], profiles=profiles, actor=ACTOR, zone="UTC")
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Database:
    if not inspect(database.engine).has_table("documents"):
        database.write(corpus.tables.create_all)
    return database


def test_the_gaps_of_the_second_source_are_missing_and_the_first_has_the_values(imported: Database) -> None:
    with imported.read() as conn:
        measured = records.measurements(conn, primary_only=False)
    gaps = [m for m in measured if not m.primary and m.literal == "#N/A"]
    assert len(gaps) == 108
    assert {(m.state, m.value) for m in gaps} == {("missing", None)}
    first = {(m.batch, m.attribute): m.state for m in measured if m.primary}
    assert {first[m.batch, m.attribute] for m in gaps} == {"value"}


def real_rows(name: str) -> list[list[str]]:
    content = (REAL / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))


def test_each_stored_literal_is_the_cell_of_the_file(imported: Database) -> None:
    header, *rows = real_rows("Laboratory")
    with imported.read() as conn:
        measured = {(m.row, m.column): m for m in records.measurements(conn) if m.document_name == "Laboratory.csv"}
        batches = {r.row: r for r in records.current_records(conn, kind="batch")}
    for number, row in enumerate(rows, start=2):
        for column, literal in zip(header, row, strict=True):
            if (number, column) not in measured:
                field = {"code": "product_code", "size": "target_batch_size"}.get(column, column)
                assert batches[number].get(field) == literal.strip()
                continue
            cell = measured[number, column]
            assert cell.literal == literal.strip()
            assert cell.value == (Decimal(literal) if cell.state == "value" else None)


def test_records_come_by_product_and_period_with_their_places(imported: Database) -> None:
    with imported.read() as conn:
        scope = records.current_records(conn, product="17", kind="batch", since="2020-05-01", until="2021-04-30")
        assert len(scope) == 134
        assert scope[0].date == "2020-05"
        assert scope[0].date_precision == "month"
        assert [r.identifier for r in scope[:3]] == sorted((r.identifier for r in scope[:3]), key=int)
        edge = records.current_records(conn, product="17", kind="batch", since="2020-05-20", until="2020-05-21")
        assert {r.date for r in edge} == {"2020-05"}  # a month that only overlaps is given: the caller decides
        one = records.record(conn, "batch", scope[0].identifier)
        assert one == scope[0]
        assert str(one.locator("start")) == f"Laboratory.csv row {one.row}, start"
        assert one.get("start").count(".") == 1
        solvent = records.measurements(conn, batches=[one.identifier], attributes=["residual_solvent"], primary_only=False)
        assert [str(m.locator) for m in solvent] == [
            f"Laboratory.csv row {one.row}, resodual_solvent",
            f"Process.csv row {next(m.row for m in solvent if not m.primary)}, Residual solvent",
        ]
        assert records.record(conn, "batch", "no such") is None
        assert records.records_by_id(conn, [one.id])[one.id] == one
        everything = records.measurements(conn, batches=[str(n) for n in range(1, 701)], attributes=["dissolution_av"])
        assert len(everything) == 700
        assert len(records.current_records(conn, kinds=["batch", "product"])) == 1030


def test_a_cell_is_shown_with_its_row_from_the_kept_bytes(imported: Database) -> None:
    with imported.read() as conn:
        laboratory = next(d for d in records.documents(conn) if d.name == "Laboratory.csv")
        assert records.document_bytes(conn, laboratory) == (REAL / "Laboratory.csv").read_bytes()
        header, rows = records.source_rows(conn, laboratory, row=518)
        assert header[0] == "batch"
        assert [(number, cells[0]) for number, cells in rows] == [
            (n, real_rows("Laboratory")[n - 1][0]) for n in (517, 518, 519)
        ]
        assert [number for number, _ in records.source_rows(conn, laboratory, row=2)[1]] == [2, 3]
        with pytest.raises(NotFound):
            records.source_rows(conn, laboratory, row=1007)


HEADER = "batch;code;start;assay;note"
PROFILE = """
name = "small"
version = 1
title = "A small table"
kind = "batch"
missing = ["", "#N/A"]
key = ["batch"]
product = "product_code"
date = "start"
months = { maj = 5, jun = 6 }

[columns.batch]
field = "batch"
type = "integer"

[columns.code]
field = "product_code"

[columns.start]
field = "start"
type = "month"

[columns.assay]
attribute = "assay"
type = "decimal"
unit = "%"

[columns.note]
field = "note"
passage = true
"""


@pytest.fixture
def small(tmp_path: Path) -> ProfileSet:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "small.toml").write_text(PROFILE, encoding="utf-8")
    return load_profiles(folder)


def table(tmp_path: Path, *rows: str, header: str = HEADER, name: str = "small.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def take(store: Database, clock: Clock, new_id: NewId, profiles: ProfileSet, *paths: Path, **more: str) -> ImportResult:
    return ingest(store, clock, new_id, paths=paths, profiles=profiles, actor=ACTOR, zone="UTC", **more)


def test_both_databases_give_back_what_went_in(
    store: Database, clock: Clock, new_id: NewId, small: ProfileSet, tmp_path: Path
) -> None:
    path = table(tmp_path, "10;7;jun.20;99.10;second", "9;7;maj.20;<0.05;first", "8;8;maj.20;#N/A;")
    result = take(store, clock, new_id, small, path)
    assert result.cells == Balance(15, 13, 0, 2)
    with store.read() as conn:
        assert [r.identifier for r in records.current_records(conn, product="7")] == ["9", "10"]
        measured = records.measurements(conn)
        assert [(m.batch, m.literal, m.value, m.state) for m in measured] == [
            ("8", "#N/A", None, "missing"),
            ("9", "<0.05", None, "censored"),
            ("10", "99.10", Decimal("99.10"), "value"),
        ]
        assert [(p.place, p.text) for p in records.passages(conn, product="7")] == [
            ("row 2, note", "second"),
            ("row 3, note", "first"),
        ]
        assert keeping.altered(conn) == []
        document = records.documents(conn)[0]
        assert records.document(conn, document.id) == document
        assert (document.columns["product_code"], document.units["assay"]) == ("code", "%")
        assert records.source_rows(conn, document.id, row=3, around=0)[1][0][1][3] == "<0.05"


def test_a_changed_file_supersedes_and_the_old_version_stays_readable(
    store: Database, clock: Clock, new_id: NewId, small: ProfileSet, tmp_path: Path
) -> None:
    first = take(store, clock, new_id, small, table(tmp_path, "1;7;maj.20;99.1;x", "2;7;maj.20;98;y")).documents[0]
    second = take(store, clock, new_id, small, table(tmp_path, "1;7;maj.20;97.5;x")).documents[0]
    third = take(store, clock, new_id, small, table(tmp_path, "1;7;maj.20;97.5;x")).unchanged
    assert (second.version, second.supersedes, third) == (2, first.id, ["small.csv"])
    with store.read() as conn:
        assert [m.literal for m in records.measurements(conn)] == ["97.5"]
        assert [r.identifier for r in records.current_records(conn)] == ["1"]
        assert [d.id for d in records.documents(conn, current_only=False)] == [first.id, second.id]
        assert records.is_current(conn, second.id)
        assert not records.is_current(conn, first.id)
        assert records.source_rows(conn, first, row=3)[1][-1][1][3] == "98"
        assert records.sequence(conn) == 2


def test_where_two_current_files_describe_one_batch_the_one_that_was_first_counts(
    store: Database, clock: Clock, new_id: NewId, small: ProfileSet, tmp_path: Path
) -> None:
    take(store, clock, new_id, small, table(tmp_path, "1;7;maj.20;99.1;x", name="a.csv"))
    take(store, clock, new_id, small, table(tmp_path, "1;7;maj.20;97.5;y", name="b.csv"))
    with store.read() as conn:
        assert [(r.identifier, r.get("note")) for r in records.current_records(conn)] == [("1", "x")]
        assert [m.literal for m in records.measurements(conn)] == ["99.1"]


def test_a_profile_of_another_version_reads_the_same_bytes_anew(
    store: Database, clock: Clock, new_id: NewId, small: ProfileSet, tmp_path: Path
) -> None:
    path = table(tmp_path, "1;7;maj.20;99.1;x")
    take(store, clock, new_id, small, path)
    newer = ProfileSet((replace(small.profiles[0], version=2, sha256="other"),))
    assert take(store, clock, new_id, newer, path).documents[0].version == 2


def test_altered_rows_and_bytes_are_found(
    store: Database, clock: Clock, new_id: NewId, small: ProfileSet, tmp_path: Path
) -> None:
    document = take(store, clock, new_id, small, table(tmp_path, "1;7;maj.20;99.1;x")).documents[0]

    def tamper(conn: Connection) -> None:
        nothing = "x'00'" if store.dialect_name == "sqlite" else "'\\x00'::bytea"
        for table_name, column, value in (("measurements", "value", "'99.9'"), ("contents", "body", nothing)):
            if store.dialect_name == "sqlite":
                conn.execute(text(f"DROP TRIGGER {table_name}_no_update"))
            else:
                conn.execute(text(f"ALTER TABLE {table_name} DISABLE TRIGGER ALL"))
            conn.execute(text(f"UPDATE {table_name} SET {column} = {value}"))  # noqa: S608

    with pytest.raises(Problem, match="append-only"):
        store.write(lambda conn: conn.execute(text("UPDATE measurements SET value = '99.9'")))
    store.write(tamper)
    with store.read() as conn:
        assert "small.csv" in keeping.altered(conn)[0]
        with pytest.raises(Tampered):
            records.document_bytes(conn, document)


def test_a_file_is_recognised_under_other_delimiters_and_its_rows_are_shown(
    store: Database, clock: Clock, new_id: NewId, small: ProfileSet, tmp_path: Path
) -> None:
    path = tmp_path / "small.csv"
    path.write_text(HEADER.replace(";", ",") + "\r\n1,7,maj.20,99.1,x\r\n,,,,\r\n\r\n", encoding="utf-8-sig", newline="")
    result = take(store, clock, new_id, small, path)
    assert result.cells == Balance(10, 5, 5, 0)  # a row of empty cells has no key
    with store.read() as conn:
        assert records.source_rows(conn, result.documents[0], row=2, around=0)[1] == [(2, ["1", "7", "maj.20", "99.1", "x"])]
