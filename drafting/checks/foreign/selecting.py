"""Read a number in the rows that a sentence selects: a study by its code, a time by the header before it ("month 12"). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import RESULTS
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, matching, shown
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.scope import Scope, reaches, rows_in
from drafting.checks.foreign.tables import Column, Table, stems_of
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_TIMES = frozenset(("at", "after"))  # "after 12 months"


@dataclass(frozen=True)
class Selection:
    """The rows of a table of results that a sentence selects, its numbers that do so, and the stems of their headers."""

    table: int
    result: int
    rows: tuple[int, ...]
    numbers: frozenset[int]
    headers: frozenset[str]


def judge_selected(reading: Reading, at: int, said: Decimal, relation: str, text: "Text") -> Judged | None:
    """Return the verdict on a number of the rows that its sentence selects; None where it selects none."""
    for one in _selections(reading, text.index):
        if at in one.numbers:
            verdict = Verdict.SUPPORTED if one.rows else Verdict.NOT_FOUND
            return _told(reading, at, verdict, "" if one.rows else "selects no row of what the sentence speaks of.")
        cells = _cells(reading, at, one, text.index)
        found = matching(said, cells, relation)
        if found is not None:
            return _told(reading, at, Verdict.SUPPORTED, "", found, text.index)
        if cells:
            message = f"is contradicted: {shown(cells[0], text.index)}."
            return _told(reading, at, Verdict.CONTRADICTED, message, cells[0], text.index)
        if one.numbers and any(s.last < at and content(s.stems) - one.headers for s in reading.said):
            return _told(reading, at, Verdict.NOT_FOUND, "has no value in the rows that the sentence selects.")
    return None


def _selections(reading: Reading, index: Index) -> Iterator[Selection]:
    for number, table in enumerate(index.evidence.tables):
        result = next((c.index for c in table.columns if c.kind == "number" and RESULTS & set(stems_of(c.header))), None)
        if result is None:
            continue
        coded = {
            (number, column, value): table.columns[column].header
            for mention in reading.values
            if reading.words[mention.first].kind == "code"
            for held, column, value in mention.values
            if held == number
        }
        timed = _timed(reading, table, number, index)
        names = tuple(key for m in reading.entities for key in m.what if reaches(index.evidence, number, key[0]))
        if coded or (timed and names):
            rows = rows_in(index.evidence, number, Scope(names, tuple(coded)))
            for at, column in timed.items():
                rows = tuple(r for r in rows if _is(table.rows[r][column.index], value_of(reading.words[at])))
            headers = frozenset(s for h in (*coded.values(), *(c.header for c in timed.values())) for s in stems_of(h))
            yield Selection(number, result, rows, frozenset(timed), headers)


def _is(cell: str, wanted: Decimal) -> bool:
    held = number_of(cell)
    return held is not None and held.value == wanted


def _timed(reading: Reading, table: Table, number: int, index: Index) -> dict[int, Column]:
    """Return the numbers that say which row: behind the header of a column of whole numbers, or "after 12 months"."""
    words = reading.words
    found = {}
    for column in table.columns:
        stems = stems_of(column.header)
        repeated = 1 < column.distinct < len(table.rows)
        if column.kind != "number" or len(stems) != 1 or not repeated or (number, column.index) in index.evidence.references:
            continue
        if set(stems) & RESULTS or any("." in row[column.index] for row in table.rows):
            continue
        for at in reading.numbers:
            before = words[at - 1] if at else None
            behind = words[at + 1] if at + 1 < len(words) else None
            if before is None:
                continue
            if before.stem == stems[0] or (behind and behind.stem == stems[0] and before.text.casefold() in _TIMES):
                found[at] = column
    return found


def _cells(reading: Reading, at: int, one: Selection, index: Index) -> list[Cell]:
    """Return the results of the attribute that the sentence said last before a number, in the rows selected."""
    spoken = (s.stems - one.headers for s in reversed([s for s in reading.said if s.last < at]))
    stems = next((s for s in spoken if content(s)), frozenset[str]())
    ranked = [
        (score, a)
        for score, a in index.ranked(stems)
        if score >= LEAST_SCORE and (a.table, a.column) == (one.table, one.result) and a.where is not None
    ]
    return [
        Cell(one.table, row, one.result, index.evidence.cell(one.table, row, one.result), score)
        for score, a in ranked
        if score >= ranked[0][0] - NEAR
        for row in one.rows
        if a.where and index.evidence.cell(one.table, row, a.where[0]) == a.where[1]
        if index.evidence.cell(one.table, row, one.result)
    ]


def _told(
    reading: Reading, at: int, verdict: Verdict, message: str, cell: Cell | None = None, index: Index | None = None
) -> Judged:
    word = reading.words[at]
    about = index.evidence.tables[cell.table].name if cell and index else "selected row"
    evidence = shown(cell, index) if cell and index else ""
    said = f"'{word.text}' {message}" if message else ""
    return Judged(word.start, word.end, word.text, "number", verdict, about, said, evidence)
