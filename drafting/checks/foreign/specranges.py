"""Hold a range that a sentence names as a limit against the limits in the rows of results: "met the range of 2.5 to 3.5", "outside 52 to 56 °C". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from drafting.checks.foreign import alternates
from drafting.checks.foreign.acts import alike
from drafting.checks.foreign.aggregates import range_end
from drafting.checks.foreign.bounds import OUTSIDE, WITHIN
from drafting.checks.foreign.comparing import told
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import NAMING, Index
from drafting.checks.foreign.measures import alike as one_kind
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.pointed import unit_of_number
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowlimits import Limited, bound_of, limited_tables
from drafting.checks.foreign.scope import owners
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against
from drafting.checks.units import Unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

REACH = 5  # words before the lower end that say that it is a range
_RANGES = frozenset(("range", "window", "limits", "specification"))
_SPANS = frozenset(("within", "inside"))  # whose ends may be no limits
_AGAINST = frozenset(("against", "limit", "acceptance", "target", "permitted", "allowed", "specified", "required"))
_NOT = frozenset(("not", "never"))
_VERBS = 9  # words before the lower end in which its verb stands
_TITLES = frozenset(("name", "title"))  # headers beside the name of a test


@dataclass(frozen=True)
class _Row:
    """A row of results: its table, its lower and upper limit, and the words of what was measured."""

    one: Limited
    row: int
    ends: tuple[Decimal, Decimal]
    said: frozenset[str]


def judge_range(reading: Reading, at: int, text: "Text") -> Judged | None:
    """Return the verdict on an end of a range that a sentence names as a limit; None where it names none."""
    pair = next((p for p in pairs(reading) if at in p), None)
    if pair is None:
        return None
    index, word = text.index, reading.words[at : at + 1]
    rows = _meant(reading, pair, index)
    right = [one for one in rows if one.ends == _ends(reading, pair)]
    if right:
        return held_against(word, "limit", _place(right[0], index), right=True)
    stated = [alternates.other_limit(reading, n, value_of(reading.words[n]), text, whole=True) for n in pair]
    same_row = {j.cell[:2] for j in stated if j is not None and j.cell is not None}
    if None not in stated and len(same_row) == 1:  # of a table of limits
        return stated[pair.index(at)]
    stems = {w.stem for w in reading.words}
    plain = [one for one in rows if one.said and one.said <= stems]
    if plain and len({one.ends for one in plain}) == 1:
        same = value_of(reading.words[at]) == plain[0].ends[pair.index(at)]
        return held_against(word, "limit", _place(plain[0], index), right=same)
    low = {w.text.casefold() for w in reading.words[max(0, pair[0] - REACH) : pair[0]]}
    if _SPANS & low or "in" in low:
        return None
    return told(reading, at, Verdict.NOT_FOUND, "It is an end of a range that no row of what the sentence names has.")


def judge_kept(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return the verdict on what the named things are said to do to a range of limits: of several results of one any may be meant."""
    low = [w.text.casefold() for w in reading.words]
    for pair in pairs(reading):
        verb = next((k for k in range(pair[0] - 1, max(-1, pair[0] - _VERBS), -1) if low[k] in WITHIN | OUTSIDE), None)
        rows = [one for one in _meant(reading, pair, text.index) if one.ends == _ends(reading, pair)]
        names = {key for m in reading.entities for _, key in m.what}
        if verb is None or not rows or not names or _NOT & set(low[max(0, verb - 3) : verb]):
            continue
        inside = low[verb] in WITHIN
        if "only" in low[:verb]:
            yield from _alone(reading, verb, pair, rows, text.index)
            continue
        mine = [one for one in rows if names & _names(one, text.index)]
        kept = {(name, _outside(one, text.index)) for one in mine for name in _names(one, text.index)}
        missed = [name for name in names & {n for n, _ in kept} if (name, not inside) not in kept]
        if mine and not any(state is None for _, state in kept):
            place = f"{len(mine)} results, {_result(mine[0], text.index)}"
            yield held_against(reading.words[verb : pair[1] + 1], "limit", place, right=not missed, kind="word")


def _alone(reading: Reading, verb: int, pair: tuple[int, int], rows: Sequence[_Row], index: Index) -> Iterator[Judged]:
    """Judge that the named things are the only ones whose results lie outside a range, or in it."""
    noun = next((n for m in reading.entities for n, _ in m.what), "")
    every = [one for one in _rows(index) if one.ends == rows[0].ends and one.said == rows[0].said]
    inside = reading.words[verb].text.casefold() in WITHIN
    states = [(name, _outside(one, index)) for one in every for name in _names(one, index, noun)]
    held = {name for name, state in states if state is not None and state != inside}
    named = {key for m in reading.entities for n, key in m.what if n == noun}
    if not any(state is None for _, state in states):
        place = f"{len(held)} of {len({n for n, _ in states})}: {', '.join(sorted(held)[:5])}"
        yield held_against(reading.words[verb : pair[1] + 1], "limit", place, right=held == named, kind="word")


def pairs(reading: Reading) -> Iterator[tuple[int, int]]:
    """Return the ends of each span that words before it call a range or limits."""
    for low, high in pairwise(reading.numbers):
        before = reading.words[max(0, low - REACH) : low]
        named = any(w.stem in _RANGES or w.text.casefold() in _RANGES for w in before)
        said = (named or reading.words[low - 1].text.casefold() == "outside") and _limiting(reading, low)
        if (
            said
            and range_end(reading, low) == {"min"}
            and range_end(reading, high) >= {"max"}
            and not _numbers(reading, low)
        ):
            yield low, high


def _limiting(reading: Reading, low: int) -> bool:
    """Tell whether the words before a range say that results keep it, break it, or are held against it; else it may be that of the results."""
    said = {w.text.casefold() for w in reading.words[max(0, low - _VERBS) : low]}
    return bool(said & (WITHIN | OUTSIDE | _RANGES - {"range"} | _AGAINST))


def _numbers(reading: Reading, low: int) -> bool:
    """Tell whether another number stands between the word that says a range and its lower end."""
    return any(
        low - REACH <= n < low and any(w.stem in _RANGES for w in reading.words[max(0, low - REACH) : n])
        for n in reading.numbers
    )


def _ends(reading: Reading, pair: tuple[int, int]) -> tuple[Decimal, Decimal]:
    return value_of(reading.words[pair[0]]), value_of(reading.words[pair[1]])


def _meant(reading: Reading, pair: tuple[int, int], index: Index) -> list[_Row]:
    """Return the rows of what the sentence names, or of all, of the attribute that it says; else of those of which the unit is."""
    names = {key for m in reading.entities for _, key in m.what}
    unit = unit_of_number(reading, pair[1])
    every = [one for one in _rows(index) if not names or names & _names(one, index)]
    scores = {said: _score(said, reading) for said in {one.said for one in every}}
    best = max(scores.values(), default=0.0)
    if best:
        return [one for one in every if scores[one.said] == best]
    same = [one for one in every if unit is not None and _alike(one, unit, index) and one.ends == _ends(reading, pair)]
    return same if len({one.said for one in same}) == 1 else []


def _score(said: frozenset[str], reading: Reading) -> float:
    """Return which part of the words of what was measured a sentence says, in whatever form."""
    words = [w.stem for w in reading.words if w.kind == "word"]
    return sum(any(alike(word, s) for word in words) for s in said) / len(said) if said else 0.0


def _alike(one: _Row, unit: Unit, index: Index) -> bool:
    held = unit_of((one.one.table, one.row, one.one.result), index)
    return held is not None and one_kind(held, unit)


def _rows(index: Index) -> tuple[_Row, ...]:
    """Return the rows of results with a lower and an upper limit; worked out once."""
    if ("ranged rows",) not in index.evidence.kept:
        index.evidence.kept["ranged rows",] = tuple(_all(index))
    return cast("tuple[_Row, ...]", index.evidence.kept["ranged rows",])


def _all(index: Index) -> Iterator[_Row]:
    for one in limited_tables(index):
        table = index.evidence.tables[one.table]
        naming = [c.index for c in table.columns if c.kind == "text" and set(stems_of(c.header)) & (NAMING | _TITLES)]
        for row, cells in enumerate(table.rows):
            bounds = [b for column in one.limits for b in [bound_of(one, row, column, index)] if b is not None]
            lows, highs = [b[0] for b in bounds if b[0] is not None], [b[1] for b in bounds if b[1] is not None]
            if len(lows) == len(highs) == 1:
                said = frozenset(s for c in naming for s in stems_of(cells[c]) if s.isalpha() and len(s) > 1)
                yield _Row(one, row, (lows[0], highs[0]), said)


def _names(one: _Row, index: Index, noun: str = "") -> frozenset[str]:
    nouns = [noun] if noun else sorted(index.evidence.nouns)
    return frozenset(name for n in nouns for name in owners(index.evidence, one.one.table, one.row, n))


def _outside(one: _Row, index: Index) -> bool | None:
    """Tell whether the result of a row lies outside its limits; None where it is no plain number."""
    number = number_of(index.evidence.cell(one.one.table, one.row, one.one.result))
    return None if number is None or number.sign else not one.ends[0] <= number.value <= one.ends[1]


def _place(one: _Row, index: Index) -> str:
    table = index.evidence.tables[one.one.table]
    return f"the limits are {one.ends[0]} to {one.ends[1]}, {table.place(one.row, one.one.limits[0])}"


def _result(one: _Row, index: Index) -> str:
    table = index.evidence.tables[one.one.table]
    return f"{table.place(one.row, one.one.result)}: '{table.rows[one.row][one.one.result]}'"
