"""Read a limit that a sentence names as a bound that results keep or break: "met the limit of 5 %", "exceeded the limit of 5 % in two lots". Pure."""

from typing import TYPE_CHECKING

from drafting.checks.foreign.bounds import OUTSIDE, WITHIN, limited, turned
from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import Cell, is_limit
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.stating import named, side_of
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Verdict

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_UP, _DOWN = frozenset(("exceeded", "exceeds", "exceed", "exceeding", "above", "over")), frozenset(("below", "under"))
_KEPT = WITHIN | {"kept", "reached", "respected"}
_FAILED = OUTSIDE - _UP - {"out"} | {"missed"}
_OTHERS = frozenset(("alert", "action", "warning"))  # levels that are no specification
REACH, NOT = 8, 3  # words before a limit in which its verb stands; before that, its denial


def limit_bound(reading: Reading, at: int, text: "Text") -> tuple[str, int]:
    """Return the comparison that keeping or breaking a named limit says of results, and the word at which it begins; "" where it is open."""
    low = [w.text.casefold() for w in reading.words]
    verb = next((k for k in range(at - 1, max(-1, at - 1 - REACH), -1) if low[k] in _UP | _DOWN | _KEPT | _FAILED), None)
    if verb is None or not limited(reading, at) or _OTHERS & set(low[verb:at]):
        return "", at
    side = _side(reading, at, text)
    if not side:
        return "", at
    kept = low[verb] in _KEPT or (low[verb] in (_DOWN if side == "<=" else _UP))
    relation = side if kept else turned(side)
    denied = bool({"not", "never"} & set(low[max(0, verb - NOT) : verb]))
    return (turned(relation) if denied else relation), verb


def _side(reading: Reading, at: int, text: "Text") -> str:
    """Return which side a limit is of: as the evidence has it of what is spoken of, else of every limit with this number and unit."""
    said, index = value_of(reading.words[at]), text.index
    told = named(reading, at, said, text)
    if told is not None and told.cell is not None:
        return side_of(_cell(told.cell, index), index) if told.verdict is Verdict.SUPPORTED else ""
    unit = unit_behind(reading, at)
    found = {
        side_of(_cell((a.table, r, a.column), index), index)
        for a in index.attributes
        if a.where is None and is_limit(index, a)
        for r, row in enumerate(index.evidence.tables[a.table].rows)
        for number in [number_of(row[a.column])]
        if number is not None
        and number.value == said
        and unit is not None
        and unit_of((a.table, r, a.column), index) == unit
    }
    return next(iter(found)) if len(found) == 1 else ""


def _cell(place: tuple[int, int, int], index: Index) -> Cell:
    return Cell(*place, index.evidence.cell(*place))
