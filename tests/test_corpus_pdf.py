"""PDF: text with its place, tables where lines are ruled, nothing guessed; scans are refused by name or recognised as derived."""

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pdf_files import Pdf, written
from scans import need_recogniser, scan
from sqlalchemy import select

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import opening, records, search, tables
from corpus.ingest import ImportResult, ingest
from corpus.profiles import ProfileSet, read_profile
from corpus.readers import pdf
from corpus.workers import LocalWorkers
from drafting.evidence.scope import evidence

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
WHO = Actor("a1", "import", "Import Service", "service")
PROFILE = """
name = "yields"
version = 1
title = "Yields"
kind = "batch"
key = ["batch"]

[columns.batch]
field = "batch"

[columns.yield_total]
attribute = "yield_total"
type = "decimal"
unit = "%"

[columns.deviation]
field = "deviation"
pattern = 'DEV-\\d{4}-\\d{3}'

[columns.remark]
field = "remark"
"""
HEADER = ["batch", "yield_total", "deviation", "remark"]
WIDTHS = [60, 60, 90, 200]

Import = Callable[..., ImportResult]


@pytest.fixture
def profiles(tmp_path: Path) -> ProfileSet:
    path = tmp_path / "yields.toml"
    path.write_text(PROFILE)
    return ProfileSet((read_profile(path),))


@pytest.fixture
def bring(sqlite_database: Database, clock: Clock, new_id: Callable[[], str], profiles: ProfileSet) -> Import:
    def bring_in(*paths: Path, **more: object) -> ImportResult:
        arguments: dict[str, object] = {"profiles": profiles, "actor": WHO, "zone": "UTC", **more}
        return ingest(sqlite_database, clock, new_id, paths=paths, **arguments)  # type: ignore[arg-type]

    return bring_in


def read(document: Pdf | bytes) -> pdf.Contents:
    return pdf.read(document if isinstance(document, bytes) else document.bytes(), file="x.pdf")


def report(rows: list[list[str]]) -> Pdf:
    made = Pdf().page().text(60, 60, "Yields of March", 16)
    made.text(60, 90, "The yields below were reconciled on the day of packaging and are")
    made.text(60, 101, "complete.")
    made.table(60, 130, WIDTHS, [HEADER, *rows])
    return made


def test_text_and_ruled_tables_are_read_with_the_place_of_each() -> None:
    found = read(report([["B1", "97.10", "DEV-2020-014", "none"], ["B2", "<95", "", "see report"]]))
    assert [grid.part for grid in found.grids] == ["page 1, table 1"]
    assert found.grids[0].rows == (
        ("batch", "yield_total", "deviation", "remark"), ("B1", "97.10", "DEV-2020-014", "none"), ("B2", "<95", "", "see report"),
    )  # fmt: skip
    assert found.grids[0].numbers == (1, 2, 3)
    assert found.narrative is not None
    heading, paragraph, *rows = found.narrative.blocks
    assert (heading.text, heading.heading) == ("Yields of March", True)
    assert paragraph.text == "The yields below were reconciled on the day of packaging and are complete."
    assert [block.text for block in rows if block.grid == "page 1, table 1"][1] == "B1 | 97.10 | DEV-2020-014 | none"
    assert rows[1].place == "page 1, box 60,142,470,154"  # the row's own lines: 12 points below the table's upper edge
    left, top, right, bottom = map(int, paragraph.place.removeprefix("page 1, box ").split(","))
    assert (left, right > 300, 80 <= top <= 84, 101 <= bottom <= 105) == (60, True, True, True)


def test_a_table_becomes_records_and_every_cell_is_accounted_for(
    bring: Import, sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "yields.pdf"
    path.write_bytes(report([["B1", "97.10", "DEV-2020-\n014", "two\nlines"], ["B2", "9\n7.2", "", ""]]).bytes())
    done = bring(path)
    cells = done.cells
    assert (cells.cells_in, cells.imported, cells.refused, cells.missing) == (8, 5, 1, 2)
    assert [(r.file, r.locator, r.literal) for r in done.refused] == [
        ("yields.pdf, page 1, table 1", "row 3, yield_total", "9 7.2")  # a number that a page broke is never put together
    ]
    with sqlite_database.read() as conn:
        first, second = records.current_records(conn, kind="batch")
        assert dict(first.fields) == {"batch": "B1", "deviation": "DEV-2020-014", "remark": "two lines"}
        assert str(second.locator("batch")) == "yields.pdf, page 1, table 1 row 3, batch"
        value = records.measurements(conn, batches=["B1"])[0]
        assert (value.literal, value.unit, str(value.locator)) == (
            "97.10",
            "%",
            "yields.pdf, page 1, table 1 row 2, yield_total",
        )
        texts = [p.text for p in records.passages(conn)]
    assert any("reconciled" in text for text in texts)
    assert not any("97.10" in text for text in texts)  # rows taken as a table are not text once more
    assert bring(path).documents == []


def test_a_key_that_a_page_broke_is_refused_and_not_guessed(bring: Import, tmp_path: Path) -> None:
    path = tmp_path / "keys.pdf"
    path.write_bytes(report([["B1", "97.10", "", ""], ["BATCH\n2", "97.20", "", ""]]).bytes())
    done = bring(path)
    assert done.records == {"batch": 1}
    assert {r.reason for r in done.refused} == {
        "its page ends a line within it: whether a space belongs there cannot be told",
        "the row cannot be placed: its batch was refused",
    }


def test_a_header_that_a_page_broke_is_known_all_the_same(bring: Import, tmp_path: Path) -> None:
    made = Pdf().page()
    made.table(60, 60, WIDTHS, [["batch", "yield_\ntotal", "devia\ntion", "remark"], ["B1", "97.10", "", ""]])
    path = tmp_path / "narrow.pdf"
    path.write_bytes(made.bytes())
    assert bring(path).measurements == 1


def test_a_table_goes_on_over_pages_where_its_header_is_repeated() -> None:
    made = report([["B1", "97.1", "", ""], ["B2", "97.2", "", ""]])
    made.page().table(60, 60, WIDTHS, [HEADER, ["B3", "97.3", "", ""]])
    made.page().table(60, 60, WIDTHS, [HEADER, ["B4", "97.4", "", ""]])
    found = read(made)
    assert [grid.part for grid in found.grids] == ["page 1, table 1"]
    assert [row[0] for row in found.grids[0].rows] == ["batch", "B1", "B2", "B3", "B4"]
    assert found.grids[0].numbers == (1, 2, 3, 4, 5)
    assert found.narrative is not None
    rows = [block for block in found.narrative.blocks if block.grid]
    assert len(rows) == len(found.grids[0].rows)  # a block a row: a viewer finds the page of row 4
    assert rows[3].place.startswith("page 2, box")


def test_a_table_without_its_header_on_the_next_page_is_told_and_not_joined(bring: Import, tmp_path: Path) -> None:
    made = report([["B1", "97.1", "", ""]])
    made.page().table(60, 60, WIDTHS, [["B2", "97.2", "", ""], ["B3", "97.3", "", ""]])
    found = read(made)
    assert [(grid.part, grid.continues) for grid in found.grids] == [
        ("page 1, table 1", ""),
        ("page 2, table 1", "page 1, table 1"),
    ]
    path = tmp_path / "yields.pdf"
    path.write_bytes(made.bytes())
    done = bring(path)
    assert done.notes == [
        "yields.pdf: page 2, table 1: the columns of page 1, table 1 without its header: read as a table of its own."
    ]
    assert done.measurements == 1


LONG_TEXT = ["B2", "97.2", "DEV-2020-014", "the blender stopped and"]
REST = ["", "", "", "was started again"]


def brought(bring: Import, tmp_path: Path, *pages: list[list[str]]) -> ImportResult:
    made = Pdf()
    for rows in pages:
        made.page().table(60, 60, WIDTHS, rows)
    path = tmp_path / "split.pdf"
    path.write_bytes(made.bytes())
    return bring(path)


def remarks(database: Database) -> dict[str, str]:
    with database.read() as conn:
        return {r.identifier: r.get("remark") for r in records.current_records(conn, kind="batch")}


@pytest.mark.parametrize("header", [[HEADER], []], ids=["header repeated", "no header"])
def test_a_row_that_a_page_broke_is_joined_where_its_rest_has_no_key(
    header: list[list[str]], bring: Import, tmp_path: Path, sqlite_database: Database
) -> None:
    after = ["B3", "97.3", "", ""]
    done = brought(bring, tmp_path, [HEADER, ["B1", "97.1", "", ""], LONG_TEXT], [*header, REST, after], [*header, REST])
    assert done.refused == []
    assert done.notes == []
    assert done.cells.tree() == {"in": 12, "imported": 9, "refused": 0, "missing": 3, "skipped": 0}
    assert remarks(sqlite_database) == {
        "B1": "",
        "B2": "the blender stopped and was started again",
        "B3": "was started again",
    }
    with sqlite_database.read() as conn:
        assert [m.locator.place for m in records.measurements(conn)] == [
            "row 2, yield_total",
            "row 3, yield_total",
            "row 5 (page 2), yield_total",
        ]


UNCERTAIN = {
    "a number in both halves": ([["B1", "97.1", "", ""], LONG_TEXT], ["", "97.3", "", "was started again"]),
    "a key is left out elsewhere": ([["B1", "97.1", "", ""], ["", "97.15", "", ""], LONG_TEXT], REST),
    "the key ends as a line that goes on": (
        [["B1", "97.1", "", ""], ["B-", "97.2", "", "the blender"]],
        ["2", "", "", "stopped"],
    ),
}


@pytest.mark.parametrize("header", [[HEADER], []], ids=["header repeated", "no header"])
@pytest.mark.parametrize("case", UNCERTAIN)
def test_rows_that_may_be_halves_are_refused_and_never_two(
    case: str, header: list[list[str]], bring: Import, tmp_path: Path, sqlite_database: Database
) -> None:
    first, rest = UNCERTAIN[case]
    if not header and rest[0]:
        pytest.skip("a table without a header whose first row has a key stays a table of its own")
    done = brought(bring, tmp_path, [HEADER, *first], [*header, rest, ["B3", "97.3", "", ""]])
    last = len(first) + 1
    reasons = {r.locator.partition(",")[0]: r.reason for r in done.refused if "page" in r.reason}
    assert set(reasons) == {f"row {last}", f"row {last + 1} (page 2)"}
    assert f"row {last + 1} at the top of the next page" in reasons[f"row {last}"]
    assert f"row {last} of the page before" in reasons[f"row {last + 1} (page 2)"]
    assert remarks(sqlite_database) == {"B1": "", **({"B3": ""} if header else {})}
    assert done.cells.holds
    assert len(done.notes) == (0 if header else 1)


def test_a_total_at_the_top_of_a_page_is_no_rest_of_a_row(bring: Import, tmp_path: Path, profiles: ProfileSet) -> None:
    totals = ProfileSet((replace(profiles.profiles[0], skip_rows_starting=("Total",)),))
    made = report([["B1", "97.1", "", "x"]])
    made.page().table(60, 60, WIDTHS, [HEADER, ["", "Total 97.1", "", ""], ["B2", "97.2", "", ""]])
    path = tmp_path / "totals.pdf"
    path.write_bytes(made.bytes())
    done = bring(path, profiles=totals)
    assert done.refused == []
    assert done.measurements == 2


def test_text_in_columns_without_lines_stays_text() -> None:
    made = Pdf().page()
    for n, row in enumerate([HEADER, ["B1", "97.1", "", "x"]]):
        for x, cell in zip((60, 150, 240, 330), row, strict=True):
            made.text(x, 80 + 14 * n, cell)
    assert read(made).grids == ()


def test_text_over_the_border_of_its_cell_is_marked_on_both_sides(bring: Import, tmp_path: Path) -> None:
    made = Pdf().page()
    made.table(60, 60, [40, 45, 90, 60], [HEADER, ["B1", "97.10000000000000", "DEV-2020-014", ""]])
    grid = read(made).grids[0]
    assert grid.rows[1][1].endswith("�")
    assert grid.rows[1][2].startswith("�")
    path = tmp_path / "over.pdf"
    path.write_bytes(made.bytes())
    reasons = {r.locator: r.reason for r in bring(path).refused}
    assert set(reasons) == {"row 2, yield_total", "row 2, deviation"}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_and_cropped_pages_are_read_upright_and_placed_as_shown(turn: int) -> None:
    made = report([["B1", "97.1", "", ""]])
    made.extra[0] = f"/Rotate {turn} /CropBox [20 30 575 800]"
    found = read(made)
    assert found.grids[0].rows[1] == ("B1", "97.1", "", "")
    assert found.narrative is not None
    row = next(b for b in found.narrative.blocks if b.text.startswith("B1"))
    expected = {  # the row lies at 60..470 across and 142..154 down; cropped by 20 left, 42 above, 20 right, 30 below
        0: "40,100,450,112", 90: "658,40,670,450", 180: "105,658,515,670", 270: "100,105,112,515",
    }  # fmt: skip
    assert row.place == f"page 1, box {expected[turn]}"


def test_fields_and_comments_typed_into_a_page_are_read() -> None:
    made = Pdf().page().text(60, 60, "Batch record page 4")
    made.annotation("/Subtype /Widget /FT /Tx /T (tablet weight) /V (251.3 mg) /Rect [60 700 120 715]")
    made.annotation("/Subtype /Text /Contents (checked twice) /Rect [60 600 80 620]")
    made.annotation("/Subtype /Widget /FT /Tx /T (empty) /Rect [60 500 120 515]")
    found = read(made).narrative
    assert found is not None
    assert [(b.text, b.place) for b in found.blocks[:2]] == [
        ("form field tablet weight: 251.3 mg", "page 1, box 60,127,120,142"),
        ("comment: checked twice", "page 1, box 60,222,80,242"),
    ]


def test_a_hyphen_at_the_end_of_a_line_is_kept() -> None:
    found = read(
        Pdf().page().text(60, 60, "Found in DEV-2020-").text(60, 71, "014 and in-").text(60, 82, "process.")
    ).narrative
    assert found is not None
    assert found.blocks[0].text == "Found in DEV-2020-014 and in-process."


def test_a_file_without_letters_is_an_outcome_of_its_own(bring: Import, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(Pdf().page().picture(*scan("Batch 17")).page().picture(*scan("Yield")).bytes())
    with pytest.raises(Invalid, match=r"^no text layer: scan\.pdf holds 2 pages"):
        bring(path)
    other = tmp_path / "other.pdf"
    other.write_bytes(report([["B1", "97.1", "", ""]]).bytes())
    done = bring(path, other)
    assert [(r.file, r.locator) for r in done.refused] == [("scan.pdf", "whole file")]
    assert done.refused[0].reason.startswith("no text layer")


def test_pages_without_letters_beside_others_are_told() -> None:
    made = report([["B1", "97.1", "", ""]]).page().picture(*scan("Yield"))
    assert read(made).notes == ("page 2: no text layer; what it shows was not read.",)
    found = read(made.page().picture(*scan("Batch")).page())
    assert found.notes == ("page 4: blank.", "pages 2, 3: no text layer; what they show was not read.")
    assert found.unread


def test_a_blank_page_is_told_and_hides_nothing() -> None:
    found = read(report([["B1", "97.1", "", ""]]).page().page())
    assert (found.notes, found.unread) == (("pages 2, 3: blank.",), False)


def test_rows_of_a_table_over_pages_are_cited_by_their_page(
    bring: Import, tmp_path: Path, sqlite_database: Database
) -> None:
    rows = [[f"B{n}", "97.1" if n != 6 else "97x", "", ""] for n in range(1, 7)]
    done = brought(bring, tmp_path, [HEADER, *rows[:2]], [HEADER, *rows[2:4]], [HEADER, *rows[4:]])
    (refused,) = done.refused
    assert refused.locator.startswith("row 7 (page 3), ")
    with sqlite_database.read() as conn:
        found = records.current_records(conn, kind="batch")
        assert [r.locator().place.partition(",")[0] for r in found] == [
            "row 2", "row 3", "row 4 (page 2)", "row 5 (page 2)", "row 6 (page 3)", "row 7 (page 3)",
        ]  # fmt: skip
        assert [str(m.locator) for m in records.measurements(conn)][-1].endswith(
            "page 1, table 1 row 6 (page 3), yield_total"
        )
        assert [evidence(r).tree().get("page") for r in found] == [None, None, 2, 2, 3, 3]  # packs of before keep their hash
        assert [evidence(r).place() for r in found][1:3] == [
            "split.pdf, page 1, table 1 row 3", "split.pdf, page 1, table 1 row 4 (page 2)",
        ]  # fmt: skip
        document = found[0].document
        shown = opening.page(conn, document, first=1, count=50)
        (cell,) = [c for c in opening.cells(conn, document, shown, 7) if c.refused]
        assert (cell.written, opening.row_of(refused.locator)) == ("97x", 7)


def test_recognised_text_is_a_document_of_its_own_marked_derived(
    bring: Import, sqlite_database: Database, tmp_path: Path
) -> None:
    need_recogniser()
    path = tmp_path / "DEV-2020-077.pdf"
    made = report([["B1", "97.1", "", ""]]).page().picture(*scan("The sealing station stopped twice"))
    path.write_bytes(made.bytes())
    done = bring(path, ocr=True)
    derived = [d for d in done.documents if d.derived]
    assert [d.shown for d in derived] == ["DEV-2020-077.pdf, recognised text"]
    assert done.records == {"batch": 1, "deviation_narrative": 1}  # none of them from what was recognised
    with sqlite_database.read() as conn:
        passages = records.passages(conn)
        recognised = [p for p in passages if p.document_id == derived[0].id]
        assert [p.text for p in recognised] == ["The sealing station stopped twice"]
        assert recognised[0].place.startswith("page 2 (recognised), box")
        assert all("sealing" not in p.text for p in passages if p.document_id != derived[0].id)
        body = conn.scalar(select(tables.documents.c.body).where(tables.documents.c.id == derived[0].id))
    assert '"derived":true' in (body or "")
    hits = search.search(sqlite_database, None, text="sealing station", product=None, k=3, kind=None)
    assert "recognised" in str(hits[0].locator)
    assert bring(path, ocr=True).documents == []


PASSWORD = Pdf().page().text(60, 60, "secret")
BAD = {
    "empty": (b"", "is no PDF file"),
    "other": (b"PK\x03\x04 something else", "is no PDF file"),
    "header only": (b"%PDF-1.4\n", "damaged"),
    "no pages": (written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]), "damaged"),
    "page tree that loops": (
        written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]), "damaged: none of its 1 page",
    ),
    "a billion pages": (
        written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", b"<< /Type /Page >>"]),
        "no text layer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_damaged_files_are_refused_with_the_reason(name: str) -> None:
    data, reason = BAD[name]
    with pytest.raises(Invalid, match=reason):
        read(data)


def test_an_encrypted_file_is_refused_with_the_reason() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(report([["B1", "97.1", "", ""]]).bytes())))
    writer.encrypt("password", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(Invalid, match="encrypted"):
        read(buffer.getvalue())


@pytest.mark.parametrize("trailer", [b"", b"startxref\n99999999\n%%EOF\n"])
def test_a_file_whose_cross_references_are_wrong_is_read_whole(trailer: bytes) -> None:
    data = report([["B1", "97.1", "", ""]]).bytes()
    damaged = data[: data.rindex(b"startxref")].replace(b"0000000009", b"0000009999") + trailer
    assert read(damaged).grids[0].rows[1][:2] == ("B1", "97.1")  # pdfium finds the objects without the table


def test_a_drawing_of_many_lines_is_no_table_and_does_not_hang(bring: Import, tmp_path: Path) -> None:
    made = report([["B1", "97.1", "", ""]])
    for n in range(25_000):
        made.line(10, 10 + n % 700, 11 + n % 500, 10 + n % 700)
    path = tmp_path / "drawing.pdf"
    path.write_bytes(made.bytes())
    workers = LocalWorkers(1)
    try:
        done = bring(path, workers=workers)
    finally:
        workers.close()
    assert any("more lines are drawn than a table has" in note for note in done.notes)


@pytest.mark.office
def test_a_word_document_saved_as_pdf_holds_the_same_tables_and_description(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer")
    source = SAMPLES / "narratives" / "DEV-2020-003.docx"
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf", "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    found = read((tmp_path / "DEV-2020-003.pdf").read_bytes())
    assert found.narrative is not None
    assert found.narrative.about["id"] == "DEV-2020-003"
    assert found.narrative.about["title"] == "Batch yield below the limit after feeder blockage"
    from corpus.readers.word import read_docx

    rows = [b.text for b in read_docx(source.read_bytes(), file=source.name).blocks if b.place.startswith("table")]
    ours = [b.text for b in found.narrative.blocks if b.grid]
    assert ["".join(row.split()) for row in ours] == ["".join(row.split()) for row in rows]  # narrow columns break words
