"""Which rows of a table are its header, its units, its totals and notes, by what stands in them. Pure; for proposals only."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.guessing import ERRORS, KNOWN_UNITS, NO_VALUE
from corpus.locating import SEARCHED_FOR_HEADER, bare_unit, begins, filled, trimmed
from corpus.readers.contents import Grid

TOTALS = (
    "Total", "Totals", "TOTAL", "Sum", "Mean", "Average", "Avg", "Median", "Min", "Max", "Minimum", "Maximum", "SD", "RSD", "Std",
    "Subtotal", "Grand total", "Skupaj", "Vsota", "Povprečje", "Summe", "Gesamt", "Mittelwert", "Mittel", "Somme", "Moyenne",
    "Totale", "Media", "Promedio", "Razem", "Celkem", "Ukupno",
)  # fmt: skip
NOTES = ("Note", "Notes", "Remark", "Remarks", "Opomba", "Opombe", "Hinweis", "Anmerkung", "Remarque", "*", "**", "†")


def header_position(grid: Grid) -> int | None:
    """Return which row can be the header: as wide as the table, its cells all filled, different, and no numbers."""
    rows = grid.rows[:SEARCHED_FOR_HEADER]
    widths = Counter(len(trimmed(row)) for row in grid.rows[: SEARCHED_FOR_HEADER * 4] if filled(row) > 1)
    for position, row in enumerate(rows):
        cells = trimmed(row) if grid.part else tuple(cell.strip() for cell in row)
        names = all(cells) and len(set(cells)) == len(cells) and not any(_is_value(cell) for cell in cells)
        below = sum(number for width, number in widths.items() if width <= len(cells) and width * 2 > len(cells))
        if cells and names and below * 2 >= sum(widths.values()):
            return position
    return None


def why_no_header(grid: Grid) -> str:
    """Say why no row can be the header: the names that stand twice in the first row of names, else what a header has to be."""
    for position, row in enumerate(grid.rows[:SEARCHED_FOR_HEADER]):
        cells = trimmed(row)
        twice = [cell for cell, number in Counter(cells).items() if cell and number > 1]
        if len(cells) > 1 and twice and not any(_is_value(cell) for cell in cells):
            return f"row {grid.numbers[position]} names {', '.join(map(repr, twice[:5]))} more than once"
    return "no row names every column, each by a name of its own"


def second_header(grid: Grid, position: int) -> tuple[int, int] | None:
    """Return where the first table ends and the header of a second one stands: words over columns of figures, all or below a blank row."""
    figures, words = set[int](), set[int]()  # columns that held nothing but figures so far, and the others
    end = position + 1
    for at in range(position + 1, len(grid.rows)):
        row = grid.rows[at]
        if filled(row) < 2:  # noqa: PLR2004 - a title or a note
            continue
        held = {n: _has_digit(cell) for n, cell in enumerate(row) if cell.strip()}
        over = figures & held.keys()
        named = bool(over) and not any(held[n] for n in over) and _names(row)
        if named and (over == held.keys() or _below_blank(grid, at)):
            return end, at
        words |= {n for n, is_figure in held.items() if not is_figure}
        figures = (figures | held.keys()) - words
        end = at + 1
    return None


def _names(row: Sequence[str]) -> bool:
    cells = trimmed(row)
    return len(set(cells)) == len(cells) and all(map(_is_name, cells))


def _below_blank(grid: Grid, at: int) -> bool:
    """Tell whether a blank row stands above a row, or above its title."""
    blank = not filled(grid.rows[at - 1]) or grid.numbers[at] - grid.numbers[at - 1] > 1
    return blank or (filled(grid.rows[at - 1]) == 1 and at > 1 and _below_blank(grid, at - 1))


def _is_name(cell: str) -> bool:
    return bool(cell) and cell not in (*NO_VALUE, *ERRORS) and not _is_value(cell)


def _has_digit(cell: str) -> bool:
    return any(character.isdigit() for character in cell)


def _is_value(cell: str) -> bool:
    return re.fullmatch(r"[<>≤≥]?\s*[+-]?[\d.,' ]*\d[\d.,' ]*(?:[eE][+-]?\d+)?\s*%?", cell) is not None


def unit_row(header: Sequence[str], row: Sequence[str]) -> tuple[str, ...] | None:
    """Return the units of the row below the header, where it can be nothing else: known units and empty cells only."""
    cells = [bare_unit(cell) for cell in row[: len(header)]]
    known = [cell for cell in cells if cell]
    if not known or any(cell not in KNOWN_UNITS for cell in known):
        return None
    return tuple(cells) + ("",) * (len(header) - len(cells))


def not_records(data: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words with which rows of totals and notes begin: those of few rows or at the table's end, and those in doubt."""
    words = [begins(row, (*TOTALS, *NOTES)) for row in data]
    counted = Counter(word for word in words if word is not None)
    last = max((position for position, word in enumerate(words) if word is None), default=-1)
    ending = {word for word in words[last + 1 :] if word is not None} - set(words[: last + 1])
    sure = tuple(word for word, number in counted.items() if number * 5 <= len(data) or (word in ending and last >= 0))
    return sure, tuple(word for word in counted if word not in sure)
