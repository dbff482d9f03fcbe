"""Recompute what a text says of many rows: mean, lowest, highest, total, spread; and the limits that it names. Pure, exact decimals."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.lookup import LEAST_SCORE, LIMITS, NEAR, Cell, content, is_limit, matching, shown, statistic_of
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import Scope, date_columns, rows_in
from drafting.checks.foreign.values import equal, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

MOST_ATTRIBUTES = 6
LONGEST_JOIN = 4  # characters of a word that joins the ends of a range, or a unit between them
NOT_ATTRIBUTES = LIMITS | {"level", "alert", "action"}


_STATISTICS: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "mean": statistics.mean,
    "sum": lambda numbers: sum(numbers, Decimal(0)),
    "sd": statistics.stdev,
}


def aggregate(reading: Reading, at: int, said: Decimal, relation: str, stems: frozenset[str], text: "Text") -> Judged | None:
    """Return the verdict on a statistic over the rows in scope; None where the words name no attribute."""
    first: tuple[Decimal, str, str] | None = None
    spread = _range(reading, at)
    for value, place, what in computed(stems | spread, reading, text):
        first = first or (value, place, what)
        if equal(said, value) or (relation and holds(said, value, relation)):
            return _told(reading, at, Verdict.SUPPORTED, what, "", f"{value} ({place})")
    if first is None:
        return None
    value, place, what = first
    if not (set(STATISTICS) & (stems | spread)) and not relation:
        return None  # one value among many: which one is open
    return _told(
        reading,
        at,
        Verdict.CONTRADICTED,
        what,
        f"is contradicted: {what} is {_short(value)} ({place}).",
        f"{value} ({place})",
    )


def _range(reading: Reading, at: int) -> frozenset[str]:
    """Return the statistic of an end of a range: "98.1 to 99.7", "between 98.1 and 99.7"."""
    words, numbers = reading.words, reading.numbers
    k = numbers.index(at)
    joins = ("to", "-", "–", "and")

    def joined(one: int, other: int) -> bool:
        between = [
            w.text.casefold() for w in words[one + 1 : other] if w.text not in ("%", "°C") and len(w.text) < LONGEST_JOIN
        ]
        opened = "between" in [w.text.casefold() for w in words[max(0, one - 3) : one]]
        return len(between) == 1 and between[0] in joins and (between[0] != "and" or opened)

    if k + 1 < len(numbers) and joined(at, numbers[k + 1]):
        return frozenset(("min",))
    return frozenset(("max",)) if k and joined(numbers[k - 1], at) else frozenset()


def computed(stems: frozenset[str], reading: Reading, text: "Text") -> Iterator[tuple[Decimal, str, str]]:
    """Return (value, place, what) of each statistic that the words may mean, the likeliest first."""
    index = text.index
    best = [(s, a) for s, a in index.ranked(stems) if s >= LEAST_SCORE and not is_limit(index, a)]
    best = [(s, a) for s, a in best if s >= best[0][0] - NEAR or content(stems) <= {t for label in a.labels for t in label}]
    for scope in scopes(reading, text):
        for _, attribute in best[:MOST_ATTRIBUTES]:
            yield from _statistics(index, attribute, scope, stems)


def _statistics(
    index: Index, attribute: Attribute, scope: Scope, stems: frozenset[str]
) -> Iterator[tuple[Decimal, str, str]]:
    table = index.evidence.tables[attribute.table]
    header = table.columns[attribute.column].header
    name = attribute.where[1] if attribute.where else header
    for dated in date_columns(index.evidence, attribute.table)[:2] if scope.period else (None,):
        cells = column_cells(index, attribute, scope, dated)
        values = [(v.value, c) for c in cells for v in [number_of(c.literal)] if v and not v.sign]
        if not values:
            continue
        own = {s for label in attribute.labels for s in label}
        if len(values) == 1:
            yield values[0][0], shown(values[0][1], index), name
            continue
        statistic = statistic_of(stems, tuple(own))
        numbers = [v for v, _ in values]
        if statistic in ("min", "max"):
            value, cell = (min if statistic == "min" else max)(values, key=lambda x: x[0])
            yield value, shown(cell, index), f"{statistic} of {name}"
        elif statistic:
            value = _STATISTICS[statistic](numbers)
            yield value, f"{table.file}, {len(numbers)} values", f"{statistic} of {name}"
        else:
            yield from ((v, shown(c, index), name) for v, c in values)


def column_cells(index: Index, attribute: Attribute, scope: Scope, dated: int | None = None) -> tuple[Cell, ...]:
    """Return the cells of an attribute in a scope."""
    rows = rows_in(index.evidence, attribute.table, scope, dated=dated)
    return tuple(
        Cell(attribute.table, row, attribute.column, literal)
        for row in rows
        for literal in [index.evidence.cell(attribute.table, row, attribute.column)]
        if literal
        and (attribute.where is None or index.evidence.cell(attribute.table, row, attribute.where[0]) == attribute.where[1])
    )


def limit(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a limit that is named; None where the evidence holds no limits of the attribute."""
    index = text.index
    spoken = [s.stems for s in reversed([s for s in reading.said if s.first < at])]
    named = next((s for s in spoken if content(s) - NOT_ATTRIBUTES), text.focus.stems)
    stems = content(named) - NOT_ATTRIBUTES
    wanted = frozenset(stems | (named & set(STATISTICS)))
    ranked = [(s, a) for s, a in index.ranked(wanted) if is_limit(index, a) and a.where is not None and s >= LEAST_SCORE]
    ranked = [(s, a) for s, a in ranked if s >= ranked[0][0] - NEAR]
    if not ranked:
        return None
    cells: Sequence[Cell] = ()
    for scope in (*scopes(reading, text), Scope()):
        cells = [c for _, a in ranked for c in column_cells(index, a, Scope(scope.entities))]
        found = matching(said, cells)
        if found:
            return _told(reading, at, Verdict.SUPPORTED, "limit", "", shown(found, index))
    if not cells:
        return None
    return _told(
        reading,
        at,
        Verdict.CONTRADICTED,
        "limit",
        f"is contradicted: the limit is {shown(cells[0], index)}.",
        shown(cells[0], index),
    )


def _short(value: Decimal) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value != value.to_integral_value() else f"{value:f}"


def _told(reading: Reading, at: int, verdict: Verdict, about: str, message: str, evidence: str) -> Judged:
    word = reading.words[at]
    return Judged(
        word.start, word.end, word.text, "number", verdict, about, f"'{word.text}' {message}" if message else "", evidence
    )
