"""Bring a grid into one form before it becomes a table: a row of units below the header, days whose order its column tells. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.contents import Grid
from drafting.checks.foreign.values import day_of, number_of
from drafting.checks.units import read_unit

_FORMAT = re.compile(
    r"\(?(?P<first>[dmy]{1,4})[-./ ]?[dmy]{1,4}[-./ ]?[dmy]{1,4}(?:[T ]+hh[:.]?mm(?:[:.]?ss)?)?\)?", re.IGNORECASE
)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[T ]+(\d{2}:\d{2}(?::\d{2})?))?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_NOTE = re.compile(r"[(\[].*[)\]]")
_SHORT = re.compile(r"(\d{2})-(\d{2})-(\d{2})")
MONTHS = 12
LEAST_DAYS = 2  # cells of eight digits before these are days
NAMED = 2  # columns that may name the rows


@dataclass(frozen=True)
class Formed:
    """A grid without the row that says its units, and what that row says of each column."""

    grid: Grid
    said: tuple[str, ...] = ()


def formed(grid: Grid) -> Formed:
    """Return a grid whose second row, where it only says units and formats, is taken off, and whose days are in one order."""
    said = grid.rows[1] if len(grid.rows) > 1 + 1 and _says_units(grid.rows) else ()
    rows, numbers = list(grid.rows), list(grid.numbers)
    if said:
        del rows[1], numbers[1]
    columns = (
        [_days([row[k] for row in rows[1:]], said[k] if said else rows[0][k]) for k in range(len(rows[0]))]
        if _even(rows)
        else []
    )
    body = tuple(zip(*columns, strict=True)) if columns else tuple(map(tuple, rows[1:]))
    return Formed(Grid(grid.part, (tuple(rows[0]), *body), tuple(numbers), grid.notes), tuple(said))


def _even(rows: Sequence[Sequence[str]]) -> bool:
    return bool(rows[0]) and all(len(row) == len(rows[0]) for row in rows)


def _says_units(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the second row names no record: its cells are units, formats or notes, where they are not empty."""
    cells = [cell.strip() for cell in rows[1]]
    if len(cells) != len(rows[0]) or not any(cells):
        return False
    known = [_unit_or_format(cell) for cell in cells if cell]
    names = all(not cell or _unit_or_format(cell) or _NOTE.fullmatch(cell) for cell in cells[:NAMED])
    held = any(number_of(cell) is not None or day_of(cell) is not None for cell in cells if cell)
    bracketed = all(_NOTE.fullmatch(cell) for cell in cells if cell)
    return names and not held and (any(known) or bracketed)


def _unit_or_format(cell: str) -> bool:
    return bool(_FORMAT.fullmatch(cell)) or any(unit_of(part) for part in cell.split(" or "))


def unit_of(said: str) -> str:
    """Return the unit that a note begins with: "% (NMT 0.15)" and "% w/w" are %; "" where it begins with none."""
    words = re.sub(r"\s*[(\[].*$", "", said.strip()).split()
    if "or" in words:
        return ""  # "CFU/g or CFU/mL": of which row it is which is open
    for length in range(len(words), 0, -1):
        if read_unit(" ".join(words[:length])) is not None:
            return " ".join(words[:length])
    return ""


def _days(cells: Sequence[str], said: str) -> list[str]:
    """Return cells with their days written as 2025-03-01, where they are of one form and the column tells its order."""
    held = [cell.strip() for cell in cells if cell.strip()]
    slashed = [m for cell in held for m in [_SLASHED.fullmatch(cell)] if m]
    if slashed and len(slashed) == len(held):
        first = _order(slashed, said)
        if not first:
            return list(cells)
        day, month = (1, 2) if first == "d" else (2, 1)
        return [
            _SLASHED.sub(lambda m: f"{m[3]}-{int(m[month]):02}-{int(m[day]):02}{f' {m[4]}' if m[4] else ''}", c)
            for c in cells
        ]
    short = [m for cell in held for m in [_SHORT.fullmatch(cell)] if m]
    if short and len(short) == len(held) and _year_first(short):
        return [_SHORT.sub(r"20\1-\2-\3", cell.strip()) for cell in cells]
    if len(held) >= LEAST_DAYS and all(_COMPACT.fullmatch(cell) for cell in held):
        return [_COMPACT.sub(r"\1-\2-\3", cell.strip()) for cell in cells]
    return list(cells)


def _year_first(found: Sequence[re.Match[str]]) -> bool:
    """Tell whether days of six digits begin with their year: it hardly changes, a month stands second and some day third."""
    years = {int(m[1]) for m in found}
    months = all(1 <= int(m[2]) <= MONTHS for m in found)
    return len(found) >= LEAST_DAYS and max(years) - min(years) <= 1 and months and any(int(m[3]) > MONTHS for m in found)


def _order(found: Sequence[re.Match[str]], said: str) -> str:
    """Return what stands first, "d" or "m": as the format says, or as a number above 12 tells; "" where it is open."""
    form = _FORMAT.search(said)
    if form and form["first"][0].casefold() in ("d", "m") and "/" in said:
        return form["first"][0].casefold()
    days = any(int(m[1]) > MONTHS for m in found)
    months = any(int(m[2]) > MONTHS for m in found)
    return "" if days == months else "d" if days else "m"
