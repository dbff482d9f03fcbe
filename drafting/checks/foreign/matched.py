"""Find what tables of limits call a column of results that its header only abbreviates: "Mixing temperature" is MIX_TEMP_MAX_C. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import NAMING, Index
from drafting.checks.foreign.labels import STOP, Phrase, meant
from drafting.checks.foreign.tables import Column, Table
from drafting.checks.foreign.words import STATISTICS
from drafting.checks.units import read_unit

LEAST_LETTERS = 3


def with_names(index: Index) -> Index:
    """Return the index of evidence in which columns are also said as tables of limits call them; the same where none is. Worked out once."""
    kept = index.evidence.kept
    if ("matched",) not in kept:
        names = called(index.evidence.tables)
        tables = tuple(_named(n, table, names) for n, table in enumerate(index.evidence.tables))
        kept["matched",] = Index(replace(index.evidence, tables=tables)) if names else index
    return cast("Index", kept["matched",])


def _named(number: int, table: Table, names: Mapping[tuple[int, int], tuple[Phrase, ...]]) -> Table:
    columns = tuple(replace(c, labels=(*c.labels, *names.get((number, c.index), ()))) for c in table.columns)
    return replace(table, columns=columns)


def called(tables: Sequence[Table]) -> Mapping[tuple[int, int], tuple[Phrase, ...]]:
    """Return for each column (table, column) of numbers the names that columns of attributes give it, where no other column may be meant."""
    columns = [(n, c) for n, t in enumerate(tables) for c in t.columns if c.kind == "number" and c.index != t.key]
    headers = {label for _, c in columns for label in c.labels}
    names = {
        tuple(s for s in stems_of(row[c.index]) if s not in STOP)
        for t in tables
        for c in t.columns
        if c.kind == "text" and set(stems_of(c.header)) & NAMING
        for row in t.rows
    }
    found: dict[tuple[int, int], tuple[Phrase, ...]] = {}
    for name in sorted(name for name in names if name and name not in headers):
        whole = [(n, c) for n, c in columns if _abbreviated(name, c)]
        part = whole or [(n, c) for n, c in columns if _within(name, c)]
        alike = {_content(c) for _, c in part}
        others = [other for other in names if other != name and not whole and any(_within(other, c) for _, c in part)]
        if len(alike) == 1 and not others and (whole or len(part) == 1):
            for number, column in part:
                found[number, column.index] = (*found.get((number, column.index), ()), name)
    return found


def _content(column: Column) -> frozenset[str]:
    """Return the words of a header that are no unit, statistic or single letter."""
    stems = stems_of(column.header)
    bare = [s for k, s in enumerate(stems) if not (k and (read_unit(s) is not None or s in STATISTICS))]
    return frozenset(s for s in bare if len(s) >= LEAST_LETTERS and s not in ("ncm", "pct", "percent"))


def _abbreviated(name: Phrase, column: Column) -> bool:
    """Tell whether each word of a name is one of a header, or abbreviated by one, and the header has no other word."""
    own = _content(column)
    said = [meant(word, own) for word in name]
    return len(name) > 1 and all(said) and frozenset().union(*said) == own


def _within(name: Phrase, column: Column) -> bool:
    """Tell whether all words of a header are words of a name: "torque_Ncm" of the cap removal torque."""
    own = _content(column)
    return bool(own) and own <= set(name)
