"""Look through the XML of an .xlsx workbook for what calamine does not tell, and for what it must not be given.

Promise: a sheet whose cells span more than it may is refused before anything is allocated for it. A sheet as programs usually
write it, without formulas and errors, costs a few searches of its bytes; any other is walked element by element.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from audit.errors import Invalid
from corpus.readers import numberformats, package
from corpus.readers.contents import NumberCell

LARGEST_UNPACKED = 768 * 1024 * 1024
MOST_CELLS = 20_000_000
MOST_COLUMNS = 2_000
LONGEST_FORMULA = 200
_LISTED = 10  # places that a note names
_NARROW = 702  # columns A to ZZ
_UNUSUAL = (
    rb'<c(?! r="[A-Z]{1,2}[0-9]{1,%d}")'  # a cell whose place is not said first, or lies beyond column ZZ or what rows say
)
_ROW = re.compile(rb'<row[^>]*? r="([0-9]+)"')
_COLUMN = re.compile(rb'<c r="([A-Z]+)')
_CELL_ROW = re.compile(rb'<c r="[A-Z]+([0-9]+)')
_ODD = (  # what needs a walk, or hides what does; looked for by its rarest letter first, which is much faster
    (b"#", b't="e"'),
    (b"f", b"<f"),
    (b"!", b"<!"),
    (b"'", b"='"),
    (b"&", b"&#"),
    (b"h", b' hidden="'),
)
_WHOLE = re.compile(r"-?[0-9]{16,}")
_PLACE = re.compile(r"([A-Za-z]+)([0-9]+)")


@dataclass(frozen=True)
class Special:
    """What a sheet holds beside plain values: literals by row number and column (from 0), and what a person is told."""

    cells: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    percents: Mapping[int, Sequence[int]] = field(default_factory=dict)  # columns shown as per cent, by row number


def checked(archive: zipfile.ZipFile, *, file: str) -> tuple[bytes, dict[int, Special]]:
    """Return the XML of a workbook as a package that need not be unpacked again, and what is special of each sheet by its position.

    What was checked is what is read afterwards: every part was unpacked to its end, within the size that it declares. Raise
    Invalid where a part declares entities or spans too much.
    """
    sheets = {part: (position, name) for position, (name, part) in enumerate(_sheets(archive, file))}
    styles = numberformats.of_package(archive)
    found: dict[int, Special] = {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as unpacked:
        for part in archive.namelist():
            if not part.endswith((".xml", ".rels")):
                continue
            xml = package.part(archive, part)
            if b"!" in xml and (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml):
                raise Invalid(f"{file}: its part {part} declares entities.", remedy="Do not import it.")
            if part in sheets or b"sheetData" in xml:  # calamine finds sheets, too, that no relation rightly names
                position, name = sheets.get(part, (-1, part))
                found[position] = _special(xml, f"{file}, sheet {name}", styles)
            unpacked.writestr(part, xml)
    return buffer.getvalue(), found


def walk(data: bytes, position: int, *, file: str) -> Special:
    """Walk one sheet whatever it holds: for whole numbers that a double does not keep."""
    with package.opened(data, file=file, what="spreadsheet", largest=LARGEST_UNPACKED) as archive:
        name, part = _sheets(archive, file)[position]
        return _Walk(f"{file}, sheet {name}", numberformats.of_package(archive)).over(package.part(archive, part))


def _sheets(archive: zipfile.ZipFile, file: str) -> list[tuple[str, str]]:
    """Return name and part of each sheet, in the order of the workbook."""
    book = next((n for n in archive.namelist() if n.endswith("workbook.xml")), None)
    if book is None:
        raise Invalid(f"{file}: a package without a workbook, so it is no spreadsheet.", remedy="Save it as .xlsx.")
    folder, name = posixpath.split(book)
    relations = package.parsed(package.part(archive, f"{folder}/_rels/{name}.rels"))
    targets = {
        r.get("Id"): posixpath.normpath(posixpath.join("/" + folder, r.get("Target", ""))).lstrip("/")
        for r in relations.iterchildren("*")
    }
    found = []
    for sheet in package.parsed(package.part(archive, book)).iterfind("{*}sheets/{*}sheet"):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        found.append((sheet.get("name", ""), targets.get(identity, "")))
    return found


def _special(xml: bytes, where: str, styles: frozenset[str]) -> Special:
    digits = max(map(len, _ROW.findall(xml)), default=0)
    if not _is_usual(xml, digits):
        return _Walk(where, styles).over(xml)
    if 10**digits * _NARROW > MOST_CELLS:
        columns = _widest(xml)
        exactly = 10**digits * columns > MOST_CELLS
        check_span(max(map(int, _CELL_ROW.findall(xml)), default=0) if exactly else 10**digits, columns, where)
    return Special(percents=_percents(xml, styles))


def _percents(xml: bytes, styles: frozenset[str]) -> dict[int, list[int]]:
    """Return the cells that have one of the styles, in a sheet that is written as programs write them."""
    found: dict[int, list[int]] = {}
    if any(f' s="{style}"'.encode() in xml for style in styles):
        style = "|".join(sorted(styles)).encode()
        places = re.findall(rb'<c r="([A-Z]+)([0-9]+)"(?: [a-z]+="[^"]*")*? s="(?:%b)"' % style, xml)
        columns = {letters: column_of(letters.decode()) for letters in {letters for letters, _ in places}}
        for number, cells in groupby(places, key=itemgetter(1)):
            found.setdefault(int(number), []).extend(columns[letters] for letters, _ in cells)
    return found


def _is_usual(xml: bytes, digits: int) -> bool:
    """Tell whether no cell's row has more digits than the rows have, and whether a sheet is written as programs write them, each cell with its place first, and holds plain values only."""
    start = xml.find(b"<sheetData")
    end = xml.find(b"</sheetData", start)
    if min(start, end) < 0 or b"<worksheet" not in xml[:start] or b' hidden="' in xml[:start]:
        return False
    if any(xml.find(letter, start, end) >= 0 and xml.find(mark, start, end) >= 0 for letter, mark in _ODD):
        return False
    return re.compile(_UNUSUAL % max(digits, 1)).search(xml, start, end) is None


def _widest(xml: bytes) -> int:
    return max((column_of(letters.decode()) + 1 for letters in set(_COLUMN.findall(xml))), default=0)


def check_span(rows: int, columns: int, where: str) -> None:
    """Raise Invalid where the cells of a sheet span more than it may."""
    if columns > MOST_COLUMNS:
        raise Invalid(
            f"{where}: more than {MOST_COLUMNS} columns.", remedy="Check the sheet; delete stray cells at its edge."
        )
    if rows * columns > MOST_CELLS:
        raise Invalid(
            f"{where}: its cells span {rows} rows and {columns} columns, more than {MOST_CELLS} cells.",
            remedy="Delete stray cells at its edge, or split it.",
        )


def column_of(letters: str) -> int:
    """Return the position of a column, from 0."""
    number = 0
    for letter in letters[:8]:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Walk:
    """One walk over the elements of a sheet."""

    def __init__(self, where: str, styles: frozenset[str]) -> None:
        self.where, self.styles = where, styles
        self.cells: dict[int, dict[int, str]] = {}
        self.percents: dict[int, list[int]] = {}
        self.formulas = 0
        self.lost: list[str] = []
        self.hidden_rows: list[str] = []
        self.hidden_columns: list[str] = []
        self.row = self.column = 0
        self.rows = self.columns = 0

    def over(self, xml: bytes) -> Special:
        """Walk the sheet and say what was found."""
        for element in package.walked(xml, ("{*}row", "{*}col", "{*}c")):
            kind = element.tag.rpartition("}")[2]
            if kind == "c":
                self._cell(element)
            elif kind == "row":
                self._row(element)
            elif element.get("hidden") in ("1", "true"):
                self.hidden_columns.append(f"{element.get('min')}-{element.get('max')}")
        check_span(self.rows, self.columns, self.where)
        return Special(self.cells, tuple(self._notes()), self.percents)

    def _row(self, element: Any) -> None:
        self.row = int(element.get("r") or self.row + 1)
        self.column = 0
        if element.get("hidden") in ("1", "true"):
            self.hidden_rows.append(str(self.row))

    def _cell(self, cell: Any) -> None:
        place = _PLACE.fullmatch(cell.get("r") or "")
        above = cell.getparent()  # none where a cell is all that a part holds
        row = int(place[2]) if place else int((above.get("r") if above is not None else None) or self.row + 1)
        column = column_of(place[1].upper()) if place else self.column
        self.column = column + 1
        self.rows, self.columns = max(self.rows, row), max(self.columns, column + 1)
        if self.columns > MOST_COLUMNS:  # told at once: the rest of such a sheet need not be walked
            check_span(self.rows, self.columns, self.where)
        if cell.get("s") in self.styles:
            self.percents.setdefault(row, []).append(column)
        formula, value = cell.find("{*}f"), cell.findtext("{*}v") or ""
        if formula is not None:
            self.formulas += 1
            if not value and cell.find("{*}is") is None and cell.get("t") != "str":
                self.lost.append(cell.get("r") or f"row {row}")
                self._put(row, column, f"={(formula.text or '(shared formula)')[:LONGEST_FORMULA]}")
        if cell.get("t") == "e" and value:
            self._put(row, column, value)
        elif cell.get("t", "n") == "n" and _WHOLE.fullmatch(value):
            self._put(row, column, NumberCell(value))

    def _put(self, row: int, column: int, text: str) -> None:
        self.cells.setdefault(row, {})[column] = text

    def _notes(self) -> list[str]:
        found = []
        if self.formulas > len(self.lost):
            found.append(f"{self.formulas - len(self.lost)} formulas, read as the values that the program kept")
        if self.lost:
            found.append(f"formulas without a kept value: {listed(self.lost)}; open and save it in its program")
        return found + hidden(self.hidden_rows, self.hidden_columns)


def hidden(rows: list[str], columns: list[str]) -> list[str]:
    """Say which rows and columns were hidden."""
    found = [f"hidden rows, read as the others: {listed(rows)}"] if rows else []
    return found + ([f"hidden columns, read as the others: {listed(columns)}"] if columns else [])


def listed(places: list[str]) -> str:
    """Name the first places, and how many more there are."""
    more = f" and {len(places) - _LISTED} more" if len(places) > _LISTED else ""
    return ", ".join(places[:_LISTED]) + more
