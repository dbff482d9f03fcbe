"""Read what narrows the rows of a table in a sentence: values, names, times, lateness, presence, sizes; each with the words that say it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.acts import (
    BEGINS,
    act_column,
    alike,
    beginning,
    categories,
    content_of,
    dates_of,
    due_column,
    elsewhere,
)
from drafting.checks.foreign.affirmed import affirmed_of
from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.ended import done_by, ended, until_said
from drafting.checks.foreign.graded import graded
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.kinds import shown
from drafting.checks.foreign.labels import STOP, meant
from drafting.checks.foreign.lacking import says_header
from drafting.checks.foreign.lateness import ARTICLES, late
from drafting.checks.foreign.lettered import abbreviated, lettered
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.periods import YEAR, Period, bare_periods
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.scope import Scope, date_columns, is_mixed, open_of, reaches, rows_in
from drafting.checks.foreign.tables import MISSING
from drafting.checks.foreign.unassigned import assigned
from drafting.checks.foreign.values import day_of, number_of, within

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

Rows = frozenset[int]
REACH = 6  # words before a time that say of which act it is
_NOT = frozenset(("not", "never"))
_AFTER, _BEFORE = frozenset(("after", "since")), frozenset(("before", "until"))
_HAS = frozenset(("had", "have", "has", "with", "having", "to", "in"))

_ENTRIES = frozenset(("category", "code", "type"))  # that end a header: "root cause category"
_PASSED = frozenset(("yet", "been", "be", "so", "far", "fully"))
REACH_BACK = 5  # words before what is denied: "not yet been"


@dataclass(frozen=True)
class Part:
    """Words (first to last) that narrow rows, the rows that they leave, and the column that they speak of."""

    first: int
    last: int
    rows: Rows
    column: tuple[int, int] | str
    what: str
    timed: bool = False
    open: bool = False  # other rows may be meant as well


def bases(reading: Reading, table: int, text: "Text", *, timed: bool) -> tuple[Rows, ...]:
    """Return the rows that a sentence may speak of before its own words narrow them, the likeliest first; `timed` where it says when."""
    found: list[Rows] = []
    own = {key for m in reading.entities for key in m.what}  # what a sentence names itself narrows by its words
    for scope in scopes(replace(reading, entities=(), periods=()), text):
        plain = replace(scope, entities=tuple(e for e in scope.entities if e not in own))
        plain = replace(plain, period=None) if timed else plain
        dated = date_columns(text.index.evidence, table)[0] if plain.period else None
        rows = frozenset(rows_in(text.index.evidence, table, plain, dated=dated))
        if rows not in found:
            found.append(rows)
    return tuple(found)


def parts_of(reading: Reading, table: int, text: "Text", *, own: bool = False) -> tuple[Part, ...]:
    """Return what narrows the rows of a table, in the order of a sentence, `own` names of rows too; words that two ways read count once."""
    index = text.index
    dated = _acted(reading, table, text) if until_said(reading, text) else ()  # then a later state says nothing of it
    ways: tuple[Iterable[Part], ...] = (
        _late(reading, table, index), dated, _graded(reading, table, index), _affirmed(reading, table, index), _times(reading, table, text), _lettered(reading, table, index), _values(reading, table, index),
        _named(reading, table, index, own=own), _sized(reading, table, index), _present(reading, table, index), _inflected(reading, table, index),
        _acted(reading, table, text), _coded(reading, table, index), _ended(reading, table, text),
    )  # fmt: skip
    found = [part for way in ways for part in way]
    kept: list[Part] = []
    for part in sorted(
        found, key=lambda part: part.column[0] != table if isinstance(part.column, tuple) else False
    ):  # its own columns go before
        if not any(part.first <= other.last and other.first <= part.last for other in kept):
            kept.append(_denied(reading, part, table, index))
    return tuple(sorted((part for part in kept if not _only_headed(part, kept, index)), key=lambda part: part.first))


def _only_headed(part: Part, parts: Iterable[Part], index: Index) -> bool:
    """Tell whether a part only says the header of a column of which another says a value: "had the priority high"."""
    others = [other for other in parts if other is not part and other.column == part.column]
    column = index.evidence.tables[part.column[0]].columns[part.column[1]] if isinstance(part.column, tuple) else None
    return column is not None and column.kind == "text" and bool(others) and part.what == column.header


def narrowed(rows: Rows, parts: Iterable[Part]) -> Rows:
    """Return the rows that parts leave: values of one column are alternatives."""
    by_column: dict[tuple[int, int] | str, Rows] = {}
    for part in parts:
        by_column[part.column] = by_column.get(part.column, frozenset()) | part.rows
    for one in by_column.values():
        rows &= one
    return rows


def _denied(reading: Reading, part: Part, table: int, index: Index) -> Part:
    """Return a part that "not" stands right before as what it leaves out."""
    denial = next(
        (k for k in range(part.first - 1, max(-1, part.first - REACH_BACK), -1) if reading.words[k].text.casefold() in _NOT),
        None,
    )
    if (
        denial is not None
        and not {w.text.casefold() for w in reading.words[denial + 1 : part.first]} <= _PASSED
        and denial < part.first - 2
    ):
        denial = None
    if denial is None:
        return part
    return replace(
        part,
        first=denial,
        rows=frozenset(range(len(index.evidence.tables[table].rows))) - part.rows,
        what=f"not {part.what}",
    )


def _values(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the values that words say, those among them that are names as well."""
    others = [m for m in reading.entities if all(noun != index.evidence.tables[table].noun for noun, _ in m.what)]
    named = ((m.first, m.last, _stems(reading, m)) for m in others)
    also = [Mention(first, last, (), index.values[stems]) for first, last, stems in named if stems in index.values]
    for mention in (*reading.values, *also):
        noun = next((n for k, n in reading.nouns if k == mention.last + 1), "")
        place = _chosen(reading, mention, table, index) if not noun or _of(noun, table, index) else None
        if place is not None and not is_mixed(index.evidence, *place[:2]):  # names of several kinds are read as such
            rows = frozenset(rows_in(index.evidence, table, Scope((), (place,))))
            yield Part(mention.first, mention.last, rows, place[:2], shown(place[2]))


def _lettered(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the values that a letter behind their header says, or the words that an abbreviation is of."""
    held = index.evidence.tables[table]
    for first, last, at, value in (*lettered(reading, table, index), *abbreviated(reading, table, index)):
        rows = frozenset(r for r, cells in enumerate(held.rows) if cells[at].strip() == value)
        yield Part(first, last, rows, (table, at), value)


def _of(noun: str, table: int, index: Index) -> bool:
    """Tell whether a noun is that of a table's rows: the "released" of "released batches" says nothing of lots."""
    held = index.evidence.tables[table]
    return any(index.evidence.tables[t].noun == held.noun for t in index.row_nouns[noun]) or bool(
        {table} & set(index.row_nouns[noun])
    )


def _stems(reading: Reading, mention: Mention) -> tuple[str, ...]:
    return tuple(w.stem for w in reading.words[mention.first : mention.last + 1] if w.kind != "mark")


def _chosen(reading: Reading, mention: Mention, table: int, index: Index) -> tuple[int, int, str] | None:
    """Return the value that a word says of the rows of a table: of its own column, else of one about the same things; None where several may be meant."""
    tables = index.evidence.tables
    held = tables[table]
    own = [v for v in mention.values if v[0] == table]
    same = [v for v in mention.values if tables[v[0]].key is not None and tables[v[0]].noun == held.noun]
    about = [v for v in mention.values if tables[v[0]].key is not None and reaches(index.evidence, table, tables[v[0]].noun)]
    found = own or same or about
    if len({v[:2] for v in found}) > 1:
        said = {w.text.casefold() for w in reading.words}
        found = [v for v in found if any(alike(s, w) for s in content_of(tables[v[0]].columns[v[1]].header) for w in said)]
    return found[0] if len({v[:2] for v in found}) == 1 else None


def _named(reading: Reading, table: int, index: Index, *, own: bool) -> Iterator[Part]:
    """Return the names of other things that the rows of a table belong to."""
    held = index.evidence.tables[table]
    for mention in reading.entities:
        keys = [key for key in mention.what if (own or key[0] != held.noun) and reaches(index.evidence, table, key[0])]
        if len(keys) == 1:
            rows = frozenset(rows_in(index.evidence, table, Scope((keys[0],))))
            yield Part(mention.first, mention.last, rows, *keys[0], open=open_of(index.evidence, table, *keys[0]))


def _times(reading: Reading, table: int, text: "Text") -> Iterator[Part]:
    """Return the times in which an act on the rows is said to fall, by the date of that act."""
    index, words = text.index, reading.words
    for period in (*reading.periods, *bare_periods(words, text.scope.period or _one_year(table, index), reading.periods)):
        before = words[max(0, period.first - REACH) : period.first]
        leads = period.first <= 2  # noqa: PLR2004 - "in", "the"
        near = words[period.last + 1 :] if leads else before
        column = act_column(near, table, index)
        column = column or (None if elsewhere(near, table, index) else beginning(table, index))
        if column is None:
            continue
        side = before[-1].text.casefold() if before else ""
        held = index.evidence.tables[table].rows
        days = {row: day_of(cells[column.index].strip()) for row, cells in enumerate(held)}
        rows = frozenset(row for row, day in days.items() if day and _falls(day, period, side))
        yield Part(
            period.first - (side in _AFTER | _BEFORE),
            period.last,
            rows,
            (table, column.index),
            f"{column.header} {side or 'in'} {period.start}",
            timed=True,
        )


def _one_year(table: int, index: Index) -> tuple[str, str] | None:
    """Return the year in which all rows of a table began; None where they began in several."""
    begun, held = beginning(table, index), index.evidence.tables[table]
    years = {(day_of(cells[begun.index].strip()) or "")[:YEAR] for cells in held.rows} if begun else set()
    return (min(years), min(years)) if len(years) == 1 and min(years) else None


def _falls(day: str, period: Period, side: str) -> bool:
    if side in _AFTER:
        return day > period.end if side == "after" else day >= period.start
    return day < period.start if side in _BEFORE else within(day, period.start, period.end)


def _late(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the words that say that something was done after the day on which it was due, or by then."""
    yield from (Part(first, last, rows, "lateness", what) for first, last, rows, what in late(reading, table, index))


def _sized(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the numbers with a unit that say which of a few sizes is meant: "lots of 600 L", "the 400 L lots"."""
    held = index.evidence.tables[table]
    for at in reading.numbers:
        unit = unit_behind(reading, at)
        columns = [
            c
            for c in held.columns
            if unit is not None
            and c.kind == "number"
            and 2 * c.distinct <= len(held.rows)
            and unit_of((table, 0, c.index), index) == unit
        ]
        same = {
            c.index: frozenset(r for r, cells in enumerate(held.rows) if _is(cells[c.index], value_of(reading.words[at])))
            for c in columns
        }
        found = [(c, rows) for c, rows in same.items() if rows]
        if len(found) == 1:
            column, rows = found[0]
            yield Part(at, at + 1, rows, (table, column), f"{held.columns[column].header} {reading.words[at].text}")


def _is(cell: str, said: Decimal) -> bool:
    number = number_of(cell)
    return number is not None and not number.sign and number.value == said


def _present(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the headers that something is said to have or lack: "had a CAPA", "without an action plan"."""
    held, words = index.evidence.tables[table], reading.words
    low = [w.text.casefold() for w in words]
    for first, last, at, some in assigned(reading, table, index):
        yield Part(first, last, some, (table, at), held.columns[at].header)
    for column in held.columns:
        stems = content_of(column.header) or stems_of(column.header)
        stems = tuple(s for k, s in enumerate(stems) if s not in ("ref", "reference") and not (k and s in _ENTRIES))
        filled = frozenset(r for r, cells in enumerate(held.rows) if cells[column.index].strip().casefold() not in MISSING)
        if column.kind not in ("text", "date") or len(filled) in (0, len(held.rows)) or not stems:
            continue
        for at in range(2, len(words)):
            exact = column.kind == "text" and tuple(w.stem for w in words[at : at + len(stems)]) == stems
            dated = column.kind == "date" and low[at + 1 : at + 2] == ["date"] and says_header(low[at : at + 2], column)
            length = len(stems) if exact else 2 * dated  # "completion date"
            lead = low[at - 2 : at] if low[at - 1] in (*ARTICLES, "no") else low[at - 1 : at]
            if length and (lead[0] in _HAS or lead[0] == "without"):
                lacks = lead[0] == "without" or lead[-1] == "no"
                rows = frozenset(range(len(held.rows))) - filled if lacks else filled
                yield Part(
                    at - len(lead),
                    at + length - 1,
                    rows,
                    (table, column.index),
                    f"{'no ' if lacks else ''}{column.header}",
                )


def _coded(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the numbers that are names, behind the header of their column: "version 4"."""
    held = index.evidence.tables[table]
    for at in range(1, len(reading.words)):
        word = reading.words[at]
        for column in held.columns if word.value is not None else ():
            said = content_of(column.header)[-1:] or stems_of(column.header)[-1:]
            named = bool(meant(reading.words[at - 1].stem, frozenset(said))) and 2 * column.distinct <= len(held.rows)
            rows = frozenset(r for r, cells in enumerate(held.rows) if _is(cells[column.index], value_of(word)))
            if named and column.kind == "number" and rows:
                yield Part(at - 1, at, rows, (table, column.index), f"{column.header} {word.text}")


def _inflected(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the words that are another form of a value of one word: "failed" of "Fails", "complied" of "Complies"."""
    held = index.evidence.tables[table]
    tables = [t for t in index.evidence.tables if t is held or (t.key is not None and t.noun == held.noun)]
    for at, word in enumerate(reading.words):
        said = word.text.casefold()
        dated = any(alike(said, s) for c in dates_of(held) for s in content_of(c.header))
        if word.kind != "word" or at in reading.taken or dated or word.value is not None or said in STOP or said in BEGINS:
            continue
        found = [
            (index.evidence.tables.index(t), c.index, value)
            for t in tables
            for c in t.columns
            if c.kind == "text" and c.index != t.key and word.stem not in stems_of(c.header)
            for value in categories(t, c)
            if len(stems_of(value)) == 1 and alike(said, stems_of(value)[0]) and _same_form(said, value)
        ]
        if len({v[:2] for v in found}) == 1:
            rows = frozenset(rows_in(index.evidence, table, Scope((), (found[0],))))
            yield Part(at, at, rows, found[0][:2], found[0][2])


def _same_form(said: str, value: str) -> bool:
    """Tell whether a word may be another form of a value: "complied" of "Complies", but "release" tests are not "Released"."""
    return not value.casefold().endswith("ed") or said.endswith("ed")


def _acted(reading: Reading, table: int, text: "Text") -> Iterator[Part]:
    """Return the participles of acts whose date some rows lack, or have only later: "were completed", "not closed by the end of the period"."""
    held, until = text.index.evidence.tables[table], until_said(reading, text)
    acts = [c for c in dates_of(held) if c != due_column(held)]
    for at, word in enumerate(reading.words):
        said = word.text.casefold()
        for column in acts if said.endswith("ed") or said == "open" else ():
            filled = done_by(held.rows, column, until)
            if len(filled) == len(held.rows):
                continue
            if any(alike(said, s) for s in content_of(column.header)):
                yield Part(at, at, filled, (table, column.index), column.header)
            elif said == "open" and any(alike("closed", s) for s in content_of(column.header)):
                yield Part(at, at, frozenset(range(len(held.rows))) - filled, (table, column.index), f"no {column.header}")


def _affirmed(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the headers of columns of yes and no that are said or denied: "require no regulatory variation"."""
    for first, last, column, rows in affirmed_of(reading, table, index):
        denied = "no " if any(w.text.casefold() in _NOT | {"no", "without"} for w in reading.words[first : last + 1]) else ""
        blank = any(not cells[column.index].strip() for cells in index.evidence.tables[table].rows)  # may be meant as no
        yield Part(first, last, rows, (table, column.index), f"{denied}{column.header}", open=bool(denied) and blank)


def _graded(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return what is said of the steps of a scale: "above minor"."""
    held = index.evidence.tables[table]
    for one in graded(reading, table, index):
        rows = frozenset(r for r, cells in enumerate(held.rows) if cells[one.column.index].strip().casefold() in one.kept)
        what = " ".join(w.text for w in reading.words[one.first : one.last + 1])
        yield Part(one.first, one.last, rows, (table, one.column.index), what)


def _ended(reading: Reading, table: int, text: "Text") -> Iterator[Part]:
    """Return the words of the end of the period, which leave out no row that began by then."""
    words = list(ended(reading, table, text))
    if words:
        yield Part(
            words[0],
            words[-1],
            frozenset(range(len(text.index.evidence.tables[table].rows))),
            "end",
            "by the end of the period",
        )
