"""Hold results against the limits in force for each: "all batches met the specification", "batch 7 failed the limit of impurities". Pure.

The limits of a result are those whose other columns agree with its row and with what the row is about: a version, else the day of the record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from drafting.checks.foreign.headers import identifies, stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import RESULTS
from drafting.checks.foreign.limits import ANY, Stated, in_force, stated
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, content, is_limit
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.scope import Scope, date_columns, days_in, related, rows_in
from drafting.checks.foreign.values import Number, number_of
from drafting.checks.units import converted

if TYPE_CHECKING:
    from drafting.checks.foreign.reading import Reading

_NOT_ATTRIBUTES = frozenset(
    ("limit", "specification", "criterion", "requirement", "result", "batch", "out", "value", "release", "level")
)
_ABOVE = frozenset((">", ">=", "≥"))
_NO_LINK = frozenset(("unit", "title", "origin", "source", "test_name", "name"))


@dataclass(frozen=True)
class Held:
    """A result and its limits."""

    place: str
    number: Number
    low: Decimal | None
    high: Decimal | None
    day: str = ""  # of its row, where the evidence has one
    batch: str = ""  # what its row is about, to order rows of one day

    @property
    def outside(self) -> bool:
        """Tell whether a result certainly lies outside: of "<0.05" only the bound is known."""
        value, sign = self.number.value, self.number.sign
        low = self.low is not None and sign not in _ABOVE and value < self.low
        high = (
            self.high is not None and sign in ("", *_ABOVE) and (value > self.high or (value == self.high and sign == ">"))
        )
        return low or high

    @property
    def certain(self) -> bool:
        """Tell whether it is known whether a result lies within its limits."""
        value, above = self.number.value, self.number.sign in _ABOVE
        if not self.number.sign or self.outside:
            return True
        return (self.high is None if above else self.low is None) and (
            self.low is None or value >= self.low if above else self.high is None or value <= self.high
        )


def results(reading: "Reading", scope: Scope, index: Index) -> tuple[Held, ...]:
    """Return the results that a sentence speaks of in a scope, each with the limits in force for it; of all attributes where it names none."""
    said = frozenset(s for one in reading.said for s in content(one.stems)) - _NOT_ATTRIBUTES - frozenset(index.row_nouns)
    spoken = _spoken(reading, index)
    if spoken:
        return tuple(held for table in spoken for held in _own(table, said, scope, index))
    found: list[Held] = []
    for limits in stated(index):
        for attribute in _meant(limits, said, index):
            found += _of(attribute, limits, scope, index)
    return tuple(found)


def _meant(limits: Stated, said: frozenset[str], index: Index) -> Sequence[Attribute]:
    """Return the columns of results that a table of limits names: of what a sentence speaks of; none where that has no limits."""
    named = {row[limits.attribute].strip() for row in index.evidence.tables[limits.table].rows}
    limited = [a for a in index.attributes if _name(a, index) in named and _is_result(a, limits, index)]
    tokens = {s for a in limited for label in a.labels for s in label}
    if not said & tokens:
        return () if said & index.numeric_tokens else limited
    scores = {a: value for value, a in index.ranked(said) if value >= LEAST_SCORE}
    best = max((scores.get(a, 0.0) for a in limited), default=0.0)
    return [a for a in limited if best and scores.get(a, 0.0) >= best - NEAR]


def _name(attribute: Attribute, index: Index) -> str:
    return attribute.where[1] if attribute.where else index.evidence.tables[attribute.table].columns[attribute.column].header


def _is_result(attribute: Attribute, limits: Stated, index: Index) -> bool:
    """Tell whether a column holds results of rows that are no events with a name and no limits of their own."""
    table = index.evidence.tables[attribute.table]
    own = attribute.where is not None and (
        table.key is not None or any("limit" in stems_of(c.header) for c in table.columns)
    )
    return attribute.table != limits.table and index.numeric(attribute) and not is_limit(index, attribute) and not own


def _of(attribute: Attribute, limits: Stated, scope: Scope, index: Index) -> Iterator[Held]:
    table = index.evidence.tables[attribute.table]
    dated = date_columns(index.evidence, attribute.table)[0]
    for row in rows_in(index.evidence, attribute.table, scope, dated=dated if scope.period else None):
        if attribute.where and table.rows[row][attribute.where[0]].strip() != attribute.where[1]:
            continue
        number = number_of(table.rows[row][attribute.column])
        line = _limits_of(attribute, limits, row, dated, index) if number else None
        if number is not None and line is not None:
            place = f"{table.place(row, attribute.column)}: '{table.rows[row][attribute.column]}'"
            yield Held(
                place,
                _in_unit(number, (attribute.table, row, attribute.column), limits, line, index),
                *_bounds(limits, line, index),
                *_order(attribute.table, row, dated, index),
            )


def of_one_attribute(reading: "Reading", scope: Scope, index: Index) -> tuple[str, tuple[Held, ...]] | None:
    """Return the attribute that a sentence names in a scope, with its results; None where it names none or several with results."""
    said = frozenset(s for one in reading.said for s in content(one.stems)) - _NOT_ATTRIBUTES - frozenset(index.row_nouns)
    found = {}
    for limits in stated(index):
        for attribute in _meant(limits, said, index) if said & index.numeric_tokens else ():
            held = tuple(_of(attribute, limits, scope, index))
            if held:
                found[_name(attribute, index)] = held
    return next(iter(found.items())) if len(found) == 1 else None


def _order(table: int, row: int, dated: int | None, index: Index) -> tuple[str, str]:
    """Return the day of a row and the name of what it is about."""
    days = [day for day in days_in(index.evidence, table, dated)[row] if day]
    held = index.evidence.tables[table]
    return (days[0] if days else "", held.rows[row][0])


def _limits_of(attribute: Attribute, limits: Stated, row: int, dated: int | None, index: Index) -> int | None:
    """Return the line of limits in force for a row; None where none is, or several differ."""
    spec, wanted = index.evidence.tables[limits.table], _name(attribute, index)
    said = _said_of(attribute.table, row, index)
    days = [day for day in days_in(index.evidence, attribute.table, dated)[row] if day]
    lines, versioned = [], False
    for at, line in enumerate(spec.rows):
        if line[limits.attribute].strip() != wanted:
            continue
        agree, by_version = _agrees(limits, line, said, index)
        versioned |= agree and by_version
        if agree and (by_version or not days or in_force(spec, line, days[0], days[0])):
            lines.append((at, by_version))
    kept = [at for at, by_version in lines if by_version or not versioned]
    return kept[0] if kept and len({_bounds(limits, at, index) for at in kept}) == 1 else None


def _said_of(table: int, row: int, index: Index) -> Mapping[str, frozenset[str]]:
    """Return what a row, and the rows of what it is about, have under each header; worked out once."""
    key = ("said", table, row)
    if key not in index.evidence.kept:
        found: dict[str, set[str]] = {}
        for t, r in ((table, row), *related(index.evidence, table, row)):
            for column in index.evidence.tables[t].columns:
                found.setdefault(column.header, set()).add(index.evidence.cell(t, r, column.index))
        index.evidence.kept[key] = {header: frozenset(cells) for header, cells in found.items()}
    return cast("Mapping[str, frozenset[str]]", index.evidence.kept[key])


def _agrees(limits: Stated, line: Sequence[str], said: Mapping[str, frozenset[str]], index: Index) -> tuple[bool, bool]:
    """Return whether a line of limits is of what a row is about, and whether a version says so: "spec_version" says "version"."""
    spec, versioned = index.evidence.tables[limits.table], False
    for column in spec.columns:
        cell = line[column.index].strip()
        if (
            column.index in (limits.attribute, limits.lower, limits.upper)
            or column.kind == "date"
            or column.header in _NO_LINK
        ):
            continue
        held = said.get(column.header)
        if stems_of(column.header) == ("version",):
            known = {row[column.index].strip() for row in spec.rows}
            named = {
                v for h, cells in said.items() if identifies(h) and stems_of(h)[-1:] == ("version",) for v in cells & known
            }
            if named and cell not in named:
                return False, False
            versioned = bool(named)
        elif held is not None and cell not in ANY and cell not in held:
            return False, False
    return True, versioned


def _in_unit(number: Number, cell: tuple[int, int, int], limits: Stated, line: int, index: Index) -> Number:
    """Return a result in the unit of its limits."""
    bound = next(c for c in (limits.upper, limits.lower) if c is not None)
    mine, theirs = unit_of(cell, index), unit_of((limits.table, line, bound), index)
    same = converted(Fraction(number.value), mine, theirs) if mine and theirs and mine != theirs else None
    return number if same is None else Number(Decimal(same.numerator) / Decimal(same.denominator), number.sign)


def _bounds(limits: Stated, line: int, index: Index) -> tuple[Decimal | None, Decimal | None]:
    row = index.evidence.tables[limits.table].rows[line]
    low, high = (number_of(row[c]) if c is not None else None for c in (limits.lower, limits.upper))
    return low.value if low else None, high.value if high else None


def _spoken(reading: "Reading", index: Index) -> tuple[tuple[int, int, int | None, int | None], ...]:
    """Return the tables of results with their own limits that a sentence names, "stability results": (table, result, lower, upper)."""
    spoken = {w.stem for w in reading.words} - {"result", "batch", "limit", "specification"}
    found = []
    for number, table in enumerate(index.evidence.tables):
        places = {s: c.index for c in table.columns if c.kind == "number" for s in stems_of(c.header)}
        result = next((places[s] for s in RESULTS if s in places), None)
        bounds = (places.get("lower"), places.get("upper"))
        if result is not None and bounds != (None, None) and spoken & set(stems_of(table.name)):
            found.append((number, result, *bounds))
    return tuple(found)


def _own(table: tuple[int, int, int | None, int | None], said: frozenset[str], scope: Scope, index: Index) -> Iterator[Held]:
    """Return each result of a table with its own limits, in a scope; of the attributes that are said, where any is."""
    number, column, *bounds = table
    held = index.evidence.tables[number]
    named = said - set(stems_of(held.name))
    meant = (
        {a.where for s, a in index.ranked(named) if a.table == number and a.where and s >= LEAST_SCORE} if named else set()
    )
    dated = date_columns(index.evidence, number)[0] if scope.period else None
    for row in rows_in(index.evidence, number, scope, dated=dated):
        line = held.rows[row]
        value = number_of(line[column])
        if value and (not meant or any(line[c].strip() == one for c, one in meant)):
            low, high = (number_of(line[c]) if c is not None else None for c in bounds)
            yield Held(
                f"{held.place(row, column)}: '{line[column]}'",
                value,
                low.value if low else None,
                high.value if high else None,
            )
