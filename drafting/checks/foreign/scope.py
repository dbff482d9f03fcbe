"""Which rows are meant: those of an entity, of a product, of a period; through the tables that hang together. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from drafting.checks.foreign.tables import Evidence, names_in
from drafting.checks.foreign.values import day_of, within

MOST_DATES = 4  # date columns of a table that a period is held against
_EARLY = ("start", "open", "occur", "receiv", "detect", "manufactur", "made", "period", "effective", "date")


@dataclass(frozen=True)
class Scope:
    """What narrows the rows: entities of some noun (any of them), values of columns, a period."""

    entities: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[int, int, str], ...] = ()
    period: tuple[str, str] | None = None

    def narrowed(self, other: "Scope") -> "Scope":
        """Return this scope narrowed by another; what the other says of the same noun, or of time, goes before."""
        nouns = {noun for noun, _ in other.entities}
        kept = tuple(e for e in self.entities if e[0] not in nouns)
        return Scope((*kept, *other.entities), (*self.values, *other.values), other.period or self.period)


def rows_in(evidence: Evidence, table: int, scope: Scope, *, dated: int | None = None) -> tuple[int, ...]:
    """Return the rows of a table in a scope; `dated` is the column whose date counts."""
    found: Iterable[int] = range(len(evidence.tables[table].rows))
    by_noun: dict[str, set[str]] = {}
    for noun, key in scope.entities:
        by_noun.setdefault(noun, set()).add(key)
    for noun, keys in sorted(by_noun.items()):
        if reaches(evidence, table, noun):
            found = [row for row in found if keys & set(owners(evidence, table, row, noun))]
    wanted: dict[tuple[int, int], set[str]] = {}
    for held, column, value in scope.values:
        wanted.setdefault((held, column), set()).add(value)
    for (held, column), values in sorted(wanted.items()):
        found = [row for row in found if values & set(cells_of(evidence, table, row, held, column))]
    if scope.period:
        first, last = scope.period
        found = [row for row in found if _dated(evidence, table, row, dated, first, last)]
    return tuple(found)


def reaches(evidence: Evidence, table: int, noun: str) -> bool:
    """Tell whether the rows of a table say which entity of a noun they belong to."""
    held = evidence.tables[table]
    if held.key is not None and held.noun == noun:
        return True
    if any(t == table and n == noun for (t, _), n in evidence.references.items()):
        return True
    return any(
        n == noun
        for (t, _), n in evidence.references.items()
        for via in [evidence.tables[t]]
        if via.key is not None and t != table and (held.noun == via.noun or _refers(evidence, table, via.noun))
    )


def _refers(evidence: Evidence, table: int, noun: str) -> bool:
    return any(t == table and n == noun for (t, _), n in evidence.references.items())


def owners(evidence: Evidence, table: int, row: int, noun: str) -> Iterator[str]:
    """Return the names of a noun that a row belongs to: itself, by reference, or through the entity it is about."""
    held = evidence.tables[table]
    if held.key is not None and held.noun == noun:
        yield held.rows[row][held.key].strip()
        return
    direct = [c for (t, c), n in evidence.references.items() if t == table and n == noun]
    for column in direct:
        yield from names_in(held.rows[row][column])
    if direct:
        return
    for other, at in related(evidence, table, row):
        for (t, column), n in evidence.references.items():
            if t == other and n == noun:
                yield from names_in(evidence.tables[other].rows[at][column])


def related(evidence: Evidence, table: int, row: int) -> Iterator[tuple[int, int]]:
    """Return the rows of other tables about the same entity, or about an entity that this row refers to."""
    entity = evidence.named(table, row)
    if entity:
        yield from (place for place in entity.rows if place != (table, row))
    for (t, column), noun in evidence.references.items():
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
    ranked = sorted(
        dates, key=lambda c: next((i for i, word in enumerate(_EARLY) if word in c.header.casefold()), len(_EARLY))
    )
    return tuple(c.index for c in ranked[:MOST_DATES]) or (None,)


def _dated(evidence: Evidence, table: int, row: int, column: int | None, first: str, last: str) -> bool:
    if column is not None:
        day = day_of(evidence.cell(table, row, column))
        return day is not None and within(day, first, last)
    days = [
        day
        for other, at in related(evidence, table, row)
        for c in date_columns(evidence, other)[:1]
        if c is not None
        for day in [day_of(evidence.cell(other, at, c))]
        if day
    ]
    return not days or any(within(day, first, last) for day in days)
