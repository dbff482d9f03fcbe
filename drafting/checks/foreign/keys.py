"""Find what the rows of a table are by how the other files speak of them: a column whose names they list, under their header. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from drafting.checks.foreign.tables import LONGEST_KEY, MISSING, REFERS, Column, Table, names_in, nouns_of

LEAST_NAMES = 3  # different names in a column of another table, before it refers


def keyed(tables: Sequence[Table]) -> tuple[Table, ...]:
    """Return the tables with their rows named by the column that others list the names of, where they are named by a running number that nothing refers to."""
    listed = [list(_listed(table)) for table in tables]
    return tuple(
        _keyed(table, [one for k, each in enumerate(listed) if k != at for one in each]) for at, table in enumerate(tables)
    )


def _listed(table: Table) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each column's header, and the names that it lists."""
    for column in table.columns:
        if column.kind != "date":
            cells = (row[column.index] for row in table.rows)
            names = frozenset(name for cell in cells for name in names_in(cell) if name.casefold() not in MISSING)
            if len(names) >= LEAST_NAMES:
                yield column.header, names


def _keyed(table: Table, listed: Sequence[tuple[str, frozenset[str]]]) -> Table:
    named = table.columns[table.key] if table.key is not None else None
    if named is None or named.kind != "number" or _referring(table, named, listed):
        return table
    found = [
        (len(headers), -column.index, headers)
        for column in table.columns
        if _names(table, column)
        for headers in [_referring(table, column, listed)]
    ]
    many, at, headers = max(found, default=(0, 0, []))
    if not many:
        return table
    noun = Counter(nouns_of(header) for header in headers).most_common(1)[0][0]
    return replace(table, key=-at, noun=" ".join(noun))


def _names(table: Table, column: Column) -> bool:
    """Tell whether a column holds a different name in each row: letters and digits."""
    cells = [row[column.index].strip() for row in table.rows]
    named = column.kind == "text" and all(any(ch.isdigit() for ch in c) and any(ch.isalpha() for ch in c) for c in cells)
    return named and max(map(len, cells)) < LONGEST_KEY and len(set(cells)) == len(cells)


def _referring(table: Table, column: Column, listed: Sequence[tuple[str, frozenset[str]]]) -> list[str]:
    """Return the headers under which other tables list the names of a column."""
    known = {row[column.index].strip() for row in table.rows}
    return [header for header, names in listed if len(names & known) >= REFERS * len(names)]
