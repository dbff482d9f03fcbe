"""Read spreadsheets (.xlsx, .xlsm, .xls by calamine) into one grid a sheet, its rows numbered as the program shows them.

What the literal of a cell is:

- a number: the shortest decimal that names the stored double, without an exponent. Excel stores binary doubles, and writes the
  typed 8.7 as `8.6999999999999993`; the shortest decimal gives 8.7 back, and every number a person can type (15 digits) as
  it was typed. A computed 0.30000000000000004 stays that, although Excel shows 0.3: rounding it would be a computation, and would
  differ from the same value in a CSV file. Such numbers are counted in the notes. Whole numbers of 16 digits and more
  (identifiers) are taken from the file letter for letter where it holds letters (.xlsx).
- percent, currency and the like: the stored number; 98.5 % is 0.985. A format is not another value; that a cell is shown as per cent
  is kept with it (`PercentCell`), for columns whose unit is per cent.
- a date or time: ISO text (2020-05-01, 2020-05-01T13:30); midnight is a date, a duration is hours:minutes.
- TRUE and FALSE, and errors (#N/A), as they are shown.
- a formula: the value that the program kept. Where none was kept, the formula itself, so that it is refused as a number and seen.

Numbers and days keep that they are cells of that kind (`NumberCell`, `DayCell`): a profile's decimal mark and form of dates
concern texts only. A merged range has its value in its first cell. Hidden sheets, rows and columns are read, and told in the notes.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from audit.errors import Invalid
from corpus.readers import biff, package, sheetxml
from corpus.readers.contents import Contents, DayCell, Grid, NumberCell, PercentCell
from corpus.readers.sheetxml import LARGEST_UNPACKED, MOST_CELLS, Special, check_span

MOST_SHEETS = 500
_DIGITS = 15  # that a spreadsheet shows of a number
_WHAT = "spreadsheet"
_PLAIN_FROM, _PLAIN_TO = 1e-4, 1e15  # between them a double is written without an exponent
_REMEMBERED = 65_536  # literals of one sheet
_LONGEST_EXPONENT = 40  # beyond it a number is left with its exponent


def read(data: bytes, *, file: str) -> Contents:
    """Read every sheet of a workbook; raise Invalid with the reason where it cannot be read."""
    sheets = _opened(data, file)
    names = _names([sheet.meta.name for sheet in sheets])
    grids: list[Grid] = []
    told: list[str] = []
    cells = 0
    for sheet, name in zip(sheets, names, strict=True):
        grid, notes = _grid(sheet, name, file)
        cells += sum(map(len, grid.rows))
        if cells > MOST_CELLS:
            raise Invalid(f"{file}: more than {MOST_CELLS} cells.", remedy="Split the workbook.")
        told += [f"{grid.part}: {note}" for note in notes]
        if grid.rows:
            grids.append(grid)
    if not grids:
        raise Invalid(f"{file}: no sheet has a cell with a value.", remedy="Check the file.")
    return Contents(grids=tuple(grids), notes=tuple(told))


@dataclass(frozen=True)
class _Sheet:
    """A sheet that is opened when it is read: what calamine says of it, what else is special, and how to look closer."""

    meta: Any
    open: Callable[[], Any]
    special: Special
    closer: Callable[[], Special]


def _opened(data: bytes, file: str) -> list[_Sheet]:
    """Open a workbook and look for what calamine does not tell: errors, formulas without value, hidden rows and columns."""
    import python_calamine as calamine  # noqa: PLC0415 - only spreadsheets need it

    old = package.is_compound(data) and not package.is_encrypted(data)
    if old:
        specials = biff.specials(data, file=file)
    else:
        if not data.startswith(b"PK") and not package.is_compound(data):
            raise Invalid(f"{file}: {_begins(data)}, so it is no spreadsheet.", remedy="Save it as .xlsx in its program.")
        with package.opened(data, file=file, what=_WHAT, largest=LARGEST_UNPACKED) as archive:
            data, specials = sheetxml.checked(archive, file=file)
    with _calamine(file):
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(book.sheet_names) > MOST_SHEETS:
        raise Invalid(f"{file}: more than {MOST_SHEETS} sheets.", remedy="Split the workbook.")

    def sheet(position: int, meta: Any) -> _Sheet:
        special = specials.get(position, Special())
        closer = (lambda: special) if old else (lambda: sheetxml.walk(data, position, file=file))
        return _Sheet(meta, lambda: book.get_sheet_by_index(position), special, closer)

    return [sheet(position, meta) for position, meta in enumerate(book.sheets_metadata)]


@contextmanager
def _calamine(where: str) -> Iterator[None]:
    """Turn what calamine raises on a damaged workbook into a refusal; a panic of its Rust code is no Exception."""
    import python_calamine as calamine  # noqa: PLC0415 - only spreadsheets need it

    try:
        yield
    except calamine.PasswordError as error:
        raise Invalid(f"{where}: protected by a password.", remedy="Save it without a password.") from error
    except BaseException as error:
        if isinstance(error, calamine.CalamineError | OSError | ValueError) or type(error).__name__ == "PanicException":
            raise package.damaged(where, _WHAT, error) from error
        raise


def _begins(data: bytes) -> str:
    start = data[:512].lstrip().lower()
    if not data:
        return "the file is empty"
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        return "it begins as a web page"
    if start.startswith(b"<?xml"):
        return "it begins as XML"
    return "it begins as a PDF" if start.startswith(b"%pdf") else "it begins as neither a package nor a workbook"


def _names(names: list[str]) -> list[str]:
    """Return the names, a repeated one with its count: a part must be one sheet."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return made


def _grid(sheet: _Sheet, name: str, file: str) -> tuple[Grid, list[str]]:
    import python_calamine as calamine  # noqa: PLC0415 - only spreadsheets need it

    part = f"sheet {name}"
    hidden = ["a hidden sheet"] if sheet.meta.visible != calamine.SheetVisibleEnum.Visible else []
    if sheet.meta.typ != calamine.SheetTypeEnum.WorkSheet:
        return Grid(part, (), ()), [*hidden, "not a sheet of cells, so nothing of it was read"]
    with _calamine(f"{file}, {part}"):
        opened = sheet.open()
    if opened.end is not None:
        check_span(opened.end[0] + 1, opened.end[1] + 1, f"{file}, {part}")
    special = sheet.special
    read = _rows(opened, special)
    if read.whole:
        special = sheet.closer()
        read = _rows(opened, special)
    notes = [*hidden, *special.notes]
    if read.computed:
        notes.append(f"{read.computed} numbers of more than {_DIGITS} digits, of which the program shows {_DIGITS}")
    if opened.merged_cell_ranges:
        notes.append(f"{len(opened.merged_cell_ranges)} merged ranges, each with its value in its first cell")
    return Grid(part, tuple(read.rows), tuple(read.numbers), tuple(notes)), notes


@dataclass
class _Read:
    """The rows that hold anything with their numbers, and how many numbers have more digits than are shown."""

    numbers: list[int] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    computed: int = 0
    whole: int = 0  # of them, whole ones

    def add(self, number: int, row: list[str]) -> None:
        """Keep a row that holds anything."""
        if any(row):
            self.numbers.append(number)
            self.rows.append(tuple(row))

    def count(self, values: list[Any], row: list[str]) -> None:
        """Count the numbers of a row with more digits than a spreadsheet shows."""
        for value, text in zip(values, row, strict=True):
            if value.__class__ is float and len(text.strip("-0.").replace(".", "")) > _DIGITS:
                self.computed += 1
                self.whole += "." not in text


class _Plain(dict[float, NumberCell]):
    """Literals of numbers that are written without an exponent, a whole one without its ".0"; columns repeat their values."""

    def __missing__(self, value: float) -> NumberCell:
        made = NumberCell(repr(value) if value % 1 else repr(value)[:-2])
        if len(self) < _REMEMBERED:
            self[value] = made
        return made


class _Percent(dict[str, PercentCell]):
    """Literals of numbers that are shown as per cent."""

    def __missing__(self, literal: str) -> PercentCell:
        made = PercentCell(literal)
        if len(self) < _REMEMBERED:
            self[literal] = made
        return made


def _rows(sheet: Any, looked: Special) -> _Read:
    special, percents = looked.cells, looked.percents
    read, plain, percent, literal = _Read(), _Plain(), _Percent(), _LITERALS
    height, width = (0, 0) if sheet.end is None else (sheet.end[0] + 1, sheet.end[1] + 1)
    for number, values in enumerate(islice(sheet.iter_rows(), height), start=1):
        row = [
            v
            if v.__class__ is str
            else plain[v]  # most numbers
            if v.__class__ is float and _PLAIN_FROM < v < _PLAIN_TO
            else literal[v.__class__](v)
            for v in values
        ]
        if max(map(len, row), default=0) > _DIGITS:
            read.count(values, row)
        if len(row) < width:
            row[:0] = [""] * (width - len(row))  # columns that calamine leaves out of an old workbook
        if number in special:
            _put(row, special[number])
        for column in percents.get(number, ()):
            if column < len(row) and row[column].__class__ is NumberCell:
                row[column] = percent[row[column]]
        read.add(number, row)
    for number in sorted(n for n in special if n > height):
        read.add(number, _put([""] * width, special[number]))
    return read


def _put(row: list[str], special: Mapping[int, str]) -> list[str]:
    row.extend([""] * (max(special) + 1 - len(row)))
    for column, text in special.items():
        row[column] = text
    return row


def _number(value: float) -> str:
    text = repr(value)
    if text.endswith(".0"):
        return text[:-2]
    if "e" in text and abs(int(text.partition("e")[2])) <= _LONGEST_EXPONENT:
        return format(Decimal(text), "f")
    return text


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="auto" if value.second or value.microsecond else "minutes")


def _clock(value: time) -> str:
    return value.isoformat(timespec="auto" if value.second or value.microsecond else "minutes")


def _duration(value: timedelta) -> str:
    sign, whole = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(whole.days * 86_400 + whole.seconds, 60)
    text = f"{sign}{minutes // 60}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def _truth(value: bool) -> str:  # noqa: FBT001 - the cell's value
    return "TRUE" if value else "FALSE"


_LITERALS: dict[type, Callable[[Any], str]] = {
    bool: _truth,
    int: NumberCell,
    float: lambda value: NumberCell(_number(value)),
    datetime: lambda value: DayCell(_moment(value)),
    date: lambda value: DayCell(value.isoformat()),
    time: _clock,
    timedelta: _duration,
}
