"""The same data as CSV, spreadsheet, Word table, ruled PDF table, XML and JSON give the same facts, cell by cell, each at its row."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

import pytest
from pdf_files import HEIGHT_OF_A_LINE, Pdf

from audit.chain import Actor
from audit.clock import FixedClock
from audit.database import Database, open_database
from corpus import records
from corpus.ingest import ImportResult, ingest
from corpus.profiles import load_profiles
from corpus.readers import delimited

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
PROFILES = load_profiles(SAMPLES / "profiles")
WHO = Actor("a1", "import", "Import Service", "service")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")  # what JSON can write as a number, letter for letter
Rows = Sequence[Sequence[str]]
SOURCES = {
    "laboratory": ("zagar/Laboratory.csv", 40),
    "deviation": ("synthetic/deviation.csv", 40),
    "oos": ("synthetic/oos.csv", 61),
}


def sample(name: str) -> list[list[str]]:
    """Return the header and the first rows of a sample, with a refused cell and a missing one among them."""
    file, count = SOURCES[name]
    rows = delimited.rows((SAMPLES / file).read_bytes(), file=file, delimiter=";", encoding="utf-8-sig")[: count + 1]
    if name == "laboratory":
        rows[3][rows[0].index("tbl_tensile")] = "1.412.698.315"  # as a spreadsheet's locale leaves it
        rows[4][rows[0].index("impurity_l")] = "#N/A"
        rows[5][rows[0].index("impurity_o")] = "<0.05"
    return rows


def as_csv(rows: Rows, path: Path) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";").writerows(rows)
    path.write_text(buffer.getvalue())


def as_xlsx(rows: Rows, path: Path) -> None:
    """Write numbers as numbers where a double says the same, else as text, as a careful person does."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([_number(cell) for cell in row])
    book.save(path)


def _number(cell: str) -> float | int | str | None:
    if re.fullmatch(r"[1-9]\d{0,14}", cell):
        return int(cell)
    return float(cell) if NUMBER.fullmatch(cell) and repr(float(cell)) == cell and not cell.endswith(".0") else cell or None


def as_docx(rows: Rows, path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("Extract of the laboratory system.")
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def as_pdf(rows: Rows, path: Path) -> None:
    """Write a ruled table over several pages, its header on each, long texts in several lines of their cell."""
    broken = [[_wrapped(cell) for cell in row] for row in rows]
    widths = [max(5.2 * max(map(len, cell.split("\n"))) + 6 for cell in column) for column in zip(*broken, strict=True)]
    made = Pdf(width=sum(widths) + 80, height=842).page()
    page = [broken[0]]
    for row in broken[1:]:
        if sum(HEIGHT_OF_A_LINE * max(cell.count("\n") + 1 for cell in r) for r in [*page, row]) > 400:
            made.table(40, 60, widths, page)
            made.page()
            page = [broken[0]]
        page.append(row)
    made.table(40, 60, widths, page)
    assert len(made.pages) > 1
    path.write_bytes(made.bytes())


def _wrapped(cell: str, length: int = 34) -> str:
    """Break a text at spaces, and within words after a hyphen, as a page does."""
    lines = [""]
    for word in re.split(r"(?<= )|(?<=[A-Za-z0-9]-)(?=[A-Za-z0-9])", cell):
        if len(lines[-1]) + len(word) > length and lines[-1]:
            lines.append("")
        lines[-1] += word
    return "\n".join(line.rstrip() for line in lines)


def as_xml(rows: Rows, path: Path) -> None:
    root = Element("extract", {"xmlns": "urn:site:lims"})
    for row in rows[1:]:
        item = SubElement(root, "entry")
        for name, cell in zip(rows[0], row, strict=True):
            SubElement(item, name).text = cell
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def as_json(rows: Rows, path: Path) -> None:
    """Write numbers as numbers of JSON, which keep their letters, missing ones as null."""
    items = []
    for row in rows[1:]:
        cells = (
            f"{json.dumps(name)}: {cell if NUMBER.fullmatch(cell) else json.dumps(cell) if cell else 'null'}"
            for name, cell in zip(rows[0], row, strict=True)
        )
        items.append("{" + ", ".join(cells) + "}")
    path.write_text('{"system": "LIMS", "rows": [' + ",\n".join(items) + "]}")


WRITERS: dict[str, Callable[[Rows, Path], None]] = {
    "csv": as_csv, "xlsx": as_xlsx, "docx": as_docx, "pdf": as_pdf, "xml": as_xml, "json": as_json,
}  # fmt: skip
HEADER_IN_FILE = {"csv": 1, "xlsx": 1, "docx": 1, "pdf": 1, "xml": 0, "json": 0}  # rows above the first record


def brought(suffix: str, name: str, folder: Path) -> tuple[Database, ImportResult]:
    """Import one sample in one format into a home of its own."""
    from conftest import create_tables

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.{suffix}"
    WRITERS[suffix](sample(name), path)
    database = open_database(f"sqlite:///{folder / 'home.sqlite'}")
    database.write(create_tables)
    numbers = iter(range(1, 10**6))
    result = ingest(
        database,
        FixedClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC)),
        lambda: f"id{next(numbers):06d}",
        paths=[path],
        profiles=PROFILES,
        actor=WHO,
        zone="UTC",
    )
    return database, result


def facts(database: Database, result: ImportResult, shift: int) -> dict[str, Any]:
    """Return what an import says, rows counted from the first record, without what names the file."""
    with database.read() as conn:
        found = records.current_records(conn)
        values = records.measurements(conn, primary_only=False)
        return {
            "records": [
                (r.kind, r.identifier, r.product, r.strength, r.date, r.date_precision, (r.row or 0) - shift, dict(r.fields))
                for r in sorted(found, key=lambda r: r.row or 0)
            ],
            "measurements": sorted(
                (m.row - shift, m.column, m.batch, m.product or "", m.attribute, m.literal, str(m.value), m.unit, m.state)
                for m in values
            ),
            "balance": (result.cells.cells_in, result.cells.imported, result.cells.refused, result.cells.missing),
            "refused": sorted((_moved(r.locator, shift), r.literal, r.reason) for r in result.refused),
        }


def _moved(locator: str, shift: int) -> str:
    return re.sub(r"^row (\d+)", lambda found: f"row {int(found[1]) - shift}", locator)


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("suffix", [s for s in WRITERS if s != "csv"])
def test_each_format_gives_the_facts_of_the_delimited_file(suffix: str, name: str, tmp_path: Path) -> None:
    reference, by_csv = brought("csv", name, tmp_path / "csv")
    other, by_other = brought(suffix, name, tmp_path / suffix)
    try:
        expected, found = facts(reference, by_csv, HEADER_IN_FILE["csv"]), facts(other, by_other, HEADER_IN_FILE[suffix])
        assert len(expected["records"]) == len(sample(name)) - 1
        assert expected["balance"][0] == expected["balance"][1] + expected["balance"][2] + expected["balance"][3]
        for part, cells in expected.items():
            assert found[part] == cells, part
        if name == "laboratory":
            assert len(found["measurements"]) == 40 * 45 - 1  # but for the refused cell
            assert ("row 3, tbl_tensile", "1.412.698.315") in {(where, literal) for where, literal, _ in found["refused"]}
            states = {m[8] for m in found["measurements"]}
            assert states == {"value", "missing", "censored"}
    finally:
        reference.close()
        other.close()


@pytest.mark.parametrize("suffix", WRITERS)
def test_each_place_leads_to_the_row_it_names(suffix: str, tmp_path: Path) -> None:
    database, _ = brought(suffix, "laboratory", tmp_path)
    try:
        with database.read() as conn:
            for record in records.current_records(conn, kind="batch"):
                header, near = records.source_rows(conn, record.document, row=record.row or 0, around=0)
                assert near[0][1][list(header).index("batch")] == record.identifier
                assert re.search(rf"row {record.row}(?: \(page \d+\))?, batch$", str(record.locator("batch")))
    finally:
        database.close()
