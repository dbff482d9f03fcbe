"""Import keeps bytes, accounts for every cell, refuses by row and column, changes nothing twice, and leaves an entry."""

import csv
import io
import json
import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from corpus import keeping, plausibility, records, tables
from corpus.ingest import ImportResult, ingest
from corpus.profiles import load_profiles
from corpus.readers import delimited
from corpus.reading import read_table

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
PROFILES = load_profiles(SAMPLES / "profiles")
WHO = Actor("a1", "import", "Import Service", "service")
CELLS = {"Laboratory.csv": (55_275, 563), "Process.csv": (35_175, 108), "Normalization.csv": (75, 0)}

Import = Callable[..., ImportResult]


@pytest.fixture
def corpus_database(database: Database) -> Database:
    if not inspect(database.engine).has_table("documents"):
        database.write(tables.create_all)
    return database


@pytest.fixture
def bring(corpus_database: Database, clock: Clock, new_id: Callable[[], str]) -> Import:
    def bring_in(*paths: Path, **more: object) -> ImportResult:
        arguments: dict[str, object] = {"profiles": PROFILES, "actor": WHO, "zone": "UTC", **more}
        return ingest(corpus_database, clock, new_id, paths=paths, **arguments)  # type: ignore[arg-type]

    return bring_in


def write(path: Path, rows: list[list[str]]) -> Path:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";").writerows(rows)
    path.write_bytes(buffer.getvalue().encode())
    return path


def real(name: str) -> list[list[str]]:
    data = (SAMPLES / "zagar" / name).read_bytes()
    return delimited.rows(data, file=name, delimiter=";", encoding="utf-8-sig")


def damaged(rows: list[list[str]], count: int, seed: int) -> set[tuple[int, str, str]]:
    """Turn decimals into the form that a spreadsheet's locale leaves, and return row, column and literal of each."""
    spots = [
        (r, c) for r in range(1, len(rows)) for c in range(10, len(rows[0])) if re.fullmatch(r"\d+\.\d{5,}", rows[r][c])
    ]
    made = set()
    for r, c in random.Random(seed).sample(spots, count):
        digits = rows[r][c].replace(".", "")
        rows[r][c] = ".".join([digits[:1]] + [digits[i : i + 3] for i in range(1, len(digits), 3)])
        made.add((r + 1, rows[0][c], rows[r][c]))
    return made


@pytest.mark.parametrize("name", CELLS)
def test_every_cell_of_the_real_files_is_accounted_for(name: str) -> None:
    rows = real(name)
    read = read_table(PROFILES.recognise(rows[0], file=name), rows)
    assert read.balance.holds
    assert (read.balance.cells_in, read.balance.missing, read.balance.refused) == (*CELLS[name], 0)
    assert read.balance.cells_in == (len(rows) - 1) * len(rows[0])


@pytest.mark.parametrize("seed", range(5))
def test_fifty_cells_damaged_by_a_locale_are_refused_by_row_and_column_and_no_others(seed: int) -> None:
    rows = real("Laboratory.csv")
    spots = damaged(rows, 50, seed)
    read = read_table(PROFILES.named("laboratory"), rows)
    assert {(r.place, r.literal) for r in read.refusals} == {(f"row {row}, {column}", was) for row, column, was in spots}
    assert all("grouped digits" in refusal.reason for refusal in read.refusals)
    assert read.balance.holds
    assert read.balance.refused == 50
    assert len(read.records) == 1005  # the rest of each row goes in


def test_the_real_files_go_in_with_bytes_records_and_entries(bring: Import, corpus_database: Database) -> None:
    result = bring(SAMPLES / "zagar")
    assert result.records == {"batch": 1005, "process_summary": 1005, "product": 25}
    assert (result.cells.cells_in, result.cells.refused, result.cells.missing) == (90_525, 0, 671)
    with corpus_database.read() as conn:
        for document in result.documents:
            kept = records.document_bytes(conn, document)
            assert kept == (SAMPLES / "zagar" / document.name).read_bytes()
        assert keeping.altered(conn) == []
        found = trail.entries(conn, object_kind="source_document")
        assert [entry.action for entry in found] == [Action.SOURCE_IMPORTED] * 3
        assert {entry.new["balance"]["in"] for entry in found} == {cells for cells, _ in CELLS.values()}
        year = records.current_records(conn, product="17", kind="batch", since="2020-05-01", until="2021-04-30")
        assert len(year) == 134
        assert {batch.date_precision for batch in year} == {"month"}
        value = records.measurements(conn, batches=["1"], attributes=["tbl_tensile"])[0]
        assert (value.literal, value.value, value.unit) == ("1.412698315", Decimal("1.412698315"), "")
        assert str(value.locator) == "Laboratory.csv row 2, tbl_tensile"
        header, near = records.source_rows(conn, year[0].document, row=2, around=1)
        assert [number for number, _ in near] == [2, 3]
        assert near[0][1][header.index("tbl_tensile")] == "1.412698315"
        copies = records.measurements(conn, batches=["988"], attributes=["impurity_o"], primary_only=False)
        assert [(m.state, m.primary, m.literal) for m in copies if not m.primary] == [("missing", False, "#N/A")]


def test_the_contradictions_of_the_real_files_are_found_with_their_cells(bring: Import, corpus_database: Database) -> None:
    bring(SAMPLES / "zagar" / "Laboratory.csv")
    with corpus_database.read() as conn:
        found = plausibility.contradictions(records.measurements(conn))
    counts = {attributes: sum(c.attributes == attributes for c in found) for attributes in {c.attributes for c in found}}
    assert counts == {
        ("tbl_min_hardness", "tbl_av_hardness", "tbl_max_hardness"): 479,
        ("fct_min_hardness", "fct_av_hardness", "fct_max_hardness"): 337,
        ("impurity_o", "impurities_total"): 20,
        ("fct_min_thickness", "fct_max_thickness"): 2,
    }
    first = next(c for c in found if c.batch == "1")
    assert [str(locator) for locator in first.locators] == [
        "Laboratory.csv row 2, fct_min_hardness",
        "Laboratory.csv row 2, fct_av_hardness",
        "Laboratory.csv row 2, fct_max_hardness",
    ]


def test_the_same_bytes_again_change_nothing(bring: Import, corpus_database: Database) -> None:
    file = SAMPLES / "zagar" / "Normalization.csv"
    bring(file)
    again = bring(file)
    assert (again.documents, again.unchanged) == ([], ["Normalization.csv"])
    with corpus_database.read() as conn:
        assert records.sequence(conn) == 1
        assert trail.count(conn) == 1


def test_other_bytes_under_the_name_supersede_and_keep_the_old(
    bring: Import, corpus_database: Database, tmp_path: Path
) -> None:
    old = bring(SAMPLES / "zagar" / "Normalization.csv").documents[0]
    rows = real("Normalization.csv")
    rows[17][1] = "1920001"
    new = bring(write(tmp_path / "Normalization.csv", rows)).documents[0]
    assert (new.version, new.supersedes, new.sequence) == (2, old.id, 2)
    with corpus_database.read() as conn:
        assert [d.id for d in records.documents(conn)] == [new.id]
        assert [d.id for d in records.documents(conn, current_only=False)] == [old.id, new.id]
        current = records.current_records(conn, kind="product", identifiers=["17"])
        assert [r.fields["batch_size"] for r in current] == ["1920001"]
        assert b"1920001" not in records.document_bytes(conn, old)
        actions = [entry.action for entry in trail.entries(conn, object_kind="source_document")]
        assert actions.count(Action.SOURCE_SUPERSEDED) == 1


def test_a_value_changed_behind_the_trail_is_found(bring: Import, corpus_database: Database) -> None:
    bring(SAMPLES / "zagar" / "Normalization.csv")
    with pytest.raises(SQLAlchemyError, match="append-only"), corpus_database.engine.begin() as conn:
        conn.execute(text("UPDATE records SET product = '18' WHERE identifier = '17'"))
    drop = (
        "DROP TRIGGER records_no_update"
        if corpus_database.dialect_name == "sqlite"
        else "DROP TRIGGER records_no_change ON records"
    )
    with corpus_database.engine.begin() as conn:
        conn.execute(text(drop))
        conn.execute(text("UPDATE records SET product = '18' WHERE identifier = '17'"))
    with corpus_database.read() as conn:
        assert keeping.altered(conn) == ["Normalization.csv (import 1): its records are not those that were imported"]


def test_whoever_rewrites_rows_and_their_hash_still_contradicts_the_trail(bring: Import, corpus_database: Database) -> None:
    document = bring(SAMPLES / "zagar" / "Normalization.csv").documents[0]
    sqlite = corpus_database.dialect_name == "sqlite"
    verb = "update" if sqlite else "change"
    with corpus_database.engine.begin() as conn:
        for table in ("records", "documents"):
            conn.execute(text(f"DROP TRIGGER {table}_no_{verb}" + ("" if sqlite else f" ON {table}")))
        conn.execute(text("UPDATE records SET product = '18' WHERE identifier = '17'"))
        body = json.loads(conn.scalar(text("SELECT body FROM documents")) or "")
        body["result"] = keeping.result_digest(keeping.stored_rows(conn, document.id))
        rewritten = canonical(body)
        conn.execute(text("UPDATE documents SET body = :body, hash = :hash"), {"body": rewritten, "hash": digest(rewritten)})
    with corpus_database.read() as conn:
        assert keeping.altered(conn) == [
            "Normalization.csv (import 1): its description was changed",
            "Normalization.csv (import 1): its records are not those that were imported",
        ]


def test_the_whole_sample_corpus_goes_in_and_only_the_real_files_are_not_synthetic(
    bring: Import, corpus_database: Database
) -> None:
    result = bring(SAMPLES)
    assert result.refused == []
    assert result.cells.holds
    with corpus_database.read() as conn:
        found = records.documents(conn)
        assert all(document.balance.holds for document in found)
        assert {document.name for document in found if not document.synthetic} == set(CELLS)
        narratives = records.passages(conn, record_identifier="DEV-2020-014", kind="deviation_narrative")
        assert narratives
        assert {str(passage.locator).split()[0] for passage in narratives} == {"DEV-2020-014.docx"}
        assert keeping.altered(conn) == []


def test_a_new_version_with_fewer_records_is_told(bring: Import, tmp_path: Path) -> None:
    whole = SAMPLES / "zagar" / "Normalization.csv"
    lines = whole.read_text(encoding="utf-8-sig").splitlines()
    assert bring(whole).warnings == []
    part = tmp_path / "Normalization.csv"
    part.write_text("\n".join(lines[:6]) + "\n", encoding="utf-8")
    (told,) = bring(part).warnings
    assert "holds 5 record(s)" in told
    assert "held 25" in told
