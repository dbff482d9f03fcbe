"""Recompute two means in brackets of the two groups that are named before: "A were less productive than B (4.5 g/L versus 4.9 g/L)". Pure.

What a mean is of may be said by its unit alone: figures that agree with the one column of that unit are supported, those that are each other's
contradicted, others left open.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import is_limit
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.scope import owners
from drafting.checks.foreign.superlatives import superlatives
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

LEAST = 2  # groups of which one has the highest mean
_VERSUS = frozenset(("versus", "vs", "against", "and", "compared"))


def judge_means(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Judge two figures in brackets as means of the two groups that are named before: "A were less productive than B (4.5 g/L versus 4.9 g/L)"."""
    index, low = text.index, [w.text.casefold() for w in reading.words]
    if len(reading.numbers) != 2 or not ({"mean"} & {w.stem for w in reading.words}):  # noqa: PLR2004 - two groups
        return
    one, other = reading.numbers
    unit = unit_behind(reading, one) or unit_behind(reading, other)
    between, opened = set(low[one + 1 : other]), "(" in low[:one] and ")" not in low[low.index("(") : one]
    if unit is None or not opened or not between & _VERSUS:
        return
    said = {w.stem for w in reading.words} | {s for one in reading.said for s in one.stems} | {"pct", "percent"}
    for number, table in enumerate(index.evidence.tables):
        columns = [
            c.index
            for c in table.columns
            if c.kind == "number" and table.rows and unit_of((number, 0, c.index), index) == unit
        ]
        columns = (
            [c for c in columns if set(stems_of(table.columns[c].header)) <= said] or columns
            if len(columns) > 1
            else columns
        )
        parts = [p for p in parts_of(reading, number, text, own=True) if p.last < one]
        sides = [p for p in parts if isinstance(p.column, tuple) or p.column]
        same = len({p.column for p in sides}) == 1 and len(sides) == 2  # noqa: PLR2004 - two groups
        if len(columns) != 1 or not same:
            continue
        for base in bases(reading, number, text, timed=False):
            means = [_mean(narrowed(base, [p]), number, columns[0], index) for p in sides]
            if means[0] is None or means[1] is None:
                continue
            held = (means[0], means[1])
            yield from _told_means(reading, sides, held, table.columns[columns[0]].header)
            return


def judge_ranked(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Judge the highest or lowest mean that one group of rows is said to have: "the lowest mean titer was seen in reactor 3"."""
    index, ranks = text.index, superlatives(reading)
    if (
        len(ranks) != 1
        or reading.words[ranks[0].last + 1 : ranks[0].last + 2] == ()
        or reading.words[ranks[0].last + 1].stem != "mean"
    ):
        return
    rank = ranks[0]
    for number, column in _said(reading, index):
        parts = parts_of(reading, number, text)
        if len(parts) != 1 or parts[0].timed:
            continue
        rows = bases(reading, number, text, timed=False)[0]
        kinds: dict[str, set[int]] = {}
        for r in rows:
            for kind in _kinds(number, r, parts[0], index):
                kinds.setdefault(kind, set()).add(r)
        known = ((kind, _mean(frozenset(held), number, column, index)) for kind, held in kinds.items())
        means = {kind: m for kind, m in known if m is not None}
        mine = means.get(parts[0].what)
        if mine is None or len(means) < LEAST:
            continue
        better = sum(1 for m in means.values() if (m > mine if rank.high else m < mine))
        place = "; ".join(f"{kind} {float(m):.4g}" for kind, m in sorted(means.items()))
        yield held_against(reading.words[rank.first : rank.last + 2], "mean", place, right=better < rank.place <= better + 1)
        if len(reading.numbers) == 1:
            at = reading.numbers[0]
            right = equal(value_of(reading.words[at]), Decimal(mine.numerator) / Decimal(mine.denominator))
            yield held_against([reading.words[at]], "mean", place, right=right)
        return


def _kinds(table: int, row: int, part: Part, index: Index) -> Iterator[str]:
    """Return the group of a row of the kind that a name or value says."""
    if isinstance(part.column, str):
        yield from owners(index.evidence, table, row, part.column)
    elif part.column[0] == table:
        yield index.evidence.cell(table, row, part.column[1])


def _said(reading: Reading, index: Index) -> Iterator[tuple[int, int]]:
    """Return the columns of numbers whose whole label the words behind a superlative say."""
    stems = frozenset(s for one in reading.said for s in one.stems) - {"mean", "min", "max"}
    yield from (
        (a.table, a.column)
        for _, a in index.ranked(stems)
        if a.where is None and index.numeric(a) and not is_limit(index, a) and any(set(label) <= stems for label in a.labels)
    )


def _mean(rows: Rows, table: int, column: int, index: Index) -> Fraction | None:
    numbers = [number_of(index.evidence.cell(table, r, column)) for r in rows]
    known = [n for n in numbers if n is not None]
    return (
        sum((Fraction(n.value) for n in known), Fraction(0)) / len(known)
        if known and not any(n.sign for n in known)
        else None
    )


def _told_means(reading: Reading, sides: Sequence[Part], held: tuple[Fraction, Fraction], header: str) -> Iterator[Judged]:
    """Return the verdicts on two figures: right as said, contradicted where each is the other's, else left to others."""
    decimals = [Decimal(m.numerator) / Decimal(m.denominator) for m in held]
    said = [value_of(reading.words[n]) for n in reading.numbers]
    place = f"mean of {header}: " + "; ".join(f"{p.what} {float(m):.4g}" for p, m in zip(sides, decimals, strict=True))
    if not (all(map(equal, said, decimals)) or all(map(equal, said, reversed(decimals)))):
        return
    yield from (
        held_against([reading.words[n]], "mean", place, right=equal(one, m))
        for n, one, m in zip(reading.numbers, said, decimals, strict=True)
    )
