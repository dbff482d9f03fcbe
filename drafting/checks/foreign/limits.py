"""Hold measured values against the limits that the evidence states for them: the limits in force for a row, by what both tables share. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import LIMITS
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit, matching, shown
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import Scope, date_columns, rows_in
from drafting.checks.foreign.tables import MOSTLY, Table, stems_of
from drafting.checks.foreign.values import day_of, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

ANY = frozenset(("", "*", "all"))
SHOWN = 5
_NOT_ATTRIBUTES = frozenset(("limit", "specification", "criterion", "result", "batch", "out"))
_OTHER_LEVELS = frozenset(("alert", "action", "warning", "trend"))  # levels that are no specification
NOT_ATTRIBUTES = LIMITS | {"level", "alert", "action"}


@dataclass(frozen=True)
class Stated:
    """A table of limits: which column names the attribute, which hold the lower and upper limit."""

    table: int
    attribute: int
    lower: int | None
    upper: int | None


def named(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a limit that a text names; None where the evidence holds no limits of the attribute."""
    index = text.index
    if {w.text.casefold() for w in reading.words[max(0, at - 5) : at]} & _OTHER_LEVELS:
        return None
    meant = limits_meant(reading, at, text)
    cells: Sequence[Cell] = ()
    for scope in (*scopes(reading, text), Scope()):
        found = [(c, a) for a in meant for c in column_cells(index, a, Scope(scope.entities))]
        cells = [c for c, a in found if applies(index, c, a, scope)]
        if cells:
            break
    if not cells:
        return None
    agreed = matching(said, cells)
    if agreed:
        return said_of(reading, at, Verdict.SUPPORTED, "", agreed, index)
    message = f"'{reading.words[at].text}' is contradicted: the limit is {shown(cells[0], index)}."
    return said_of(reading, at, Verdict.CONTRADICTED, message, cells[0], index)


def limits_meant(reading: Reading, at: int, text: "Text") -> tuple[Attribute, ...]:
    """Return the columns of limits of the attribute that a sentence said before a number."""
    index = text.index
    spoken = [s.stems for s in reversed([s for s in reading.said if s.first < at])]
    meant = next((s for s in spoken if content(s) - NOT_ATTRIBUTES), text.focus.stems)
    statistics = next((s & set(STATISTICS) for s in spoken if s & set(STATISTICS)), frozenset[str]())
    wanted = (content(meant) - NOT_ATTRIBUTES) | statistics
    ranked = [(s, a) for s, a in index.ranked(wanted) if is_limit(index, a) and a.where is not None and s >= LEAST_SCORE]
    spoken_of = {w.stem for w in reading.words}
    ranked = [(s, a) for s, a in ranked if _kind(index, a) <= spoken_of]  # a limit of the error is no limit of the value
    return tuple(a for s, a in ranked if s >= ranked[0][0] - NEAR)


def _kind(index: Index, attribute: Attribute) -> set[str]:
    """Return what a column of limits says beyond being one: "error" of "error_limit"."""
    header = set(stems_of(index.evidence.tables[attribute.table].columns[attribute.column].header))
    return header - LIMITS - {"text", "min", "max", "value", "percent"}


def said_of(reading: Reading, at: int, verdict: Verdict, message: str, cell: Cell, index: Index) -> Judged:
    """Return what a limit of the evidence says of a number."""
    word, place = reading.words[at], (cell.table, cell.row, cell.column)
    return Judged(word.start, word.end, word.text, "number", verdict, "limit", message, shown(cell, index), cell=place)


def applies(index: Index, cell: Cell, attribute: Attribute, scope: Scope) -> bool:
    """Tell whether a limit is one of the things in scope: by what its row shares with their rows, and by its dates."""
    table = index.evidence.tables[cell.table]
    line = table.rows[cell.row]
    for number, held in enumerate(index.evidence.tables):
        if attribute.where is None or number == cell.table or not any(c.header == attribute.where[1] for c in held.columns):
            continue
        rows = rows_in(index.evidence, number, Scope(scope.entities))
        for one in table.columns:
            other = next((c.index for c in held.columns if c.header == one.header and c.kind == "text"), None)
            if (
                other is not None
                and rows
                and line[one.index].strip() not in (*ANY, *(held.rows[r][other].strip() for r in rows))
            ):
                return False
    return scope.period is None or _valid(table, line, *scope.period)


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
        named = next((c.index for c in table.columns if c.kind == "text" and _named_by(table, c.index, headers)), None)
        results = any("result" in stems_of(c.header) for c in table.columns)
        if named is not None and not results and (lower is not None or upper is not None):
            found.append(Stated(number, named, lower, upper))
    return tuple(found)


def _named_by(table: Table, column: int, headers: set[str]) -> bool:
    """Tell whether a column names attributes: most of its values are headers of other tables."""
    values = {row[column] for row in table.rows}
    return len(values & headers) >= MOSTLY * len(values)


def conformity(reading: Reading, at: int, within: range, text: "Text") -> Judged | None:
    """Return the verdict on "all results within limits": the first value outside contradicts it; None where no limits are stated."""
    index = text.index
    said = frozenset(s for one in reading.said for s in content(one.stems)) - _NOT_ATTRIBUTES
    owners = tuple(key for m in reading.entities for key in m.what)
    scope = next(iter(scopes(reading, text)))
    outside, seen = [], 0
    spoken = _spoken_tables(reading, index)
    for place, value, low, high in _own(index, spoken, said, Scope(scope.entities or owners, (), scope.period)):
        seen += 1
        if (low is not None and value < low) or (high is not None and value > high):
            outside.append(place)
    for limits in stated(index) if not spoken else ():
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


def _spoken_tables(reading: Reading, index: Index) -> tuple[tuple[int, int, int | None, int | None], ...]:
    """Return the tables of results with their own limits that a sentence names, "stability results": (table, result, lower, upper)."""
    spoken = {w.stem for w in reading.words} - {"result", "batch", "limit", "specification"}
    found = []
    for number, table in enumerate(index.evidence.tables):
        places = {s: c.index for c in table.columns if c.kind == "number" for s in stems_of(c.header)}
        result = places.get("result")
        limits = (places.get("lower"), places.get("upper"))
        if result is not None and limits != (None, None) and spoken & set(stems_of(table.name)):
            found.append((number, result, *limits))
    return tuple(found)


def _own(
    index: Index, tables: tuple[tuple[int, int, int | None, int | None], ...], said: frozenset[str], scope: Scope
) -> Iterator[tuple[str, Decimal, Decimal | None, Decimal | None]]:
    """Return each result of such tables in a scope with its place and limits; of the attributes that are said, where any is."""
    for number, column, lower, upper in tables:
        table = index.evidence.tables[number]
        named = said - set(stems_of(table.name))
        meant = (
            {a.where for s, a in index.ranked(named) if a.table == number and a.where and s >= LEAST_SCORE}
            if named
            else set()
        )
        dated = date_columns(index.evidence, number)[0] if scope.period else None
        for row in rows_in(index.evidence, number, scope, dated=dated):
            line = table.rows[row]
            value = number_of(line[column])
            if value and (not meant or any(line[c].strip() == held for c, held in meant)):
                place = f"{table.place(row, column)}: '{line[column]}'"
                yield place, value.value, _limit(line, lower), _limit(line, upper)


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
            and (day is None or _valid(spec, line, day, day))
        ):
            yield _limit(line, limits.lower), _limit(line, limits.upper)


def _limit(line: tuple[str, ...], column: int | None) -> Decimal | None:
    found = number_of(line[column]) if column is not None else None
    return found.value if found else None


def _valid(spec: Table, line: tuple[str, ...], first: str, last: str) -> bool:
    """Tell whether a line of limits was in force at some time of a period: by its dates, from and until, or the day of its event."""
    for column in spec.columns:
        day = day_of(line[column.index]) if column.kind == "date" else None
        stems = set(stems_of(column.header))
        ends = stems & {"until", "to", "end", "expires", "detected"}
        if day and not ends and stems & {"from", "start", "effective"} and day[: len(last)] > last:
            return False
        if day and ends and day[: len(first)] < first:
            return False
    return True
