"""Read a number in the rows that a sentence selects: a study by its code, a time by the header before it ("month 12"). Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign import inscribed, storage
from drafting.checks.foreign.aggregates import range_end
from drafting.checks.foreign.attributes import STOPS
from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import LIMIT_WORDS, RESULTS
from drafting.checks.foreign.lookup import LEAST_SCORE, MOST_REFERRING, NEAR, Cell, content, is_limit, matching, shown
from drafting.checks.foreign.measures import is_time
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.scope import Scope, reaches, rows_in
from drafting.checks.foreign.states import coded_word
from drafting.checks.foreign.tables import Column, Table
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS, stem

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_AT = frozenset(("at", "after", "over", "within", "for", "until", "during", "through"))  # "after 12 months"
_BETWEEN = frozenset(("between",))  # two times
_TIMES = frozenset(("month", "week", "day", "hour", "time", "timepoint", "interval", "age"))
NEAR_LIMIT = 3  # words from "limit" to its figure
CONDITION = 3  # words of a condition: "40 ° C", "75 % RH"
_ENDS = STOPS - {"(", ")"}


@dataclass(frozen=True)
class Selection:
    """The rows of a table of results that a sentence selects, its numbers that do so, and the stems of their headers.

    `result` is the column of the results of a long table; None where each attribute has a column of its own. `named` tells that the
    sentence names other things too, of which a number that these rows do not hold may be; `unnamed` that only a time selects.
    """

    table: int
    result: int | None
    rows: tuple[int, ...]
    numbers: frozenset[int]
    headers: frozenset[str]
    named: bool
    unnamed: bool = False


def judge_selected(reading: Reading, at: int, said: Decimal, relation: str, text: "Text") -> Judged | None:
    """Return the verdict on a number of the rows that its sentence selects; None where it selects none."""
    open_, against = None, None
    every = tuple(_selections(reading, at, text))
    for one in tuple(s for s in every if not s.unnamed) or every:
        if at in one.numbers:
            if one.rows:
                return _told(reading, at, Verdict.SUPPORTED, "")
            open_ = open_ or _told(reading, at, Verdict.NOT_FOUND, "selects no row of what the sentence speaks of.")
            continue
        cells = _cells(reading, at, one, text.index)
        if cells and one.unnamed and len(one.rows) > 1:
            open_ = open_ or _told(reading, at, Verdict.NOT_FOUND, "is of one of several rows: which one is not said.")
            continue
        begun = _from(reading, at) and len(cells) == 1  # the first of its times
        if (
            one.result is None
            and not one.numbers
            and not begun
            and (len(cells) > MOST_REFERRING or _of_many(reading, at, relation))
        ):
            continue
        found = matching(said, cells, relation)
        if found is not None:
            return _told(reading, at, Verdict.SUPPORTED, "", found, text.index)
        if cells and (
            (_from(reading, at) and not one.numbers) or _BETWEEN & {w.text.casefold() for w in reading.words[:at]}
        ):
            open_ = open_ or _told(reading, at, Verdict.NOT_FOUND, "is of a time that the sentence does not say.")
            continue
        if cells and (one.result is not None or one.numbers or not one.named):
            message = f"is contradicted: {shown(cells[0], text.index)}."
            against = against or _told(reading, at, Verdict.CONTRADICTED, message, cells[0], text.index)
            continue
        if one.numbers and not cells and any(s.last < at and content(s.stems) - one.headers for s in reading.said):
            open_ = open_ or _told(reading, at, Verdict.NOT_FOUND, "has no value in the rows that the sentence selects.")
    return against or open_


def _of_many(reading: Reading, at: int, relation: str) -> bool:
    """Tell whether a number is said of several rows: a bound, an end of a range, a statistic, or by how much something changed."""
    statistic = {w.stem for w in reading.words[:at]} & set(STATISTICS)
    changed = at > 0 and reading.words[at - 1].text.casefold() == "by"
    return bool(relation or range_end(reading, at) or statistic or changed)


def _selections(reading: Reading, at: int, text: "Text") -> Iterator[Selection]:
    index = text.index
    for number, table in enumerate(index.evidence.tables):
        if not storage.meant(table, index.evidence.tables, reading.words, inscribed.temperature(reading, at)):
            continue
        result = next((c.index for c in table.columns if c.kind == "number" and RESULTS & set(stems_of(c.header))), None)
        coded = {
            (number, column, value): table.columns[column].header
            for mention in reading.values
            if coded_word(reading, mention)
            for held, column, value in mention.values
            if held == number
        }
        timed = _timed(reading, table, number, index, wide=result is None)
        names = tuple(key for m in reading.entities for key in m.what if reaches(index.evidence, number, key[0]))
        if coded or (timed and (names or result is None)):
            about = names or tuple(text.scope.entities)
            rows = rows_in(index.evidence, number, Scope(about, tuple(coded)))
            own = _own(reading, at, timed)
            if timed and not own and _from(reading, at):
                rows = _earliest(table, rows, next(iter(timed.values())).index)
            for place in own:
                rows = tuple(r for r in rows if _is(table.rows[r][timed[place].index], value_of(reading.words[place])))
            rows = inscribed.conditioned(reading, at, table, rows)
            headers = frozenset(s for h in (*coded.values(), *(c.header for c in timed.values())) for s in stems_of(h))
            yield Selection(number, result, rows, frozenset(own), headers, bool(reading.entities), not (coded or names))


def says_time(reading: Reading, index: Index) -> bool:
    """Tell whether a sentence says a time of a table: a figure of no row of that time is of no other one."""
    return any(
        _TIMES & ({*stems_of(column.header), stem(column.unit)})
        for number, table in enumerate(index.evidence.tables)
        for wide in (True, False)
        for column in _timed(reading, table, number, index, wide=wide).values()
    )


def course(reading: Reading, at: int, text: "Text") -> Iterator[tuple[tuple[Cell, Cell], str]]:
    """Return the first result of what a sentence names and the one at the time that it says, of one attribute, and where these stand."""
    index = text.index
    for one in _selections(reading, at, text):
        table = index.evidence.tables[one.table]
        timed = _timed(reading, table, one.table, index, wide=one.result is None)
        if len(one.rows) != 1 or len(one.numbers) != 1 or not timed:
            continue
        names = tuple(key for m in reading.entities for key in m.what if reaches(index.evidence, one.table, key[0]))
        every = inscribed.conditioned(reading, at, table, rows_in(index.evidence, one.table, Scope(names)))
        begun = replace(one, rows=_earliest(table, every, next(iter(timed.values())).index))
        first, last = _cells(reading, at, begun, index), _cells(reading, at, one, index)
        if len(first) == len(last) == 1 and first != last:
            yield (first[0], last[0]), f"{shown(first[0], index)}; {shown(last[0], index)}"


def _own(reading: Reading, at: int, timed: dict[int, Column]) -> tuple[int, ...]:
    """Return the times that select the rows of a number: right behind it, "99.9 % at month 0", else the last before it that is no other's."""
    if at in timed:
        return (at,)
    behind = {n: place for n in reading.numbers if n not in timed for place in [_right_behind(reading, n, timed)] if place}
    if at in behind:
        return (behind[at],)
    if _from(reading, at):
        return ()  # "rose from 1.0 to 1.6 over 18 months"
    free = [place for place in sorted(timed) if place not in behind.values()]
    before = [place for place in free if place < at]
    return tuple(before[-1:] or free[:1])


def _from(reading: Reading, at: int) -> bool:
    """Tell whether a number is what something rose or fell from."""
    return at > 0 and reading.words[at - 1].text.casefold() == "from"


def _earliest(table: Table, rows: Sequence[int], column: int) -> tuple[int, ...]:
    """Return of rows those of the earliest time."""
    times = {r: number.value for r in rows for number in [number_of(table.rows[r][column])] if number}
    return tuple(r for r, time in times.items() if time == min(times.values()))


def _right_behind(reading: Reading, at: int, timed: dict[int, Column]) -> int | None:
    """Return the time that stands behind a number in its own phrase."""
    following = next((n for n in reading.numbers if n > at), None)
    if following is None or following not in timed:
        return None
    between = {w.text.casefold() for w in reading.words[at + 1 : following]}
    return None if between & _ENDS else following


def _is(cell: str, wanted: Decimal) -> bool:
    held = number_of(cell)
    return held is not None and held.value == wanted


def _timed(reading: Reading, table: Table, number: int, index: Index, *, wide: bool) -> dict[int, Column]:
    """Return the numbers that say which row: behind the header of a column of whole numbers, or "after 12 months".

    In a table with a column for each attribute only a column of times selects rows.
    """
    words = reading.words
    found = {}
    for column in table.columns:
        said = set(stems_of(column.header)) if len(stems_of(column.header)) == 1 else set()
        times = (set(stems_of(column.header)) | {stem(column.unit)}) & _TIMES
        repeated = 1 < column.distinct < len(table.rows)
        selects = bool(times) if wide else repeated and bool(said or times) and not said & RESULTS
        if column.kind != "number" or not selects or (number, column.index) in index.evidence.references:
            continue
        if any("." in row[column.index] for row in table.rows):
            continue
        for at in reading.numbers:
            before = words[at - 1] if at else None
            behind = words[at + 1] if at + 1 < len(words) else None
            if before is None:
                continue
            if before.stem in said | times or (behind and behind.stem in said | times and before.text.casefold() in _AT):
                found[at] = column
    return found


def _cells(reading: Reading, at: int, one: Selection, index: Index) -> list[Cell]:
    """Return the results of the attribute that the sentence said last before a number, in the rows selected."""
    own = {k for n in reading.numbers if inscribed.is_condition(reading, n) for k in range(n, n + CONDITION)}
    said = [s for s in reading.said if s.first not in own]
    ordered = [*reversed([s for s in said if s.last < at]), *(s for s in said if s.first > at and _held_to(reading, at))]
    spoken = (s.stems - one.headers - _AT for s in ordered)
    stems = next((s for s in spoken if content(s)), frozenset[str]())
    ranked = [(score, a) for score, a in index.ranked(stems) if score >= LEAST_SCORE and _is_result(a, one, index)]
    return [
        Cell(one.table, row, a.column, index.evidence.cell(one.table, row, a.column), score)
        for score, a in ranked
        if score >= ranked[0][0] - NEAR
        for row in one.rows
        if a.where is None or index.evidence.cell(one.table, row, a.where[0]) == a.where[1]
        if index.evidence.cell(one.table, row, a.column)
    ]


def _held_to(reading: Reading, at: int) -> bool:
    """Tell whether a sentence holds its first number against a figure that it says to be a limit: "with 98 % after 3 months, the assay met the limit of 95 %"."""
    limits = [k for k, w in enumerate(reading.words) if w.stem in LIMIT_WORDS]
    return (
        at == reading.numbers[0] and any(limits[0] < n <= limits[0] + NEAR_LIMIT for n in reading.numbers)
        if limits
        else False
    )


def _is_result(attribute: Attribute, one: Selection, index: Index) -> bool:
    """Tell whether an attribute is one whose results a selection holds."""
    if attribute.table != one.table:
        return False
    if one.result is not None:
        return attribute.column == one.result and attribute.where is not None
    return attribute.where is None and index.numeric(attribute) and not is_limit(index, attribute)


def _told(
    reading: Reading, at: int, verdict: Verdict, message: str, cell: Cell | None = None, index: Index | None = None
) -> Judged:
    word = reading.words[at]
    about = index.evidence.tables[cell.table].name if cell and index else "selected row"
    evidence = shown(cell, index) if cell and index else ""
    said = f"'{word.text}' {message}" if message else ""
    place = (cell.table, cell.row, cell.column) if cell and is_time(unit_behind(reading, at)) else None
    return Judged(word.start, word.end, word.text, "number", verdict, about, said, evidence, cell=place)
