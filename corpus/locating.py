"""Find where in a grid the records of a profile stand: its header, the rows that are records, and those that are none. Pure.

Promise: a header is found letter for letter or not at all. Rows that are no records (titles above the header, units, totals and
notes that the profile names) are told by number with the reason, and their filled cells are counted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from audit.errors import Invalid
from corpus.importprofile import IN_ROWS, ImportProfile, Layout
from corpus.pagebreaks import whole_rows
from corpus.profiles import ProfileSet, pick
from corpus.readers.contents import LINE_END, Grid, one_line

SEARCHED_FOR_HEADER = 60  # rows of a grid that may stand above its header
SEARCHED_COLUMNS = 10
ABOVE, UNITS, BELOW = "above the header", "units", "outside the table"
NO_UNIT = ("", "-", "–", "—")


@dataclass(frozen=True)
class Located:
    """The records of a profile in a grid: `grid` is the header and the record rows, `shown` everything from the header on."""

    profile: ImportProfile
    grid: Grid
    shown: Grid
    first: bool  # the header is the first row of the file
    axis: str = "row"  # what the grid's numbers count in the file
    skipped: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # reason -> rows
    skipped_cells: int = 0
    doubtful: Mapping[int, str] = field(default_factory=dict)  # rows that may be halves of one -> why they are refused


def locate(grid: Grid, profiles: ProfileSet, *, file: str) -> Located | None:
    """Find the first header in a grid that a profile knows; raise Invalid where its row of units says other units."""
    known: dict[tuple[str, ...], list[ImportProfile]] = {}
    squeezed: dict[tuple[str, ...], list[ImportProfile]] = {}
    for profile in profiles.of(*IN_ROWS).profiles:
        known.setdefault(_form_of(profile.header, grid), []).append(profile)
        squeezed.setdefault(_squeezed(profile.header), []).append(profile)
    for position, row in enumerate(grid.rows[:SEARCHED_FOR_HEADER]):
        broken = any(LINE_END in cell for cell in row)
        same = squeezed.get(_squeezed(trimmed(row)), []) if broken else known.get(_form_of(row, grid), [])
        fitting = [profile for profile in same if profile.header_row in (None, grid.numbers[position])]
        if fitting:
            return _in_rows(grid, pick(fitting, file=file), position, file=file)
    turned = [(p, corner) for p in profiles.of(Layout.COLUMNS).profiles if (corner := _corner(grid, p)) is not None]
    if not turned:
        return None
    one = pick([p for p, _ in turned if p.header == turned[0][0].header], file=file)
    return _in_columns(grid, one, *next(corner for p, corner in turned if p is one), file=file)


def stands_in(grid: Grid, profile: ImportProfile) -> bool:
    """Tell whether the header of a profile stands in a grid that is the top of a file."""
    if profile.layout is Layout.COLUMNS:
        return _corner(grid, profile) is not None
    rows = zip(grid.rows, grid.numbers, strict=True)
    fitting = (number for row, number in rows if row == profile.header)
    return profile.layout in IN_ROWS and any(profile.header_row in (None, number) for number in fitting)


def _form_of(header: Sequence[str], grid: Grid) -> tuple[str, ...]:
    """Return a header in the form in which it is compared: on a page, white space around it and empty cells say nothing."""
    return trimmed(header) if grid.part else tuple(header)


def _squeezed(row: Sequence[str]) -> tuple[str, ...]:
    """Return a header without its white space: where a page broke it over lines, none of it is certain."""
    return tuple("".join(cell.split()) for cell in row)


def _settled(profile: ImportProfile, row: Sequence[str]) -> tuple[str, ...]:
    """Join the lines of a row's cells: by a space, after a hyphen within a word by nothing, so that no letter is added or lost.

    A number or date that a page broke elsewhere holds a space then, and its type refuses it. A key without a pattern could
    pass with a space that is none: it keeps the line end, and is refused for it.
    """
    cells = list(row)
    for position, rule in enumerate(profile.columns[: len(cells)]):
        bare = rule.field in profile.anchors and rule.type == "text" and rule.pattern is None
        if LINE_END in cells[position] and not bare:
            cells[position] = one_line(cells[position].split(LINE_END))
    return tuple(cells)


def trimmed(row: Sequence[str]) -> tuple[str, ...]:
    """Return a row without the empty cells at its end, white space around its literals taken away."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def filled(row: Sequence[str]) -> int:
    """Return the number of filled cells of a row."""
    return sum(bool(cell.strip()) for cell in row)


def begins(row: Sequence[str], starts: Sequence[str]) -> str | None:
    """Return the word of `starts` with which the first filled cell of a row begins."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return next((start for start in starts if re.match(re.escape(start) + r"(?!\w)", first)), None)


def _in_rows(grid: Grid, profile: ImportProfile, position: int, *, file: str) -> Located:
    skipped: dict[str, list[int]] = {}
    cells = 0

    def skip(reason: str, number: int, row: Sequence[str]) -> None:
        nonlocal cells
        if filled(row):
            skipped.setdefault(reason, []).append(number)
            cells += filled(row)

    for number, row in zip(grid.numbers[:position], grid.rows[:position], strict=True):
        skip(ABOVE, number, row)
    below = list(zip(grid.numbers[position + 1 :], grid.rows[position + 1 :], strict=True))
    if profile.units_row and below:
        number, row = below.pop(0)
        check_units(profile, row, where=f"{file}, {grid.part}" if grid.part else file)
        skip(UNITS, number, row)
    kept: list[tuple[int, tuple[str, ...]]] = []
    for number, row in below:
        start = begins(row, profile.skip_rows_starting)
        if start is not None:
            skip(f"begins with '{start}'", number, row)
        elif not grid.part:
            kept.append((number, row))
        elif filled(row):  # blank rows of a page are no rows
            kept.append((number, _wide(row, len(profile.header))))
    whole, doubtful = whole_rows(profile, kept, frozenset(grid.breaks))
    kept = (
        [(number, _settled(profile, row) if LINE_END in "".join(row) else row) for number, row in whole]
        if grid.part
        else whole
    )
    return Located(
        profile=profile,
        grid=Grid(grid.part, (profile.header, *(row for _, row in kept)), (grid.numbers[position], *(n for n, _ in kept))),
        shown=Grid(grid.part, grid.rows[position:], grid.numbers[position:], breaks=grid.breaks, first_page=grid.first_page),
        first=position == 0,
        skipped={reason: tuple(numbers) for reason, numbers in skipped.items()},
        skipped_cells=cells,
        doubtful=doubtful,
    )


def _wide(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Return a row as wide as its header: a grid of a page is as wide as its widest row, and empty cells past it hold nothing."""
    if len(row) > width and not any(row[width:]):
        return row[:width]
    return row + ("",) * (width - len(row))


def check_units(profile: ImportProfile, row: Sequence[str], *, where: str) -> None:
    """Compare a row of units with the units of the profile; raise Invalid where they differ, since no value could be placed."""
    for rule, cell in zip_longest(profile.columns, row, fillvalue=None):
        said = bare_unit(cell or "")
        wanted = rule.unit if rule else ""
        if said != wanted:
            header = rule.header if rule else "a cell past the header"
            raise Invalid(
                f"{where}: the unit of '{header}' is '{said}' in the file and '{wanted}' in the profile '{profile.name}'.",
                remedy="Confirm a version of the profile with the file's unit, or correct the file.",
            )


def bare_unit(cell: str) -> str:
    """Return a unit without brackets around it; "" where the cell says that there is none."""
    text = cell.strip()
    if text[:1] + text[-1:] in ("[]", "()"):
        text = text[1:-1].strip()
    return "" if text in NO_UNIT else text


def _in_columns(grid: Grid, profile: ImportProfile, column: int, top: int, *, file: str) -> Located:
    """Turn a grid whose header stands in a column, its records in the columns beside it; numbers count columns then."""
    height = len(profile.header)
    turned = tuple(zip_longest(*grid.rows[top : top + height], fillvalue=""))
    found = _in_rows(Grid(grid.part or "columns", turned, tuple(range(1, len(turned) + 1))), profile, column, file=file)
    return _with_outside(replace(found, first=False, axis="column"), grid, top, height)


def _corner(grid: Grid, profile: ImportProfile) -> tuple[int, int] | None:
    """Return the column and the row where a header that runs downwards begins."""
    height = len(profile.header)
    width = max((len(row) for row in grid.rows[:SEARCHED_FOR_HEADER]), default=0)
    for top in range(min(len(grid.rows), SEARCHED_FOR_HEADER)):
        for column in range(min(width, SEARCHED_COLUMNS)):
            stands = tuple(row[column].strip() if column < len(row) else "" for row in grid.rows[top : top + height])
            if stands == profile.header and profile.header_row in (None, column + 1):
                return column, top
    return None


def _with_outside(found: Located, grid: Grid, top: int, height: int) -> Located:
    """Put the grid's own part back, and count the rows above and below a turned table."""
    outside = [
        (n, row) for i, (n, row) in enumerate(zip(grid.numbers, grid.rows, strict=True)) if not top <= i < top + height
    ]
    rows = tuple(number for number, row in outside if filled(row))
    return replace(
        found,
        grid=replace(found.grid, part=grid.part),
        shown=replace(found.shown, part=grid.part),
        skipped={**found.skipped, **({BELOW: rows} if rows else {})},
        skipped_cells=found.skipped_cells + sum(filled(row) for _, row in outside),
    )
