"""Find what the rows of a table are by how the other files speak of them, and names that one file spells otherwise than the other. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from drafting.checks.foreign.headers import nouns_of
from drafting.checks.foreign.tables import LONGEST_KEY, MISSING, REFERS, Column, Table, names_in

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


def respelled(tables: Sequence[Table]) -> tuple[Table, ...]:
    """Return the tables with the names of a column that leaves out hyphens and spaces as other tables spell them: "LQ25001" is LQ25-001."""
    keys = {row[t.key].strip() for t in tables if t.key is not None for row in t.rows}
    listed = Counter(row[c.index].strip() for t in tables for c in t.columns if c.kind == "text" for row in t.rows)
    spelled: dict[str, str] = {}
    for name in sorted(keys, key=lambda key: (-len(key), -listed[key], key)):  # the fuller one
        spelled.setdefault(_bare(name), name)
    return tuple(_respelled(table, spelled) for table in tables)


def _bare(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum())


def _respelled(table: Table, only: Mapping[str, str]) -> Table:
    meant = {c.index: said for c in table.columns if c.kind == "text" for said in [_spelling(table, c, only)] if said}
    if not meant:
        return table
    rows = (
        tuple(meant[k].get(cell.strip(), cell) if k in meant else cell for k, cell in enumerate(row)) for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _spelling(table: Table, column: Column, only: Mapping[str, str]) -> Mapping[str, str]:
    """Return how a column's names are spelled elsewhere; nothing where it has most of them as they are, or names much else."""
    cells = {row[column.index].strip() for row in table.rows} - {""}
    coded = {cell for cell in cells if any(ch.isdigit() for ch in cell) and any(ch.isalpha() for ch in cell)}
    known = {cell: only[_bare(cell)] for cell in coded if _bare(cell) in only}
    other = {cell: name for cell, name in known.items() if name != cell}
    return (
        other
        if len(known) >= LEAST_NAMES and len(known) >= REFERS * len(cells) and len(other) >= REFERS * len(known)
        else {}
    )
