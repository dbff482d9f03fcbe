"""Judge counts whose noun is said only once: "twenty lots, nine of the 20 mg strength and eleven of the 40 mg strength", "six were". Pure.

The rows are those of the noun that the sentence counts; each figure is held against those that the one value beside it leaves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from drafting.checks.foreign.covering import heads, plain
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.remade import once
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_IDLE = STOP | frozenset((",", "and", ".", ";", "were", "was", "being", "one", "ones", "while", "whereas"))
_MADE = frozenset(("production", "commercial"))
_REST = frozenset(("remaining", "other"))
LEAST = 2  # figures of a list


@dataclass(frozen=True)
class _Item:
    """A figure and the one value of which it is how many."""

    at: int
    part: Part


def held(found: Sequence[Judged], reading: Reading, text: "Text") -> list[Judged]:
    """Return verdicts in which each figure of such a list that nothing has settled is held against the rows of its value."""
    starts = {j.start for j in found if j.verdict is Verdict.NOT_FOUND and not j.nowhere}
    if not any(reading.words[n].start in starts for n in reading.numbers) or reading.entities:
        return list(found)
    told = {j.start: j for j in _lists(reading, text)}
    return [told.get(j.start, j) if j.start in starts else j for j in found]


def _lists(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return the verdicts on the figures of a list, of the table whose values stand beside all of them."""
    for table in dict.fromkeys(table for _, table, measure in heads(reading, text.index) if measure is None):
        parts = [p for p in parts_of(reading, table, text) if not p.timed and not p.open]
        items = list(_items(reading, parts, table, text.index))
        if len({i.part.column for i in items}) != 1 or len(items) < LEAST or _others(parts, items):
            continue
        every = bases(reading, table, text, timed=False)[0]
        samples = [
            (base, [len(narrowed(base, [i.part])) for i in items]) for base in (every, once(every, table, text.index))
        ]
        said = [value_of(reading.words[i.at]) for i in items]
        whole = [one for one in samples if _whole(reading, items, one[0]) or sum(said) == len(one[0])]
        base, counts = next((one for one in samples if one[1] == said), (whole or samples)[0])
        right = [one == n for one, n in zip(said, counts, strict=True)]
        if all(right) or (whole and sum(counts) == len(base)):
            for item, count, so in zip(items, counts, right, strict=True):
                place = f"{count} of {len(base)} ({text.index.evidence.tables[table].file}: {item.part.what})"
                yield held_against(reading.words[item.at : item.at + 1], "count", place, right=so)
            return


def _others(parts: Sequence[Part], items: Sequence[_Item]) -> bool:
    """Tell whether something narrows the rows beside the values of the list."""
    return any(p not in [i.part for i in items] for p in parts)


def _whole(reading: Reading, items: Sequence[_Item], base: Rows) -> bool:
    """Tell whether the figure before a list, or of which its first is a part, is how many rows there are: then the list is of all."""
    before = [n for n in reading.numbers if n < items[0].at] or [n for n in _wholes(reading) if n > items[0].at]
    return bool(before) and value_of(reading.words[before[0]]) == Decimal(len(base))


def _wholes(reading: Reading) -> frozenset[int]:
    """Return the figures of which another is said to be a part: the 34 of "seventeen of the 34"."""
    low = [w.text.casefold() for w in reading.words]
    return frozenset(
        n
        for n in reading.numbers
        for k in (n - 2, n - 3)
        if k in reading.numbers and low[k + 1 : n] in (["of"], ["of", "the"])
    )


def _items(reading: Reading, parts: Sequence[Part], table: int, index: Index) -> Iterator[_Item]:
    inside = {k for p in parts for k in range(p.first, p.last + 1)}
    figures = [n for n in reading.numbers if n not in inside and n not in _wholes(reading)]
    for n, then in pairwise([*figures, len(reading.words)]):
        before = [p for p in parts if p.last < n and not any(p.last < f < n for f in figures)]
        behind = [p for p in parts if n < p.first < then]
        if _alone(reading, n + 1, then, behind, table, index):
            yield _Item(n, behind[0])
        elif before and _for(reading, before[-1].last + 1, n):
            yield _Item(n, before[-1])


def _alone(reading: Reading, first: int, end: int, parts: Sequence[Part], table: int, index: Index) -> bool:
    """Tell whether words say one value and nothing else: "of the 20 mg strength and"."""
    if len(parts) != 1:
        return False
    rest = [k for k in range(first, end) if not parts[0].first <= k <= parts[0].last]
    own = {k for k, noun in reading.nouns if table in index.row_nouns[noun]}
    idle = _IDLE | _REST | _MADE
    if {"and", ","} & {reading.words[k].text for k in range(first, parts[0].first)}:
        return False  # "eleven lots and GR-4 for nine"
    return all(
        reading.words[k].text.casefold() in idle or k in own | _wholes(reading) or plain(reading, k, table, index)
        for k in rest
    )


def _for(reading: Reading, first: int, end: int) -> bool:
    """Tell whether a figure is how many the value right before it was for: "GR-2 was used for eleven", "and GR-4 for the remaining nine"."""
    low = [w.text.casefold() for w in reading.words[first:end]]
    return low[-1:] != [] and "for" in low and set(low) <= _IDLE | _REST | {"used", "for"}
