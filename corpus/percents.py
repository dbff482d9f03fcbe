"""Numbers that a spreadsheet shows as per cent: in a column whose unit is per cent they are what is shown, elsewhere what is stored. Pure.

Promise: 98.5 % is stored as 0.985 and becomes 98.5% under the unit "%", by moving the decimal point of the written digits; each cell by its
own format. Under another unit, or none, a format is not another value. A column in which both ways are found is told: a person should look.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.importprofile import NUMBERS, ImportProfile, Layout
from corpus.literals import PER_CENT, without_sign
from corpus.locating import Located
from corpus.readers.contents import Grid, NumberCell, PercentCell, ShownPercent

NAMED = 3  # rows of each way that a note names


def settled(found: Located) -> Located:
    """Return located records with each number of a column of per cent as it is shown, in the table and in what is kept of it."""
    if not any(cell.__class__ is PercentCell for row in found.shown.rows for cell in row):
        return found
    return replace(found, grid=as_shown(found.profile, found.grid), shown=as_shown(found.profile, found.shown))


def as_shown(profile: ImportProfile, grid: Grid) -> Grid:
    """Return a grid, its header first, with each number of a column of per cent as it is shown."""
    return replace(grid, rows=(grid.rows[0], *(_row(profile, row) for row in grid.rows[1:])))


def _row(profile: ImportProfile, row: tuple[str, ...]) -> tuple[str, ...]:
    if not any(cell.__class__ is PercentCell for cell in row):
        return row
    cells = list(row)
    for position in _positions(profile, row):
        cell = cells[position]
        cells[position] = cell.shown if isinstance(cell, PercentCell) else cell
    return tuple(cells)


def _positions(profile: ImportProfile, row: Sequence[str]) -> Iterator[int]:
    """Yield where a row holds numbers whose unit is per cent; a row of a long table may name the unit of its value."""
    for position, (rule, _) in enumerate(zip(profile.columns, row, strict=False)):
        if profile.layout is Layout.LONG and rule.field == profile.value:
            if (_named_unit(profile, row) or rule.unit) == PER_CENT:
                yield position
        elif rule.unit == PER_CENT and rule.type in NUMBERS:
            yield position


def _named_unit(profile: ImportProfile, row: Sequence[str]) -> str:
    cells = zip(profile.columns, row, strict=False)
    named = next((cell.strip() for rule, cell in cells if profile.unit and rule.field == profile.unit), "")
    return "" if named in profile.missing else named


def mixed(found: Located) -> Iterator[str]:
    """Tell of each column of per cent in which some numbers have the sign, by format or letters, and others have not."""
    profile, grid, axis = found.profile, found.grid, found.axis
    for position, rule in enumerate(profile.columns):
        if rule.unit != PER_CENT or rule.type not in NUMBERS:
            continue
        cells = [(n, row[position]) for n, row in zip(grid.numbers[1:], grid.rows[1:], strict=True) if position < len(row)]
        signed = [number for number, cell in cells if _is_signed(cell)]
        plain = [number for number, cell in cells if not _is_signed(cell) and _is_number(cell)] if signed else []
        if plain:
            yield (
                f"column '{rule.header}': with a per cent sign {len(signed):,} ({axis} {_named(signed)}), without {len(plain):,} "
                f"({axis} {_named(plain)}); each number was read as it stands, and a person should look whether all are per cent"
            )


def _is_signed(cell: str) -> bool:
    return isinstance(cell, ShownPercent) or without_sign(cell) != cell.strip()


def _is_number(cell: str) -> bool:
    return isinstance(cell, NumberCell) or cell.strip().lstrip("+-<>≤≥ ")[:1].isdigit()


def _named(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:NAMED])) + (" ..." if len(numbers) > NAMED else "")
