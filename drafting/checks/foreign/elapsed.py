"""Judge how many days lie between two acts on one thing, or on many: "57 days after manufacture", "18 days late", "on average after 18.4 days". Pure."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from drafting.checks.foreign.acts import DUE, WHOLE_DAY, act_column, beginning, dates_of, day_in, due_column
from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.covering import plain
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.rowsets import Part, narrowed, parts_of
from drafting.checks.foreign.scope import date_columns, rows_in
from drafting.checks.foreign.subjecthood import stated_of
from drafting.checks.foreign.tables import Column
from drafting.checks.foreign.values import equal, holds
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS, Word

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_UNITS = {"day": 1, "week": 7}
_SIDES = {"after": 1, "following": 1, "before": -1}
_CUTS = frozenset((",", ";", "while", "whereas", "but", "and"))
_COMPARES = frozenset((",", ";", "compared", "against", "versus", "and", "while", "whereas", "but"))
_MEANS = frozenset(("on", "in", "the", "average", "mean", "median", "passed", "elapsed", "lay", "needed", "required"))
_NARROWING = frozenset(("with", "in", "of", "by", "at", "on", "without"))
_APART = frozenset(("later", "after", "before", "apart", "earlier"))
_WITHIN = frozenset(("within", "in"))
_TOOK = frozenset(("took", "lasted", "taken", "takes", "required"))
_LATE = {"late": 1, "overdue": 1, "early": -1}
_OVER: Mapping[str, Callable[[list[int]], Fraction]] = {
    "mean": lambda days: Fraction(sum(days), len(days)), "max": lambda days: Fraction(max(days)), "min": lambda days: Fraction(min(days)),
    "median": lambda days: Fraction(statistics.median(days)),
}  # fmt: skip
_EXTREMES = {"longest": "max", "slowest": "max", "shortest": "min", "fastest": "min", "median": "median"}
Pair = tuple[Column, Column]


@dataclass(frozen=True)
class _Said:
    """The words that say the earlier and the later act, which of them count, and in which direction."""

    later: Sequence[Word]
    earlier: Sequence[Word]
    sign: int = 1
    due: bool = False  # the earlier act is the day by which something was due
    begun: bool = False  # the earlier act is the beginning


def judge_elapsed(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a number of days between two acts on what a sentence names, or on all of what it counts; None where one is not known."""
    words = reading.words
    unit = _UNITS.get(words[at + 1].stem) if at + 1 < len(words) else None
    if unit is None:
        return None
    written = _written(reading, at)
    if written is not None:
        right = holds(said * unit, Decimal(written[0]), relation_of(words, at))
        return _told(words[at], right=right, place=f"{written[0]} days: {written[1]}")
    spoken = _said(reading, at)
    if spoken is None:
        return None
    relation = "<=" if words[at - 1].text.casefold() == "within" else relation_of(words, at)
    days = list(_of_named(reading, at, spoken, text)) if reading.entities else []
    if days:
        right = all(holds(said * unit, Decimal(n), relation) for n, _ in days)
        return _told(words[at], right=right, place=f"{days[0][0]} days: {days[0][1]}")
    return None if reading.entities else _judge_many(reading, at, said * unit, relation, spoken, text)


def _judge_many(reading: Reading, at: int, said: Decimal, relation: str, spoken: _Said, text: "Text") -> Judged | None:
    """Return the verdict on a mean, longest or shortest number of days; open where a word that may narrow what it is of was not followed."""
    words = reading.words
    statistic = _statistic(reading)
    spread = _of_many(reading, at, spoken, text) if statistic else None
    if spread is None or not spread[0]:
        return None
    value = _OVER[statistic](spread[0])
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    right = holds(said, exact, relation) if relation else equal(said, exact)
    judged = _told(words[at], right=right, place=f"{float(value):.2f} days ({statistic} of {len(spread[0])}: {spread[1]})")
    if right or not spread[2]:
        return judged
    message = f"'{words[at].text}' is open: the evidence was not narrowed to what '{spread[2]}' says."
    return replace(judged, verdict=Verdict.NOT_FOUND, message=message)


def _written(reading: Reading, at: int) -> tuple[int, str] | None:
    """Return how far the two days before a number lie apart: "was opened on 3 May and closed on 5 June 2024, 33 days later"."""
    tail = {w.text.casefold() for w in reading.words[at + 2 : at + 4]}
    days = [p.start for p in reading.periods if p.start == p.end and len(p.start) == WHOLE_DAY and p.first < at]
    if not tail & _APART or not days[1:]:
        return None
    return abs((date.fromisoformat(days[-1]) - date.fromisoformat(days[-2])).days), f"{days[-2]} to {days[-1]}"


def _said(reading: Reading, at: int) -> _Said | None:
    """Return which acts the words around a number of days say."""
    words = reading.words
    low = [w.text.casefold() for w in words]
    begin = max((k + 1 for k in range(at) if low[k] in _CUTS), default=0)
    end = min((k for k in range(at + 2, len(low)) if low[k] in _CUTS or low[k] == "."), default=len(low))
    before, behind = words[begin:at], words[at + 2 : end]
    side = low[at + 2] if at + 2 < len(low) else ""
    if side in _SIDES:
        return _Said(before, behind[1:], _SIDES[side])
    if side in _LATE:
        return _Said(before, (), _LATE[side], due=True)
    start = next((k for k in range(at + 2, len(low)) if low[k] not in _MEANS), at + 2)  # "31 days on average from"
    side = low[start] if start < len(low) else ""
    if side in ("from", "between") and (join := "to" if side == "from" else "and") in low[start:]:
        to = low.index(join, start)
        return _Said(words[to + 1 :], words[start + 1 : to])
    side, lead = low[at + 2] if at + 2 < len(low) else "", low[at - 1] if at else ""
    if lead in _WITHIN or lead == "after":
        return _Said(before, behind[1:], begun=side != "of" or lead == "after")
    if low[max(0, at - 2) : at] == ["open", "for"]:
        return _Said((), (), begun=True)
    took = bool(_TOOK & set(low[max(0, at - 4) : at]))
    return _Said((*before, *behind), (), begun=True) if took or _statistic(reading) else None


def _pair(table: int, spoken: _Said, text: "Text", *, took: bool = False) -> Pair | None:
    """Return the columns of the earlier and the later act in a table."""
    index = text.index
    later = act_column(spoken.later, table, index)
    if spoken.due or (spoken.earlier and DUE & {w.text.casefold() for w in spoken.earlier}):
        earlier = due_column(index.evidence.tables[table]) or act_column(spoken.earlier, table, index)
    else:
        earlier = beginning(table, index) if spoken.begun else act_column(spoken.earlier, table, index)
    if later is None and took and earlier is not None:
        rest = [
            c
            for c in dates_of(index.evidence.tables[table])
            if c != earlier and c != due_column(index.evidence.tables[table])
        ]
        later = rest[0] if len(rest) == 1 else None
    return (earlier, later) if earlier and later and earlier != later else None


def _of_named(reading: Reading, at: int, spoken: _Said, text: "Text") -> Iterator[tuple[int, str]]:
    """Return the days between the acts on the thing that is named before a number, else behind it, and where they stand."""
    index = text.index
    before = stated_of(reading, [m for m in reading.entities if m.last < at], at)
    named = before[-1:] or [m for m in reading.entities if m.first > at][:1]
    owner = index.evidence.entities.get(named[0].what[0]) if named and len(named[0].what) == 1 else None
    for table, row in owner.rows if owner else ():
        pair = _pair(table, spoken, text, took=True)
        days = [day_in(index.evidence.tables[table], row, column) for column in pair] if pair else []
        if pair and days[0] and days[1]:
            held = index.evidence.tables[table]
            yield (
                spoken.sign * (days[1] - days[0]).days,
                f"{held.place(row, pair[0].index)}: '{days[0]}' to {pair[1].header}: '{days[1]}'",
            )
            return


def _of_many(reading: Reading, at: int, spoken: _Said, text: "Text") -> tuple[list[int], str, str] | None:
    """Return the days between the acts on each of what a sentence counts in the nearest scope, where they stand, and a word that may narrow them."""
    index = text.index
    for _, noun in reading.nouns:
        for table in index.row_nouns.get(noun, ()):
            pair = _pair(table, spoken, text)
            for scope in scopes(reading, text) if pair else ():
                dated = date_columns(index.evidence, table)[0] if scope.period else None
                parts = [p for p in parts_of(reading, table, text) if p.first in _beside(reading, at) and not p.timed]
                rows = narrowed(frozenset(rows_in(index.evidence, table, scope, dated=dated)), parts)
                held = index.evidence.tables[table]
                days = [(day_in(held, r, pair[0]), day_in(held, r, pair[1])) for r in rows] if pair else []
                spans = [spoken.sign * (b - a).days for a, b in days if a and b]
                if spans and pair:
                    which = "".join(f", {p.what}" for p in parts)
                    return (
                        spans,
                        f"{held.file}, {pair[0].header} to {pair[1].header}{which}",
                        _unread(reading, at, table, parts, text),
                    )
    return None


def _unread(reading: Reading, at: int, table: int, parts: Sequence[Part], text: "Text") -> str:
    """Return the first word after "with", "in" or "of" beside a figure that may say which of the rows are meant and was not followed; "" where there is none."""
    read = {k for p in parts for k in range(p.first, p.last + 1)} | {
        k for p in reading.periods for k in range(p.first, p.last + 1)
    }
    lead = [k for k in _beside(reading, at) if reading.words[k].text.casefold() in _NARROWING]
    near = (k for start in lead for k in range(start + 1, min(start + 4, len(reading.words))) if k not in read)
    known = {w for words in STATISTICS.values() for w in words} | _SIDES.keys() | {"day", "week"}
    rest = (reading.words[k] for k in near if reading.words[k].value is None)
    unread = (w for w in rest if w.kind == "word" and w.stem not in known and w.text.casefold() not in known)
    return next((w.text for w in unread if not plain(reading, reading.words.index(w), table, text.index)), "")


def _beside(reading: Reading, at: int) -> range:
    """Return the words that say of which a figure is, where several are compared: "36 days, compared with 22 days for minor ones"."""
    low = [w.text.casefold() for w in reading.words]
    others = [n for n in reading.numbers if n != at and reading.words[n + 1 : n + 2] and reading.words[n + 1].stem in _UNITS]
    cuts = [k for k, w in enumerate(low) if w in _COMPARES] if others else []
    begin = max((k for k in cuts if k < at and any(n < k for n in others)), default=-1)
    end = min((k for k in cuts if k > at and any(n > k for n in others)), default=len(low))
    return range(begin + 1, end)


def _statistic(reading: Reading) -> str:
    low = {w.text.casefold() for w in reading.words}
    said = next((name for word, name in _EXTREMES.items() if word in low), "")
    return said or next((name for name, words in STATISTICS.items() if name in _OVER and low & set(words)), "")


def _told(word: Word, *, right: bool, place: str) -> Judged:
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    message = "" if right else f"'{word.text}' is contradicted: {place}."
    return Judged(word.start, word.end, word.text, "number", verdict, "days between", message, place)
