"""Read what rows are said to be assigned to, or not, by the cells of the column that refers to it: "were not assigned to any batch". Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import MISSING

_GIVEN = frozenset(("assigned", "linked", "attributed", "related", "allocated", "tied"))
_ANY = frozenset(("any", "a", "an", "one", "single", "particular", "specific"))
REACH = 4  # words from "to" to the noun


def assigned(reading: Reading, table: int, index: Index) -> Iterator[tuple[int, int, int, frozenset[int]]]:
    """Return (first word, last word, column, rows that name one) of each "assigned to a batch" of which one column tells."""
    low = [w.text.casefold() for w in reading.words]
    rows = index.evidence.tables[table].rows
    for at in range(len(low) - 2):
        if low[at] not in _GIVEN or low[at + 1] != "to" or low[at + 2] not in _ANY:
            continue
        noun = next(((k, n) for k, n in reading.nouns if at + 2 < k <= at + REACH), None)
        columns = [c for (t, c), n in index.evidence.references.items() if noun and t == table and n == noun[1]]
        if noun is None or len(columns) != 1 or set(low[at + 2 : noun[0]]) - _ANY:
            continue
        filled = frozenset(r for r, cells in enumerate(rows) if cells[columns[0]].strip().casefold() not in MISSING)
        if 0 < len(filled) < len(rows):
            yield at, noun[0], columns[0], filled
