"""Read tables whose rows are a place and a time: "POU-3", "2025-03"; find which of their rows a number of a sentence is of. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from drafting.checks.foreign.attributes import STOPS
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.limits import stated
from drafting.checks.foreign.periods import QUARTERS, YEAR, Period, bare_periods
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import MOSTLY, Table
from drafting.checks.foreign.values import day_of, within

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_QUARTER = re.compile(r"(?:(?P<a>\d{4})[-/ ]?Q(?P<q>[1-4])|Q(?P<p>[1-4])[-/ ]?(?P<b>\d{4}))", re.IGNORECASE)
_MONTH = re.compile(r"(?:(?P<m>0[1-9]|1[0-2])[/.](?P<y>\d{4})|(?P<a>\d{4})[/.](?P<b>0[1-9]|1[0-2]))")
LEAST_ROWS = 3
BEHIND = 6  # words behind a number within which its place or time stands
Span = tuple[str, str]
Key = TypeVar("Key")  # a place or a time


@dataclass(frozen=True)
class Series:
    """A table of places over time: the column of the time, and that of the place where there are several."""

    table: int
    time: int
    place: int | None
    spans: tuple[Span | None, ...]  # of each row


@dataclass(frozen=True)
class Picked:
    """The rows of a series that a number is of, and whether its sentence says a place and a time."""

    series: Series
    rows: tuple[int, ...]
    placed: bool
    timed: bool
    behind: bool = False  # a time stands behind the number, before the next one

    @property
    def whole(self) -> bool:
        """Tell whether everything that makes one row is said."""
        return self.timed and (self.placed or self.series.place is None)


def span_of(cell: str) -> Span | None:
    """Return the first and last day or month of a cell that is a time: "2025-03", "Mar 2025", "03/2025", "2025-Q1"."""
    day = day_of(cell)
    if day:
        return day, day
    quarter, month = _QUARTER.fullmatch(cell.strip()), _MONTH.fullmatch(cell.strip())
    if quarter:
        begins, ends = QUARTERS[int(quarter["q"] or quarter["p"]) - 1]
        year = quarter["a"] or quarter["b"]
        return f"{year}-{begins}", f"{year}-{ends}"
    said = f"{month['y'] or month['a']}-{month['m'] or month['b']}" if month else ""
    return (said, said) if said else None


def all_series(index: Index) -> tuple[Series, ...]:
    """Return the tables of places over time; worked out once."""
    kept = index.evidence.kept
    if ("series",) not in kept:
        limits = {one.table for one in stated(index)}
        tables = ((n, table) for n, table in enumerate(index.evidence.tables) if not table.spread and n not in limits)
        kept["series",] = tuple(s for n, table in tables for s in [_series(n, table, index)] if s)
    return cast("tuple[Series, ...]", kept["series",])


def _series(number: int, table: Table, index: Index) -> Series | None:
    """Return a table as a series, where its rows differ by one time and at most one column of words (and the name of an attribute)."""
    named = next((a.where[0] for a in index.attributes if a.table == number and a.where), None)
    timed = [
        c.index
        for c in table.columns
        if sum(span_of(row[c.index]) is not None for row in table.rows) >= MOSTLY * len(table.rows)
    ]
    if len(timed) != 1 or len(table.rows) < LEAST_ROWS or table.key not in (None, *timed):
        return None
    spans = tuple(span_of(row[timed[0]]) for row in table.rows)
    worded = [
        c.index
        for c in table.columns
        if c.kind == "text" and c.index not in (named, *timed) and 2 * c.distinct <= len(table.rows)
    ]
    for place in (None, *worded):
        keys = [
            (spans[r], row[place] if place is not None else "", row[named] if named is not None else "")
            for r, row in enumerate(table.rows)
        ]
        if len(set(keys)) == len(keys):
            return Series(number, timed[0], place, spans)
    return None


def picked(reading: Reading, at: int, one: Series, text: "Text", *, before: bool = False) -> Picked:
    """Return the rows of a series that a number is of, by the place and the time that are said nearest to it, `before` it only."""
    table = text.index.evidence.tables[one.table]
    rows: Iterable[int] = range(len(table.rows))
    places = [
        (m.first, m.last, v[2]) for m in mentions(reading, text.index) for v in m.values if v[:2] == (one.table, one.place)
    ]
    places, end = [p for p in places if not before or p[1] < at], len(reading.words)
    meant = {value for _, _, value in _nearest(reading, at, places)}
    rows = [r for r in rows if not meant or table.rows[r][one.place or 0].strip() in meant]
    times = [(p.first, p.last, (p.start, p.end)) for p in times_in(reading, one, text) if p.last < (at if before else end)]
    wanted = {span for _, _, span in _nearest(reading, at, times)}
    rows = [r for r in rows if not wanted or _falls(one.spans[r], wanted)]
    following = min((n for n in reading.numbers if n > at), default=end)
    behind = any(at < first < following for first, *_ in times)
    return Picked(one, tuple(_of_others(reading, one, rows, text.index)), bool(meant), bool(wanted), behind)


def _falls(held: Span | None, wanted: Iterable[Span]) -> bool:
    return held is not None and any(within(held[0], *span) and within(held[1], *span) for span in wanted)


def times_in(reading: Reading, one: Series, text: "Text") -> tuple[Period, ...]:
    """Return the times that a sentence says, months without a year among them where a table or document is of one year."""
    years = {span[0][:YEAR] for span in one.spans if span}
    year = next(iter(years)) if len(years) == 1 else ""
    whole = (f"{year}-01-01", f"{year}-12-31") if year else text.scope.period
    return (*reading.periods, *bare_periods(reading.words, whole, reading.periods))


def is_place(value: tuple[int, int, str], index: Index) -> bool:
    """Tell whether a value of a column is a place of a table of places over time."""
    return any(value[:2] == (one.table, one.place) for one in all_series(index))


def mentions(reading: Reading, index: Index) -> tuple[Mention, ...]:
    """Return the words that say values of columns, those among them that are names as well."""
    named = ((m, tuple(w.stem for w in reading.words[m.first : m.last + 1] if w.kind != "mark")) for m in reading.entities)
    return (
        *reading.values,
        *(Mention(m.first, m.last, (), index.values[stems]) for m, stems in named if stems in index.values),
    )


def _of_others(reading: Reading, one: Series, rows: Sequence[int], index: Index) -> Iterator[int]:
    """Return of rows those of another column's value that stands behind its header: "Grade C"."""
    table = index.evidence.tables[one.table]
    said = [
        v
        for m in mentions(reading, index)
        for v in m.values
        if v[0] == one.table and v[1] != one.place and headed(reading, m, v, index)
    ]
    for row in rows:
        if all(
            any(table.rows[row][c].strip() == value for _, c, value in said if c == column)
            for column in {v[1] for v in said}
        ):
            yield row


def headed(reading: Reading, mention: Mention, value: tuple[int, int, str], index: Index) -> bool:
    """Tell whether a value stands right behind or before a word of its header: "Grade C", "line 2"."""
    stems = set(stems_of(index.evidence.tables[value[0]].columns[value[1]].header))
    around = (mention.first - 1, mention.last + 1)
    return any(0 <= k < len(reading.words) and reading.words[k].stem in stems for k in around)


def _nearest(reading: Reading, at: int, found: Sequence[tuple[int, int, Key]]) -> Sequence[tuple[int, int, Key]]:
    """Return what stands behind a number in its own phrase, else all that stands before it and is no other number's, else all."""
    right_before = [
        one
        for one in found
        if one[1] in (at - 1, at - 2) and reading.words[at - 1].text in ("(", reading.words[one[1]].text)
    ]
    if right_before:
        return right_before  # "that of June (14 CFU)"
    following = min((n for n in reading.numbers if n > at), default=len(reading.words))
    behind = [one for one in found if at < one[0] <= at + BEHIND and one[0] < following and not _cut(reading, at, one[0])]
    if behind or len({key for *_, key in found}) == 1:
        return behind[:1] or found
    others = {
        one
        for n in reading.numbers
        if n < at
        for one in found
        if n < one[0] < at and one[0] <= n + BEHIND and not _cut(reading, n, one[0])
    }
    before = [one for one in found if one[1] < at]
    free = [one for one in before if one not in others]
    return free or before or found


def _cut(reading: Reading, one: int, other: int) -> bool:
    return any(w.text.casefold() in STOPS for w in reading.words[one + 1 : other])


def columns_said(stems: frozenset[str], table: int, index: Index) -> list[tuple[float, Attribute]]:
    """Return the columns of a table that stems say, with how well."""
    return [(score, a) for score, a in index.ranked(stems) if a.table == table and index.numeric(a)]
