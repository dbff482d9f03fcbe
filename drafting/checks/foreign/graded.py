"""Read "above minor" and "major or worse" as the classes that lie on that side, of a column whose values are steps of one scale. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import MISSING, Column

_SCALE = (
    ("negligible", "none"), ("low", "minor", "slight"), ("moderate", "medium"), ("major", "high", "serious"), ("critical", "severe", "extreme"),
)  # fmt: skip
_STEPS = {word: step for step, words in enumerate(_SCALE) for word in words}
_UP, _DOWN = frozenset(("above", "beyond")), frozenset(("below", "under"))
_HIGHER, _LOWER = frozenset(("higher", "worse", "greater")), frozenset(("lower", "less", "milder"))
_OR_UP, _OR_DOWN = frozenset(("above", "higher", "worse", "more")), frozenset(("below", "lower", "less"))
LEAST = 2  # steps that make a scale


@dataclass(frozen=True)
class Graded:
    """Words (first to last) that say the steps of a column on one side of a value."""

    first: int
    last: int
    column: Column
    kept: frozenset[str]


def graded(reading: Reading, table: int, index: Index) -> Iterator[Graded]:
    """Return what a sentence says of the steps of a table's scales: "above minor", "higher than minor", "major or worse"."""
    low = [w.text.casefold() for w in reading.words]
    for at, word in enumerate(low):
        side = _side(low, at) if word in _STEPS else None
        for column in index.evidence.tables[table].columns if side else ():
            steps = steps_of(column, table, index)
            if side and word in steps:
                first, last, sign, equal = side
                mine = _STEPS[word]
                kept = {w for w in steps if (_STEPS[w] - mine) * sign > 0 or (equal and _STEPS[w] == mine)}
                yield Graded(first, last, column, frozenset(kept))


def _side(low: list[str], at: int) -> tuple[int, int, int, bool] | None:
    """Return (first word, last word, direction, whether the value counts) of what stands around a step."""
    before, behind = low[max(0, at - 2) : at], low[at + 1 : at + 3]
    if before[-1:] and before[-1] in _UP | _DOWN:
        return at - 1, at, 1 if before[-1] in _UP else -1, False
    if before[-1:] == ["than"] and before[0] in _HIGHER | _LOWER:
        return at - 2, at, 1 if before[0] in _HIGHER else -1, False
    if before == ["at", "least"]:
        return at - 2, at, 1, True
    if behind[:1] == ["or"] and behind[-1] in _OR_UP | _OR_DOWN:
        return at, at + 2, 1 if behind[-1] in _OR_UP else -1, True
    return None


def steps_of(column: Column, table: int, index: Index) -> frozenset[str]:
    """Return the values of a column all of which are steps of one scale, each of its own; none of another column."""
    cells = {row[column.index].strip().casefold() for row in index.evidence.tables[table].rows} - MISSING
    words = {stems_of(cell)[0] if len(stems_of(cell)) == 1 else "" for cell in cells}
    one = len({_STEPS.get(word) for word in words}) == len(words)
    return (
        frozenset(words) if column.kind == "text" and len(words) >= LEAST and words <= _STEPS.keys() and one else frozenset()
    )
