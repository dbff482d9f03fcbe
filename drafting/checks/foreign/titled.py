"""Find what a title names by a code or header of a column that no table lists: product ZPX20 of a table of batches. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import cast

from drafting.checks.foreign.headers import nouns_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.tables import Column, Evidence, Table
from drafting.checks.foreign.words import Line, Word, cut

_STOPS = frozenset((".", "!", "?", ";", ":"))


def heading(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines that stand before the first sentence: those that end without a stop."""
    return tuple(takewhile(lambda line: line.words[-1].text not in _STOPS, lines))


def with_title(lines: Sequence[Line], index: Index) -> Index:
    """Return the index of evidence in which what the lines of a title name are things; the same where they name none."""
    nouns = frozenset(
        noun
        for number, table in enumerate(index.evidence.tables)
        for column in table.columns
        for noun in _noun(number, table, column, index.evidence)
        if any(
            _named(noun, cell, line.words) for line in lines for cell in {row[column.index].strip() for row in table.rows}
        )
    )
    if not nouns:
        return index
    kept = index.evidence.kept
    if ("titled", nouns) not in kept:
        kept["titled", nouns] = Index(replace(index.evidence, titled=nouns))
    return cast("Index", kept["titled", nouns])


def _noun(number: int, table: Table, column: Column, evidence: Evidence) -> Iterator[str]:
    """Return what the cells of a column name, where it may name things: no key, no date, nothing that is a thing already."""
    nouns = nouns_of(column.header)
    free = (
        column.index not in (table.key, *table.unit_columns)
        and column.kind != "date"
        and (number, column.index) not in evidence.references
    )
    if free and len(nouns) == 1 and nouns[0] not in evidence.nouns:
        yield nouns[0]


def _named(noun: str, cell: str, words: Sequence[Word]) -> bool:
    """Tell whether a title names a cell: a code of letters and digits or a name of several words anywhere, else right behind its noun."""
    said = tuple(w.text.casefold() for w in cut(cell))
    if not said:
        return False
    low = [w.text.casefold() for w in words]
    code = any(any(ch.isdigit() for ch in w) and any(ch.isalpha() for ch in w) for w in said)
    places = (k for k in range(len(low) - len(said) + 1) if tuple(low[k : k + len(said)]) == said)
    whole = cell.isdigit() or any(ch.isalpha() for ch in cell)
    name = sum(any(ch.isalpha() for ch in w) for w in said) > 1
    return any(code or name or (whole and k > 0 and words[k - 1].stem == noun) for k in places)
