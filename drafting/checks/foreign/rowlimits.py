"""Read limits that stand in the rows of results themselves: a column "Alert limit", "Limit" or "Specification", as numbers or "NMT 3.0". Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from drafting.checks.foreign.headers import identifies, stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import LIMITS, RESULTS
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.tables import Column, Table
from drafting.checks.foreign.values import number_of

_NUMBER = r"([+\-−]?\d+(?:\.\d+)?)"
_UNIT = r"\s*(?:[%°µ]?[A-Za-z/%°³0-9 ]{0,14})"
_UPPER = re.compile(rf"(?:NMT|not more than|max(?:imum)?\.?|<=?|≤|at most|up to)\s*{_NUMBER}{_UNIT}", re.IGNORECASE)
_LOWER = re.compile(rf"(?:NLT|not less than|min(?:imum)?\.?|>=?|≥|at least)\s*{_NUMBER}{_UNIT}", re.IGNORECASE)
_RANGE = re.compile(rf"{_NUMBER}\s*(?:-|–|—|to|\.\.\.?)\s*{_NUMBER}{_UNIT}", re.IGNORECASE)
_COUNTS = frozenset(("no", "number", "sample", "n", "count", "quantity", "version", "month", "time", "timepoint"))
_SIDE = 0.8  # part of the results that lie on one side of a bare limit, where its header does not say which it is
MOST_LIMITS = 2  # of one row: an alert and an action limit
_BELOW, _ABOVE = frozenset(("<", "<=", "≤")), frozenset((">", ">=", "≥"))
Bound = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Limited:
    """A table with its column of results and its columns of limits."""

    table: int
    result: int
    limits: tuple[int, ...]


def limited_tables(index: Index) -> tuple[Limited, ...]:
    """Return the tables of which each row has a result and its limits; worked out once."""
    kept = index.evidence.kept
    if ("limited",) not in kept:
        kept["limited",] = tuple(
            one for n, table in enumerate(index.evidence.tables) for one in [_limited(n, table, index)] if one
        )
    return cast("tuple[Limited, ...]", kept["limited",])


def _limited(number: int, table: Table, index: Index) -> Limited | None:
    limits = tuple(c.index for c in table.columns if _is_limit(c, table))
    numeric = [
        c for c in table.columns if c.kind == "number" and c.index not in (*limits, table.key) and not identifies(c.header)
    ]
    named = [c for c in numeric if RESULTS & set(stems_of(c.header))]
    results = named or [c for c in numeric if not _COUNTS & set(stems_of(c.header))]
    if len(results) > 1:
        results = [
            c for c in results if unit_of((number, 0, c.index), index)
        ]  # a result has a unit, what was sampled a number
    return Limited(number, results[0].index, limits) if 0 < len(limits) <= MOST_LIMITS and len(results) == 1 else None


def _is_limit(column: Column, table: Table) -> bool:
    """Tell whether a column holds limits: its header says so, and its cells are bounds."""
    stems = set(stems_of(column.header))
    cells = {row[column.index].strip() for row in table.rows} - {""}
    said = bool(stems & (LIMITS | {"spec"})) and not stems & {"version", "lower", "upper"}
    return said and bool(cells) and all(number_of(cell) or _written(cell) for cell in cells)


def _written(cell: str) -> Bound | None:
    """Return the lower and upper limit that a cell writes out: "NMT 3.0", "80 - 125"."""
    upper, lower, both = (pattern.fullmatch(cell.strip()) for pattern in (_UPPER, _LOWER, _RANGE))
    if both:
        return _decimal(both[1]), _decimal(both[2])
    if upper:
        return None, _decimal(upper[1])
    return (_decimal(lower[1]), None) if lower else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def bound_of(one: Limited, row: int, column: int, index: Index) -> Bound | None:
    """Return the limits that a row states in a column; None where it states none, or it is open of which side one is."""
    literal = index.evidence.cell(one.table, row, column)
    written, number = _written(literal), number_of(literal)
    if written or number is None or number.sign:
        return written
    header = set(stems_of(index.evidence.tables[one.table].columns[column].header))
    if header & {"alert", "action", "warning", "max", "upper", "high"}:
        return None, number.value
    return (number.value, None) if header & {"min", "lower", "low"} else _by_side(one, row, column, number.value, index)


def _by_side(one: Limited, row: int, column: int, limit: Decimal, index: Index) -> Bound | None:
    """Return a bare limit as the side beyond which nearly no result under the same limit lies."""
    table = index.evidence.tables[one.table]
    like = [r for r, cells in enumerate(table.rows) if cells[column].strip() == table.rows[row][column].strip()]
    values = [n.value for r in like for n in [number_of(table.rows[r][one.result])] if n]
    if sum(v <= limit for v in values) >= _SIDE * len(values):
        return None, limit
    return (limit, None) if sum(v >= limit for v in values) >= _SIDE * len(values) else None


def outside(one: Limited, row: int, column: int, index: Index) -> bool | None:
    """Tell whether the result of a row lies outside the limits that the row states; None where there is none, or only a bound leaves it open."""
    number, bound = number_of(index.evidence.cell(one.table, row, one.result)), bound_of(one, row, column, index)
    if number is None or bound is None:
        return None
    (low, high), value, sign = bound, number.value, number.sign
    over = high is not None and sign not in _BELOW and (value > high or (sign == ">" and value == high))
    under = low is not None and sign not in _ABOVE and (value < low or (sign == "<" and value == low))
    if over or under or not sign:
        return over or under
    known = (
        (low is None and (high is None or value <= high))
        if sign in _BELOW
        else (high is None and (low is None or value >= low))
    )
    return False if known else None
