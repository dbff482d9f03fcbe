"""Read the header of a column of yes and no where it is said of rows: "require a regulatory variation", "the sample was not returned". Pure."""

from collections.abc import Iterator, Sequence

from drafting.checks.foreign.acts import alike, content_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import FALSEHOODS, MISSING, TRUTHS, Column, Table

_BETWEEN = frozenset(("was", "were", "is", "are", "has", "have", "been", "a", "an", "the", "not"))
_DENIALS = frozenset(("no", "not", "without", "never"))
REACH = 3  # words before a header that deny it: "not need a"


def affirmed_of(reading: Reading, table: int, index: Index) -> Iterator[tuple[int, int, Column, frozenset[int]]]:
    """Return (first word, last word, column, rows) of each header of several words that a sentence says or denies of rows that say yes or no."""
    held = index.evidence.tables[table]
    low = [w.text.casefold() for w in reading.words]
    for column in held.columns:
        said = content_of(column.header)
        cells = {row[column.index].strip().casefold() for row in held.rows} - MISSING
        if len(said) < 2 or not cells or not cells <= TRUTHS | FALSEHOODS:  # noqa: PLR2004 - one word is said as a value
            continue
        for at in range(len(low)):
            last = _run(low, at, said)
            if last:
                before = next((k for k in range(at - 1, max(-1, at - 1 - REACH), -1) if low[k] in _DENIALS), at)
                denied = before < at or bool(_DENIALS & set(low[at:last]))
                yield before, last, column, _rows(held, column, FALSEHOODS if denied else TRUTHS)
                break


def _run(low: Sequence[str], at: int, said: Sequence[str]) -> int:
    """Return the last of the words from one on that say a header in order, with small words between; 0 where they do not."""
    k = at
    for n, wanted in enumerate(said):
        while n and k < len(low) and low[k] in _BETWEEN:
            k += 1
        if k >= len(low) or not alike(low[k], wanted):
            return 0
        k += 1
    return k - 1


def _rows(held: Table, column: Column, wanted: frozenset[str]) -> frozenset[int]:
    return frozenset(r for r, cells in enumerate(held.rows) if cells[column.index].strip().casefold() in wanted)
