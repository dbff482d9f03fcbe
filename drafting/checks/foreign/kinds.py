"""Read a word of a description as what narrows rows: "cream batches" are those described as "Skin Cream 1 % 30 g". Pure.

A column of a few descriptions that many rows share tells kinds of rows apart; a word that only some of them have says which are meant.
Such a value stands for every cell that holds its word.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.words import Word, cut, stem

if TYPE_CHECKING:
    from drafting.checks.foreign.index import Index
    from drafting.checks.foreign.tables import Column, Table

Value = tuple[int, int, str]
_MARK = "\N{SYMBOL FOR UNIT SEPARATOR}"  # before a word that stands for all cells which hold it
_ONE = frozenset(("one", "every", "each", "no", "any", "only"))  # before a singular that says of which rows something is
LEAST_LETTERS = 4
LEAST_SHARED = 2  # rows of each description, on average
REACH = 2  # words from one of a description to what rows are called: "cream bulk batches"


def is_kind(value: str) -> bool:
    """Tell whether a value is a word that stands for all cells which hold it."""
    return value.startswith(_MARK)


def shown(value: str) -> str:
    """Return a value as people are told it."""
    return value.removeprefix(_MARK)


def same(value: str, cell: str) -> bool:
    """Tell whether a cell has a value, or holds the word that stands for it."""
    return shown(value) in _words(cell) if is_kind(value) else value == cell


def having(rows: Mapping[str, AbstractSet[int]], value: str) -> Iterator[int]:
    """Return the rows of a value, by the rows of each cell."""
    if not is_kind(value):
        yield from rows.get(value, ())
        return
    for cell, some in rows.items():
        if same(value, cell):
            yield from some


def kinds_at(words: tuple[Word, ...], at: int, index: "Index") -> tuple[Value, ...]:
    """Return what a word before what rows are called, a plural or one of many, says of their descriptions; none where it says a header or value of its own."""
    word = words[at]
    if word.kind != "word" or word.value is not None or word.stem in index.tokens or word.stem in index.row_nouns:
        return ()
    for behind in words[at + 1 : at + 1 + REACH]:
        if behind.stem in index.row_nouns:
            plural = behind.text.casefold() != behind.stem or bool(
                _ONE & {w.text.casefold() for w in words[max(0, at - 2) : at]}
            )
            found = [v for t in index.row_nouns[behind.stem] for v in _of(t, word.stem, index)] if plural else []
            return tuple(dict.fromkeys(found))
        if behind.kind != "word" or behind.stem in STOP:
            return ()
    return ()


def _of(table: int, said: str, index: "Index") -> Iterator[Value]:
    """Return the columns of descriptions of the things of a table in which a word tells some from others."""
    known = _described(index)
    held = index.evidence.tables[table]
    for number, other in enumerate(index.evidence.tables):
        if number == table or (held.key is not None and other.key is not None and other.noun == held.noun):
            yield from ((number, column, _MARK + said) for column in known.get((number, said), ()))


def _described(index: "Index") -> Mapping[tuple[int, str], tuple[int, ...]]:
    """Return for each table and word the columns of descriptions some of which hold it; worked out once."""
    kept = index.evidence.kept
    if ("described",) not in kept:
        found: dict[tuple[int, str], tuple[int, ...]] = {}
        for number, table in enumerate(index.evidence.tables):
            for column in table.columns:
                cells = {row[column.index].strip() for row in table.rows} - {""}
                if not _describes(table, column, cells):
                    continue
                for said in {w for cell in cells for w in _words(cell)}:
                    if not all(said in _words(cell) for cell in cells):
                        found[number, said] = (*found.get((number, said), ()), column.index)
        kept["described",] = found
    return cast("Mapping[tuple[int, str], tuple[int, ...]]", kept["described",])


def _describes(table: "Table", column: "Column", cells: AbstractSet[str]) -> bool:
    """Tell whether a column holds descriptions that rows share: several words in each."""
    shared = len(cells) > 1 and LEAST_SHARED * len(cells) <= len(table.rows)
    filled = all(row[column.index].strip() for row in table.rows)  # a remark on some rows describes none of them
    return column.kind == "text" and shared and filled and all(any(pairwise(cut(cell))) for cell in cells)


@lru_cache(maxsize=65536)
def _words(cell: str) -> frozenset[str]:
    return frozenset(
        stem(w.text) for w in cut(cell) if w.kind == "word" and len(w.text) >= LEAST_LETTERS and w.stem not in STOP
    )
