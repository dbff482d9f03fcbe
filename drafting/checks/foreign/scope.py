"""Which rows are meant: those of an entity, of a product, of a period; through the tables that hang together. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from drafting.checks.foreign import kinds
from drafting.checks.foreign.tables import MOSTLY, Evidence, names_in
from drafting.checks.foreign.values import day_of, within

MOST_DATES = 2  # date columns of a table that may decide whether a row is of a period
_EARLY = ("start", "open", "occur", "receiv", "detect", "manufactur", "made", "pull", "period", "effective", "rais", "date")


@dataclass(frozen=True)
class Scope:
    """What narrows the rows: entities of some noun (any of them), values of columns, a period; and entities that are left out."""

    entities: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[int, int, str], ...] = ()
    period: tuple[str, str] | None = None
    without: tuple[tuple[str, str], ...] = ()

    def narrowed(self, other: "Scope") -> "Scope":
        """Return this scope narrowed by another; what the other says of the same noun, or of time, goes before."""
        nouns = {noun for noun, _ in other.entities}
        kept = tuple(e for e in self.entities if e[0] not in nouns)
        without = (*self.without, *other.without)
        return Scope((*kept, *other.entities), (*self.values, *other.values), other.period or self.period, without)


def rows_in(evidence: Evidence, table: int, scope: Scope, *, dated: int | None = None) -> tuple[int, ...]:
    """Return the rows of a table in a scope; `dated` is the column whose date counts."""
    kept: frozenset[int] | None = None
    for noun in sorted({noun for noun, _ in scope.entities}):
        if reaches(evidence, table, noun):
            of = _rows_of(evidence, table, noun)
            kept = _both(kept, frozenset(row for n, key in scope.entities if n == noun for row in of.get(key, ())))
    for held, column in sorted({(held, column) for held, column, _ in scope.values}):
        having = _rows_having(evidence, table, held, column)
        wanted = [value for h, c, value in scope.values if (h, c) == (held, column)]
        kept = _both(kept, frozenset(row for value in wanted for row in kinds.having(having, value)))
    rows = range(len(evidence.tables[table].rows)) if kept is None else sorted(kept)
    if scope.without:
        left = {
            r
            for noun, key in scope.without
            if reaches(evidence, table, noun)
            for r in _rows_of(evidence, table, noun).get(key, ())
        }
        rows = [row for row in rows if row not in left]
    if scope.period:
        first, last = scope.period
        days = days_in(evidence, table, dated)
        rows = [row for row in rows if any(day is None or within(day, first, last) for day in days[row])]
    return tuple(rows)


def _both(one: frozenset[int] | None, other: frozenset[int]) -> frozenset[int]:
    return other if one is None else one & other


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for key, row in pairs:
        found.setdefault(key, set()).add(row)
    return {key: frozenset(rows) for key, rows in found.items()}


def _rows_of(evidence: Evidence, table: int, noun: str) -> dict[str, frozenset[int]]:
    """Return the rows of a table by the name of the entity that they belong to; worked out once."""
    key = ("owner", table, noun)
    if key not in evidence.kept:
        rows = range(len(evidence.tables[table].rows))
        evidence.kept[key] = _grouped((name, row) for row in rows for name in owners(evidence, table, row, noun))
    return cast("dict[str, frozenset[int]]", evidence.kept[key])


def _rows_having(evidence: Evidence, table: int, held: int, column: int) -> dict[str, frozenset[int]]:
    key = ("value", table, held, column)
    if key not in evidence.kept:
        rows = range(len(evidence.tables[table].rows))
        evidence.kept[key] = _grouped((cell, row) for row in rows for cell in _told(evidence, table, row, held, column))
    return cast("dict[str, frozenset[int]]", evidence.kept[key])


def _told(evidence: Evidence, table: int, row: int, held: int, column: int) -> Iterator[str]:
    """Return what a column says of a row, of its entity in another table, or of what the row refers to."""
    yield from cells_of(evidence, table, row, held, column)
    yield from (evidence.cell(held, at, column) for other, at in related(evidence, table, row) if other == held != table)


def days_in(evidence: Evidence, table: int, dated: int | None) -> list[list[str | None]]:
    """Return the dates of each row; [None] where a table and its entities have none, so that no period leaves it out."""
    key = ("day", table, -1 if dated is None else dated)
    if key not in evidence.kept:
        rows = range(len(evidence.tables[table].rows))
        evidence.kept[key] = [_dated(evidence, table, row, dated) for row in rows]
    return cast("list[list[str | None]]", evidence.kept[key])


def reaches(evidence: Evidence, table: int, noun: str) -> bool:
    """Tell whether the rows of a table say which entity of a noun they belong to."""
    held = evidence.tables[table]
    if held.key is not None and held.noun == noun:
        return True
    if _refers(evidence, table, noun):
        return True
    return any(
        n == noun
        for t, _, n in evidence.ties
        for via in [evidence.tables[t]]
        if via.key is not None and t != table and (held.noun == via.noun or _refers(evidence, table, via.noun))
    )


def _refers(evidence: Evidence, table: int, noun: str) -> bool:
    return any(t == table and n == noun for t, _, n in evidence.ties)


def owners(evidence: Evidence, table: int, row: int, noun: str) -> Iterator[str]:
    """Return the names of a noun that a row belongs to: itself, by reference, or through the entity it is about."""
    held = evidence.tables[table]
    if held.key is not None and held.noun == noun:
        yield held.rows[row][held.key].strip()
        return
    direct = [c for t, c, n in evidence.ties if t == table and n == noun]
    for column in direct:
        yield from _of_noun(evidence, held.rows[row][column], noun, (table, column))
    if direct:
        return
    for other, at in related(evidence, table, row):
        for t, column, n in evidence.ties:
            if t == other and n == noun:
                yield from _of_noun(evidence, evidence.tables[other].rows[at][column], noun, (other, column))


def _of_noun(evidence: Evidence, cell: str, noun: str, place: tuple[int, int]) -> Iterator[str]:
    """Return the names that a cell lists; of a column that names several kinds of things, those of one kind."""
    single = place in evidence.references
    yield from (name for name in names_in(cell) if single or (noun, name) in evidence.entities)


def one_row_each(evidence: Evidence, table: int, noun: str) -> bool:
    """Tell whether a table has a row for each thing of a noun: they name its rows, or each of its rows names another one."""
    held = evidence.tables[table]
    if held.key is not None and held.noun == noun:
        return True
    columns = [c for t, c, n in evidence.ties if t == table and n == noun]
    named = [row[columns[0]].strip() for row in held.rows] if len(columns) == 1 else []
    return bool(named) and all(named) and len(set(named)) == len(named)


def open_of(evidence: Evidence, table: int, noun: str, key: str) -> bool:
    """Tell whether it is open which rows are about a thing: those that name what was made of it, where a column names either, may be meant too."""
    made = [
        (evidence.tables[t].noun, evidence.tables[t].rows[row][evidence.tables[t].key or 0].strip())
        for t, row in evidence.referring.get((noun, key), ())
        if evidence.tables[t].key is not None
        and any(
            (other, n) == (table, evidence.tables[t].noun) and is_mixed(evidence, other, c) for other, c, n in evidence.ties
        )
    ]
    return any(other == table for one in made for other, _ in evidence.referring.get(one, ()))


def is_mixed(evidence: Evidence, table: int, column: int) -> bool:
    """Tell whether a column names things of several kinds."""
    tied = any((t, c) == (table, column) for t, c, _ in evidence.ties)
    return tied and (table, column) not in evidence.references


def related(evidence: Evidence, table: int, row: int) -> Iterator[tuple[int, int]]:
    """Return the rows of other tables about the same entity, or about an entity that this row refers to."""
    entity = evidence.named(table, row)
    if entity:
        yield from (place for place in entity.rows if place != (table, row))
    for t, column, noun in evidence.ties:
        if t == table:
            for name in names_in(evidence.tables[table].rows[row][column]):
                other = evidence.entities.get((noun, name))
                yield from other.rows if other else ()


def cells_of(evidence: Evidence, table: int, row: int, held: int, column: int) -> Iterator[str]:
    """Return what a column says of a row: of itself, or of the row's entity in another table."""
    if held == table:
        yield evidence.cell(table, row, column)
        return
    entity = evidence.named(table, row)
    for other, at in entity.rows if entity else ():
        if other == held:
            yield evidence.cell(other, at, column)
    if entity:
        for other, at in evidence.referring.get((entity.noun, entity.key), ()):
            if other == held:
                yield evidence.cell(other, at, column)


def date_columns(evidence: Evidence, table: int) -> tuple[int | None, ...]:
    """Return the date columns of a table, those that say when it began first; (None,) where its entities' rows elsewhere have one."""
    dates = [c for c in evidence.tables[table].columns if c.kind == "date"]
    ranked = sorted(dates, key=lambda c: _begins(c.header))
    earliest = _earliest(evidence, table) if ranked and _begins(ranked[0].header) >= _EARLY.index("date") else None
    if earliest is not None:
        return (earliest,)
    early = [c for c in ranked if _begins(c.header) < len(_EARLY)]
    if early or not ranked:
        return tuple(c.index for c in early[:MOST_DATES]) or (None,)
    about = any(t == table for t, _ in evidence.references) or _begun_elsewhere(evidence, table)
    return (None, ranked[0].index) if about else (ranked[0].index,)


def _earliest(evidence: Evidence, table: int) -> int | None:
    """Return of several columns of dates the one that nearly every row fills, and with no later day than the others."""
    dates = [c.index for c in evidence.tables[table].columns if c.kind == "date"]
    rows = [[day_of(row[c].strip()) or "" for c in dates] for row in evidence.tables[table].rows]
    first = [
        k for k in range(len(dates)) if sum(bool(r[k]) and r[k] == min(filter(None, r)) for r in rows) >= MOSTLY * len(rows)
    ]
    return dates[first[0]] if len(dates) > 1 and first else None


def _begun_elsewhere(evidence: Evidence, table: int) -> bool:
    """Tell whether another table of the same things says when they began: of "tested_on" it is the batch's own date that counts."""
    held = evidence.tables[table]
    same = (
        t for t in evidence.tables if t is not held and t.key is not None and held.key is not None and t.noun == held.noun
    )
    return any(c.kind == "date" and begins(c.header) for t in same for c in t.columns)


def _begins(header: str) -> int:
    """Return how plainly a date says when a thing began: 0 for its start."""
    return next((i for i, word in enumerate(_EARLY) if word in header.casefold()), len(_EARLY))


def begins(header: str) -> bool:
    """Tell whether a date says when a thing began."""
    return _begins(header) < len(_EARLY)


def decisive(evidence: Evidence, tables: tuple[int, ...]) -> tuple[int, ...]:
    """Return of several tables about the same things those whose date says best when they began."""
    ranks = {
        t: min((_begins(c.header) for c in evidence.tables[t].columns if c.kind == "date"), default=len(_EARLY))
        for t in tables
    }
    return tuple(t for t in tables if ranks[t] == min(ranks.values()))


def _dated(evidence: Evidence, table: int, row: int, column: int | None) -> list[str | None]:
    if column is not None:
        day = day_of(evidence.cell(table, row, column))
        return [day] if day else []
    days = [
        (_begins(evidence.tables[other].columns[c].header), day)
        for other, at in related(evidence, table, row)
        for c in date_columns(evidence, other)[:1]
        if c is not None
        for day in [day_of(evidence.cell(other, at, c))]
        if day
    ]
    first = min((rank for rank, _ in days), default=0)
    return [day for rank, day in days if rank == first] or [None]
