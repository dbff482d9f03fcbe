"""Hold measured values against the limits that the evidence states for them: the limits in force for a row, by what both tables share. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import LIMITS, SIDES, STOP
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit, shown
from drafting.checks.foreign.reading import Reading, Said
from drafting.checks.foreign.scope import Scope, rows_in
from drafting.checks.foreign.tables import MOSTLY, Table
from drafting.checks.foreign.values import day_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

ANY = frozenset(("", "*", "all"))
NOT_ATTRIBUTES = LIMITS | {"level", "alert", "action"}


@dataclass(frozen=True)
class Stated:
    """A table of limits: which column names the attribute, which hold the lower and upper limit."""

    table: int
    attribute: int
    lower: int | None
    upper: int | None


def limits_meant(reading: Reading, at: int, text: "Text", near: float = NEAR) -> tuple[Attribute, ...]:
    """Return the columns of limits of the attribute that a sentence said before a number, else behind it; `near` the best said."""
    index = text.index
    ordered = [s for s in reversed(reading.said) if s.first < at] + [s for s in reading.said if s.first > at]
    spoken = [
        s.stems for s in ordered if not _only_limit(reading, s)
    ]  # "the specification requires NLT 80 % for dissolution"
    nouns = frozenset(index.row_nouns) if at and reading.words[at - 1].text == "of" else frozenset[str]()  # "limit of 40"
    meant = next((s for s in spoken if content(s) - NOT_ATTRIBUTES - nouns), text.focus.stems)
    statistics = next((s & set(STATISTICS) for s in spoken if s & set(STATISTICS)), frozenset[str]())
    wanted = (content(meant) - NOT_ATTRIBUTES) | statistics
    ranked = [(s, a) for s, a in index.ranked(wanted) if is_limit(index, a) and a.where is not None and s >= LEAST_SCORE]
    spoken_of = {w.stem for w in reading.words}
    ranked = [(s, a) for s, a in ranked if _kind(index, a) <= spoken_of]  # a limit of the error is no limit of the value
    return tuple(a for s, a in ranked if s >= ranked[0][0] - near)


def _only_limit(reading: Reading, said: Said) -> bool:
    """Tell whether words only say that something is a limit, whatever headers they abbreviate to: "specification" is no "spec_version"."""
    words = {w.stem for w in reading.words[said.first : said.last + 1]} - STOP
    return bool(words) and words <= LIMITS


def _kind(index: Index, attribute: Attribute) -> set[str]:
    """Return what a column of limits says beyond being one: "error" of "error_limit"."""
    header = set(stems_of(index.evidence.tables[attribute.table].columns[attribute.column].header))
    return header - LIMITS - SIDES - {"text", "value", "percent", "spec"}


def said_of(reading: Reading, at: int, verdict: Verdict, message: str, cell: Cell, index: Index) -> Judged:
    """Return what a limit of the evidence says of a number."""
    word, place = reading.words[at], (cell.table, cell.row, cell.column)
    return Judged(word.start, word.end, word.text, "number", verdict, "limit", message, shown(cell, index), cell=place)


def applies(index: Index, cell: Cell, attribute: Attribute, scope: Scope) -> bool:
    """Tell whether a limit is one of the things in scope: by what its row shares with their rows, and by its dates."""
    table = index.evidence.tables[cell.table]
    line = table.rows[cell.row]
    shared = _shared(index, cell.table, attribute, scope.entities)
    if any(line[column].strip() not in known for column, known in shared):
        return False
    return scope.period is None or in_force(table, line, *scope.period)


def _shared(
    index: Index, table: int, attribute: Attribute, entities: tuple[tuple[str, str], ...]
) -> tuple[tuple[int, frozenset[str]], ...]:
    """Return the columns that a table of limits shares with the rows in scope, and what these hold there; worked out once."""
    key = ("shared", table, attribute.where, entities)
    if key not in index.evidence.kept:
        found: list[tuple[int, frozenset[str]]] = []
        for number, held in enumerate(index.evidence.tables):
            if attribute.where is None or number == table or not any(c.header == attribute.where[1] for c in held.columns):
                continue
            rows = rows_in(index.evidence, number, Scope(entities))
            for one in index.evidence.tables[table].columns if rows else ():
                other = next((c.index for c in held.columns if c.header == one.header and c.kind == "text"), None)
                if other is not None:
                    found.append((one.index, ANY | {held.rows[r][other].strip() for r in rows}))
        index.evidence.kept[key] = tuple(found)
    return cast("tuple[tuple[int, frozenset[str]], ...]", index.evidence.kept[key])


def stated(index: Index) -> tuple[Stated, ...]:
    """Return the tables that state a lower and an upper limit for named attributes of other tables."""
    headers = {c.header for t in index.evidence.tables for c in t.columns}
    long = {(a.table, a.where[1]) for a in index.attributes if a.where is not None}
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
            (
                c.index
                for c in table.columns
                if c.kind == "text" and _named_by(table, c.index, headers | {v for t, v in long if t != number})
            ),
            None,
        )
        results = any("result" in stems_of(c.header) for c in table.columns)
        if named is not None and not results and (lower is not None or upper is not None):
            found.append(Stated(number, named, lower, upper))
    return tuple(found)


def _named_by(table: Table, column: int, headers: set[str]) -> bool:
    """Tell whether a column names attributes: most of its values are headers of other tables."""
    values = {row[column] for row in table.rows}
    return len(values & headers) >= MOSTLY * len(values)


def in_force(spec: Table, line: tuple[str, ...], first: str, last: str) -> bool:
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
