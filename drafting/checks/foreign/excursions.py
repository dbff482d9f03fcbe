"""Judge what a sentence says of results and the limits in their own rows: "the action limit was exceeded in room 2 in June", "no excursion". Pure.

A sentence is judged only where every word of it is understood: the rows that it narrows, which limit is meant, and how often it was crossed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from drafting.checks.foreign.conclusions import LIMIT_SAID, OUTSIDE, WITHIN
from drafting.checks.foreign.counting import SHOWN
from drafting.checks.foreign.covering import TURNS, plain
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, content
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.pointed import unit_words
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowlimits import Limited, bound_of, limited_tables, outside
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.series import headed, mentions
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, held_against

_CROSSED = OUTSIDE | {
    "exceed",
    "exceeding",
    "above",
    "over",
    "breached",
    "crossed",
    "excursion",
    "exceedance",
    "breach",
    "failure",
}
_KEPT = WITHIN | {"below", "under", "respected"}
_NAMED = frozenset(("excursion", "exceedance", "breach", "failure"))  # that are counted
_LIMITS = LIMIT_SAID | {"level", "threshold"}
_KINDS = frozenset(("alert", "action", "warning"))
_DENIALS = frozenset(("no", "none", "not", "never", "without", "neither", "nor"))
_ALL = frozenset(("all", "every", "each", "both", "always", "consistently"))
_ONCE = {"once": 1, "twice": 2}
_REFUSED = TURNS | {"because", "first", "second"}
_IDLE = frozenset((
    "showed", "shown", "throughout", "year", "stayed", "remained", "kept", "free", "respective", "only", "with", "time", "times", "occasion", "occasions", "whole",
    "entire", "there", "always", "value", "values", "its", "their", "any", "out", "over", "dating", "month", "thus", "therefore", "which", "review", "period", "so",
    "nmt", "nlt", "were", "of", "in", "all", "every", "each", "both", "consistently", "again",
))  # fmt: skip
MOST_WORDS = 40


@dataclass(frozen=True)
class _Said:
    """What a sentence says of limits: the word of crossing or keeping, whether results lie outside, and how many do where that is said."""

    at: int
    crossed: bool
    count: int | None = None  # the word that says how many
    many: int | None = None


@dataclass(frozen=True)
class _Rows:
    """The rows of a table that a sentence narrows, the column of limits that it means, and the words that say so."""

    table: Limited
    limit: int
    rows: Rows
    before: Rows  # those that the words before a count leave
    spoken: frozenset[int]
    each: tuple[Rows, ...] = ()  # those of each of several places or names that are said side by side


def judge_excursions(reading: Reading, text: Text) -> tuple[Judged, ...]:
    """Return the verdicts on a sentence about results and the limits of their rows, all of whose words are understood; else none."""
    low = [w.text.casefold() for w in reading.words]
    stems = [w.stem for w in reading.words]
    limit = next((k for k, s in enumerate(stems) if s in _LIMITS or s in _NAMED), None)
    if limit is None or low[-1] not in (".", "!") or len(low) > MOST_WORDS or _REFUSED & set(low):
        return ()
    said = _said(reading, low)
    found = [
        (one, judged)
        for one in _selected(reading, said, text)
        for judged in [_judged(reading, said, one, text.index)]
        if judged
    ]
    verdicts = {tuple(j.verdict for j in judged) for _, judged in found}
    return found[0][1] if len(verdicts) == 1 else ()


def _said(reading: Reading, low: Sequence[str]) -> _Said | None:
    """Return what is said of limits; None where none is said to be crossed or kept: what a limit is."""
    stems = [w.stem for w in reading.words]
    at = next((k for k in range(len(low)) if low[k] in _CROSSED | _KEPT or stems[k] in _NAMED), None)
    if at is None:
        return None
    denied = bool(_DENIALS & set(low))
    crossed = (low[at] in _CROSSED or stems[at] in _NAMED) != denied
    once = next((k for k, w in enumerate(low) if w in _ONCE), None)
    if once is not None:
        return _Said(at, crossed, once, _ONCE[low[once]])
    behind = [n for n in reading.numbers if stems[n + 1 : n + 2] in (["occasion"], ["time"])]
    lead = [n for n in reading.numbers if stems[at] in _NAMED and n < at and not [m for m in reading.numbers if n < m < at]]
    count = next(iter([*behind, *lead]), None)
    return _Said(at, crossed, count, int(value_of(reading.words[count])) if count is not None else None)


def _selected(reading: Reading, said: _Said | None, text: Text) -> Iterator[_Rows]:
    """Return for each table with limits in its rows those that a sentence narrows."""
    for one in limited_tables(text.index):
        limit = _limit(reading, one, text.index)
        if limit is None:
            continue
        attribute = _attribute(reading, one, text.index)
        if attribute is None:
            continue
        rows, words = attribute
        parts = [p for p in parts_of(reading, one.table, text, own=True) if not words & set(range(p.first, p.last + 1))]
        parts = [p for p in parts if _told(reading, p, one, text.index)]
        parts += [p for p in _lettered(reading, one.table, text.index) if not any(p.first == q.first for q in parts)]
        spoken = words | {k for p in parts for k in range(p.first, p.last + 1)}
        if not parts and not words:
            continue
        base = next(iter(bases(reading, one.table, text, timed=any(p.timed for p in parts))), frozenset[int]())
        count = said.count if said else None
        cut = count is not None and reading.words[count + 1].text == ","  # "once, in room 2 in June"
        first = [p for p in parts if not cut or (count is not None and p.last < count)]
        columns = [p.column for p in parts if not p.timed]
        each = tuple(p.rows for p in parts if columns.count(p.column) > 1)
        yield _Rows(one, limit, narrowed(base & rows, parts), narrowed(base & rows, first), frozenset(spoken), each)


def _limit(reading: Reading, one: Limited, index: Index) -> int | None:
    """Return the column of limits that a sentence means: the alert or action limit that it says, else the only one that is neither."""
    said = _KINDS & {w.stem for w in reading.words}
    headers = {c: set(stems_of(index.evidence.tables[one.table].columns[c].header)) for c in one.limits}
    found = [c for c, stems in headers.items() if (said & stems if said else not stems & _KINDS)]
    return found[0] if len(found) == 1 and len(said) < len(_KINDS) - 1 else None


def _attribute(reading: Reading, one: Limited, index: Index) -> tuple[Rows, frozenset[int]] | None:
    """Return the rows of the attribute that a sentence names, with its words; all where it names none, None where this table has it not."""
    table = index.evidence.tables[one.table]
    every = frozenset(range(len(table.rows)))
    named = [a for a in index.attributes if a.table == one.table and a.where and a.column == one.result]
    for said in reading.said:
        words = {
            k: index.meant(w.stem)
            for k, w in enumerate(reading.words)
            if said.first <= k <= said.last and _content(reading, k)
        }
        stems = content(frozenset(s for meant in words.values() for s in meant)) - frozenset(index.row_nouns)
        ranked = [(s, a) for s, a in index.ranked(stems) if a in named and s >= LEAST_SCORE] if stems else []
        best = {a.where for s, a in ranked if s >= ranked[0][0] - NEAR}
        if best:
            rows = frozenset(r for r in every for where in best if where and table.rows[r][where[0]].strip() == where[1])
            return rows, frozenset(k for k, meant in words.items() if meant)
        if stems & index.numeric_tokens and named:
            return None
    return every, frozenset()


def _lettered(reading: Reading, table: int, index: Index) -> Iterator[Part]:
    """Return the values of one letter that stand behind their header and that prose has as words: "class A"."""
    held = index.evidence.tables[table]
    for column in (c for c in held.columns if c.kind == "text"):
        stems = set(stems_of(column.header))
        for at, word in enumerate(reading.words):
            rows = frozenset(r for r, cells in enumerate(held.rows) if cells[column.index].strip() == word.text)
            if len(word.text) == 1 and rows and at and reading.words[at - 1].stem in stems:
                yield Part(at, at, rows, (table, column.index), word.text)


def _content(reading: Reading, at: int) -> bool:
    """Tell whether a word may name an attribute: no name of a thing, none of limits, none of results."""
    word = reading.words[at]
    return word.kind == "word" and at not in reading.taken and word.stem not in _LIMITS | _KINDS | _NAMED | STOP


def _of_limits(reading: Reading, first: int, last: int) -> bool:
    """Tell whether words only say which limit is spoken of."""
    return {w.stem for w in reading.words[first : last + 1]} <= _LIMITS | _KINDS | _NAMED


def _told(reading: Reading, part: Part, one: Limited, index: Index) -> bool:
    """Tell whether words narrow rows: a value of one letter beside its header, "Grade C", and no word for the limit itself."""
    if _of_limits(reading, part.first, part.last):
        return False  # "Alert" under "Evaluation"
    found = (m for m in mentions(reading, index) if m.first == part.first)
    held = [v for m in found for v in m.values if v[0] == one.table and v[2] == part.what]
    return (
        not held
        or len(part.what) > 1
        or any(headed(reading, m, held[0], index) for m in mentions(reading, index) if m.first == part.first)
    )


def _judged(reading: Reading, said: _Said | None, one: _Rows, index: Index) -> tuple[Judged, ...]:
    figures = _figures(reading, said, one, index) if one.rows else None
    if figures is None:
        return ()
    spoken = one.spoken | {k for n, *_ in figures for k in range(n, n + 1 + unit_words(reading, n))}
    spoken |= {said.count} if said and said.count is not None else set()
    if not all(k in spoken or _idle(reading, k, one, index) for k in range(len(reading.words))):
        return ()
    if any(
        not set(range(m.first, m.last + 1)) <= spoken and not _of_limits(reading, m.first, m.last) for m in reading.values
    ):
        return ()  # a state that narrows something else: "released"
    told = tuple(held_against(reading.words[n : n + 1], "limit", place, right=right) for n, right, place in figures)
    if said is None:
        return told
    crossings = {r: outside(one.table, r, one.limit, index) for r in one.before}
    known = [out for out in crossings.values() if out is not None]
    results = [r for r in crossings if number_of(index.evidence.cell(one.table.table, r, one.table.result))]
    if not known or len(known) < len(results):
        return ()  # no result, or only a bound of one
    out = [r for r in sorted(crossings) if crossings[r]]
    right = _right(reading, said, one, out)
    place = f"{len(out)} of {len(crossings)} results lie outside: {_places(out or sorted(one.rows), one, index)}"
    marks = [k for k, w in enumerate(reading.words) if w.text.casefold() in _ALL | _DENIALS or w.stem in _LIMITS | _NAMED]
    first, last = min(said.at, *marks), max(said.at, *marks)
    told += (held_against(reading.words[first : last + 1], "limit", place, right=right, kind="word"),)
    if said.count is not None:
        told += (held_against(reading.words[said.count : said.count + 1], "limit", place, right=right),)
    return told


def _right(reading: Reading, said: _Said, one: _Rows, out: Sequence[int]) -> bool:
    """Tell whether as many results lie outside as is said, and where it is said."""
    if not said.crossed:
        return not out
    if said.many is not None:
        return len(out) == said.many and set(out) <= one.rows
    low = {w.text.casefold() for w in reading.words}
    return set(out) == set(one.rows) if low & _ALL else bool(out) and all(rows & set(out) for rows in one.each)


def _figures(reading: Reading, said: _Said | None, one: _Rows, index: Index) -> list[tuple[int, bool, str]] | None:
    """Return (word, whether it is so, where) of each figure: a limit behind its word, else a result that lies outside; None where one is neither."""
    stems, found = [w.stem for w in reading.words], []
    for at in reading.numbers:
        if (said and at == said.count) or at in one.spoken:
            continue
        value = value_of(reading.words[at])
        held = {bound_of(one.table, r, one.limit, index) for r in one.rows}
        limited = any(s in _LIMITS for s in stems[max(0, at - REACH) : at]) or stems[at + 1 + unit_words(reading, at) :][
            :1
        ] == ["limit"]
        if limited:
            sides = [{side for side in bound if side is not None} for bound in held if bound]
            kept = [value in some for some in sides]
            if any(kept) and not all(kept):
                return None  # of versions, or materials, that have other limits
            found.append((at, bool(kept) and all(kept), _limits_place(one, index)))
            continue
        out = [r for r in sorted(one.rows) if outside(one.table, r, one.limit, index)]
        cells = {r: number_of(index.evidence.cell(one.table.table, r, one.table.result)) for r in out}
        right = [r for r, number in cells.items() if number and number.value == Decimal(value)]
        if not right:
            return None
        found.append((at, True, _places(right, one, index)))
    return found if found or said else None


REACH = 6  # words before a figure within which a word says that it is a limit


def _limits_place(one: _Rows, index: Index) -> str:
    row, table = min(one.rows), index.evidence.tables[one.table.table]
    return f"{table.place(row, one.limit)}: '{table.rows[row][one.limit]}'"


def _places(rows: Sequence[int], one: _Rows, index: Index) -> str:
    table, result = index.evidence.tables[one.table.table], one.table.result
    return "; ".join(f"{table.place(r, result)}: '{table.rows[r][result]}'" for r in rows[:SHOWN])


def _idle(reading: Reading, at: int, one: _Rows, index: Index) -> bool:
    """Tell whether a word only says that limits are spoken of, or narrows nothing."""
    word = reading.words[at]
    low = word.text.casefold()
    said = low in _CROSSED | _KEPT | _DENIALS | _IDLE or word.stem in _LIMITS | _NAMED | _KINDS
    return said or plain(reading, at, one.table.table, index)
