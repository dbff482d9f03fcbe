"""Readers of office files against the barest reading of the same bytes."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.measure import compared, row

SHEETS = 3  # the largest file of the folder, that many times
TABLE_ROWS, TABLE_COLUMNS = 2_000, 10
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def formats(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of the formats that have a barest reading."""
    return [spreadsheet(folder), word()]


def spreadsheet(folder: Path) -> dict[str, Any]:
    """Cells per second of a workbook of the folder's largest CSV file, with the row of each and the file's hash, against calamine."""
    import python_calamine as calamine

    from corpus.readers import spreadsheet as ours

    data, cells = _workbook(max(folder.glob("*.csv"), key=lambda path: path.stat().st_size))

    def bare() -> None:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()

    def with_places() -> None:
        hashlib.sha256(data).hexdigest()
        ours.read(data, file="bench.xlsx")

    ratio, mine = compared(bare, with_places)
    return row(
        "xlsx cells per second with locator and hash / bare calamine",
        ratio,
        "python-calamine to_python(), values only",
        ">= 0.5",
        cells=cells,
        cells_per_second=round(cells / mine),
    )


def _workbook(path: Path) -> tuple[bytes, int]:
    import openpyxl

    with path.open(newline="", encoding="utf-8-sig") as source:
        rows = [[_value(text) for text in line] for line in csv.reader(source, delimiter=";")]
    book = openpyxl.Workbook(write_only=True)
    for number in range(SHEETS):
        sheet = book.create_sheet(f"Extract {number}")
        for values in rows:
            sheet.append(values)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), SHEETS * sum(map(len, rows))


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def word() -> dict[str, Any]:
    """Time of a Word table as a grid and as text, against the text of its cells by plain lxml."""
    from lxml import etree

    from corpus.readers import word as ours

    data = _table()
    name = f"{{{_WORD}}}"

    def bare() -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            root = etree.fromstring(archive.read("word/document.xml"))
        for line in root.iter(f"{name}tr"):
            for cell in line.iter(f"{name}tc"):
                "".join(text.text or "" for text in cell.iter(f"{name}t"))

    ratio, mine = compared(bare, lambda: ours.read(data, file="bench.docx"))
    return row(
        f"docx {TABLE_ROWS:,} x {TABLE_COLUMNS} table / raw XML",
        1 / ratio,
        "lxml: parse, then the text of each cell",
        "<= 2",
        cells=TABLE_ROWS * TABLE_COLUMNS,
        milliseconds=round(mine * 1000, 1),
    )


def _table() -> bytes:
    """Return a document as Word writes one: each cell with its width, its paragraph and its run with a language."""
    cell = (
        '<w:tc><w:tcPr><w:tcW w:w="900" w:type="dxa"/></w:tcPr><w:p><w:r><w:rPr><w:lang w:val="en-GB"/></w:rPr>'
        "<w:t>{}</w:t></w:r></w:p></w:tc>"
    )
    lines = (
        "".join(cell.format(escape(f"{line * column / 8:g}")) for column in range(TABLE_COLUMNS))
        for line in range(TABLE_ROWS)
    )
    body = f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>')
    return buffer.getvalue()
