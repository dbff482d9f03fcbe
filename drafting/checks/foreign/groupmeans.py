"""Recompute two means in brackets of the two groups that are named before: "A were less productive than B (4.5 g/L versus 4.9 g/L)". Pure.

What a mean is of may be said by its unit alone: figures that agree with the one column of that unit are supported, those that are each other's
contradicted, others left open.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

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
    for number, table in enumerate(index.evidence.tables):
        columns = [
            c.index
            for c in table.columns
            if c.kind == "number" and table.rows and unit_of((number, 0, c.index), index) == unit
        ]
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
