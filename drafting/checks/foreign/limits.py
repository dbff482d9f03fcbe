"""Hold measured values against the limits that the evidence states for them: the limits in force for a row, by what both tables share. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import LEAST_SCORE, content
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import Scope, date_columns, rows_in
from drafting.checks.foreign.tables import Table, stems_of
from drafting.checks.foreign.values import day_of, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict

ANY = frozenset(("", "*", "all"))
SHOWN = 5
_NOT_ATTRIBUTES = frozenset(("limit", "specification", "criterion", "result", "batch", "out"))


@dataclass(frozen=True)
class Stated:
    """A table of limits: which column names the attribute, which hold the lower and upper limit."""

    table: int
    attribute: int
    lower: int | None
    upper: int | None


def stated(index: Index) -> tuple[Stated, ...]:
    """Return the tables that state a lower and an upper limit for named attributes of other tables."""
    headers = {c.header for t in index.evidence.tables for c in t.columns}
    found = []
    for number, table in enumerate(index.evidence.tables):
        by_stem = {
            s: c.index
            for c in table.columns
            if c.kind == "number"
            for s in stems_of(c.header)
            if s in ("lower", "upper", "min", "max")
        }
        lower, upper = by_stem.get("lower", by_stem.get("min")), by_stem.get("upper", by_stem.get("max"))
        named = next(
            (c.index for c in table.columns if c.kind == "text" and {r[c.index] for r in table.rows} <= headers), None
        )
        results = any("result" in stems_of(c.header) for c in table.columns)
        if named is not None and not results and (lower is not None or upper is not None):
            found.append(Stated(number, named, lower, upper))
    return tuple(found)


def conformity(reading: Reading, at: int, within: range, text: Text) -> Judged | None:
    """Return the verdict on "all results within limits": the first value outside contradicts it; None where no limits are stated."""
    index = text.index
    said = frozenset(s for one in reading.said for s in content(one.stems)) - _NOT_ATTRIBUTES
    owners = tuple(key for m in reading.entities for key in m.what)
    scope = next(iter(scopes(reading, text)))
    outside, seen = [], 0
    for limits in stated(index):
        for table, column in _measured(index, limits, said):
            held = index.evidence.tables[table]
            dated = date_columns(index.evidence, table)[0] if scope.period else None
            for row in rows_in(index.evidence, table, Scope(scope.entities or owners, (), scope.period), dated=dated):
                number = number_of(held.rows[row][column])
                for low, high in _in_force(index, limits, table, row, held.columns[column].header) if number else ():
                    seen += 1
                    assert number is not None
                    if (low is not None and number.value < low) or (high is not None and number.value > high):
                        outside.append(f"{held.place(row, column)}: '{held.rows[row][column]}'")
    if not seen:
        return None
    words = reading.words[at : max((k for k in within if reading.words[k].kind == "word"), default=at) + 1]
    quote = " ".join(w.text for w in words)
    verdict = Verdict.CONTRADICTED if outside else Verdict.SUPPORTED
    message = (
        f"'{quote}' is contradicted: {len(outside)} of {seen} values lie outside: {'; '.join(outside[:SHOWN])}."
        if outside
        else ""
    )
    return Judged(
        words[0].start, words[-1].end, quote, "word", verdict, "limits", message, outside[0] if outside else f"{seen} values"
    )


def _measured(index: Index, limits: Stated, said: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Return the columns that a table of limits names, and of these what a sentence speaks of where it names any."""
    named = {row[limits.attribute].strip() for row in index.evidence.tables[limits.table].rows}
    best = [(s, a) for s, a in index.ranked(said) if s >= LEAST_SCORE] if said else []
    meant = {(a.table, a.column) for s, a in best if s >= best[0][0]} | {
        a.where[1] for s, a in best if a.where and s >= best[0][0]
    }
    for number, table in enumerate(index.evidence.tables):
        for column in table.columns:
            if column.header in named and (not said or (number, column.index) in meant or column.header in meant):
                yield number, column.index


def _in_force(
    index: Index, limits: Stated, table: int, row: int, header: str
) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    """Return the limits of an attribute for a row: those whose other columns agree with it, at its date."""
    spec, held = index.evidence.tables[limits.table], index.evidence.tables[table]
    shared = [
        (c.index, d.index)
        for c in spec.columns
        for d in held.columns
        if c.header == d.header and c.index not in (limits.attribute, limits.lower, limits.upper)
    ]
    dates = [c for c in held.columns if c.kind == "date"]
    day = day_of(held.rows[row][dates[0].index]) if dates else None
    for line in spec.rows:
        if (
            line[limits.attribute].strip() == header
            and all(line[a].strip() in (*ANY, held.rows[row][b].strip()) for a, b in shared)
            and _valid(spec, line, day)
        ):
            yield _limit(line, limits.lower), _limit(line, limits.upper)


def _limit(line: tuple[str, ...], column: int | None) -> Decimal | None:
    found = number_of(line[column]) if column is not None else None
    return found.value if found else None


def _valid(spec: Table, line: tuple[str, ...], day: str | None) -> bool:
    """Tell whether a line of limits was in force on a day or in a month."""
    for column in spec.columns:
        other = day_of(line[column.index]) if column.kind == "date" else None
        if day is None or other is None:
            continue
        stems = set(stems_of(column.header))
        if stems & {"from", "start"} and other[: len(day)] > day:
            return False
        if stems & {"until", "to", "end"} and other[: len(day)] < day:
            return False
    return True
