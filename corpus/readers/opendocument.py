"""Read OpenDocument spreadsheets (.ods) into one grid a sheet, its rows numbered as the program shows them.

The file holds its numbers and days as letters (`office:value="93.330"`), so they are taken letter for letter; moments and
durations without their seconds where these are zero, as other spreadsheets give them. A text is its paragraphs. Rows and cells that are said to repeat are repeated where they hold something, within the same bounds
as other spreadsheets; empty ones are only counted. A merged range has its value in its first cell. Hidden sheets, rows and columns
are read, and told in the notes.
"""

import re
from typing import Any

from audit.errors import Invalid
from corpus.readers import package
from corpus.readers.contents import Contents, DayCell, Grid, NumberCell, PercentCell
from corpus.readers.sheetxml import LARGEST_UNPACKED, LONGEST_FORMULA, MOST_CELLS, MOST_COLUMNS, hidden, listed

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_N = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DURATION = re.compile(r"(-?)PT([0-9]+)H([0-9]{1,2})M([0-9]{1,2})(?:[.,]0+)?S")
_HIDDEN = ("collapse", "filter")
_WHAT = "OpenDocument spreadsheet"


def read(data: bytes, *, file: str) -> Contents:
    """Read every sheet of an OpenDocument spreadsheet; raise Invalid with the reason where it cannot be read."""
    with package.opened(data, file=file, what=_WHAT, largest=LARGEST_UNPACKED) as archive:
        if b"encryption-data" in package.part(archive, "META-INF/manifest.xml"):
            raise Invalid(f"{file}: protected by a password.", remedy="Save it without a password.")
        content = package.part(archive, "content.xml")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise Invalid(f"{file}: its part content.xml declares entities.", remedy="Do not import it.")
        root = package.parsed(content)
    styles, percents = _hidden_styles(root), _percent_styles(root)
    grids: list[Grid] = []
    notes: list[str] = []
    left = MOST_CELLS
    for table in root.iterfind(f"{_O}body/{_O}spreadsheet/{_T}table"):
        sheet = _Sheet(f"sheet {table.get(f'{_T}name', '')}", file, left, percents)
        told = ["a hidden sheet"] if table.get(f"{_T}style-name") in styles else []
        grid = sheet.read(table)
        left -= sheet.cells
        notes += [f"{grid.part}: {note}" for note in (*told, *grid.notes)]
        if grid.rows:
            grids.append(grid)
    if not grids:
        raise Invalid(f"{file}: no sheet has a cell with a value.", remedy="Check the file.")
    return Contents(grids=tuple(grids), notes=tuple(notes))


def _hidden_styles(root: Any) -> set[str]:
    found = root.iterfind(f"{_O}automatic-styles/{_S}style")
    return {s.get(f"{_S}name") for s in found if any(p.get(f"{_T}display") == "false" for p in s)}


def _percent_styles(root: Any) -> frozenset[str]:
    """Return the styles of cells that show a number as per cent."""
    own = root.find(f"{_O}automatic-styles")
    if own is None:
        return frozenset()
    percents = {style.get(f"{_S}name") for style in own.iterfind(f"{_N}percentage-style")}
    found = (s for s in own.iterfind(f"{_S}style") if s.get(f"{_S}data-style-name") in percents)
    return frozenset(style.get(f"{_S}name", "") for style in found)


class _Sheet:
    """One sheet while it is read."""

    def __init__(self, part: str, file: str, left: int, percents: frozenset[str]) -> None:
        self.part, self.file, self.left, self.percents = part, file, left, percents
        self.rows: list[tuple[str, ...]] = []
        self.numbers: list[int] = []
        self.cells = self.merged = self.formulas = 0
        self.lost: list[str] = []
        self.hidden_rows: list[str] = []
        self.hidden_columns: list[str] = []

    def read(self, table: Any) -> Grid:
        """Read the rows of a sheet, through groups and header rows."""
        number = 1
        for row in table.iter(f"{_T}table-row"):
            repeated = _count(row, "number-rows-repeated")
            if row.get(f"{_T}visibility") in _HIDDEN and len(row):
                self.hidden_rows.append(str(number) if repeated == 1 else f"{number}-{number + repeated - 1}")
            cells = self._row(row, number)
            if any(cells):
                self._bound(repeated * len(cells))
                self.rows += [tuple(cells)] * repeated
                self.numbers += range(number, number + repeated)
            number += repeated
        column = 1
        for one in table.iter(f"{_T}table-column"):
            many = _count(one, "number-columns-repeated")
            if one.get(f"{_T}visibility") in _HIDDEN:
                self.hidden_columns.append(f"{column}-{column + many - 1}")
            column += many
        return Grid(self.part, tuple(self.rows), tuple(self.numbers), tuple(self._notes()))

    def _row(self, row: Any, number: int) -> list[str]:
        cells: list[str] = []
        waiting = 0  # empty cells, which count only where something stands right of them
        for cell in row.iterchildren(f"{_T}table-cell", f"{_T}covered-table-cell"):
            many = _count(cell, "number-columns-repeated")
            text = "" if cell.tag == f"{_T}covered-table-cell" else self._cell(cell, number)
            if not text:
                waiting += many
                continue
            if len(cells) + waiting + many > MOST_COLUMNS:
                raise Invalid(f"{self.file}, {self.part}: more than {MOST_COLUMNS} columns.", remedy="Check the sheet.")
            cells += [""] * waiting + [text] * many
            waiting = 0
        return cells

    def _cell(self, cell: Any, number: int) -> str:
        spans = _count(cell, "number-columns-spanned") * _count(cell, "number-rows-spanned")
        self.merged += spans > 1
        text = _literal(cell, self.percents)
        formula = cell.get(f"{_T}formula")
        if formula is None:
            return text
        self.formulas += bool(text)
        if text:
            return text
        self.lost.append(f"row {number}")
        return f"={formula.partition('=')[2]}"[:LONGEST_FORMULA]

    def _bound(self, more: int) -> None:
        self.cells += more
        if self.cells > self.left:
            raise Invalid(f"{self.file}, {self.part}: more than {MOST_CELLS} cells.", remedy="Split the workbook.")

    def _notes(self) -> list[str]:
        found = [f"{self.formulas} formulas, read as the values that the program kept"] if self.formulas else []
        if self.lost:
            found.append(f"formulas without a kept value: {listed(self.lost)}; open and save it in its program")
        found += hidden(self.hidden_rows, self.hidden_columns)
        return [*found, f"{self.merged} merged ranges, each with its value in its first cell"] if self.merged else found


def _count(element: Any, name: str) -> int:
    written = element.get(f"{_T}{name}", "1")
    return max(1, int(written[:12])) if written.isascii() and written.isdigit() else 1


def _literal(cell: Any, percents: frozenset[str]) -> str:
    kept = cell.get(f"{_O}boolean-value")
    if kept is not None:
        return str(kept).upper()
    text = "\n".join("".join(_pieces(paragraph)) for paragraph in cell.iterchildren(f"{_X}p"))
    if text.startswith(("#", "Err:")) and cell.get(f"{_T}formula"):
        return text  # an error beside the number that stands for it
    number, day, duration = (cell.get(f"{_O}{name}") for name in ("value", "date-value", "time-value"))
    if day is not None:
        return DayCell(re.sub(r"(T[0-9]{2}:[0-9]{2}):00(?:\.0+)?$", r"\1", day))
    if duration is not None:
        return _clock(duration)
    if number is None:
        return text
    percent = cell.get(f"{_O}value-type") == "percentage" or cell.get(f"{_T}style-name") in percents
    return PercentCell(number) if percent else NumberCell(number)


def _clock(written: str) -> str:
    found = _DURATION.fullmatch(written)
    if found is None:
        return written
    sign, hours, minutes, seconds = found.groups()
    return f"{sign}{hours}:{minutes:0>2}" + ("" if int(seconds) == 0 else f":{seconds:0>2}")


def _pieces(paragraph: Any) -> list[str]:
    found = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{_X}s":
            found.append(" " * min(_spaces(child), 1_000))
        elif child.tag in (f"{_X}tab", f"{_X}line-break"):
            found.append(" ")
        elif isinstance(child.tag, str) and child.tag != f"{_O}annotation":
            found += _pieces(child)
        found.append(child.tail or "")
    return found


def _spaces(element: Any) -> int:
    written = element.get(f"{_X}c", "1")
    return int(written[:6]) if written.isascii() and written.isdigit() else 1
