"""What readers told of a file is kept with it, vouched for by its import, and stands in the viewer's data, the exports and staleness."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
from desk import Desk, report_view, set_up
from office_files import saved
from sqlalchemy import text

from audit import trail
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.verify import State
from corpus import notes, records
from corpus.profiles import load_profiles
from drafting.exporting import export_report
from drafting.generate import draft_report
from drafting.importing import import_files
from drafting.projections import verify_home
from prompts.outline import load_outlines

SAMPLES = Path(str(files("corpus") / "samples"))
LATE = "OOS-2021-001"
HIDDEN = "sheet First: hidden rows, read as the others: 2"


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(database, clock, new_id, tmp_path)
    outline = load_outlines()["apr_us"]
    few = replace(outline, sections=tuple(s for s in outline.sections if s.key == "oos_oot"))
    profiles = load_profiles(SAMPLES / "profiles")
    return Desk(replace(made.ctx, outlines={**made.ctx.outlines, "apr_us": few}, profiles=profiles), made.people)


def bring(desk: Desk, folder: Path, *, late: bool = True) -> None:
    """Import a workbook of OOS records: row 2 of its first sheet hidden, a sheet that no profile knows, and perhaps a third sheet."""
    header, *lines = [
        line.split(";") for line in (SAMPLES / "synthetic" / "oos.csv").read_text(encoding="utf-8").splitlines()
    ]
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheets = {
        "First": [header, *(line for line in lines if line[0] != LATE)],
        "Private": [["a", "b"], ["c", "d"]],
        **({"Late": [header, *(line for line in lines if line[0] == LATE)]} if late else {}),
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["First"].row_dimensions[2].hidden = True
    book["Private"].sheet_state = "hidden"
    path = folder / "oos.xlsx"
    path.write_bytes(saved(book))
    import_files(desk.ctx, paths=[path], actor=desk.actor("writer"))


def drafted(desk: Desk) -> str:
    import_files(desk.ctx, paths=[SAMPLES / "zagar" / "Laboratory.csv"], actor=desk.actor("writer"))
    return draft_report(
        desk.ctx, kind="apr_us", product="17", period_from="2020-05-01", period_to="2021-04-30", actor=desk.actor("writer")
    ).report_id


def test_notes_are_kept_with_the_document_they_are_about(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path)
    with desk.ctx.database.read() as conn:
        found = {d.part: d for d in records.documents(conn)}
        told = notes.of_documents(conn, [d.id for d in found.values()])
        first, late = told[found["sheet First"].id], told[found["sheet Late"].id]
        assert HIDDEN in first
        assert HIDDEN not in late
        assert "sheet Private: a hidden sheet" in first
        assert any(note.startswith("sheet Private: not taken: ") for note in late)
        entries = trail.entries(conn, object_kind="source_document", action=str(Action.SOURCE_IMPORTED))
        assert [sorted(entry.rows or {}) for entry in entries] == [["document_notes"], ["document_notes"]]
        assert verify_home(conn).findings == ()


def test_many_and_long_notes_are_bounded_and_say_so() -> None:
    (kept,) = notes.of_parts(["x" * 9_999, *(f"note {n}" for n in range(notes.MOST + 5))], [""])
    assert len(kept) == notes.MOST + 1
    assert max(map(len, kept)) == notes.LONGEST
    assert kept[-1] == "and 6 more notes, which the file itself shows"
    assert notes.of_parts(["a half letter \ud800"], [""]) == [("a half letter \\ud800",)]


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("document_notes", "UPDATE document_notes SET text = 'nothing is hidden' WHERE number = 1"),
        ("document_notes", "DELETE FROM document_notes WHERE number = 1"),
        ("document_withdrawals", "DELETE FROM document_withdrawals"),
        ("document_withdrawals", "UPDATE document_withdrawals SET reason = 'other'"),
        ("sources", "DELETE FROM contents WHERE media_type = 'application/json'"),
        ("seal", "UPDATE key_seals SET sealed = '{}' WHERE account_id = 'a-writer'"),
    ],
)
def test_what_was_altered_or_taken_away_is_found(desk: Desk, tmp_path: Path, table: str, statement: str) -> None:
    from test_drafting_integrity import forge

    bring(desk, tmp_path)
    bring(desk, tmp_path, late=False)
    forge(desk.ctx.database, statement)
    with desk.ctx.database.read() as conn:
        verdict = verify_home(conn)
    assert verdict.integrity is State.BROKEN
    assert any(table in f"{finding.check}: {finding.message}" for finding in verdict.findings)


def test_exports_print_the_notes_of_the_files_that_they_rest_on(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path)
    report = drafted(desk)
    data, _ = export_report(desk.ctx, report, fmt="json", actor=desk.actor("auditor"))
    told = {one["document"]: one["notes"] for one in json.loads(data)["source_notes"]}
    assert HIDDEN in told["oos.xlsx, sheet First"]
    word, _ = export_report(desk.ctx, report, fmt="docx", actor=desk.actor("auditor"))
    body = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode()
    assert "What else stands in these files" in body
    assert HIDDEN in body


def test_a_section_that_used_a_withdrawn_part_is_stale_and_says_why(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path)
    report = drafted(desk)
    assert report_view(desk.ctx, report).sections[0].stale == ""
    bring(desk, tmp_path, late=False)
    stale = report_view(desk.ctx, report).sections[0].stale
    assert "oos.xlsx no longer holds sheet Late: it is not in the file of oos.xlsx, sheet First, version 2" in stale


def test_an_extract_and_its_confirmation_are_vouched_for_row_by_row(desk: Desk, tmp_path: Path) -> None:
    from test_drafting_integrity import forge

    from corpus.stated import parse
    from drafting.extracts import confirm, state

    bring(desk, tmp_path)
    said = b'system = "LIMS"\nquery = "all"\nextracted_on = 2020-12-31\nextracted_by = "J. Novak"\n[[files]]\nname = "oos.xlsx"\npart = "sheet Late"\nrows = 1\n'
    (made,) = state(desk.ctx, said=parse(said, file="said.toml"), actor=desk.actor("writer"))
    confirm(desk.ctx, extract_id=made.id, reason="", actor=desk.actor("reviewer"))
    with desk.ctx.database.read() as conn:
        assert verify_home(conn).findings == ()
        at = conn.scalar(text("SELECT at FROM extracts"))
    for table in ("extracts", "extract_confirmations"):
        forge(desk.ctx.database, f"UPDATE {table} SET at = '2020-01-01'")  # noqa: S608 - names of our own tables
        with desk.ctx.database.read() as conn:
            assert [f.check for f in verify_home(conn).findings] == ["rows"]
        forge(desk.ctx.database, f"UPDATE {table} SET at = '{at}'".replace(":", "\\:"))  # noqa: S608 - as above
