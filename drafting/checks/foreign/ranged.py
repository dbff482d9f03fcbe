"""Recompute what is said of a range of named things: "the mean rose from 83.6 % in batches 1 to 17 to 87.3 % in batches 18 to 34". Pure.

The rows are those of the range in the order of its table; of a thing that was made of another one ("7R" of 7) they may be left out.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.aggregates import column_cells, range_end
from drafting.checks.foreign.bounds import bound, turned
from drafting.checks.foreign.comparing import SURE, told, unit_behind
from drafting.checks.foreign.excepting import hinted
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit
from drafting.checks.foreign.measures import alike, unit_of
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.remade import made_again
from drafting.checks.foreign.scope import Scope, owners, reaches
from drafting.checks.foreign.subjecthood import members, ranged
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import equal, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against
from drafting.checks.foreign.words import STATISTICS

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

LEAST = 3  # things of a range
REACH = 7  # words between a number and its range behind it
_TIES = frozenset(("in", "for", "of", "from", "over", "across", "between", "on", "at"))
_CUTS = frozenset((";", "while", "whereas", "but"))
_COMPUTED: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "mean": statistics.mean, "median": statistics.median, "min": min, "max": max, "sum": lambda values: sum(values, Decimal(0)),
    "sd": statistics.stdev,
}  # fmt: skip
_REACHED = frozenset(("reached", "attained", "achieved", "reach", "attain", "achieve"))
_NONE, _EVERY = frozenset(("none", "no", "neither")), frozenset(("all", "each", "every"))
Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Range:
    """The words of a range of names, from the first name to the last, and the things that it is of."""

    first: int
    last: int
    things: tuple[Entity, ...]


@dataclass(frozen=True)
class _Values:
    """The results of an attribute of the things of a range, by their names, and how well words say it."""

    score: float
    cells: tuple[tuple[str, Cell], ...]
    place: str


def judge_ranged(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a statistic, an end, a bound or a count of the results of a range of things; None where a number is none."""
    one = _of(reading, at, text.index)
    if one is None:
        return None
    bounds = [n for n in reading.numbers if _bound(reading, n) and _of(reading, n, text.index) == one]
    threshold = bounds[0] if len(bounds) == 1 else None
    statistic = "" if at == threshold else _statistic(reading, at)
    if statistic:
        return _recomputed(reading, at, said, (statistic, one), text.index)
    if threshold is None:
        return None
    return _conditioned(reading, at, threshold, one, text.index)


def judge_every(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return the verdict on a statement that all of a range of things, or none, keep a bound."""
    low = [w.text.casefold() for w in reading.words]
    for one in _ranges(reading, text.index):
        first = next((k for k in range(max(0, one.first - REACH), one.first) if low[k] in _NONE | _EVERY), None)
        bounds = [n for n in reading.numbers if _bound(reading, n) and _of(reading, n, text.index) == one]
        if first is not None and len(bounds) == 1:
            told_of = _conditioned(reading, bounds[0], bounds[0], one, text.index)
            if told_of is not None:
                words = reading.words[first : bounds[0] + 1]
                yield held_against(words, "range", told_of.evidence, right=told_of.verdict is Verdict.SUPPORTED, kind="word")


def in_range(reading: Reading, mention: Mention) -> bool:
    """Tell whether a name is an end of a range of names."""
    pairs = zip(reading.entities, reading.entities[1:], strict=False)
    return any(mention in (one, other) and ranged(reading, one, other) for one, other in pairs)


def _of(reading: Reading, at: int, index: Index) -> _Range | None:
    """Return the range that a number is said of: the one right behind it, else the last before; none where another thing stands nearer."""
    found = list(_ranges(reading, index))
    if not found or any(one.first <= at <= one.last for one in found):
        return None
    inside = {m.first for m in reading.entities for one in found if one.first <= m.first <= one.last}
    others = [m for m in reading.entities if m.first not in inside]
    behind = next((one for one in found if one.first > at), None)
    before = next((one for one in reversed(found) if one.last < at), None)
    if behind is not None and _tied(reading, at, behind):
        return behind
    since = before.last if before is not None else -1
    return None if before is None or any(since < m.first < at for m in others) else before


def _ranges(reading: Reading, index: Index) -> Iterator[_Range]:
    for one, other in zip(reading.entities, reading.entities[1:], strict=False):
        things = members(reading, other, index) if ranged(reading, one, other) else ()
        if len(things) >= LEAST:
            yield _Range(one.first, other.last, things)


def _tied(reading: Reading, at: int, one: _Range) -> bool:
    between = [w.text.casefold() for w in reading.words[at + 1 : one.first]]
    numbers = any(at < n < one.first for n in reading.numbers) and not range_end(reading, at)
    return len(between) <= REACH and not numbers and bool(_TIES & set(between)) and not {",", ";", ".", "("} & set(between)


def _statistic(reading: Reading, at: int) -> str:
    """Return the statistic that the clause before a number says of it; an end of a span of values is their lowest or highest."""
    ends = range_end(reading, at)
    before = max((k + 1 for k in range(at) if reading.words[k].text in _CUTS), default=0)
    stems = [w.stem for w in reading.words[before:at]]
    found = next((s for s in reversed(stems) if s in STATISTICS or s == "median"), "")
    low = {w.text.casefold() for w in reading.words[before:at]}
    spread = {"ranged", "between", "varied", "range", "lay"} & low
    return next(iter(ends)) if ends and spread and not found else found if found in _COMPUTED else ""


def _values(reading: Reading, at: int, one: _Range, index: Index) -> list[_Values]:
    """Return the results that the words before a number, else behind it, may mean, the best said first."""
    noun = one.things[0].noun
    names: Names = tuple((e.noun, e.key) for e in one.things)
    kinds = frozenset(part for n in (*index.row_nouns, *index.evidence.nouns) for part in n.split())
    ordered = [s for s in reversed(reading.said) if s.first < at] + [s for s in reading.said if s.first > at]
    spoken = (content(s.stems) - kinds for s in ordered)
    stems = next((s for s in spoken if s & index.numeric_tokens), frozenset[str]())
    ranked = [(s, a) for s, a in index.ranked(stems) if s >= LEAST_SCORE and index.numeric(a) and not is_limit(index, a)]
    ranked = [(s, a) for s, a in ranked if reaches(index.evidence, a.table, noun) and _fits(reading, at, a, index)]
    found = [(s, a, column_cells(index, a, Scope(names))) for s, a in ranked if s >= ranked[0][0] - NEAR]
    return [
        _Values(s, tuple((_owner(cell, noun, index), cell) for cell in cells), f"{index.evidence.tables[a.table].file}")
        for s, a, cells in found
        if len(cells) >= LEAST
    ]


def _fits(reading: Reading, at: int, attribute: Attribute, index: Index) -> bool:
    unit = unit_behind(reading, at)
    held = unit_of((attribute.table, 0, attribute.column), index)
    return unit is None or held is None or alike(held, unit)


def _owner(cell: Cell, noun: str, index: Index) -> str:
    return next(iter(owners(index.evidence, cell.table, cell.row, noun)), "")


def _samples(held: _Values) -> list[list[tuple[str, Decimal]]]:
    """Return the values of all things of a range, and of those only that were made of no other; none where one is no plain number."""
    numbers = [(name, number_of(cell.literal)) for name, cell in held.cells]
    if any(n is None or n.sign for _, n in numbers):
        return []
    values = [(name, n.value) for name, n in numbers if n is not None]
    names = {name for name, _ in values}
    own = [(name, value) for name, value in values if not made_again(name, names)]
    return [own, values] if len(own) != len(values) else [values]


def _recomputed(reading: Reading, at: int, said: Decimal, meant: tuple[str, _Range], index: Index) -> Judged:
    """Return the verdict on a statistic of the results of a range; open where nothing sure is known of them."""
    statistic, one = meant
    every = _values(reading, at, one, index)
    against = ""
    for held in every:
        for values in _samples(held):
            value = _COMPUTED[statistic]([v for _, v in values])
            place = f"{float(value):.6g}, {statistic} of {len(values)} values, {held.place}"
            if equal(said, value):
                return held_against(reading.words[at : at + 1], statistic, place, right=True)
            against = against or place
    sure = len(every) == 1 and every[0].score >= SURE and not hinted(reading) and not reading.values and not reading.excepted
    if against and sure:
        return held_against(reading.words[at : at + 1], statistic, against, right=False)
    message = f"'{reading.words[at].text}' is derived of several, and could not be recomputed."
    return told(reading, at, Verdict.NOT_FOUND, message, about=statistic)


def _bound(reading: Reading, at: int) -> str:
    """Return the comparison that the words before a number say of results, denials counted in; "" where they say none."""
    last = max((n for n in reading.numbers if n < at), default=-1)
    before = {w.text.casefold() for w in reading.words[max(last + 1, at - REACH) : at]}
    relation, _ = bound(reading, at)
    return relation or (">=" if _REACHED & before else "")


def _conditioned(reading: Reading, at: int, threshold: int, one: _Range, index: Index) -> Judged | None:
    """Return the verdict on a bound, or on the count of it, that all, none or so many of the things of a range keep."""
    low = [w.text.casefold() for w in reading.words]
    lead = [k for k in range(one.first) if low[k] in _NONE | _EVERY or (k in reading.numbers and k != threshold)]
    counts = [k for k in lead if k in reading.numbers and low[k + 1 : k + 2] == ["of"]]
    held = _values(reading, threshold, one, index)
    samples = _samples(held[0]) if len(held) == 1 else []
    if not samples or (at != threshold and at not in counts):
        return None
    relation = _bound(reading, threshold)
    denied = bool(_NONE & set(low[: one.first]))
    limit = value_of(reading.words[threshold])
    for values in samples:
        kept = [name for name, value in values if holds(limit, value, turned(relation) if denied else relation)]
        wanted = value_of(reading.words[counts[0]]) if counts else Decimal(len(values))
        place = f"{len(kept)} of {len(values)}, {held[0].place}"
        if len(kept) == wanted or (at == threshold and counts):
            return held_against(reading.words[at : at + 1], "range", place, right=True)
    if held[0].score < SURE or hinted(reading) or reading.values or reading.excepted:
        return None
    return held_against(reading.words[at : at + 1], "range", place, right=False)
